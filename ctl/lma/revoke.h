/* SPDX-License-Identifier: GPL-2.0 */
/* Bindings that this anchor or a gateway revokes (RFC 5846 §8).  Inside ctl/lma. */
#ifndef CTL_LMA_REVOKE_H
#define CTL_LMA_REVOKE_H

#include "lma/lma.h"
#include "revocation/initiator.h"
#include "revocation/responder.h"

struct bce;
struct node;
struct request;

/* revoke.c: the anchor revokes */
void revoke_init(struct lma *l);
void revoke_free(struct lma *l);
void revoke_forget(struct bce *b);
bool revoke_takes(const struct bce *b);
bool revoke_concerns(const struct bce *b, const struct prefix *p);
bool revoke_defers(struct lma *l, const struct request *r, const struct bce *b);
void revoke_left(struct lma *l, const struct bce *b, const struct bce *was);
struct revocation *revoke_ask(struct bce *b, revocation_ended_t *done, void *arg);

/* granted.c: what a gateway only routes */
int revoke_granted(struct lma *l, struct node *n, const struct lma_revocation *v);

/* revoked.c: a gateway does */
void revoked_init(struct lma *l);

#endif
