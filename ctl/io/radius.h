/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the policy store "radius" share. */
#ifndef CTL_IO_RADIUS_H
#define CTL_IO_RADIUS_H

#include "conf/conf.h"
#include "io/radius_packet.h"
#include "policy/cache.h"
#include "policy/radius.h"

#include <ev.h>

#define RADIUS_IDS		256	/* RFC 2865 §3: requests under way at a server */
#define RADIUS_PROBE_MS		2000	/* a server that does not answer is tried so often */

enum radius_code {
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCESS_CHALLENGE = 11,
};

struct io;
struct radius;
struct radius_server;

/* A request under way, or one that waits for its turn */
struct radius_job {
	struct radius *radius;
	const struct policy_question *q;
	bool probe;			/* nobody waits for it: is the server there again? */
	struct radius_server *server;	/* whose Identifier it has; NULL: it waits */
	struct radius_packet *packet;
	uint8_t id;
	unsigned int sendings, tried;	/* tried: bit n: server n has not answered */
	uint64_t sent;			/* ns: for the first time, to this server */
	struct timer timer;
	struct radius_job *prev, *next;
};

struct radius_server {
	struct radius *radius;
	const struct radius_server_conf *conf;
	int fd;				/* -1: it could not be opened yet */
	struct ev_io watch;
	struct radius_job *job[RADIUS_IDS];
	unsigned int n_jobs;
	uint8_t next_id;
	bool dead, probed;
	uint64_t heard;			/* ns */
};

struct radius {
	struct io *io;
	const struct radius_conf *conf;
	struct policy_cache *cache;
	struct radius_asker asker;
	struct radius_server server[RADIUS_SERVERS_MAX];	/* as many as conf has */
	struct radius_job *waiting;
	struct policy_question last;	/* what a server is tried with */
	struct timer send;		/* those that wait, in a moment */
	struct timer probe;
	bool gone;			/* no server answers */
	bool heard;			/* some server has */
	uint64_t since;			/* ns */
	bool stopping;
};

/* radius_server.c */
void radius_server_open(struct radius_server *s);
void radius_server_close(struct radius_server *s);
int radius_server_send(struct radius_server *s, struct radius_job *j);
void radius_server_send_again(const struct radius_job *j);
void radius_server_take_back(struct radius_job *j);
void radius_server_receive(struct radius_server *s);

/* radius_job.c */
extern const struct policy_remote_ops radius_ops;
void radius_job_ask(struct radius_job *j);
void radius_job_probe(struct radius_server *s);
void radius_job_end(struct radius_job *j, int err, struct policy_table *t, uint32_t version);
void radius_job_answered(struct radius_job *j, int code, const uint8_t *attrs, size_t len);

/* radius.c */
int radius_open(struct io *io);
void radius_close(struct radius *r);
struct radius_server *radius_first(struct radius *r, unsigned int tried);
void radius_silent(struct radius_server *s);
void radius_heard(struct radius_server *s);
void radius_go_on(struct radius *r);
bool radius_has_been_there(const struct radius *r, uint64_t ns);

#endif
