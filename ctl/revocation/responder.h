/* SPDX-License-Identifier: GPL-2.0 */
/* Binding Revocation Indications and their answers (RFC 5846 §6.1.2, §6.2.1) */
#ifndef CTL_REVOCATION_RESPONDER_H
#define CTL_REVOCATION_RESPONDER_H

#include "mh/mh.h"
#include "revocation/revocation.h"

#define REVOCATION_RECENT	256	/* answers that are remembered */

/*
 * What the owner revokes before the answer leaves, and its status.  @failed is for
 * what of a node's bindings had been released before: status partial success, or
 * does not exist.
 */
struct revocation_ops {
	/* all of this peer's (G, Per-Peer Policy) */
	uint8_t (*all)(void *arg, const struct in6_addr *src, const struct mh_msg *bri);
	/* those of a realm (G, Revoking Mobility Node Local Policy); NULL: not here */
	uint8_t (*realm)(void *arg, const struct in6_addr *src, const struct mh_msg *bri);
	/* those of the node in the MN-ID option, which is there */
	uint8_t (*node)(void *arg, const struct in6_addr *src, const struct mh_msg *bri,
			struct mh_opts *failed);
};

/* A BRI that has been answered: repeated, it gets the same answer */
struct revocation_answer {
	uint64_t at;			/* ns */
	uint64_t digest;		/* of its sender and contents */
	uint16_t seq;
	uint8_t status;
	bool given;
};

struct revocation_responder {
	struct env *env;
	const struct revocation_ops *ops;
	void *arg;
	struct revocation_counters *counters;
	struct in6_addr address;	/* from which it answers */
	unsigned int next;
	struct revocation_answer recent[REVOCATION_RECENT];
};

void revocation_responder_init(struct revocation_responder *rr, struct env *env,
			       const struct revocation_ops *ops, void *arg,
			       struct revocation_counters *counters,
			       const struct in6_addr *address);
/* The caller knows the sender for a gateway that it deals with. */
void revocation_on_bri(struct revocation_responder *rr, const struct in6_addr *src,
		       const struct mh_msg *bri);
bool revocation_realm_of(const struct mn_id *node, const struct mn_id *realm);

#endif
