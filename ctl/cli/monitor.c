// SPDX-License-Identifier: GPL-2.0
/* pmipctl monitor: what happens, as it happens, one line each */
#include "cli/control.h"
#include "cli/parse.h"
#include "cli/print.h"

#include <errno.h>
#include <netlink/genl/genl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"Usage: pmipctl monitor [ kernel | controller ]\n";

#define RETRY_MS	1000
#define NSEC		1000000000LL

static const struct attr_show show[] = {
	{ PMIP_A_EVENT_TYPE, ATTR_NAME, "event", names_event, 0 },
	{ PMIP_A_EVENT_IFINDEX, ATTR_DEV, "ifindex", NULL, 0 },
	{ PMIP_A_EVENT_LLADDR, ATTR_LLADDR, "lladdr", NULL, 0 },
	{ PMIP_A_EVENT_TUNNEL, ATTR_U32, "tunnel", NULL, 0 },
	{ PMIP_A_EVENT_STATE, ATTR_NAME, "state", names_state, 0 },
	{ PMIP_A_EVENT_REASON, ATTR_NAME, "reason", names_reason, 0 },
	{ PMIP_A_EVENT_GROUP, ATTR_ADDR, "group", NULL, 0 },
	{ PMIP_A_EVENT_SOURCE, ATTR_ADDR, "from", NULL, 0 },
	{ PMIP_A_EVENT_TIME_NS, ATTR_U64, "monotonic-ns", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

struct monitor {
	struct cli *c;
	struct genl genl;
	struct control control;
	bool want_kernel, want_controller;
	int signals;		/* a descriptor that SIGINT and SIGTERM make readable */
	bool stop;
};

static long long clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

/* One line; whoever read it may be gone: then there is nothing left to do */
static void event(struct monitor *m, const json_t *row)
{
	struct cli *c = m->c;
	const char *when = json_string_value(json_object_get(row, "time"));

	if (c->json) {
		print_json(c, row);
	} else {
		print_time(c->out, when ? when : "0");
		print_value(c->out, json_object_get(row, "source"));
		fputc(' ', c->out);
		print_value(c->out, json_object_get(row, "event"));
		fputc(' ', c->out);
		print_pairs(c->out, row, "dev", "lladdr", "tunnel", "group", "from", "prefix",
			    "state", "reason", "mn-id", "peer");
		if (json_is_string(json_object_get(row, "detail")))
			fputc(' ', c->out);
		print_value(c->out, json_object_get(row, "detail"));
		fputc('\n', c->out);
	}
	if (fflush(c->out))
		m->stop = true;
}

/* What this program itself has to say; at: ns since 1970 */
static json_t *row_new(const char *source, long long at)
{
	return json_pack("{s:o, s:s}", "time",
			 json_sprintf("%lld.%09lld", at / NSEC, at % NSEC),
			 "source", source);
}

static void lost(struct monitor *m)
{
	json_t *row = row_new("kernel", clock_ns(CLOCK_REALTIME));

	json_object_set_new(row, "event", json_string("lost"));
	json_object_set_new(row, "detail", json_string("events came faster than they were read"));
	event(m, row);
	json_decref(row);
}

/* NULL if it is malformed */
static json_t *kernel_row(const struct nlattr *head, int len)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1];
	json_t *row = attr_row(show, head, len);

	if (!row || attr_index(tb, head, len))
		return row;
	if (tb[PMIP_A_EVENT_PREFIX])
		json_object_set_new(row, "prefix", prefix_value(tb[PMIP_A_EVENT_PREFIX],
								tb[PMIP_A_EVENT_PREFIX_LEN]));
	return row;
}

static void kernel_event(struct monitor *m, const struct nlmsghdr *nlh)
{
	int len;
	const struct nlattr *head = msg_attrs(nlh, &len);
	json_t *rest = kernel_row(head, len), *mono, *row;
	long long now = clock_ns(CLOCK_REALTIME);

	if (!rest || !json_object_get(rest, "event")) {
		fputs("Warning: malformed event from the kernel\n", m->c->err);
		json_decref(rest);
		return;
	}
	/* the kernel's clock counts from boot, the controller's from 1970 */
	mono = json_object_get(rest, "monotonic-ns");
	if (mono)
		now += json_integer_value(mono) - clock_ns(CLOCK_MONOTONIC);
	row = row_new("kernel", now);
	json_object_update(row, rest);
	event(m, row);
	json_decref(rest);
	json_decref(row);
}

