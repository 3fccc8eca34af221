// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration file is read again: some of it may differ while pmipd runs, and the
 * rest may not, whatever it is.  So the settings are compared as they stand in the file.
 */
#include "conf/changes.h"

#include "conf/key.h"

#include <stdio.h>
#include <string.h>

/* By their paths; of the others, nothing may differ. */
static const char * const may[] = {
	"log-level", "lenient", "lma.mags", "lma.pools", "lma.announce", "mag.peers",
};

static bool same(const config_setting_t *a, const config_setting_t *b);

static bool same_elements(const config_setting_t *a, const config_setting_t *b)
{
	const int n = config_setting_length(a);
	int i;

	if (n != config_setting_length(b))
		return false;
	for (i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(a, (unsigned int)i);
		const config_setting_t *o = config_setting_is_group(a) ?
			config_setting_get_member(b, config_setting_name(e)) :
			config_setting_get_elem(b, (unsigned int)i);

		if (!o || !same(e, o))
			return false;
	}
	return true;
}

static bool same(const config_setting_t *a, const config_setting_t *b)
{
	if (config_setting_type(a) != config_setting_type(b))
		return false;
	switch (config_setting_type(a)) {
	case CONFIG_TYPE_STRING:
		return !strcmp(config_setting_get_string(a), config_setting_get_string(b));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return config_setting_get_int64(a) == config_setting_get_int64(b);
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(a) == config_setting_get_bool(b);
	case CONFIG_TYPE_FLOAT:
		return config_setting_get_float(a) == config_setting_get_float(b);
	default:
		return same_elements(a, b);
	}
}

static bool may_differ(const char *path)
{
	for (size_t i = 0; i < sizeof(may) / sizeof(*may); i++)
		if (!strcmp(may[i], path))
			return true;
	return false;
}

static int groups(struct conf_parser *x, const config_setting_t *was, config_setting_t *is,
		  const char *within);

static int member(struct conf_parser *x, const config_setting_t *was, config_setting_t *e,
		  const char *within)
{
	const config_setting_t *o = config_setting_get_member(was, config_setting_name(e));
	char path[128];

	snprintf(path, sizeof(path), "%s%s", within, config_setting_name(e));
	if (may_differ(path))
		return 0;
	if (o && config_setting_is_group(o) && config_setting_is_group(e)) {
		snprintf(path, sizeof(path), "%s%s.", within, config_setting_name(e));
		return groups(x, o, e, path);
	}
	return o && same(o, e) ? 0 : conf_error(x, e, "cannot change while pmipd runs");
}

/* First what there is, and then what there is no more */
static int groups(struct conf_parser *x, const config_setting_t *was, config_setting_t *is,
		  const char *within)
{
	char path[128];
	int i;

	for (i = 0; i < config_setting_length(is); i++)
		if (member(x, was, config_setting_get_elem(is, (unsigned int)i), within))
			return -1;
	for (i = 0; i < config_setting_length(was); i++) {
		const char *name = config_setting_name(config_setting_get_elem(was,
									       (unsigned int)i));

		snprintf(path, sizeof(path), "%s%s", within, name);
		if (!may_differ(path) && !config_setting_get_member(is, name))
			return conf_error(x, is, "%s cannot go while pmipd runs", name);
	}
	return 0;
}

/**
 * conf_changes() - whether a running daemon can take what its file says now
 * @was: what it runs by
 * @is: the file, read again
 * @err: where to say what cannot change
 * @size: bytes in @err
 *
 * A key that was not there and has its default's value is another than before, too.
 *
 * Return: 0 if nothing differs but log-level, lenient, lma.mags, lma.pools, lma.announce and
 * mag.peers; or -1 with "file:line: key: what".
 */
int conf_changes(const struct conf *was, const struct conf *is, char *err, size_t size)
{
	struct conf_parser x = { .path = is->path, .err = err, .size = size };

	return groups(&x, config_root_setting(was->source), config_root_setting(is->source), "");
}

static void swap(struct prefix **a, struct prefix **b)
{
	struct prefix *p = *a;

	*a = *b;
	*b = p;
}

/**
 * conf_take() - run by what the file says now
 * @c: what the daemon runs by
 * @is: the file, read again, in which conf_changes() has found nothing; has what @c had
 *	afterwards, and conf_free() is due
 */
void conf_take(struct conf *c, struct conf *is)
{
	struct config_t *source = c->source;

	c->log_level = is->log_level;
	c->n_lenient = is->n_lenient;
	memcpy(c->lenient, is->lenient, sizeof(c->lenient));
	c->lma.n_pools = is->lma.n_pools;
	memcpy(c->lma.pool, is->lma.pool, sizeof(c->lma.pool));
	c->lma.announce = is->lma.announce;
	c->lma.n_mags = is->lma.n_mags;
	swap(&c->lma.mag, &is->lma.mag);
	c->mag.n_peers = is->mag.n_peers;
	swap(&c->mag.peer, &is->mag.peer);
	c->source = is->source;
	is->source = source;
}
