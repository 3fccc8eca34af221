// SPDX-License-Identifier: GPL-2.0
/*
 * Attachments that an earlier daemon left in the kernel: the bindings' paths
 * by access links, whether they are up, and what the node's link-local
 * address is; and bindings whose packets wait, since the node had left.  The
 * access gateway goes on with them.
 */
#include "core/hash.h"
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

struct kept_key {
	uint32_t ifindex;		/* 0: of a node that had left: */
	struct llid lladdr;
	uint64_t node;
	uint8_t number;			/* which of its interfaces */
};

struct kept {
	struct kept_key key;
	struct mag_kept k;
	UT_hash_handle hh;
};

static struct kept *find(struct kept *table, uint32_t ifindex, const struct llid *lladdr)
{
	struct kept_key key;
	struct kept *e;

	memset(&key, 0, sizeof(key));
	key.ifindex = ifindex;
	key.lladdr.len = lladdr->len;
	memcpy(key.lladdr.id, lladdr->id, lladdr->len);
	HASH_FIND(hh, table, &key, sizeof(key), e);
	return e;
}

static struct kept *get(struct kept **table, const struct dp_path *p, uint64_t node)
{
	struct kept *e = find(*table, p->ifindex, &p->lladdr);

	if (e)
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->key.ifindex = p->ifindex;
	e->key.lladdr.len = p->lladdr.len;
	memcpy(e->key.lladdr.id, p->lladdr.id, p->lladdr.len);
	e->k = (struct mag_kept){
		.ifindex = p->ifindex, .lladdr = p->lladdr, .node = node, .up = true,
	};
	HASH_ADD(hh, *table, key, sizeof(e->key), e);
	return e;
}

/* All ways to the node had gone, and its anchor may not have said so yet. */
static bool waits(const struct dp_binding *b)
{
	return b->uplink && b->n_paths == 1 && b->path[0].kind == PMIP_PATH_HOLD;
}

/* An interface of a node that had left; only its number among the node's is known. */
static struct kept *get_left(struct kept **table, uint64_t node, uint8_t number)
{
	struct kept_key key;
	struct kept *e;

	memset(&key, 0, sizeof(key));
	key.node = node;
	key.number = number;
	HASH_FIND(hh, *table, &key, sizeof(key), e);
	if (e)
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->key = key;
	e->k.node = node;
	e->k.number = number;
	HASH_ADD(hh, *table, key, sizeof(e->key), e);
	return e;
}

static int add_left(struct kept **table, const struct dp_binding *b, uint8_t number)
{
	struct kept *e = get_left(table, b->node, number);

	if (!e)
		return -ENOMEM;
	if (e->k.n_hnp + e->k.n_off == HNP_MAX)
		return 0;
	e->k.hnp[e->k.n_hnp + e->k.n_off] = b->prefix;
	if (b->path[0].bid & MAG_BID_OFF_LINK) {
		e->k.n_off++;
		return 0;
	}
	/* the interface's own come first */
	e->k.hnp[e->k.n_hnp + e->k.n_off] = e->k.hnp[e->k.n_hnp];
	e->k.hnp[e->k.n_hnp++] = b->prefix;
	return 0;
}

/* Each interface has had what its bit is in; without any the node has had it. */
static int add_waiting(struct kept **table, const struct dp_binding *b)
{
	uint16_t bid = b->path[0].bid;
	bool any = false;
	uint8_t i;

	for (i = 0; (bid & MAG_BID_HOLD) && i < MAG_BID_INTERFACES; i++) {
		if (!(bid & 1U << i))
			continue;
		any = true;
		if (add_left(table, b, (uint8_t)(i + 1)))
			return -ENOMEM;
	}
	return any ? 0 : add_left(table, b, 0);
}

/**
 * kept_add() - note whom a binding leads to
 * @table: the attachments
 * @b: the binding as the kernel has it; an anchor's has no uplink, and no
 *	attachment of ours
 *
 * Return: 0 or -ENOMEM.
 */
int kept_add(struct kept **table, const struct dp_binding *b)
{
	struct kept *e;
	unsigned int i;

	if (waits(b))
		return add_waiting(table, b);
	for (i = 0; b->uplink && i < b->n_paths; i++) {
		/* what is only routed there is the anchor's to say again */
		if (b->path[i].kind != PMIP_PATH_LINK ||
		    (b->path[i].bid & MAG_BID_OFF_LINK))
			continue;
		e = get(table, &b->path[i], b->node);
		if (!e)
			return -ENOMEM;
		if (e->k.n_hnp < HNP_MAX && e->k.node == b->node)
			e->k.hnp[e->k.n_hnp++] = b->prefix;
	}
	return 0;
}

