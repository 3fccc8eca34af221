/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink to the family "pmip": requests in batches, answers by name. */
#ifndef CTL_IO_GENL_H
#define CTL_IO_GENL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#define GENL_BATCH_BYTES	65536
#define GENL_BATCH_MSGS		512
#define GENL_MSG_MAX		2048	/* no request of this project is longer */
#define GENL_LABEL		96

struct genl_pending {
	uint32_t seq;
	uint8_t cmd;
	uint32_t tunnel;	/* the one to be set, 0: it is something else */
	char label[GENL_LABEL];	/* what an error is reported as */
};

struct genl {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t group;		/* multicast group of the events */
	uint32_t seq;
	size_t len, last;	/* bytes waiting in buf; where the last request begins */
	unsigned int n_pending, n_tunnels;	/* of these, tunnels to be set */
	struct genl_pending pending[GENL_BATCH_MSGS];
	uint64_t errors;
	int refusal;		/* -errno of the first since genl_commit() */
	bool again;		/* a purge came to its limit */
	/* A tunnel could not be set; may be NULL */
	void (*on_tunnel_refused)(void *arg, uint32_t id, int error);
	/* Between two parts of a dump, which may be long.  May be NULL */
	void (*between)(void *arg);
	void *arg;
	uint8_t buf[GENL_BATCH_BYTES];
};

int genl_start(struct genl *g, const char *family, const char *group);
void genl_stop(struct genl *g);
int genl_resolve(struct genl *g, const char *family, const char *group);
/* A new request at the end of the batch; genl_end() after its attributes. */
__attribute__((format(printf, 4, 5)))
struct nlmsghdr *genl_begin(struct genl *g, uint8_t cmd, uint16_t flags,
			    const char *label, ...);
/* The request that has just begun is to set this tunnel. */
void genl_names_tunnel(struct genl *g, uint32_t id);
void genl_end(struct genl *g, struct nlmsghdr *nlh);
void genl_flush(struct genl *g);
int genl_commit(struct genl *g);
int genl_dump(struct genl *g, uint8_t cmd, mnl_cb_t cb, void *arg);
int genl_get(struct genl *g, uint8_t cmd, mnl_cb_t cb, void *arg);

/* An empty request in a buffer, for genl_begin() and for tests */
struct nlmsghdr *genl_message(void *buf, uint16_t family, uint8_t cmd,
			      uint16_t flags, uint32_t seq);
/* The text that came with an error (NLMSGERR_ATTR_MSG), or NULL */
const char *genl_ext_ack(const struct nlmsghdr *nlh);

#endif
