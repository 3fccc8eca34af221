// SPDX-License-Identifier: GPL-2.0
/*
 * A gateway that asks, all the while, whether the anchor is there: heartbeats
 * (RFC 5847 §3.1) at short intervals, and the longest time without an answer.
 */
#include "load.h"

#include <jansson.h>
#include <signal.h>

#define RING	4096		/* requests whose time of sending is remembered */

struct watch {
	uint64_t sent_at[RING];
	uint32_t seq;
	uint64_t answered, begin, last;	/* ns of the last answer */
	uint64_t silence, silence_at;	/* ns, the longest, and when it ended */
	uint64_t overslept;		/* ns, the longest time that we were late ourselves */
	struct histogram latency;
};

/* Blocked, a signal waits until it is looked for. */
static void block_signals(void)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGTERM);
	sigaddset(&s, SIGINT);
	sigprocmask(SIG_BLOCK, &s, NULL);
}

static bool is_over(void)
{
	sigset_t s;

	return !sigpending(&s) && (sigismember(&s, SIGTERM) || sigismember(&s, SIGINT));
}

static void ask(const struct load *ld, struct watch *w, uint64_t now)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .hb_seq = ++w->seq };

	w->sent_at[w->seq % RING] = now;
	wire_send(&ld->opt.first_mag, &ld->opt.lma, &m);
	wire_flush();
}

static void heard(struct watch *w, const struct wire_message *msg, uint64_t now)
{
	struct mh_msg m;

	if (mh_decode(&m, msg->data, msg->len, &msg->src, &msg->dst, 0).error ||
	    m.kind != MH_HEARTBEAT || (m.flags & (HB_F_R | HB_F_U)) != HB_F_R ||
	    w->seq - m.hb_seq >= RING)
		return;
	histogram_add(&w->latency, now - w->sent_at[m.hb_seq % RING]);
	if (w->answered++ && now - w->last > w->silence) {
		w->silence = now - w->last;
		w->silence_at = now - w->begin;
	}
	w->last = now;
}

static void report(const struct load *ld, const struct watch *w)
{
	json_t *o = json_pack("{s:s, s:i, s:I, s:I, s:f, s:f, s:f, s:f, s:f}",
			      "phase", "watch", "interval-ms", (int)ld->opt.heartbeat_ms,
			      "asked", (json_int_t)w->seq, "answered", (json_int_t)w->answered,
			      "p99-ms", (double)histogram_quantile(&w->latency, 0.99) / 1e6,
			      "max-ms", (double)w->latency.max / 1e6,
			      "longest-silence-ms", (double)w->silence / 1e6,
			      "at-s", (double)w->silence_at / 1e9,
			      "own-delay-ms", (double)w->overslept / 1e6);

	if (ld->opt.json) {
		json_dumpf(o, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("heartbeats: %u asked, %llu answered, p99 %.2f ms, longest %.2f ms\n",
		       w->seq, (unsigned long long)w->answered,
		       (double)histogram_quantile(&w->latency, 0.99) / 1e6,
		       (double)w->latency.max / 1e6);
		printf("longest silence %.2f ms at %.1f s; late ourselves by %.2f ms at most\n",
		       (double)w->silence / 1e6, (double)w->silence_at / 1e9,
		       (double)w->overslept / 1e6);
	}
	json_decref(o);
}

/**
 * watch_run() - ask until SIGTERM or SIGINT, then report
 * @ld: all
 */
void watch_run(struct load *ld)
{
	uint64_t interval = ld->opt.heartbeat_ms * NSEC_PER_MSEC, next, now;
	struct wire_message msg[LOAD_BATCH];
	static struct watch w;
	unsigned int n, i;

	block_signals();
	w.begin = load_clock();
	next = w.begin;
	while (!is_over()) {
		now = load_clock();
		if (now >= next) {
			if (now - next > w.overslept)
				w.overslept = now - next;
			ask(ld, &w, now);
			next = now + interval;
		}
		wire_wait(next > now ? next - now : 0);
		n = wire_receive(msg);
		now = load_clock();
		for (i = 0; i < n; i++)
			heard(&w, &msg[i], now);
	}
	report(ld, &w);
}
