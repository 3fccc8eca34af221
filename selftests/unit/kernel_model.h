/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's tables as the machine has asked for them.  What the module
 * would refuse fails the test: a path into a tunnel that is not there, two
 * tunnels for one pair, the removal of what is in use or unknown.
 */
#ifndef SELFTESTS_UNIT_KERNEL_MODEL_H
#define SELFTESTS_UNIT_KERNEL_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "fake_env.h"

struct model_binding {
	struct prefix prefix;
	struct dp_binding b;
	UT_hash_handle hh;
};

struct model_tunnel {
	uint32_t id;
	struct dp_tunnel t;
	UT_hash_handle hh;
};

struct model {
	struct model_binding *bindings;
	struct model_tunnel *tunnels;
	unsigned int returns, releases;	/* asked for so far */
};

static inline struct model_tunnel *model_tunnel(struct model *k, uint32_t id)
{
	struct model_tunnel *t;

	HASH_FIND(hh, k->tunnels, &id, sizeof(id), t);
	return t;
}

static inline struct model_binding *model_binding(struct model *k,
						  const struct prefix *p)
{
	struct model_binding *b;
	struct prefix key;

	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, k->bindings, &key, sizeof(key), b);
	return b;
}

static inline void model_tunnel_set(struct model *k, const struct dp_tunnel *d)
{
	struct model_tunnel *t = model_tunnel(k, d->id), *o, *tmp;

	assert_int_not_equal(d->id, 0);
	HASH_ITER(hh, k->tunnels, o, tmp)
		assert_true(o == t || !IN6_ARE_ADDR_EQUAL(&o->t.remote, &d->remote));
	if (!t) {
		t = calloc(1, sizeof(*t));
		assert_non_null(t);
		t->id = d->id;
		HASH_ADD(hh, k->tunnels, id, sizeof(t->id), t);
	}
	t->t = *d;
}

static inline void model_tunnel_del(struct model *k, uint32_t id)
{
	struct model_tunnel *t = model_tunnel(k, id);
	struct model_binding *b, *tmp;
	unsigned int i;

	assert_non_null(t);
	HASH_ITER(hh, k->bindings, b, tmp) {
		assert_int_not_equal(b->b.uplink, id);
		for (i = 0; i < b->b.n_paths; i++)
			assert_true(b->b.path[i].kind != PMIP_PATH_TUNNEL ||
				    b->b.path[i].tunnel != id);
	}
	HASH_DEL(k->tunnels, t);
	free(t);
}

static inline void model_binding_set(struct model *k, const struct dp_binding *d)
{
	struct model_binding *b = model_binding(k, &d->prefix);
	unsigned int i;

	assert_in_range(d->n_paths, 1, PMIP_BINDING_PATHS);
	assert_true(!d->uplink || model_tunnel(k, d->uplink));
	for (i = 0; i < d->n_paths; i++) {
		if (d->path[i].kind == PMIP_PATH_TUNNEL)
			assert_non_null(model_tunnel(k, d->path[i].tunnel));
		assert_true(d->path[i].kind != PMIP_PATH_HOLD || i + 1 == d->n_paths);
	}
	if (!b) {
		b = calloc(1, sizeof(*b));
		assert_non_null(b);
		b->prefix.addr = d->prefix.addr;
		b->prefix.len = d->prefix.len;
		HASH_ADD(hh, k->bindings, prefix, sizeof(b->prefix), b);
	} else {
		assert_true(b->b.node == d->node);
	}
	b->b = *d;
}

static inline void model_binding_del(struct model *k, const struct prefix *p)
{
	struct model_binding *b = model_binding(k, p);

	assert_non_null(b);
	HASH_DEL(k->bindings, b);
	free(b);
}

/*
 * linux/pmip.h: "for a binding that is there and has no uplink", "of role lma-to-mag",
 * "0 for none any more"; "up to PMIP_HOLD_TIME_MAX; 0 for by this tunnel no more"
 */
static inline void model_return_set(struct model *k, const struct fake_return *r)
{
	struct model_binding *b = model_binding(k, &r->prefix);
	struct model_tunnel *t = model_tunnel(k, r->allowed.tunnel);

	assert_true(b && !b->b.uplink);
	if (!r->allowed.tunnel)
		return;
	assert_true(t && t->t.role == PMIP_TUNNEL_LMA_TO_MAG);
	assert_in_range(r->allowed.time_ms, 0, PMIP_HOLD_TIME_MAX);
	k->returns += r->allowed.time_ms > 0;
}

static inline void model_release(struct model *k, const struct fake_release *r)
{
	struct model_binding *b = model_binding(k, &r->prefix);

	assert_true(b && b->b.uplink);
	assert_int_equal(b->b.path[b->b.n_paths - 1].kind, PMIP_PATH_HOLD);
	k->releases++;
}

static inline void model_take(struct model *k, const struct fake_action *a)
{
	switch (a->kind) {
	case FAKE_TUNNEL_SET:
		model_tunnel_set(k, &a->tunnel);
		break;
	case FAKE_TUNNEL_DEL:
		model_tunnel_del(k, a->tunnel_id);
		break;
	case FAKE_BINDING_SET:
		model_binding_set(k, &a->binding);
		break;
	case FAKE_BINDING_DEL:
		model_binding_del(k, &a->prefix);
		break;
	case FAKE_RETURN_SET:
		model_return_set(k, &a->ret);
		break;
	case FAKE_HOLD_RELEASE:
		model_release(k, &a->release);
		break;
	default:
		break;
	}
}

static inline void model_free(struct model *k)
{
	struct model_binding *b, *btmp;
	struct model_tunnel *t, *ttmp;

	HASH_ITER(hh, k->bindings, b, btmp) {
		HASH_DEL(k->bindings, b);
		free(b);
	}
	HASH_ITER(hh, k->tunnels, t, ttmp) {
		HASH_DEL(k->tunnels, t);
		free(t);
	}
}

#endif
