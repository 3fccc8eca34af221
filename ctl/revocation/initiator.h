/* SPDX-License-Identifier: GPL-2.0 */
/* Binding Revocation Indications, until they are answered (RFC 5846 §6.1.1, §6.3) */
#ifndef CTL_REVOCATION_INITIATOR_H
#define CTL_REVOCATION_INITIATOR_H

#include "core/hash.h"
#include "mh/mh.h"
#include "revocation/revocation.h"

struct revocation_conf {
	uint32_t delay_ms;		/* InitMINDelayBRIs, 1000; RFC 5846 §11: 500 at least */
	uint32_t max_delay_ms;		/* MAX_BRACK_TIMEOUT, 2000 */
	unsigned int retries;		/* BRIMaxRetriesNumber, 1 */
};

/* What one BRI revokes: P is always set, and G where the trigger is a global one. */
struct revocation_order {
	struct in6_addr peer;		/* whom it goes to */
	uint8_t trigger;		/* enum bri_trigger */
	const struct mn_id *mn_id;	/* NULL: none */
	unsigned int n_hnp, n_bid;
	struct prefix hnp[HNP_MAX];
	uint16_t bid[PEERS_MAX];
	struct llid llid;		/* len 0: none */
};

enum revocation_outcome {
	REVOCATION_ANSWERED,
	REVOCATION_SILENCE,		/* the last retransmission was not answered either */
	REVOCATION_UNSUPPORTED,		/* Binding Error, status 2 */
};

struct revocation_result {
	uint8_t outcome;		/* enum revocation_outcome */
	uint8_t status;			/* enum bra_status; only if answered */
};

struct revocation_initiator {
	struct env *env;
	const struct revocation_conf *conf;
	struct revocation_counters *counters;
	struct in6_addr address;	/* from which it sends */
	uint16_t seq;			/* the last one used */
	struct revocation *outstanding;	/* by seq */
};

struct revocation;

/* From the first transmission of a BRI to the end of the last time-out */
uint64_t revocation_patience_ms(const struct revocation_conf *conf);

void revocation_initiator_init(struct revocation_initiator *ri, struct env *env,
			       const struct revocation_conf *conf,
			       struct revocation_counters *counters,
			       const struct in6_addr *address);
void revocation_initiator_free(struct revocation_initiator *ri);

/* How it ends is said once, when the revocation is gone already: whoever is told may
 * do anything.  NULL: nobody is.  Returns NULL without memory or a number.
 */
typedef void revocation_ended_t(void *arg, const struct revocation_result *r);

/* For who has something to do between the last that can fail and the message */
struct revocation *revocation_prepare(struct revocation_initiator *ri,
				      const struct revocation_order *o,
				      revocation_ended_t *ended, void *arg);
void revocation_send(struct revocation *r);
struct revocation *revocation_start(struct revocation_initiator *ri,
				    const struct revocation_order *o,
				    revocation_ended_t *ended, void *arg);
/* Forget it; an answer that still comes is of no interest. */
void revocation_cancel(struct revocation *r);

bool revocation_on_bra(struct revocation_initiator *ri, const struct in6_addr *src,
		       const struct in6_addr *dst, const struct mh_msg *bra);
void revocation_on_binding_error(struct revocation_initiator *ri, const struct in6_addr *src,
				 const struct mh_msg *be);

#endif
