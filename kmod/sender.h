/* SPDX-License-Identifier: GPL-2.0 */
/* The processor by which what is in a queue leaves, so that it stays in order. */
#ifndef _PMIP_SENDER_H
#define _PMIP_SENDER_H

#include <linux/list.h>
#include <linux/workqueue.h>

struct pmip_hold;
struct pmip_holds;

/**
 * struct pmip_sender - queues that one processor is asked to send
 * @holds: all queues of the namespace
 * @asked: list of queues by @asked
 * @work: sends them
 */
struct pmip_sender {
	struct pmip_holds *holds;
	struct list_head asked;
	struct delayed_work work;
};

int pmip_senders_init(struct pmip_holds *holds);
void pmip_senders_stop(struct pmip_holds *holds);
void pmip_senders_free(struct pmip_holds *holds);

/* With the lock of the queues held */
void pmip_sender_claim(struct pmip_hold *h);
bool pmip_sender_is_here(struct pmip_hold *h);
void pmip_sender_sent(struct pmip_hold *h);
void pmip_sender_ask(struct pmip_holds *holds, struct pmip_hold *h,
		     unsigned long delay);

#endif /* _PMIP_SENDER_H */
