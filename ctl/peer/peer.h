/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gateways that this one talks to: heartbeats (RFC 5847) and the one
 * tunnel per pair of gateways that all mobile nodes share.
 */
#ifndef CTL_PEER_PEER_H
#define CTL_PEER_PEER_H

#include "core/env.h"
#include "core/hash.h"
#include "mh/mh.h"

struct peer_conf {
	uint32_t heartbeat_ms;		/* 60000; 0: none.  Below 30000 departs from RFC 5847 §5 */
	unsigned int missing_allowed;	/* 3 */
	uint32_t restart_counter;	/* this daemon's, RFC 5847 §3.4 */
};

struct peer {
	struct in6_addr local, remote;	/* the key of the table */
	bool alive, hears_heartbeats, heard_restart;
	uint32_t restart_counter;	/* the far end's */
	uint32_t hb_seq;
	unsigned int missed;
	struct timer hb_timer;
	/* the tunnel, while users != 0 */
	uint32_t tunnel;
	uint8_t tunnel_role;
	unsigned int users;
	struct peers *owner;
	UT_hash_handle hh;
	bool mute;		/* answered Binding Error 2: never again */
	bool awaiting;		/* request hb_seq is not answered yet */
	bool asked;		/* a request has left in this life */
	uint64_t hb_sent;	/* ns, when request hb_seq left */
	/* ns: what was agreed on until then, was agreed on with the life that
	 * restart_counter counts, or an earlier one
	 */
	uint64_t counter_seen;
	/* a restart counter that was announced, and that no answer has shown yet */
	uint32_t announced;
	uint64_t announced_at;	/* ns, 0: none */
	unsigned int ask_tries;	/* requests that leave early for it */
	uint64_t hurried;	/* ns, when the last of them was due */
	/* ns: until then it is not asked what nodes listen to: it does not know the question */
	uint64_t unasked;
	bool says_load;		/* an anchor, in its last acknowledgement (RFC 6463 §4.3): */
	uint8_t load;		/* per cent of what it is willing to accept */
};

struct peers {
	struct env *env;
	struct peer_conf conf;
	struct peer *table;
	uint32_t next_tunnel;
	bool changed;		/* something of what peer_recall() takes */
	/* told of deaths and restarts; either may be NULL */
	void (*on_dead)(void *arg, struct peer *p);
	/* its counter is another one, or the first: what was agreed on before
	 * may be unknown to it
	 */
	void (*on_restart)(void *arg, struct peer *p);
	void (*on_alive)(void *arg, struct peer *p);
	void *arg;
};

void peers_init(struct peers *ps, struct env *env, const struct peer_conf *conf);
void peers_free(struct peers *ps);
struct peer *peer_find(struct peers *ps, const struct in6_addr *local,
		       const struct in6_addr *remote);
struct peer *peer_get(struct peers *ps, const struct in6_addr *local,
		      const struct in6_addr *remote);	/* NULL: no memory */
/* What an earlier daemon wrote down of a peer with whom it had heartbeats. */
struct peer_memory {
	struct in6_addr local, remote;
	bool mute;		/* no heartbeats ever again */
	bool counted;		/* the counter is known */
	uint32_t counter;
};

struct peer *peer_recall(struct peers *ps, const struct peer_memory *m);
/* What to write down of a peer; false: nothing */
bool peer_remember(const struct peer *p, struct peer_memory *m);
/* One more, or one fewer, user of the tunnel to this peer; id, 0: no memory */
uint32_t peer_tunnel_get(struct peer *p, uint8_t role);
void peer_tunnel_put(struct peer *p);
/* Tell the kernel again of a tunnel that it may have lost. */
void peer_tunnel_renew(struct peer *p);
/* Anything valid from the far end shows that it lives. */
void peer_heard(struct peer *p);
void peer_on_heartbeat(struct peers *ps, const struct in6_addr *local,
		       const struct in6_addr *remote, const struct mh_msg *msg);
/* A Binding Error 2 in answer to a heartbeat: stop sending them. */
void peer_on_binding_error(struct peers *ps, const struct in6_addr *local,
			   const struct in6_addr *remote,
			   const struct mh_msg *msg);
/* RFC 5847 §3.2: unsolicited heartbeats to every peer recalled at start */
void peers_announce_restart(struct peers *ps);

#endif
