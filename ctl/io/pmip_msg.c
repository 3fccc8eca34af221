// SPDX-License-Identifier: GPL-2.0
/* Attributes of the family "pmip" from and to the state machines' structures. */
#include "io/pmip_msg.h"

#include <linux/genetlink.h>
#include <string.h>

#define ATTRS_MAX	32	/* no kind of object has more */

struct attrs {
	const struct nlattr *v[ATTRS_MAX];
};

static int attrs_cb(const struct nlattr *a, void *arg)
{
	struct attrs *t = arg;

	if (mnl_attr_get_type(a) < ATTRS_MAX)
		t->v[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static void parse(const struct nlmsghdr *nlh, struct attrs *t)
{
	memset(t, 0, sizeof(*t));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), attrs_cb, t);
}

static uint16_t get_u16(const struct attrs *t, unsigned int type)
{
	const struct nlattr *a = t->v[type];

	return a && mnl_attr_get_payload_len(a) >= 2 ? mnl_attr_get_u16(a) : 0;
}

static uint8_t get_u8(const struct attrs *t, unsigned int type)
{
	const struct nlattr *a = t->v[type];

	return a && mnl_attr_get_payload_len(a) >= 1 ? mnl_attr_get_u8(a) : 0;
}

static uint32_t get_u32(const struct attrs *t, unsigned int type)
{
	const struct nlattr *a = t->v[type];

	return a && mnl_attr_get_payload_len(a) >= 4 ? mnl_attr_get_u32(a) : 0;
}

static uint64_t get_u64(const struct attrs *t, unsigned int type)
{
	const struct nlattr *a = t->v[type];

	return a && mnl_attr_get_payload_len(a) >= 8 ? mnl_attr_get_u64(a) : 0;
}

static void get_addr(const struct attrs *t, unsigned int type, struct in6_addr *addr)
{
	const struct nlattr *a = t->v[type];

	memset(addr, 0, sizeof(*addr));
	if (a && mnl_attr_get_payload_len(a) == sizeof(*addr))
		memcpy(addr, mnl_attr_get_payload(a), sizeof(*addr));
}

static void get_llid(const struct attrs *t, unsigned int type, struct llid *l)
{
	const struct nlattr *a = t->v[type];
	uint16_t len = a ? mnl_attr_get_payload_len(a) : 0;

	memset(l, 0, sizeof(*l));
	if (!len || len > LLID_MAX)
		return;
	l->len = (uint8_t)len;
	memcpy(l->id, mnl_attr_get_payload(a), len);
}

/**
 * pmip_msg_tunnel() - the attributes of a tunnel
 * @nlh: PMIP_CMD_TUNNEL_NEW
 * @t: the tunnel
 * @generation: of the controller
 */
void pmip_msg_tunnel(struct nlmsghdr *nlh, const struct dp_tunnel *t, uint32_t generation)
{
	mnl_attr_put_u32(nlh, PMIP_A_TUNNEL_ID, t->id);
	mnl_attr_put(nlh, PMIP_A_TUNNEL_LOCAL, sizeof(t->local), &t->local);
	mnl_attr_put(nlh, PMIP_A_TUNNEL_REMOTE, sizeof(t->remote), &t->remote);
	mnl_attr_put_u8(nlh, PMIP_A_TUNNEL_ROLE, t->role);
	mnl_attr_put_u8(nlh, PMIP_A_TUNNEL_STATE, t->state);
	mnl_attr_put_u32(nlh, PMIP_A_TUNNEL_GENERATION, generation);
}

/**
 * pmip_msg_prefix() - the attributes that name a binding
 * @nlh: PMIP_CMD_BINDING_*
 * @p: the binding's prefix
 */
void pmip_msg_prefix(struct nlmsghdr *nlh, const struct prefix *p)
{
	mnl_attr_put(nlh, PMIP_A_BINDING_PREFIX, sizeof(p->addr), &p->addr);
	mnl_attr_put_u8(nlh, PMIP_A_BINDING_PREFIX_LEN, p->len);
}

/**
 * pmip_msg_path() - a path as a nest
 * @nlh: the request
 * @attr: what the nest is there
 * @p: the path
 */
