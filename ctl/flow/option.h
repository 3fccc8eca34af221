/* SPDX-License-Identifier: GPL-2.0 */
/* A flow, as a Flow Identification option says it (RFC 6089 §4.2). */
#ifndef CTL_FLOW_OPTION_H
#define CTL_FLOW_OPTION_H

#include "flow/cache.h"
#include "mh/mh.h"

struct mh_flow flow_option_of(const struct flow_spec *s, uint8_t action);
void flow_option_apply(const struct mh_flow *f, struct flow_spec *s);
bool flow_option_twice(const struct mh_opts *o, unsigned int nth);

#endif /* CTL_FLOW_OPTION_H */
