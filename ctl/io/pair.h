/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of one of two anchors share: the lease, the copy, and what is copied. */
#ifndef CTL_IO_PAIR_H
#define CTL_IO_PAIR_H

#include "io/redis.h"
#include "pair/pair.h"

#include <jansson.h>
#include <sys/types.h>

#define PAIR_ID_LEN	17
#define PAIR_BASE_LEN	48
#define PAIR_BUF_SIZE	((size_t)1 << 20)

/* The standby's copy of the records, which is io->store */
struct pair_copy {
	bool on;
	bool busy;		/* asked, and not answered yet */
	bool scanning;		/* through all of them; else it asks for changes */
	bool whole;		/* all were here once */
	bool wanted;		/* somebody waits for the last of them */
	char base[PAIR_BASE_LEN];	/* whose copy it is */
	char cursor[24];
	uint64_t seq, last;	/* changes that are here, and that there are */
	uint64_t records;	/* taken */
	uint64_t unread;	/* and those that nobody can read, since it began */
	uint32_t counter;	/* restart counter that peers were told */
	bool foreign;		/* records of another pmipd, or another anchor's */
};

/* What the active one writes */
struct pair_write {
	bool on;
	bool stale;		/* not all is there: it is begun anew */
	bool walking;		/* what was there before is being written, too */
	bool whole;
	char base[PAIR_BASE_LEN];
	struct keep_key at;
	size_t unanswered;	/* bytes */
	uint64_t records;	/* written */
	uint64_t broken;	/* and those that nobody can read, since it was begun anew */
	unsigned int n;		/* in the next command */
	uint8_t *buf;
	size_t used;
};

/* A child that outlives the daemon: see keeper.c */
struct keeper {
	int fd;			/* -1: there is none */
	int lock;		/* whose affair the address is; -1: not ours */
};

/* The anchor's address, on a device as long as this one is active */
struct pair_address {
	bool on;
	bool has;		/* the device has it */
	bool missed;		/* it has not, and this was said */
	struct timer timer;	/* to say so once more, or to try */
	unsigned int claims;	/* how often it was said */
	bool unsure;		/* it was not, since the lease may have ended */
};

struct pair_io {
	struct io *io;
	struct lma_pair machine;
	char id[PAIR_ID_LEN];	/* this host's */
	char owner[64];		/* what records are of, see pair_owner() */
	char lease_key[192], meta_key[192], standby_key[192];
	char holder[PAIR_ID_LEN];
	char standby[PAIR_ID_LEN];	/* who stands by, as the active one hears; or empty */
	int64_t left_ms;	/* of the lease, as it was last heard of */
	char error[128];	/* why it was not asked for, said once; or empty */
	uint64_t renewed;	/* ns: amid a start */
	bool begin;		/* the machine wants to be the anchor */
	bool own;		/* with what is in this host's own store, which is open: */
	uint32_t counter;	/* that it says */
	bool whole;
	struct pair_address address;
	struct timer leave;	/* whether the lease was handed over or not */
	struct pair_copy copy;
	struct pair_write write;
	struct keeper keeper;
};

/* pair.c */
int pair_open(struct io *io);
int pair_begin(struct io *io);
void pair_amid(struct io *io);
void pair_serving(struct io *io);
void pair_close(struct io *io);
void pair_free(struct io *io);
void pair_ready(struct io *io);
void pair_lost(struct io *io);
redisAsyncContext *pair_link(const struct pair_io *px);
json_t *request_pair_show(struct io *io, json_t *req);
json_t *request_pair_yield(struct io *io, json_t *req);
bool pair_waits(const struct io *io);
bool pair_recalls(struct io *io, uint32_t *counter);

/* pair_yield.c */
int pair_hand_over(void *ctx);
bool pair_leave(struct io *io);
void pair_yield_lost(struct pair_io *px);

/* pair_copy.c */
void pair_copy_poll(struct pair_io *px);
bool pair_copy_whole(const struct pair_io *px);
void pair_copy_catch_up(struct pair_io *px);
void pair_copy_lost(struct pair_io *px);

/* pair_write.c */
void pair_write_start(struct pair_io *px);
void pair_write_lost(struct pair_io *px);
void pair_keep(struct io *io, const struct keep_key *key, const void *data, size_t len,
	       bool more);
void pair_flush(struct io *io);

/* pair_address.c */
void pair_address_on(struct pair_io *px);
void pair_address_off(struct pair_io *px);
bool pair_address_possible(struct pair_io *px);
void pair_address_link(struct io *io, const char *name);
void pair_address_gone(struct io *io, const struct in6_addr *a);
void pair_address_sure(struct pair_io *px);

/* keeper.c */
int keeper_start(struct io *io, struct keeper *k);
void keeper_until(struct keeper *k, uint64_t until);
void keeper_leave(struct keeper *k);
int keeper_alone(const char *dir, pid_t last);

/* pair_record.c */
#define PAIR_KEY_MAX	(1 + KEEP_KEY_MAX)
#define PAIR_HEAD	9	/* before a record */

size_t pair_record_put(uint8_t *to, const struct io *io, const void *data, size_t len, bool more);
int pair_record_take(struct io *io, const char *key, size_t key_len, const char *value,
		     size_t len);

#endif