void pmip_msg_path(struct nlmsghdr *nlh, uint16_t attr, const struct dp_path *p)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);

	mnl_attr_put_u16(nlh, PMIP_A_PATH_BID, p->bid);
	mnl_attr_put_u8(nlh, PMIP_A_PATH_KIND, p->kind);
	if (p->kind == PMIP_PATH_TUNNEL)
		mnl_attr_put_u32(nlh, PMIP_A_PATH_TUNNEL, p->tunnel);
	if (p->kind == PMIP_PATH_LINK) {
		mnl_attr_put_u32(nlh, PMIP_A_PATH_IFINDEX, p->ifindex);
		if (p->lladdr.len)
			mnl_attr_put(nlh, PMIP_A_PATH_LLADDR, p->lladdr.len, p->lladdr.id);
		if (!IN6_IS_ADDR_UNSPECIFIED(&p->addr))
			mnl_attr_put(nlh, PMIP_A_PATH_ADDR, sizeof(p->addr), &p->addr);
	}
	mnl_attr_nest_end(nlh, nest);
}

/**
 * pmip_msg_binding() - the attributes of a binding and its paths
 * @nlh: PMIP_CMD_BINDING_NEW
 * @b: the binding
 * @generation: of the controller
 */
void pmip_msg_binding(struct nlmsghdr *nlh, const struct dp_binding *b, uint32_t generation)
{
	unsigned int i;

	pmip_msg_prefix(nlh, &b->prefix);
	mnl_attr_put_u32(nlh, PMIP_A_BINDING_UPLINK, b->uplink);
	mnl_attr_put_u64(nlh, PMIP_A_BINDING_NODE, b->node);
	for (i = 0; i < b->n_paths && i < PMIP_BINDING_PATHS; i++)
		pmip_msg_path(nlh, PMIP_A_BINDING_PATH, &b->path[i]);
	mnl_attr_put_u32(nlh, PMIP_A_BINDING_GENERATION, generation);
}

/**
 * pmip_msg_path_state() - the attributes that set a neighbour up or down
 * @nlh: PMIP_CMD_PATH_SET
 * @ifindex: the link
 * @lladdr: the neighbour on it
 * @state: enum pmip_state
 */
void pmip_msg_path_state(struct nlmsghdr *nlh, uint32_t ifindex,
			 const struct llid *lladdr, uint8_t state)
{
	mnl_attr_put_u32(nlh, PMIP_A_PATH_IFINDEX, ifindex);
	if (lladdr->len)
		mnl_attr_put(nlh, PMIP_A_PATH_LLADDR, lladdr->len, lladdr->id);
	mnl_attr_put_u8(nlh, PMIP_A_PATH_STATE, state);
}

/**
 * pmip_msg_link() - the attributes of a link
 * @nlh: PMIP_CMD_LINK_NEW
 * @ifindex: the device
 * @type: enum pmip_link_type
 * @flags: PMIP_LINK_F_*
 * @generation: of the controller
 */
void pmip_msg_link(struct nlmsghdr *nlh, uint32_t ifindex, uint8_t type,
		   uint32_t flags, uint32_t generation)
{
	mnl_attr_put_u32(nlh, PMIP_A_LINK_IFINDEX, ifindex);
	mnl_attr_put_u8(nlh, PMIP_A_LINK_TYPE, type);
	mnl_attr_put_u8(nlh, PMIP_A_LINK_STATE, PMIP_STATE_UP);
	mnl_attr_put_u32(nlh, PMIP_A_LINK_FLAGS, flags);
	mnl_attr_put_u32(nlh, PMIP_A_LINK_GENERATION, generation);
}

/**
 * pmip_msg_return() - the attributes that let packets come back
 * @nlh: PMIP_CMD_BINDING_SET
 * @p: the binding's prefix
 * @r: by which tunnel, and for how long
 */
void pmip_msg_return(struct nlmsghdr *nlh, const struct prefix *p, const struct dp_return *r)
{
	struct nlattr *nest;

	pmip_msg_prefix(nlh, p);
	nest = mnl_attr_nest_start(nlh, PMIP_A_BINDING_RETURN);
	mnl_attr_put_u32(nlh, PMIP_A_RETURN_TUNNEL, r->tunnel);
	if (r->tunnel) {
		mnl_attr_put_u32(nlh, PMIP_A_RETURN_TIME_MS, r->time_ms);
		mnl_attr_put_u32(nlh, PMIP_A_RETURN_WAIT_MS, r->wait_ms);
	}
	mnl_attr_nest_end(nlh, nest);
}

