// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's security policies (RFC 4301), as far as they are the daemon's: one that has
 * the last word on what leaves, and those of a socket.
 */
#include "io/xfrm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IPPROTO_MOBILITY	135

/*
 * Selectors have the MH Type where ports are, in the lower byte: that the upper one is 0 is
 * true of all messages.  It tells ours from a policy of somebody else's about the same,
 * which would take its place, or be in its way.
 */
#define MARK_OF_OURS		htons(0xff00)

/**
 * xfrm_socket() - a socket to the kernel's IPsec
 * @news: it is told of policies, and asks for nothing
 *
 * Return: the socket, or -1 with errno set.
 */
int xfrm_socket(bool news)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK, .nl_groups = news ? 1U << (XFRMNLGRP_POLICY - 1) : 0,
	};
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | (news ? SOCK_NONBLOCK : 0),
		    NETLINK_XFRM);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static struct xfrm_selector messages_to(const struct xfrm_rule *r)
{
	struct xfrm_selector s = {
		.family = AF_INET6, .proto = IPPROTO_MOBILITY, .sport_mask = MARK_OF_OURS,
		.prefixlen_s = 128, .prefixlen_d = r->peer.len,
	};

	memcpy(&s.saddr, &r->own, sizeof(r->own));
	memcpy(&s.daddr, &r->peer.addr, sizeof(r->peer.addr));
	return s;
}

static const struct xfrm_lifetime_cfg forever = {
	.soft_byte_limit = XFRM_INF, .hard_byte_limit = XFRM_INF,
	.soft_packet_limit = XFRM_INF, .hard_packet_limit = XFRM_INF,
};

static struct nlmsghdr *request(void *buf, uint16_t type)
{
	struct nlmsghdr *nlh;

	memset(buf, 0, MNL_SOCKET_BUFFER_SIZE);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = (uint32_t)time(NULL);
	return nlh;
}

/* The kernel answers during send(): this does not wait for anybody. */
static int talk(int fd, const struct nlmsghdr *nlh)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	ssize_t n;

	if (send(fd, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	do
		n = recv(fd, buf, sizeof(buf), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return mnl_cb_run(buf, (size_t)n, nlh->nlmsg_seq, 0, NULL, NULL) < 0 ? -errno : 0;
}

/**
 * xfrm_rule_set() - have the last word on what leaves for a prefix
 * @fd: of xfrm_socket()
 * @r: the rule; one that is there is replaced
 *
 * Policies of others come first, whatever their priority: so a longer prefix comes before
 * a shorter one, and all of ours behind all else.
 *
 * Return: 0 or -errno.
 */
int xfrm_rule_set(int fd, const struct xfrm_rule *r)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = request(buf, XFRM_MSG_UPDPOLICY);
	struct xfrm_userpolicy_info *p = mnl_nlmsg_put_extra_header(nlh, sizeof(*p));

	p->sel = messages_to(r);
	p->lft = forever;
	p->priority = UINT32_MAX - r->peer.len;
	p->dir = XFRM_POLICY_OUT;
	p->action = r->block ? XFRM_POLICY_BLOCK : XFRM_POLICY_ALLOW;
	p->share = XFRM_SHARE_ANY;
	return talk(fd, nlh);
}

#define FOUND_MAX	64

/* Rules of ours in the kernel, some of them */
struct found {
	const struct in6_addr *own;
	struct xfrm_selector rule[FOUND_MAX];
	unsigned int n;
};

static bool is_ours(const struct xfrm_selector *s)
{
	return s->proto == IPPROTO_MOBILITY && s->sport_mask == MARK_OF_OURS;
}

static int found_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct xfrm_userpolicy_info *p = mnl_nlmsg_get_payload(nlh);
	struct found *f = arg;
	struct in6_addr from;

	if (nlh->nlmsg_type != XFRM_MSG_NEWPOLICY || f->n == FOUND_MAX ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*p) || p->dir != XFRM_POLICY_OUT)
		return MNL_CB_OK;
	memcpy(&from, &p->sel.saddr, sizeof(from));
	if (is_ours(&p->sel) && IN6_ARE_ADDR_EQUAL(&from, f->own))
		f->rule[f->n++] = p->sel;
	return MNL_CB_OK;
}

