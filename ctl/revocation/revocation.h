/* SPDX-License-Identifier: GPL-2.0 */
/* Binding revocation (RFC 5846): what both ends of it count. */
#ifndef CTL_REVOCATION_REVOCATION_H
#define CTL_REVOCATION_REVOCATION_H

#include <stdint.h>

struct revocation_counters {
	/* as the initiator */
	uint64_t bri_tx, bri_retransmitted, bra_rx, bra_refused, bra_stray, silence, unsupported;
	/* as the responder */
	uint64_t bri_rx, bri_repeated, bri_refused, bri_discarded, bra_tx;
};

#endif
