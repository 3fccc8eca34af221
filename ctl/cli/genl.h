/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to the kernel's generic netlink family "pmip", and its answers. */
#ifndef CTL_CLI_GENL_H
#define CTL_CLI_GENL_H

#include <netlink/msg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/pmip.h>

struct nl_sock;

struct genl {
	struct nl_sock *sk;
	int fd;
	int family;
	uint32_t seq;
	char error[512];	/* why the last call failed */
};

/* A request being built; an attribute that did not fit is kept in err. */
struct genl_req {
	struct nl_msg *msg;
	int err;
};

/* The answers to one request, copied one after the other */
struct genl_answers {
	char *buf;
	size_t len, cap;
	bool interrupted;	/* the kernel's tables changed during every try */
};

int genl_open(struct genl *g);
void genl_close(struct genl *g);
bool genl_is_open(const struct genl *g);
int genl_subscribe(struct genl *g);
int genl_version(struct genl *g);

int genl_req_init(struct genl_req *r, int family, uint8_t cmd, int flags);
void genl_req_free(struct genl_req *r);
void genl_u8(struct genl_req *r, int type, uint8_t v);
void genl_u16(struct genl_req *r, int type, uint16_t v);
void genl_u32(struct genl_req *r, int type, uint32_t v);
void genl_u64(struct genl_req *r, int type, uint64_t v);
void genl_bytes(struct genl_req *r, int type, const void *v, int len);
struct nlattr *genl_nest(struct genl_req *r, int type);
void genl_nest_end(struct genl_req *r, struct nlattr *nest);

int genl_talk(struct genl *g, struct genl_req *r, struct genl_answers *a);
int genl_send(struct genl *g, const void *buf, size_t len);
int genl_recv(struct genl *g, void *buf, size_t size);
int genl_error(struct genl *g, const struct nlmsghdr *nlh);

void genl_answers_free(struct genl_answers *a);
const struct nlmsghdr *genl_next(const struct genl_answers *a,
				 const struct nlmsghdr *prev);

/* The longest datagram that the kernel sends on a dump is 32 KiB. */
#define GENL_RECV_SIZE	65536

#endif
