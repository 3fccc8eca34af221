/* SPDX-License-Identifier: GPL-2.0 */
/* pmipd's configuration file (libconfig), read whole and checked whole. */
#ifndef CTL_CONF_CONF_H
#define CTL_CONF_CONF_H

#include "lma/lma.h"
#include "mag/mag.h"
#include "peer/limit.h"
#include "peer/peer.h"
#include "policy/cache.h"
#include "policy/policy.h"
#include "policy/text.h"

/* The table, and the rules' number, of what passes the FORWARD chain */
#define CONF_STACK_TABLE	5213
#define CONF_PORTS_MAX		64
#define CONF_LENIENT_MAX	64
#define CONF_GATEWAYS_MAX	4096
#define REDIS_SERVERS_MAX	8
#define RADIUS_SERVERS_MAX	8

struct conf_port {
	char name[16];		/* device towards gateways and correspondents */
	bool stack;		/* forwarded packets also pass the FORWARD chain */
};

/* What is accepted of some peers beyond what the RFCs allow */
struct conf_lenient {
	struct prefix peer;
	unsigned int accept;	/* MH_LENIENT_* bits */
};

/* What is demanded of some gateways */
struct conf_gateway {
	struct prefix peer;
	bool require_ipsec;	/* what no security association has protected is dropped */
};

/* How much the module holds, at most (linux/pmip.h, HOLD_SET) */
struct hold_conf {
	uint32_t node_packets, node_bytes;	/* for one mobile node */
	uint32_t link_packets, link_bytes;	/* behind one access link */
	uint32_t total_packets, total_bytes;
	uint32_t age_ms;
	uint8_t policy;		/* enum pmip_hold_policy */
};

struct redis_server {
	char host[108];		/* an address, or a path */
	uint16_t port;		/* not of a path */
};

/* A policy store that several gateways share */
struct redis_conf {
	bool enabled;
	unsigned int n_servers, n_sentinels;	/* one of both is 0 */
	struct redis_server server[REDIS_SERVERS_MAX];
	struct redis_server sentinel[REDIS_SERVERS_MAX];
	char master[64];	/* as the sentinels call it */
	char prefix[64];	/* of all keys */
	uint32_t database;
	char user[64], password[256], sentinel_password[256];
	struct policy_cache_conf cache;
};

struct radius_server_conf {
	char host[46];		/* an address */
	uint16_t port;
	char secret[256];	/* never logged */
};

/* A policy store that speaks RFC 6572 */
struct radius_conf {
	bool enabled;
	unsigned int n_servers;
	struct radius_server_conf server[RADIUS_SERVERS_MAX];	/* the first one that is there */
	char secrets[4096];	/* the file */
	uint32_t try_ms, tries;	/* at each server */
	bool authenticator;	/* an answer must have a Message-Authenticator */
	char identifier[254], realm[254];
	uint32_t vendor;	/* whose attribute 1 is text of a profile; 0: nobody's */
	char profile[1024];	/* that text where there is none */
	struct policy_cache_conf cache;
};

struct config_t;

struct conf {
	char path[4096];	/* of the file, and what stands in it */
	struct config_t *source;
	char control[108];	/* control socket, /run/pmipd/control */
	char policy[4096];	/* policy file, may be empty */
	char device[16];	/* the module's network device, pmip0 */
	char state_dir[4096];	/* restart counter, /var/lib/pmipd */
	char sessions_dir[4096];	/* sessions, for as long as this boot: /run/pmipd */
	bool keep_sessions;	/* the next daemon goes on with them */
	int log_level;
	bool kernel;		/* false: no forwarding state is pushed (dry run) */
	bool fixed_lladdr;	/* give access links the address of RFC 6543 */
	struct mh_own_types types;	/* Mobility Header types, 240 to 247 */
	unsigned int n_ports;
	struct conf_port port[CONF_PORTS_MAX];
	unsigned int n_lenient;
	struct conf_lenient lenient[CONF_LENIENT_MAX];
	bool require_ipsec;	/* of gateways that are not listed */
	unsigned int n_gateways;
	struct conf_gateway *gateway;	/* allocated, see conf_free() */
	struct redis_conf redis;
	struct radius_conf radius;
	struct hold_conf hold;
	struct peer_conf peer;
	struct limit_conf limits;
	struct lma_conf lma;
	struct mag_conf mag;
};

/* 0, or -1 and "file:line: key: what" in err; nothing to free then. */
int conf_load(struct conf *c, const char *path, char *err, size_t size);
void conf_free(struct conf *c);
/* The policy that it names; the same, with the policy file's name and line */
int conf_policy_open(const struct conf *c, struct policy *p, char *err, size_t size);
/* A profile of elsewhere: a table with it, or NULL and "from:line: key: what" */
struct policy_table *conf_policy_read(const struct conf *c, struct policy_text *t, char *err,
				      size_t size);
/* MH_LENIENT_* bits for messages from there */
unsigned int conf_lenient(const struct conf *c, const struct in6_addr *peer);
/* Whether messages from there have to come under IPsec, and whether anybody's have to */
bool conf_requires_ipsec(const struct conf *c, const struct in6_addr *peer);
bool conf_ipsec(const struct conf *c);

#endif
