// SPDX-License-Identifier: GPL-2.0
/* One message for each change of state, from whichever context sees it first. */
#include <linux/ktime.h>
#include <net/genetlink.h>

#include "event.h"
#include "group.h"
#include "home.h"
#include "link.h"
#include "listener.h"
#include "netlink.h"
#include "netns.h"
#include "path.h"
#include "tunnel.h"

struct pmip_event_data {
	enum pmip_event type;
	bool up;
	u8 reason;
	u64 ns;
	u32 ifindex;
	u32 tunnel;
	const u8 *lladdr;
	u8 lladdr_len;
	const struct pmip_channel *channel;
	const struct pmip_binding_key *home;
};

static int pmip_event_fill_state(struct sk_buff *msg,
				 const struct pmip_event_data *e)
{
	if (nla_put_u8(msg, PMIP_A_EVENT_STATE, e->up) ||
	    nla_put_u8(msg, PMIP_A_EVENT_REASON, e->reason))
		return -EMSGSIZE;
	return 0;
}

static int pmip_event_fill_seam(struct sk_buff *msg,
				const struct pmip_event_data *e)
{
	const struct in6_addr *source = &e->channel->source;

	if (nla_put_in6_addr(msg, PMIP_A_EVENT_GROUP,
			     &e->channel->group->key.addr) ||
	    nla_put_in6_addr(msg, PMIP_A_EVENT_PREFIX, &e->home->prefix) ||
	    nla_put_u8(msg, PMIP_A_EVENT_PREFIX_LEN, e->home->plen))
		return -EMSGSIZE;
	if (ipv6_addr_any(source))
		return 0;
	return nla_put_in6_addr(msg, PMIP_A_EVENT_SOURCE, source);
}

static int pmip_event_fill(struct sk_buff *msg, const struct pmip_event_data *e)
{
	void *hdr;

	hdr = genlmsg_put(msg, 0, 0, &pmip_genl_family, 0, PMIP_CMD_EVENT);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(msg, PMIP_A_EVENT_TYPE, e->type) ||
	    (e->channel ? pmip_event_fill_seam(msg, e) :
			  pmip_event_fill_state(msg, e)) ||
	    nla_put_u64_64bit(msg, PMIP_A_EVENT_TIME_NS, e->ns,
			      PMIP_A_EVENT_PAD))
		return -EMSGSIZE;
	if (e->ifindex && nla_put_u32(msg, PMIP_A_EVENT_IFINDEX, e->ifindex))
		return -EMSGSIZE;
	if (e->tunnel && nla_put_u32(msg, PMIP_A_EVENT_TUNNEL, e->tunnel))
		return -EMSGSIZE;
	if (e->lladdr_len &&
	    nla_put(msg, PMIP_A_EVENT_LLADDR, e->lladdr_len, e->lladdr))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

static bool pmip_event_stopped;

/**
 * pmip_event_stop() - raise no more, for the family is going
 *
 * Context: process.
 */
void pmip_event_stop(void)
{
	WRITE_ONCE(pmip_event_stopped, true);
	synchronize_net();
}

/* May run in the packet path: the first packet can be first to see a loss. */
static void pmip_event_send(const struct pmip_net *pn,
			    const struct pmip_event_data *e)
{
	struct sk_buff *msg;

	if (READ_ONCE(pmip_event_stopped))
		return;
	if (!genl_has_listeners(&pmip_genl_family, pn->net, 0))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		return;
	if (pmip_event_fill(msg, e)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&pmip_genl_family, pn->net, msg, 0, 0,
				GFP_ATOMIC);
}

/**
 * pmip_event_link() - a link went down or came up
 * @link: the link
 * @up: what it is now
 * @reason: enum pmip_reason
 * @ns: CLOCK_MONOTONIC when it was seen
 *
 * Context: any, RCU read side or the namespace's lock held.
 */
void pmip_event_link(const struct pmip_link *link, bool up, u8 reason, u64 ns)
{
	struct pmip_event_data e = {
		.type = PMIP_EVENT_LINK,
		.up = up,
		.reason = reason,
		.ns = ns,
		.ifindex = link->ifindex,
	};

	pmip_event_send(link->pn, &e);
}

/**
 * pmip_event_path() - a neighbour was declared unreachable or reachable
 * @pn: the namespace
 * @p: the path, of kind link
 * @up: what it is now
 * @reason: enum pmip_reason
 *
 * Context: any, RCU read side or @pn->lock held.
 */
void pmip_event_path(const struct pmip_net *pn, const struct pmip_path *p,
		     bool up, u8 reason)
{
	struct pmip_event_data e = {
		.type = PMIP_EVENT_PATH,
		.up = up,
		.reason = reason,
		.ns = ktime_get_ns(),
		.ifindex = p->key.link->ifindex,
		.lladdr = p->key.lladdr,
		.lladdr_len = p->lladdr_len,
	};

	pmip_event_send(pn, &e);
}

/**
 * pmip_event_tunnel() - a tunnel's peer was declared dead or alive
 * @pn: the namespace
 * @t: the tunnel
 * @up: what it is now
 *
 * Context: process, @pn->lock held.
 */
void pmip_event_tunnel(const struct pmip_net *pn, const struct pmip_tunnel *t,
		       bool up)
{
	struct pmip_event_data e = {
		.type = PMIP_EVENT_TUNNEL,
		.up = up,
		.reason = PMIP_REASON_OPERATOR,
		.ns = ktime_get_ns(),
		.tunnel = t->id,
	};

	pmip_event_send(pn, &e);
}

/**
 * pmip_event_seam() - what a gateway forwards to a listener its anchor sends as well
 * @pn: the namespace
 * @l: the listener to what is forwarded, of a path of kind home
 *
 * Context: any, RCU read side.
 */
void pmip_event_seam(const struct pmip_net *pn, const struct pmip_listener *l)
{
	struct pmip_event_data e = {
		.type = PMIP_EVENT_SEAM,
		.ns = ktime_get_ns(),
		.tunnel = l->channel->group->key.upstream,
		.channel = l->channel,
		.home = &pmip_path_home(l->path)->key,
	};

	pmip_event_send(pn, &e);
}
