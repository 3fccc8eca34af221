/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One instance of an MLD proxy (RFC 4605): an upstream link, at an access gateway the tunnel
 * to one anchor (RFC 6224 §4.2), and the listeners on the links downstream.
 */
#ifndef CTL_MULTICAST_PROXY_H
#define CTL_MULTICAST_PROXY_H

#include "multicast/database.h"
#include "multicast/listener.h"
#include "multicast/outlet.h"
#include "multicast/reporter.h"
#include "multicast/route.h"

struct mcast_node;

/* None of these may call the instance back. */
struct mcast_proxy_ops {
	void (*query)(void *arg, struct mcast_node *n, const struct mld_query *q);
	struct mcast_reporter_ops up;
	struct mcast_route_ops route;
};

/* Part of whatever the gateway has of a node's attachment */
struct mcast_node {
	struct mcast_proxy *proxy;	/* NULL: of none */
	uint64_t number;		/* in routes */
	struct mcast_listener listener;
	struct mcast_outlet *outlet;	/* by which its packets go, NULL: by routes of its own */
	struct mcast_node *prev, *next;
};

struct mcast_proxy {
	struct env *env;
	const struct mcast_conf *down;
	struct mcast_listener_counters *heard;
	const struct mcast_proxy_ops *ops;
	void *arg;
	struct mcast_node *nodes;
	struct mcast_database db;
	struct mcast_reporter reporter;
	struct timer changed;		/* what the database has become is reported */
};

/* down and up: of either side; heard: of nodes.  0 or -ENOMEM */
int mcast_proxy_init(struct mcast_proxy *p, struct env *env, const struct mcast_conf *down,
		     const struct mcast_conf *up, struct mcast_listener_counters *heard,
		     const struct mcast_proxy_ops *ops, void *arg);
/* Its nodes have been removed. */
void mcast_proxy_free(struct mcast_proxy *p);

/* Its link is downstream from now on, and asked: 0 or -ENOMEM, the node is not there then */
int mcast_proxy_add(struct mcast_proxy *p, struct mcast_node *n, uint64_t number);
void mcast_proxy_remove(struct mcast_node *n);
/* All its routes are removed, to be told again another way, and told (again) */
void mcast_node_withdraw(struct mcast_node *n);
void mcast_node_restore(struct mcast_node *n);
/* Its packets go by that from now on, with others', or by routes of its own again (NULL):
 * 0, or -ENOMEM with nothing changed.  Back to its own it cannot fail.
 */
int mcast_node_divert(struct mcast_node *n, struct mcast_outlet *to);
/* Those of a group do not, nor any other way, until it is diverted anew */
void mcast_node_end(struct mcast_node *n, const struct in6_addr *group);
/* What mld_packet_read() has found to come from a node, and from upstream */
void mcast_proxy_from_node(struct mcast_node *n, const struct mld_packet *pkt);
void mcast_proxy_from_upstream(struct mcast_proxy *p, const struct mld_packet *pkt);

/* Whether packets of a source to a group go to a node */
bool mcast_node_wants(const struct mcast_node *n, const struct in6_addr *group,
		      const struct in6_addr *source);

#endif