static int find(int fd, struct found *f)
{
	char buf[32768];
	struct nlmsghdr *nlh = request(buf, XFRM_MSG_GETPOLICY);
	const uint32_t seq = nlh->nlmsg_seq;
	ssize_t n;
	int ret;

	f->n = 0;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct xfrm_userpolicy_id));
	if (send(fd, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR) {
			ret = MNL_CB_OK;
			continue;
		}
		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, (size_t)n, seq, 0, found_cb, f);
	} while (ret > 0);
	return ret < 0 ? -errno : 0;
}

static int forget(int fd, const struct xfrm_selector *rule)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = request(buf, XFRM_MSG_DELPOLICY);
	struct xfrm_userpolicy_id *id = mnl_nlmsg_put_extra_header(nlh, sizeof(*id));
	int ret;

	id->sel = *rule;
	id->dir = XFRM_POLICY_OUT;
	ret = talk(fd, nlh);
	return ret == -ENOENT ? 0 : ret;
}

/**
 * xfrm_rules_end() - have no say any more
 * @fd: of xfrm_socket()
 * @own: of what leaves from this address; those of an earlier daemon's go as well
 *
 * Return: 0 or -errno.
 */
int xfrm_rules_end(int fd, const struct in6_addr *own)
{
	struct found f = { .own = own };
	unsigned int i;
	int ret;

	do {
		ret = find(fd, &f);
		for (i = 0; !ret && i < f.n; i++)
			ret = forget(fd, &f.rule[i]);
	} while (!ret && f.n);
	return ret;
}

/**
 * xfrm_there() - whether the kernel's IPsec can be asked without being loaded for it
 *
 * Return: whether policies may be there.
 */
bool xfrm_there(void)
{
	FILE *f = fopen("/proc/net/netlink", "re");
	bool there = false;
	unsigned int family;
	char line[256];

	while (f && !there && fgets(line, sizeof(line), f))
		there = sscanf(line, "%*s %u", &family) == 1 && family == NETLINK_XFRM;
	if (f)
		fclose(f);
	return there;
}

/**
 * xfrm_rule_gone() - whether somebody may have removed a rule
 * @nlh: news of policies
 *
 * Return: true if all are gone, or one of ours.
 */
bool xfrm_rule_gone(const struct nlmsghdr *nlh)
{
	const struct xfrm_userpolicy_id *id = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type == XFRM_MSG_FLUSHPOLICY)
		return true;
	return nlh->nlmsg_type == XFRM_MSG_DELPOLICY &&
	       mnl_nlmsg_get_payload_len(nlh) >= sizeof(*id) && is_ours(&id->sel);
}

/**
 * xfrm_demand() - what a socket takes of all that comes, whatever the policies for all say
 * @fd: a socket of AF_INET6
 * @d: XFRM_DEMAND_ESP: only what has come under a security association of ESP in transport
 *	mode (RFC 5213 §4), be it whichever; XFRM_DEMAND_NOTHING: all
 *
 * Return: 0 or -errno.
 */
int xfrm_demand(int fd, enum xfrm_demand d)
{
	struct {
		struct xfrm_userpolicy_info info;
		struct xfrm_user_tmpl tmpl;
	} policy = {
		.info = {
			.sel = { .family = AF_INET6 }, .lft = forever, .dir = XFRM_POLICY_IN,
			.action = XFRM_POLICY_ALLOW, .share = XFRM_SHARE_ANY,
		},
		.tmpl = {
			.id = { .proto = IPPROTO_ESP }, .family = AF_INET6,
			.mode = XFRM_MODE_TRANSPORT, .share = XFRM_SHARE_ANY,
			.aalgos = UINT32_MAX, .ealgos = UINT32_MAX, .calgos = UINT32_MAX,
		},
	};
	socklen_t len = d == XFRM_DEMAND_ESP ? sizeof(policy) : sizeof(policy.info);

	return setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &policy, len) ? -errno : 0;
}
