/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets go: into a tunnel, out of a link to one neighbour, or as others do. */
#ifndef _PMIP_PATH_H
#define _PMIP_PATH_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/pmip.h>
#include <linux/types.h>

struct pmip_link;
struct pmip_net;

struct pmip_path_key {
	struct pmip_link *link;
	u8 lladdr[PMIP_LLADDR_MAX];
};

/**
 * struct pmip_path - one way to reach a mobile node
 * @kind: enum pmip_path_kind
 * @lladdr_len: 0 on a link without link-layer addresses
 * @down: enum pmip_reason for which the neighbour or the tunnel's peer is
 *	  declared dead, PMIP_REASON_NONE while it is not
 * @users: bindings that have this path
 * @key: link and link-layer address (kind link)
 * @iid: the interface identifier of the neighbour's link-local address whose
 *	 reachability counts, 0 if that of none does (kind link)
 *
 * All bindings behind one neighbour share its path, and all behind one
 * gateway share its tunnel's: one store moves them all.
 *
 * Half a cache line, for at an access gateway there is one for each node.
 */
struct pmip_path {
	u8 kind;
	u8 lladdr_len;
	u16 down;
	u32 users;
	struct pmip_path_key key;
	__be64 iid;
};

int pmip_path_cache_init(void);
void pmip_path_cache_exit(void);
u64 pmip_path_hash(const void *object);
void pmip_path_init(struct pmip_net *pn, struct pmip_path *p, u8 kind);
void pmip_path_fini(struct pmip_net *pn, struct pmip_path *p);
struct pmip_path *pmip_path_get_neigh(struct pmip_net *pn,
				      struct pmip_link *link,
				      const u8 *lladdr, u8 len,
				      struct netlink_ext_ack *extack);
struct pmip_path *pmip_path_find_neigh(struct pmip_net *pn,
				       struct pmip_link *link,
				       const u8 *lladdr, u8 len);
void pmip_path_put(struct pmip_net *pn, struct pmip_path *p);
void pmip_path_free_gone(struct pmip_net *pn);
__be64 pmip_path_addr_iid(const struct in6_addr *addr);
bool pmip_path_has_addr(const struct pmip_path *p, const struct in6_addr *addr);
void pmip_path_addr(const struct pmip_path *p, struct in6_addr *addr);
bool pmip_path_declare(struct pmip_path *p, bool up, u8 reason);
void pmip_path_set_state(struct pmip_net *pn, struct pmip_path *p, bool up,
			 u8 reason);
bool pmip_path_up(const struct pmip_path *p);
u8 pmip_path_reason(const struct pmip_path *p);

/**
 * pmip_path_iid() - by which address a neighbour is probed
 * @p: a path of kind link
 *
 * Context: any.
 * Return: the interface identifier of its link-local address, 0 for none.
 */
static inline __be64 pmip_path_iid(const struct pmip_path *p)
{
	return READ_ONCE(p->iid);
}

/**
 * pmip_path_set_iid() - say by which address a neighbour is probed
 * @p: a path of kind link
 * @iid: the interface identifier of its link-local address, or 0 for none
 *
 * Context: process, the namespace's lock held.
 */
static inline void pmip_path_set_iid(struct pmip_path *p, __be64 iid)
{
	WRITE_ONCE(p->iid, iid);
}

/**
 * pmip_path_alive() - is the far end of a path not declared dead
 * @p: the path
 *
 * Context: RCU read side or the namespace's lock held. Return: true if so.
 */
static inline bool pmip_path_alive(const struct pmip_path *p)
{
	return READ_ONCE(p->down) == PMIP_REASON_NONE;
}

#endif /* _PMIP_PATH_H */