/**
 * kept_state() - what the kernel says of a link, or of a path by it
 * @table: the attachments
 * @e: its latest event
 */
void kept_state(struct kept *table, const struct pmip_event_msg *e)
{
	struct kept *k, *tmp;

	if (e->state == PMIP_STATE_UP)
		return;
	if (e->type == PMIP_EVENT_PATH) {
		k = find(table, e->ifindex, &e->lladdr);
		if (k)
			k->k.up = false;
		return;
	}
	HASH_ITER(hh, table, k, tmp)
		if (k->key.ifindex == e->ifindex)
			k->k.up = false;
}

/**
 * kept_list() - all attachments in a row
 * @table: the attachments
 * @list: where to put them, to be freed; NULL without memory
 * @io: the daemon, where others are to have their turn meanwhile; else NULL
 *
 * Return: how many.
 */
size_t kept_list(const struct kept *table, struct mag_kept **list, struct io *io)
{
	const struct kept *e;
	size_t n = 0;

	/* not calloc(): its pages come as they are filled */
	*list = malloc((HASH_COUNT(table) + 1UL) * sizeof(**list));
	for (e = table; *list && e; e = e->hh.next) {
		(*list)[n++] = e->k;
		if (io && n % IO_BURST == 0)
			io_serve(io);
	}
	return n;
}

/**
 * kept_free() - forget all of them
 * @table: the attachments
 */
void kept_free(struct kept **table)
{
	struct kept *e, *tmp;

	HASH_ITER(hh, *table, e, tmp) {
		HASH_DEL(*table, e);
		free(e);
	}
}

static int link_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct pmip_event_msg e;

	if (!pmip_msg_parse_link(nlh, &e))
		kept_state(*(struct kept **)arg, &e);
	return MNL_CB_OK;
}

static int path_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct pmip_event_msg e;

	if (!pmip_msg_parse_path(nlh, &e))
		kept_state(*(struct kept **)arg, &e);
	return MNL_CB_OK;
}

struct neighbour {
	const struct in6_addr *addr;
	struct llid lladdr;
};

static int attr_cb(const struct nlattr *a, void *arg)
{
	struct neighbour *n = arg;
	uint16_t len = mnl_attr_get_payload_len(a);

	if (mnl_attr_get_type(a) == NDA_DST && len == sizeof(*n->addr)) {
		n->addr = mnl_attr_get_payload(a);
	} else if (mnl_attr_get_type(a) == NDA_LLADDR && len <= LLID_MAX) {
		n->lladdr.len = (uint8_t)len;
		memcpy(n->lladdr.id, mnl_attr_get_payload(a), len);
	}
	return MNL_CB_OK;
}

/* By its own address a silent node is found out; by a guess it is not. */
static int neighbour_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct neighbour n = { 0 };
	struct kept *e;

	if (nlh->nlmsg_type != RTM_NEWNEIGH || ndm->ndm_family != AF_INET6)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*ndm), attr_cb, &n);
	if (!n.addr || !n.lladdr.len || !addr_is_link_local(n.addr))
		return MNL_CB_OK;
	e = find(*(struct kept **)arg, (uint32_t)ndm->ndm_ifindex, &n.lladdr);
	if (e)
		e->k.lla = *n.addr;
	return MNL_CB_OK;
}

static int ask_states(struct io *io)
{
	int ret;

	io->genl.between = io_serve;
	ret = genl_dump(&io->genl, PMIP_CMD_LINK_GET, link_cb, &io->kept);
	if (!ret)
		ret = genl_dump(&io->genl, PMIP_CMD_PATH_GET, path_cb, &io->kept);
	io->genl.between = NULL;
	return ret ? ret : rtnl_dump_neighbours(io, neighbour_cb, &io->kept);
}

/**
 * kept_take_over() - go on with the attachments of an earlier daemon
 * @io: the daemon, which knows its links now; the second time nothing happens
 *
 * Meanwhile messages wait, and heartbeats are answered.
 */
void kept_take_over(struct io *io)
{
	struct mag_kept *list = NULL;
	size_t n;
	int ret;

	if (io->taken_over || !io->mag)
		return;
	io->taken_over = true;
	io->starting = true;
	ret = io->kept ? ask_states(io) : 0;
	if (ret)
		log_err("what the kernel has kept: %s", strerror(-ret));
	recall_sessions(io);
	n = kept_list(io->kept, &list, io);
	mag_take_over(io->mag, list, n);
	free(list);
	kept_free(&io->kept);
	io->starting = false;
	ev_timer_start(io->loop, &io->backlog_timer);
}
