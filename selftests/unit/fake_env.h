/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world as a state machine sees it, for tests: whatever the machine asks
 * for is written down, and the clock moves only when the test says so.
 */
#ifndef SELFTESTS_UNIT_FAKE_ENV_H
#define SELFTESTS_UNIT_FAKE_ENV_H

#include "core/env.h"
#include "mh/mh.h"

enum fake_kind {
	FAKE_SEND_MH,
	FAKE_SEND_RA,
	FAKE_SEND_MLD,
	FAKE_PROBE,
	FAKE_TUNNEL_SET,
	FAKE_TUNNEL_DEL,
	FAKE_BINDING_SET,
	FAKE_BINDING_DEL,
	FAKE_PATH_STATE,
	FAKE_FLOW_SET,
	FAKE_FLOW_DEL,
	FAKE_LISTENER_SET,
	FAKE_LISTENER_DEL,
	FAKE_RETURN_SET,
	FAKE_HOLD_RELEASE,
	FAKE_NOTIFY,
	FAKE_KINDS,
};

struct fake_mh {
	struct in6_addr src, dst;
	struct mh_msg msg;
};

struct fake_probe {
	uint32_t ifindex;
	struct in6_addr addr;
	struct llid lladdr;
};

/* A packet with an MLD message, whole */
struct fake_mld {
	uint32_t ifindex;
	struct llid lladdr;
	struct in6_addr local, remote;
	uint8_t packet[1500];
	size_t len;
};

struct fake_path_state {
	uint32_t ifindex;
	struct llid lladdr;
	uint8_t state;
};

struct fake_flow_del {
	uint64_t node;
	uint16_t fid;
};

struct fake_return {
	struct prefix prefix;
	struct dp_return allowed;
};

struct fake_release {
	struct prefix prefix;
	uint8_t to;
};

struct fake_notice {
	char event[32];
	bool has_mn, has_peer;
	struct mn_id mn;
	struct in6_addr peer;
	char detail[256];
};

/* One call of the machine, its arguments copied. */
struct fake_action {
	enum fake_kind kind;
	uint64_t at;			/* ns, the fake clock */
	bool refused;			/* by the kernel; never for messages */
	union {
		struct fake_mh mh;
		struct ra_out ra;
		struct fake_mld mld;
		struct fake_probe probe;
		struct dp_tunnel tunnel;	/* set */
		uint32_t tunnel_id;		/* del */
		struct dp_binding binding;	/* set */
		struct prefix prefix;		/* del */
		struct fake_path_state path;
		struct dp_flow flow;		/* set */
		struct fake_flow_del flow_del;
		struct dp_listener listener;	/* set, del */
		struct fake_return ret;
		struct fake_release release;
		struct fake_notice notice;
	};
};

struct fake_record {
	struct keep_key key;
	bool more;
	struct fake_record *prev, *next;
	size_t len;
	uint8_t data[];
};

struct fake_env {
	struct env env;			/* what the machine is given */
	struct timerq timers;
	uint64_t now;			/* ns, monotonic */
	uint64_t wall;			/* ns since 1970 */
	uint64_t seed;			/* of the deterministic random */
	struct fake_action *v;		/* what was asked for, in order */
	size_t len, cap;
	/* Told of every action as it happens; NULL: none.  For models. */
	void (*hook)(void *arg, const struct fake_action *a);
	void *hook_arg;
	bool quiet;			/* do not keep actions, only call hook */
	/* The kernel's mood: whether it takes this, 0 or -errno.  What it refuses
	 * is written down, but the hook does not hear of it.  NULL: it takes all.
	 */
	int (*refuse)(void *arg, const struct fake_action *a);
	void *refuse_arg;
	unsigned int refusals;		/* so far */
	int refusal;			/* the first since the last commit */
	struct {			/* fake_refuse() */
		enum fake_kind kind;
		unsigned int times;
		int error;
	} mood;
	unsigned int commits;		/* so far */
	bool keeps;			/* what the next daemon would find, the newest last: */
	struct fake_record *kept;
	unsigned int served;		/* times that others had their turn amid something */
};

void fake_init(struct fake_env *f);
void fake_free(struct fake_env *f);
void fake_reset(struct fake_env *f);

/* From now on the kernel refuses this kind, so often, with this error. */
void fake_refuse(struct fake_env *f, enum fake_kind kind, unsigned int times,
		 int error);

/* Move both clocks on, firing every timer at its own time on the way. */
void fake_advance(struct fake_env *f, uint64_t ns);
void fake_advance_ms(struct fake_env *f, uint64_t ms);

size_t fake_count(const struct fake_env *f, enum fake_kind kind);
/* The nth action of a kind from 0; NULL: no such.  Negative: from the end. */
const struct fake_action *fake_find(const struct fake_env *f,
				    enum fake_kind kind, int nth);
/* Place of the same in the list of all actions, -1: no such; for order. */
int fake_index(const struct fake_env *f, enum fake_kind kind, int nth);
/* Take the oldest action out of the list; false: the list is empty. */
bool fake_pop(struct fake_env *f, struct fake_action *out);

/* The same for messages of one kind: number sent, nth sent, its place */
size_t fake_count_mh(const struct fake_env *f, enum mh_kind kind);
const struct fake_mh *fake_find_mh(const struct fake_env *f, enum mh_kind kind,
				   int nth);
int fake_index_mh(const struct fake_env *f, enum mh_kind kind, int nth);
/* The nth notice with this event's name */
const struct fake_notice *fake_find_notice(const struct fake_env *f,
					   const char *event, int nth);

/* What is kept of a kind, oldest first, and how many there are */
size_t fake_kept(const struct fake_env *f, uint8_t kind);
const struct fake_record *fake_record(const struct fake_env *f, uint8_t kind, unsigned int nth);
/* Another life begins with it. */
void fake_bequeath(struct fake_env *from, struct fake_env *to);

uint32_t fake_random(struct fake_env *f);

/* Literals for tests; abort on what does not parse. */
struct in6_addr fake_addr(const char *text);
struct prefix fake_prefix(const char *text);
struct llid fake_llid(const char *text);
struct mn_id fake_nai(const char *nai);

#endif
