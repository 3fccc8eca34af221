// SPDX-License-Identifier: GPL-2.0
/*
 * A gateway that asks, all the while, whether the anchor is there: heartbeats
 * (RFC 5847 §3.1) at short intervals, the longest time that one was waited for,
 * how long after the anchor began the first answer came, and the longest time without one
 * from then on.
 * One that is not answered has been waited for until the end: until the anchor is
 * told to stop, which is done here; but for those that left before the first that was
 * answered did, when nobody was there yet.
 */
#include "load.h"

#include <err.h>
#include <jansson.h>
#include <signal.h>
#include <sys/pidfd.h>

#define RING	4096		/* requests whose time of sending is remembered */
#define STOPPING_NS	NSEC_PER_MSEC	/* between looks once the anchor is to stop */
#define GRACE_NS	NSEC_PER_SEC	/* for the last answers of one that goes on */

struct watch {
	uint64_t open[RING];	/* ns, when one left that has no answer yet; 0: none */
	uint32_t seq;
	uint32_t answered, unanswered;	/* of those that left before the stop */
	uint32_t early;		/* left before anybody was there */
	uint64_t first_sent;	/* ns, when the first left that was answered */
	uint64_t anchor_begin;	/* ns, when the process began; ours where there is none */
	uint64_t begin, first, last;	/* ns, of the first answer, 0: none, and the last */
	uint64_t silence, silence_at;	/* ns, the longest from the first answer on, or
					 * where there is none from the begin; its end
					 */
	uint64_t overslept;	/* ns, the longest time that we were late ourselves */
	uint64_t stop, end;	/* ns; stop 0: not yet */
	uint32_t asked;		/* before the stop */
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

static bool is_told_to_stop(void)
{
	sigset_t s;

	return !sigpending(&s) && (sigismember(&s, SIGTERM) || sigismember(&s, SIGINT));
}

static void note_silence(struct watch *w, uint64_t now)
{
	if (now - w->last <= w->silence)
		return;
	w->silence = now - w->last;
	w->silence_at = now - w->begin;
}

/* Nobody waits for it any longer. */
static void give_up(struct watch *w, uint64_t *sent, uint64_t until)
{
	if (w->first && *sent < w->first_sent) {
		w->early++;
	} else {
		w->unanswered++;
		histogram_add(&w->latency, until - *sent);
	}
	*sent = 0;
}

static void ask(const struct load *ld, struct watch *w, uint64_t now)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .hb_seq = ++w->seq };
	uint64_t *sent = &w->open[w->seq % RING];

	if (*sent && (!w->stop || *sent < w->stop))
		give_up(w, sent, w->stop ? w->stop : now);
	*sent = now;
	wire_send(&ld->opt.first_mag, &ld->opt.lma, &m);
	wire_flush();
}

static void heard(struct watch *w, const struct wire_message *msg, uint64_t now)
{
	struct mh_msg m;
	uint64_t *sent;

	if (mh_decode(&m, msg->data, msg->len, &msg->src, &msg->dst, 0).error ||
	    m.kind != MH_HEARTBEAT || (m.flags & (HB_F_R | HB_F_U)) != HB_F_R ||
	    w->seq - m.hb_seq >= RING)
		return;
	sent = &w->open[m.hb_seq % RING];
	if (!*sent)
		return;
	if (!w->stop || *sent < w->stop) {
		w->answered++;
		histogram_add(&w->latency, now - *sent);
	}
	if (!w->stop && w->first)
		note_silence(w, now);
	if (!w->first) {
		w->first = now;
		w->first_sent = *sent;
	}
	*sent = 0;
	w->last = now;
}

static bool all_answered(const struct watch *w)
{
	return w->answered + w->unanswered + w->early == w->asked;
}

static void stop(const struct load *ld, struct watch *w, uint64_t now)
{
	w->stop = now;
	w->asked = w->seq;
	note_silence(w, now);
	if (ld->anchor >= 0 && pidfd_send_signal(ld->anchor, SIGTERM, NULL, 0))
		err(2, "SIGTERM");
}

