/* SPDX-License-Identifier: GPL-2.0 */
/* A kernel made of one socket pair: answers are queued before they are asked. */
#ifndef SELFTESTS_UNIT_CLI_FAKE_KERNEL_H
#define SELFTESTS_UNIT_CLI_FAKE_KERNEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* cmocka needs those above */
#include <cmocka.h>

#include <jansson.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "cli/cli.h"

#define FAMILY	0x21
#define SEQ	1000

struct fake {
	struct cli c;
	int kernel;			/* the kernel's end */
	char *out, *err;		/* what the command wrote */
	size_t out_len, err_len;
	struct nlmsghdr buf[65536 / 16];	/* what it sent */
};

static inline void fake_start(struct fake *f)
{
	int sv[2];

	memset(f, 0, sizeof(*f));
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, sv), 0);
	f->c.genl.fd = sv[0];
	f->c.genl.family = FAMILY;
	f->c.genl.seq = SEQ;
	f->kernel = sv[1];
	f->c.socket = "/nonexistent/pmipd.sock";
	f->c.out = open_memstream(&f->out, &f->out_len);
	f->c.err = open_memstream(&f->err, &f->err_len);
}

static inline void fake_stop(struct fake *f)
{
	close(f->c.genl.fd);
	close(f->kernel);
	fclose(f->c.out);
	fclose(f->c.err);
	free(f->out);
	free(f->err);
}

/* Run a command line of words with single spaces between them */
static inline int fake_run(struct fake *f, const char *line)
{
	char *copy = strdup(line), *argv[64], *save = NULL, *w;
	int argc = 0, status;

	for (w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	status = cli_run(&f->c, argc, argv);
	fflush(f->c.out);
	fflush(f->c.err);
	free(copy);
	return status;
}

static inline void fake_answer(struct fake *f, const void *buf, size_t len)
{
	assert_int_equal(send(f->kernel, buf, len, 0), len);
}

/* NLMSG_ERROR to request seq: err 0 acknowledges; msg becomes an extended ack */
static inline void fake_error(struct fake *f, uint32_t seq, int err, const char *msg)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		struct nlattr a;
		char text[128];
	} m = { 0 };

	m.h.nlmsg_type = NLMSG_ERROR;
	m.h.nlmsg_seq = seq;
	m.h.nlmsg_flags = NLM_F_CAPPED;
	m.h.nlmsg_len = NLMSG_LENGTH(sizeof(m.e));
	m.e.error = err;
	if (msg) {
		memcpy(m.text, msg, strlen(msg));
		m.a.nla_type = NLMSGERR_ATTR_MSG;
		m.a.nla_len = (uint16_t)(NLA_HDRLEN + strlen(msg) + 1);
		m.h.nlmsg_flags |= NLM_F_ACK_TLVS;
		m.h.nlmsg_len += NLA_ALIGN(m.a.nla_len);
	}
	fake_answer(f, &m, m.h.nlmsg_len);
}

static inline void fake_done(struct fake *f, uint32_t seq, int flags)
{
	struct {
		struct nlmsghdr h;
		int err;
	} m = { { sizeof(m), NLMSG_DONE, NLM_F_MULTI, seq, 0 }, 0 };

	m.h.nlmsg_flags |= (uint16_t)flags;
	fake_answer(f, &m, sizeof(m));
}

/* Begin an answer; the caller adds attributes and calls fake_send() */
static inline struct nl_msg *fake_msg(uint32_t seq, uint8_t cmd)
{
	struct nl_msg *m = nlmsg_alloc();

	genlmsg_put(m, 0, seq, FAMILY, 0, 0, cmd, 1);
	return m;
}

static inline void fake_send(struct fake *f, struct nl_msg *m)
{
	fake_answer(f, nlmsg_hdr(m), nlmsg_hdr(m)->nlmsg_len);
	nlmsg_free(m);
}

/* What the command sent: its length, in f->buf */
static inline int fake_sent(struct fake *f)
{
	return (int)recv(f->kernel, f->buf, sizeof(f->buf), 0);
}

static inline uint8_t fake_cmd(const struct nlmsghdr *nlh)
{
	return ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
}

static inline struct nlattr *fake_attr(const struct nlmsghdr *nlh, int type)
{
	return nlmsg_find_attr((struct nlmsghdr *)nlh, GENL_HDRLEN, type);
}

#endif