/**
 * pmip_msg_release() - the attributes that say where held packets go
 * @nlh: PMIP_CMD_HOLD_RELEASE
 * @p: the binding's prefix
 * @to: enum pmip_hold_to
 */
void pmip_msg_release(struct nlmsghdr *nlh, const struct prefix *p, uint8_t to)
{
	mnl_attr_put(nlh, PMIP_A_HOLD_PREFIX, sizeof(p->addr), &p->addr);
	mnl_attr_put_u8(nlh, PMIP_A_HOLD_PREFIX_LEN, p->len);
	mnl_attr_put_u8(nlh, PMIP_A_HOLD_TO, to);
}

/**
 * pmip_msg_hold() - the attributes that say how much is held
 * @nlh: PMIP_CMD_HOLD_SET
 * @h: the limits, all of them
 */
void pmip_msg_hold(struct nlmsghdr *nlh, const struct hold_conf *h)
{
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_NODE_PACKETS, h->node_packets);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_NODE_BYTES, h->node_bytes);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_LINK_PACKETS, h->link_packets);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_LINK_BYTES, h->link_bytes);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_TOTAL_PACKETS, h->total_packets);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_TOTAL_BYTES, h->total_bytes);
	mnl_attr_put_u32(nlh, PMIP_A_HOLD_AGE_MS, h->age_ms);
	mnl_attr_put_u8(nlh, PMIP_A_HOLD_POLICY, h->policy);
}

/**
 * pmip_msg_parse_event() - read a message of the group "events"
 * @nlh: the message
 * @e: filled
 *
 * Return: 0, or -1 if it is no event.
 */
int pmip_msg_parse_event(const struct nlmsghdr *nlh, struct pmip_event_msg *e)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct attrs t;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*g) || g->cmd != PMIP_CMD_EVENT)
		return -1;
	parse(nlh, &t);
	e->type = get_u8(&t, PMIP_A_EVENT_TYPE);
	e->state = get_u8(&t, PMIP_A_EVENT_STATE);
	e->reason = get_u8(&t, PMIP_A_EVENT_REASON);
	e->ifindex = get_u32(&t, PMIP_A_EVENT_IFINDEX);
	e->tunnel = get_u32(&t, PMIP_A_EVENT_TUNNEL);
	e->time_ns = get_u64(&t, PMIP_A_EVENT_TIME_NS);
	get_llid(&t, PMIP_A_EVENT_LLADDR, &e->lladdr);
	get_addr(&t, PMIP_A_EVENT_GROUP, &e->group);
	get_addr(&t, PMIP_A_EVENT_SOURCE, &e->source);
	get_addr(&t, PMIP_A_EVENT_PREFIX, &e->prefix.addr);
	e->prefix.len = get_u8(&t, PMIP_A_EVENT_PREFIX_LEN);
	return e->type ? 0 : -1;
}

/**
 * pmip_msg_parse_stats() - read what the namespace as a whole has to say
 * @nlh: the message
 * @generation: the latest that any object was given; 0: none was
 *
 * Return: 0, or -1 if an attribute is missing, as from an older module.
 */
int pmip_msg_parse_stats(const struct nlmsghdr *nlh, uint32_t *generation)
{
	struct attrs t;

	parse(nlh, &t);
	*generation = get_u32(&t, PMIP_A_STATS_GENERATION);
	return t.v[PMIP_A_STATS_GENERATION] ? 0 : -1;
}

/**
 * pmip_msg_parse_tunnel() - read one tunnel of a dump
 * @nlh: the message
 * @t: filled
 *
 * Return: 0, or -1 if an attribute is missing.
 */
int pmip_msg_parse_tunnel(const struct nlmsghdr *nlh, struct dp_tunnel *t)
{
	const struct nlattr *local, *remote;
	struct attrs a;

	parse(nlh, &a);
	local = a.v[PMIP_A_TUNNEL_LOCAL];
	remote = a.v[PMIP_A_TUNNEL_REMOTE];
	if (!local || mnl_attr_get_payload_len(local) != sizeof(t->local) ||
	    !remote || mnl_attr_get_payload_len(remote) != sizeof(t->remote))
		return -1;
	t->id = get_u32(&a, PMIP_A_TUNNEL_ID);
	memcpy(&t->local, mnl_attr_get_payload(local), sizeof(t->local));
	memcpy(&t->remote, mnl_attr_get_payload(remote), sizeof(t->remote));
	t->role = get_u8(&a, PMIP_A_TUNNEL_ROLE);
	t->state = get_u8(&a, PMIP_A_TUNNEL_STATE);
	return t->id ? 0 : -1;
}

