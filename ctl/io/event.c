// SPDX-License-Identifier: GPL-2.0
/* The kernel module's events, for the state machines and the log. */
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static const char *const reasons[] = {
	[PMIP_REASON_NONE] = "none", [PMIP_REASON_CARRIER] = "carrier",
	[PMIP_REASON_ADMIN] = "admin", [PMIP_REASON_REMOVED] = "removed",
	[PMIP_REASON_NEIGHBOUR] = "neighbour", [PMIP_REASON_OPERATOR] = "operator",
};

static const char *reason_str(uint8_t reason)
{
	return reason < sizeof(reasons) / sizeof(*reasons) ? reasons[reason] : "unknown";
}

static void log_seam(const struct pmip_event_msg *e)
{
	char g[INET6_ADDRSTRLEN], p[PREFIX_STRLEN];

	log_debug("kernel: %s comes from the anchor to %s, and no more out of tunnel %u",
		  inet_ntop(AF_INET6, &e->group, g, sizeof(g)),
		  prefix_str(&e->prefix, p, sizeof(p)), e->tunnel);
}

static void log_event(const struct io *io, const struct pmip_event_msg *e)
{
	const char *state = e->state == PMIP_STATE_UP ? "up" : "down";
	char l[LLID_STRLEN];

	if (e->type == PMIP_EVENT_SEAM)
		log_seam(e);
	else if (e->type == PMIP_EVENT_TUNNEL)
		log_info("kernel: tunnel %u %s (%s)", e->tunnel, state, reason_str(e->reason));
	else if (e->type == PMIP_EVENT_PATH)
		log_info("kernel: path %s %s %s (%s)", link_name(io, e->ifindex),
			 llid_str(&e->lladdr, l, sizeof(l)), state, reason_str(e->reason));
	else
		log_info("kernel: link %s %s (%s)", link_name(io, e->ifindex), state,
			 reason_str(e->reason));
}

static void deliver(struct io *io, const struct pmip_event_msg *e)
{
	bool up = e->state == PMIP_STATE_UP;

	if (!io->mag)
		return;
	if (e->type == PMIP_EVENT_LINK) {
		mag_on_link(io->mag, e->ifindex, up);
		if (up)
			link_carrier(io, e->ifindex);
	} else if (e->type == PMIP_EVENT_PATH && e->reason == PMIP_REASON_NEIGHBOUR) {
		mag_on_neighbour(io->mag, e->ifindex, &e->lladdr, up);
	} else if (e->type == PMIP_EVENT_SEAM) {
		mag_on_seam(io->mag, e->tunnel, &e->prefix, &e->group);
	}
}

struct link_now {
	uint32_t ifindex;
	bool up;
};

static int link_now_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct link_now *l = arg;
	struct pmip_event_msg e;

	if (!pmip_msg_parse_link(nlh, &e) && e.ifindex == l->ifindex &&
	    e.state == PMIP_STATE_UP)
		l->up = true;
	return MNL_CB_OK;
}

/*
 * A link's loss is read after what the nodes have said since: they and rtnetlink
 * speak by other sockets.  If the link is back by now it was gone for a moment
 * only, and what was heard of its nodes meanwhile stands.
 */
static void check_loss(struct io *io, struct pmip_event_msg *e)
{
	struct link_now l = { .ifindex = e->ifindex };

	if (e->type != PMIP_EVENT_LINK || e->state == PMIP_STATE_UP || !io->mag)
		return;
	if (genl_dump(&io->genl, PMIP_CMD_LINK_GET, link_now_cb, &l) || !l.up)
		return;
	log_info("%s: up again", link_name(io, e->ifindex));
	e->state = PMIP_STATE_UP;
}

static int link_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct pmip_event_msg e;

	if (!pmip_msg_parse_link(nlh, &e))
		deliver(arg, &e);
	return MNL_CB_OK;
}

/* One that is up may never have been down: only a loss is news. */
static int path_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct pmip_event_msg e;

	if (!pmip_msg_parse_path(nlh, &e) && e.state == PMIP_STATE_DOWN)
		deliver(arg, &e);
	return MNL_CB_OK;
}

/* Events were lost: what is down now is what they would have said. */
static void resynchronise(struct io *io)
{
	int ret;

	io->counters.events_lost++;
	log_ratelimited(LOG_WARNING, "kernel: events were lost, reading all states");
	ret = genl_dump(&io->genl, PMIP_CMD_LINK_GET, link_cb, io);
	if (!ret)
		ret = genl_dump(&io->genl, PMIP_CMD_PATH_GET, path_cb, io);
	if (ret)
		log_ratelimited(LOG_ERR, "kernel: states: %s", strerror(-ret));
}

/* The group "notify" of "nlctrl", which has the family's own number */
static bool is_our_family(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *a;

	if (nlh->nlmsg_type != GENL_ID_CTRL || mnl_nlmsg_get_payload_len(nlh) < sizeof(*g) ||
	    g->cmd != CTRL_CMD_NEWFAMILY)
		return false;
	mnl_attr_for_each(a, nlh, sizeof(*g))
		if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_NAME &&
		    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			return !strcmp(mnl_attr_get_str(a), PMIP_FAMILY_NAME);
	return false;
}

static int join(struct io *io, int group)
{
	return setsockopt(io->event_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group));
}

static void reload(struct io *io)
{
	if (!forwarding_reload(io) && join(io, (int)io->genl.group))
		log_err("the kernel's events: %s", strerror(errno));
}

static void read_events(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static char buf[32768];
	struct io *io = w->data;
	const struct nlmsghdr *nlh;
	struct pmip_event_msg e;
	unsigned int burst;
	ssize_t n;
	int len;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST; burst++) {
		n = recv(io->event_fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			resynchronise(io);
			continue;
		}
		if (n <= 0)
			return;
		nlh = (const struct nlmsghdr *)buf;
		for (len = (int)n; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			if (is_our_family(nlh))
				reload(io);
			if (nlh->nlmsg_type != io->genl.family || pmip_msg_parse_event(nlh, &e))
				continue;
			io->counters.events++;
			log_event(io, &e);
			check_loss(io, &e);
			deliver(io, &e);
		}
	}
}

/**
 * event_open() - subscribe to the module's events
 * @io: the daemon, with the family looked up
 *
 * A socket of its own: a flood of events costs no answer to a request.
 *
 * Return: 0, or -1 after saying why not.
 */
int event_open(struct io *io)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int size = 1 << 20;

	io->event_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			      NETLINK_GENERIC);
	if (io->event_fd < 0 || bind(io->event_fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    join(io, (int)io->genl.group) || join(io, GENL_ID_CTRL)) {
		log_err("the kernel's events: %s", strerror(errno));
		return -1;
	}
	setsockopt(io->event_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	ev_io_init(&io->event_watch, read_events, io->event_fd, EV_READ);
	io->event_watch.data = io;
	ev_io_start(io->loop, &io->event_watch);
	return 0;
}

/**
 * event_close() - unsubscribe
 * @io: the daemon
 */
void event_close(struct io *io)
{
	if (io->event_fd < 0)
		return;
	ev_io_stop(io->loop, &io->event_watch);
	close(io->event_fd);
	io->event_fd = -1;
}
