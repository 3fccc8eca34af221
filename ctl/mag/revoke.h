/* SPDX-License-Identifier: GPL-2.0 */
/* Bindings that an anchor or this gateway revokes (RFC 5846 §9).  Inside ctl/mag. */
#ifndef CTL_MAG_REVOKE_H
#define CTL_MAG_REVOKE_H

#include "mag/mag.h"

struct session;

/* revoke.c: all that is registered with an anchor */
void mag_revoke_init(struct mag *m);
void mag_revoke_free(struct mag *m);

/* revoked.c: what an anchor revokes; actions of the table in session.c */
void act_revoked(struct session *s);
void act_revoked_midway(struct session *s);
void act_revoked_anew(struct session *s);
void act_yield(struct session *s);
void mag_end_revoked(struct session *s);
void mag_revoked_init(struct mag *m);

#endif