/**
 * pmip_msg_parse_bytes() - read how much has gone through one tunnel of a dump
 * @nlh: the message
 * @tx: filled
 * @rx: filled
 */
void pmip_msg_parse_bytes(const struct nlmsghdr *nlh, uint64_t *tx, uint64_t *rx)
{
	struct attrs a;

	parse(nlh, &a);
	*tx = get_u64(&a, PMIP_A_TUNNEL_TX_BYTES);
	*rx = get_u64(&a, PMIP_A_TUNNEL_RX_BYTES);
}

static void parse_path(const struct nlattr *nest, struct dp_path *p)
{
	struct attrs t;

	memset(p, 0, sizeof(*p));
	memset(&t, 0, sizeof(t));
	mnl_attr_parse_nested(nest, attrs_cb, &t);
	p->bid = get_u16(&t, PMIP_A_PATH_BID);
	p->kind = get_u8(&t, PMIP_A_PATH_KIND);
	p->tunnel = get_u32(&t, PMIP_A_PATH_TUNNEL);
	p->ifindex = get_u32(&t, PMIP_A_PATH_IFINDEX);
	get_llid(&t, PMIP_A_PATH_LLADDR, &p->lladdr);
}

/**
 * pmip_msg_parse_binding() - read one binding of a dump
 * @nlh: the message
 * @b: filled
 *
 * Return: 0, or -1 if it has no prefix.
 */
int pmip_msg_parse_binding(const struct nlmsghdr *nlh, struct dp_binding *b)
{
	const struct nlattr *a;
	struct attrs t;

	memset(b, 0, sizeof(*b));
	parse(nlh, &t);
	a = t.v[PMIP_A_BINDING_PREFIX];
	if (!a || mnl_attr_get_payload_len(a) != sizeof(b->prefix.addr))
		return -1;
	memcpy(&b->prefix.addr, mnl_attr_get_payload(a), sizeof(b->prefix.addr));
	b->prefix.len = get_u8(&t, PMIP_A_BINDING_PREFIX_LEN);
	b->uplink = get_u32(&t, PMIP_A_BINDING_UPLINK);
	b->node = get_u64(&t, PMIP_A_BINDING_NODE);
	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(a) == PMIP_A_BINDING_PATH &&
		    b->n_paths < PMIP_BINDING_PATHS)
			parse_path(a, &b->path[b->n_paths++]);
	return 0;
}

/**
 * pmip_msg_parse_link() - read one link of a dump as its latest event
 * @nlh: the message
 * @e: filled
 *
 * Return: 0, or -1 if it names no link.
 */
int pmip_msg_parse_link(const struct nlmsghdr *nlh, struct pmip_event_msg *e)
{
	struct attrs t;

	memset(e, 0, sizeof(*e));
	parse(nlh, &t);
	e->type = PMIP_EVENT_LINK;
	e->ifindex = get_u32(&t, PMIP_A_LINK_IFINDEX);
	e->state = get_u8(&t, PMIP_A_LINK_OPER);
	e->reason = get_u8(&t, PMIP_A_LINK_REASON);
	return e->ifindex ? 0 : -1;
}

/**
 * pmip_msg_parse_path() - read one path of a dump as its latest event
 * @nlh: the message
 * @e: filled
 *
 * Return: 0, or -1 if it is not the path to a neighbour.
 */
int pmip_msg_parse_path(const struct nlmsghdr *nlh, struct pmip_event_msg *e)
{
	struct attrs t;

	memset(e, 0, sizeof(*e));
	parse(nlh, &t);
	e->type = PMIP_EVENT_PATH;
	e->ifindex = get_u32(&t, PMIP_A_PATH_IFINDEX);
	/* left out where packets may take it */
	e->state = t.v[PMIP_A_PATH_STATE] ? get_u8(&t, PMIP_A_PATH_STATE) : PMIP_STATE_UP;
	e->reason = get_u8(&t, PMIP_A_PATH_REASON);
	get_llid(&t, PMIP_A_PATH_LLADDR, &e->lladdr);
	return e->ifindex ? 0 : -1;
}