static int read_kernel(struct monitor *m)
{
	static struct nlmsghdr buf[GENL_RECV_SIZE / sizeof(struct nlmsghdr)];
	const struct nlmsghdr *nlh = buf;
	int n = genl_recv(&m->genl, buf, sizeof(buf));

	if (n < 0 && errno == ENOBUFS) {
		lost(m);
		return CLI_OK;
	}
	if (n < 0)
		return cli_fail(m->c, PMIP_FAMILY_NAME ": %s", m->genl.error);
	for (; nlmsg_ok(nlh, n) && !m->stop; nlh = nlmsg_next((struct nlmsghdr *)nlh, &n)) {
		const struct genlmsghdr *h = nlmsg_data(nlh);

		if (nlh->nlmsg_type == m->genl.family &&
		    nlh->nlmsg_len >= NLMSG_LENGTH(GENL_HDRLEN) &&
		    h->cmd == PMIP_CMD_EVENT)
			kernel_event(m, nlh);
	}
	return CLI_OK;
}

static void controller_lines(struct monitor *m)
{
	struct control *k = &m->control;

	while (!m->stop) {
		json_t *line = control_line(k);

		if (line && json_object_get(line, "event"))
			event(m, line);
		else if (!line && k->error[0])
			fprintf(m->c->err, "Warning: pmipd: %s\n", k->error);
		else if (!line)
			return;
		json_decref(line);
	}
}

/* The daemon may come, go and come back. */
static int open_controller(struct monitor *m)
{
	json_t *ask, *result;

	if (control_open(&m->control, m->c->socket))
		return -1;
	ask = json_pack("{s:s}", "cmd", "monitor");
	result = control_ask(&m->control, ask);
	json_decref(ask);
	if (result) {
		json_decref(result);
		controller_lines(m);
		return 0;
	}
	control_close(&m->control);
	return -1;
}

static void read_controller(struct monitor *m)
{
	if (!control_fill(&m->control)) {
		controller_lines(m);
		return;
	}
	fprintf(m->c->err, "Warning: pmipd: %s\n", m->control.error);
	control_close(&m->control);
}

static int loop(struct monitor *m)
{
	int status = CLI_OK;

	while (!m->stop && status == CLI_OK) {
		struct pollfd fds[] = {
			{ .fd = m->genl.fd, .events = POLLIN },
			{ .fd = m->control.fd, .events = POLLIN },
			/* POLLERR alone: the reader of our output is gone */
			{ .fd = fileno(m->c->out) },
			{ .fd = m->signals, .events = POLLIN },
		};
		bool retry = m->want_controller && m->control.fd < 0;
		int n = poll(fds, 4, retry ? RETRY_MS : -1);

		if (n < 0 && errno != EINTR)
			return cli_fail(m->c, "poll: %s", strerror(errno));
		if (n < 0)
			continue;
		if (fds[2].revents & POLLERR || fds[3].revents)
			return CLI_OK;
		if (fds[0].revents)
			status = read_kernel(m);
		if (fds[1].revents)
			read_controller(m);
		if (retry && !n)
			open_controller(m);
	}
	return status;
}

static int open_sources(struct monitor *m)
{
	struct cli *c = m->c;
	bool kernel = m->want_kernel && !genl_open(&m->genl) && !genl_subscribe(&m->genl);
	bool controller = m->want_controller && !open_controller(m);

	if (m->want_kernel && !kernel) {
		genl_close(&m->genl);
		if (!controller)
			return cli_fail(c, PMIP_FAMILY_NAME ": %s", m->genl.error);
		fprintf(c->err, "Warning: " PMIP_FAMILY_NAME ": %s\n", m->genl.error);
	}
	if (m->want_controller && !controller && !m->want_kernel)
		return cli_fail(c, "pmipd: %s", m->control.error);
	return CLI_OK;
}

static int parse(struct cli *c, struct args *a, struct monitor *m)
{
	bool kernel = args_are(a, "kernel"), controller = args_are(a, "controller");

	if (kernel || controller) {
		a->argc--;
		a->argv++;
	}
	m->want_kernel = !controller;
	m->want_controller = !kernel;
	return args_end(c, a);
}

static int monitor(struct cli *c, struct args *a)
{
	struct monitor m = { .c = c, .genl.fd = -1, .control.fd = -1 };
	sigset_t end;
	int status = parse(c, a, &m);

	if (status == CLI_OK)
		status = batch_flush(c);
	if (status != CLI_OK)
		return status;
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	signal(SIGPIPE, SIG_IGN);
	m.signals = signalfd(-1, &end, SFD_CLOEXEC);
	status = m.signals < 0 ? cli_fail(c, "signalfd: %s", strerror(errno)) :
				 open_sources(&m);
	if (status == CLI_OK)
		status = loop(&m);
	if (m.signals >= 0)
		close(m.signals);
	genl_close(&m.genl);
	control_close(&m.control);
	return status;
}

const struct cli_object cli_monitor = { "monitor", NULL, monitor, usage };
