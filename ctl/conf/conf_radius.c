// SPDX-License-Identifier: GPL-2.0
/* The group "radius": servers that know the profiles of mobile nodes, and their secrets. */
#include "conf/roles.h"
#include "conf/server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RADIUS_PORT	1812	/* RFC 2865 §3 */
#define LINE_MAX_LEN	512

#define sizeof_radius(field) sizeof(((struct radius_conf *)0)->field)
#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct radius_conf, field), lo, hi }

/* One address has one spelling, so that its secret is found. */
static int read_server(const char *text, struct radius_server_conf *s)
{
	uint8_t addr[16];
	int family;

	s->port = RADIUS_PORT;
	if (conf_server(text, false, s->host, sizeof(s->host), &s->port))
		return -1;
	family = strchr(s->host, ':') ? AF_INET6 : AF_INET;
	inet_pton(family, s->host, addr);
	inet_ntop(family, addr, s->host, sizeof(s->host));
	return 0;
}

static struct radius_server_conf *find(struct radius_conf *c, const struct radius_server_conf *s)
{
	unsigned int i;

	for (i = 0; i < c->n_servers; i++)
		if (c->server[i].port == s->port && !strcmp(c->server[i].host, s->host))
			return &c->server[i];
	return NULL;
}

static int set_radius_servers(struct conf_parser *x, config_setting_t *s,
			      const struct conf_key *k, void *to)
{
	int i, len = conf_list(x, s, RADIUS_SERVERS_MAX);
	struct radius_conf *c = to;

	(void)k;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *text = config_setting_get_string(e);
		struct radius_server_conf v;

		if (!text || read_server(text, &v))
			return conf_error(x, e, "\"%s\" is not as \"[::1]:%u\"",
					  text ? text : "", RADIUS_PORT);
		if (find(c, &v))
			return conf_error(x, e, "\"%s\" is there twice", text);
		v.secret[0] = '\0';
		c->server[c->n_servers++] = v;
	}
	return len < 0 ? -1 : 0;
}

/* "ADDRESS SECRET", or nothing but a comment.  What is wrong, or NULL; never the secret itself */
static const char *read_line(struct radius_conf *c, char *line)
{
	struct radius_server_conf v, *server;
	char *word = line + strspn(line, " \t"), *secret;
	size_t len = strlen(word);

	if (len && word[len - 1] != '\n' && len + 1 + (size_t)(word - line) >= LINE_MAX_LEN)
		return "is too long";
	while (len && isspace((unsigned char)word[len - 1]))
		word[--len] = '\0';
	if (!len || word[0] == '#')
		return NULL;
	secret = word + strcspn(word, " \t");
	if (!*secret)
		return "an address and a secret are wanted";
	*secret++ = '\0';
	secret += strspn(secret, " \t");
	if (read_server(word, &v))
		return "does not begin with an address";
	if (strlen(secret) >= sizeof(v.secret))
		return "the secret is too long";
	server = find(c, &v);
	/* of others it is no matter: a file may be all gateways' */
	if (!server)
		return NULL;
	if (server->secret[0])
		return "that server has been there already";
	memcpy(server->secret, secret, strlen(secret) + 1);
	return NULL;
}

static int read_lines(struct conf_parser *x, config_setting_t *s, struct radius_conf *c, FILE *f)
{
	char line[LINE_MAX_LEN];
	const char *why = NULL;
	unsigned int n = 0, i;

	while (!why && fgets(line, sizeof(line), f)) {
		n++;
		why = read_line(c, line);
	}
	explicit_bzero(line, sizeof(line));
	if (why)
		return conf_error(x, s, "%s:%u: %s", c->secrets, n, why);
	if (ferror(f))
		return conf_error(x, s, "%s cannot be read", c->secrets);
	for (i = 0; i < c->n_servers; i++)
		if (!c->server[i].secret[0])
			return conf_error(x, s, "%s has none for %s port %u", c->secrets,
					  c->server[i].host, c->server[i].port);
	return 0;
}

/* Whoever has a secret can make up profiles. */
static int read_secrets(struct conf_parser *x, config_setting_t *s, struct radius_conf *c)
{
	struct stat st;
	int ret = -1;
	FILE *f;

	f = fopen(c->secrets, "re");
	if (!f)
		return conf_error(x, s, "%s cannot be read: %s", c->secrets, strerror(errno));
	/* what has been read stays in no buffer */
	setvbuf(f, NULL, _IONBF, 0);
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode))
		conf_error(x, s, "%s is not a file", c->secrets);
	else if (st.st_mode & 027)
		conf_error(x, s, "%s may be read by others, or written by its group: chmod 600",
			   c->secrets);
	else
		ret = read_lines(x, s, c, f);
	fclose(f);
	return ret;
}

static const struct conf_key radius_keys[] = {
	{ "servers", set_radius_servers, 0, 0, 0 },
	KEY("secrets", conf_set_string, secrets, 0, sizeof_radius(secrets)),
	KEY("timeout-ms", conf_set_u32, try_ms, 50, 60000),
	KEY("tries", conf_set_u32, tries, 1, 10),
	KEY("message-authenticator", conf_set_bool, authenticator, 0, 0),
	KEY("nas-identifier", conf_set_string, identifier, 0, sizeof_radius(identifier)),
	KEY("realm", conf_set_string, realm, 0, sizeof_radius(realm)),
	KEY("vendor", conf_set_u32, vendor, 0, 0xffffff),
	KEY("profile", conf_set_string, profile, 0, sizeof_radius(profile)),
	KEY("refresh", conf_set_u32, cache.refresh_s, 1, 86400),
	KEY("keep", conf_set_u32, cache.keep_s, 60, 86400 * 30),
};

/**
 * conf_radius_defaults() - what holds where nothing is said
 * @c: filled
 */
void conf_radius_defaults(struct radius_conf *c)
{
	c->try_ms = 500;
	c->tries = 3;
	c->authenticator = true;
	c->cache.refresh_s = 300;
	c->cache.keep_s = 3600;
	if (gethostname(c->identifier, sizeof(c->identifier) - 1))
		snprintf(c->identifier, sizeof(c->identifier), "pmipd");
}

/* It is read with each answer that has no text of its own: a mistake would be in each. */
static int check_profile(struct conf_parser *x, config_setting_t *s, const struct radius_conf *c)
{
	struct policy_text t = { .from = "text", .text = c->profile };
	struct policy_table *table;
	char err[128];

	mn_id_from_nai(&t.id, "mn@example.org");
	table = policy_text_read(&t, err, sizeof(err));
	if (!table)
		return conf_error(x, config_setting_get_member(s, "profile"), "%s", err);
	table_free(table);
	return 0;
}

/**
 * conf_set_radius() - the group "radius"
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct radius_conf
 *
 * The secrets are read as well.  Who waits is told when the last server has been tried.
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_radius(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	struct radius_conf *c = to;

	(void)k;
	if (conf_group(x, s, radius_keys, sizeof(radius_keys) / sizeof(*radius_keys), c))
		return -1;
	if (!c->n_servers)
		return conf_error(x, s, "servers are wanted");
	if (!c->secrets[0])
		return conf_error(x, s, "secrets, the file, is wanted");
	if (!c->identifier[0])
		return conf_error(x, config_setting_get_member(s, "nas-identifier"), "is empty");
	if (check_profile(x, s, c) ||
	    read_secrets(x, config_setting_get_member(s, "secrets"), c))
		return -1;
	c->cache.timeout_ms = c->try_ms * (c->tries * c->n_servers + 1);
	c->enabled = true;
	return 0;
}