static bool is_over(const struct load *ld, struct watch *w, uint64_t now)
{
	if (!w->stop && is_told_to_stop())
		stop(ld, w, now);
	if (!w->stop)
		return false;
	w->end = now;
	if (ld->anchor >= 0)
		return anchor_has_ended(ld->anchor);
	return all_answered(w) || now - w->stop >= GRACE_NS;
}

static double ms_of(uint64_t ns)
{
	return (double)ns / 1e6;
}

/* From SIGTERM on: until which the anchor has answered, and until it was gone */
static json_t *stop_json(const struct load *ld, const struct watch *w)
{
	if (ld->anchor < 0)
		return json_null();
	return json_pack("{s:f, s:f}", "answered-ms",
			 w->last > w->stop ? ms_of(w->last - w->stop) : 0.,
			 "end-ms", ms_of(w->end - w->stop));
}

static void report(const struct load *ld, const struct watch *w)
{
	json_t *o = json_pack("{s:s, s:i, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:o}",
			      "phase", "watch", "interval-ms", (int)ld->opt.heartbeat_ms,
			      "asked", (json_int_t)w->asked, "answered", (json_int_t)w->answered,
			      "unanswered", (json_int_t)w->unanswered,
			      "early", (json_int_t)w->early,
			      "p99-ms", ms_of(histogram_quantile(&w->latency, 0.99)),
			      "max-ms", ms_of(w->latency.max),
			      "first-ms", w->first ? ms_of(w->first - w->anchor_begin) : 0.,
			      "longest-silence-ms", ms_of(w->silence),
			      "at-s", (double)w->silence_at / 1e9,
			      "own-delay-ms", ms_of(w->overslept), "stop", stop_json(ld, w));

	if (ld->opt.json) {
		json_dumpf(o, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("heartbeats: %u asked, %u answered, p99 %.2f ms, longest %.2f ms\n",
		       w->asked, w->answered, ms_of(histogram_quantile(&w->latency, 0.99)),
		       ms_of(w->latency.max));
		printf("longest silence %.2f ms at %.1f s; late ourselves by %.2f ms at most\n",
		       ms_of(w->silence), (double)w->silence_at / 1e9, ms_of(w->overslept));
	}
	json_decref(o);
	report_written();
}

static void run(const struct load *ld, struct watch *w)
{
	uint64_t next = w->begin, now = w->begin;
	struct wire_message msg[LOAD_BATCH];
	unsigned int n, i;

	while (!is_over(ld, w, now)) {
		if (now >= next && (!w->stop || ld->anchor >= 0)) {
			if (now - next > w->overslept)
				w->overslept = now - next;
			ask(ld, w, now);
			next = now + (w->stop ? STOPPING_NS :
				      ld->opt.heartbeat_ms * NSEC_PER_MSEC);
		}
		wire_wait(next > now ? next - now : STOPPING_NS);
		n = wire_receive(msg);
		now = load_clock();
		for (i = 0; i < n; i++)
			heard(w, &msg[i], now);
	}
}

/**
 * watch_run() - ask until SIGTERM or SIGINT, then report
 * @ld: all; the signal is passed on to the process of its options, and what that
 *	does until it has ended is watched too
 *
 * Return: true if all was answered that was asked before the signal, from the first that
 * was on.
 */
bool watch_run(struct load *ld)
{
	static struct watch w;
	unsigned int i;

	block_signals();
	w.begin = load_clock();
	w.anchor_begin = ld->opt.pid ? anchor_begin(ld->opt.pid) : w.begin;
	w.last = w.begin;
	run(ld, &w);
	for (i = 0; i < RING; i++)
		if (w.open[i] && w.open[i] < w.stop)
			give_up(&w, &w.open[i], w.stop);
	report(ld, &w);
	return !w.unanswered;
}
