/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of gateways that have to protect them (RFC 5213 §4) */
#ifndef CTL_IO_IPSEC_H
#define CTL_IO_IPSEC_H

#include "io/io.h"

int ipsec_open(struct io *io);
void ipsec_close(struct io *io);
void ipsec_serve(struct io *io);
bool ipsec_may_send(const struct io *io, const struct in6_addr *peer);
uint64_t ipsec_refused(const struct io *io, const struct in6_addr *peer);

#endif
