// SPDX-License-Identifier: GPL-2.0
/* Sessions, peers and counters as JSON. */
#include "io/control.h"
#include "io/io.h"
#include "io/ipsec.h"
#include "io/radius.h"
#include "io/redis.h"

#include <arpa/inet.h>
#include <stdio.h>

static void put_addr(json_t *o, const char *key, const struct in6_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	json_object_set_new(o, key, json_string(inet_ntop(AF_INET6, a, text, sizeof(text))));
}

static void put_int(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

static void put_str(json_t *o, const char *key, const char *v)
{
	json_object_set_new(o, key, json_string(v));
}

static void put_node(json_t *o, const struct mn_id *id, const struct llid *l)
{
	char mn[MN_ID_STRLEN], ll[LLID_STRLEN];

	put_str(o, "mn-id", id ? mn_id_str(id, mn, sizeof(mn)) : "");
	put_str(o, "lladdr", l ? llid_str(l, ll, sizeof(ll)) : "");
}

static void put_prefixes(json_t *o, const char *key, unsigned int n, const struct prefix *p)
{
	json_t *list = json_array();
	char text[PREFIX_STRLEN];
	unsigned int i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_string(prefix_str(&p[i], text, sizeof(text))));
	json_object_set_new(o, key, list);
}

/* Seconds, rounded up; null: it has no end */
static json_t *lifetime(uint64_t expires, uint64_t now)
{
	if (!expires)
		return json_null();
	return json_integer(expires > now ? (expires - now + NSEC_PER_SEC - 1) / NSEC_PER_SEC : 0);
}

static json_t *flow_rows(const struct io *io, const struct flow *f)
{
	uint64_t now = io->env.ops->now(io->env.ctx);
	json_t *list = json_array();

	for (; f; f = f->next)
		json_array_append_new(list, json_pack("{s:i, s:i, s:o}", "fid", f->spec.fid,
						      "priority", f->spec.pri, "lifetime",
						      lifetime(f->expires, now)));
	return list;
}

static bool lma_row(void *arg, const struct lma_bce_view *v)
{
	json_t *o = json_object();

	put_node(o, v->mn_id, v->llid);
	put_addr(o, "proxy-coa", &v->proxy_coa);
	put_int(o, "bid", v->bid);
	put_int(o, "bid-pri", v->bid_pri);
	json_object_set_new(o, "multihomed", json_boolean(v->multihomed));
	json_object_set_new(o, "available", json_boolean(v->available));
	put_int(o, "att", v->att);
	put_int(o, "hi", v->hi);
	put_str(o, "state", v->state);
	put_int(o, "seq", v->seq);
	put_int(o, "lifetime", v->remaining_ns / NSEC_PER_SEC);
	put_prefixes(o, "hnp", v->n_hnp, v->hnp);
	put_int(o, "shared", v->n_shared);
	json_array_append_new(arg, o);
	return true;
}

static json_t *vendor_rows(const struct mh_vendor *v, unsigned int n)
{
	char data[2 * MH_VENDOR_DATA_MAX + 1];
	json_t *list = json_array();

	for (; n; n--, v++) {
		data[0] = '\0';
		for (unsigned int i = 0; i < v->len; i++)
			snprintf(data + (size_t)2 * i, 3, "%02x", v->data[i]);
		json_array_append_new(list, json_pack("{s:I, s:i, s:s}", "id", (json_int_t)v->id,
						      "subtype", v->subtype, "data", data));
	}
	return list;
}

static json_t *lma_change(const struct mag_session_view *v)
{
	json_t *o = json_object();

	put_str(o, "state", v->change);
	put_addr(o, "lma", &v->other_lma);
	return o;
}

struct mag_rows {
	const struct io *io;
	json_t *list;
};

static bool mag_row(void *arg, const struct mag_session_view *v)
{
	json_t *o = json_object(), *peers = json_array(), *p;
	struct mag_rows *rows = arg;
	unsigned int i;

	put_node(o, v->mn_id, v->lladdr);
	put_str(o, "dev", link_name(rows->io, v->ifindex));
	put_addr(o, "lla", &v->lla);
	put_addr(o, "lma", &v->lma);
	if (v->change)
		json_object_set_new(o, "lma-change", lma_change(v));
	put_str(o, "state", v->state);
	put_int(o, "att", v->att);
	put_int(o, "lifetime", v->remaining_ns / NSEC_PER_SEC);
	put_prefixes(o, "hnp", v->n_hnp, v->hnp);
	put_prefixes(o, "off-link", v->n_off, v->off);
	json_object_set_new(o, "flows", flow_rows(rows->io, v->flows));
	json_object_set_new(o, "vendor", vendor_rows(v->vendor, v->n_vendor));
	for (i = 0; i < v->n_peers; i++) {
		p = json_object();
		put_addr(p, "mag", &v->peer[i].mag);
		put_str(p, "state", v->peer[i].state);
		json_array_append_new(peers, p);
	}
	json_object_set_new(o, "peers", peers);
	json_array_append_new(rows->list, o);
	return true;
}

/**
 * show_sessions() - binding cache entries and attachments
 * @io: the daemon
 *
 * Return: an object with the lists "lma" and "mag".
 */
json_t *show_sessions(struct io *io)
{
	json_t *lma = json_array();
	struct mag_rows mag = { io, json_array() };

	if (io->lma)
		lma_each(io->lma, lma_row, lma);
	if (io->mag)
		mag_each(io->mag, mag_row, &mag);
	return json_pack("{s:o, s:o}", "lma", lma, "mag", mag.list);
}

/**
 * show_peers() - the gateways that this one knows
 * @io: the daemon
 *
 * Return: a list; "tunnel" is the kernel's number of it, 0 without users.
 */
json_t *show_peers(struct io *io)
{
	struct peer *p, *tmp;
	json_t *list = json_array();

	HASH_ITER(hh, io->peers.table, p, tmp) {
		json_t *o = json_object();

		put_addr(o, "local", &p->local);
		put_addr(o, "remote", &p->remote);
		json_object_set_new(o, "alive", json_boolean(p->alive));
		json_object_set_new(o, "heartbeats", json_boolean(p->hears_heartbeats));
		json_object_set_new(o, "restart-counter",
				    p->heard_restart ? json_integer(p->restart_counter) :
						       json_null());
		put_int(o, "missed", p->missed);
		put_int(o, "tunnel", p->users ? tunnel_map_id(io, p->tunnel) : 0);
		put_int(o, "users", p->users);
		json_object_set_new(o, "require-ipsec",
				    json_boolean(conf_requires_ipsec(io->conf, &p->remote)));
		put_int(o, "unprotected", ipsec_refused(io, &p->remote));
		json_array_append_new(list, o);
	}
	return list;
}

static bool count_one(void *arg, const struct profile *pr)
{
	(void)pr;
	++*(uint64_t *)arg;
	return true;
}

static json_t *remote_row(const char *store, bool up, const char *host, uint16_t port,
			  const struct policy_cache *cache)
{
	const struct policy_cache_counters *c = policy_cache_counters(cache);
	json_t *o = json_object();

	put_str(o, "store", store);
	json_object_set_new(o, "up", json_boolean(up));
	put_str(o, "server", host);
	put_int(o, "port", port);
	put_int(o, "profiles", c->profiles);
	put_int(o, "nobody", c->nobody);
	put_int(o, "waiting", c->questions);
	put_int(o, "asked", c->asked);
	put_int(o, "timeouts", c->timeouts);
	put_int(o, "failed", c->failed);
	put_int(o, "updates", c->updates);
	put_int(o, "updated", c->updated);
	put_int(o, "update-conflicts", c->update_conflicts);
	return o;
}

static json_t *redis_row(const struct redis *r)
{
	return remote_row("redis", r->ready, r->primary.host, r->primary.port, r->cache);
}

/* The server that is asked, or would be */
static json_t *radius_row(struct radius *r)
{
	const struct radius_server *s = radius_first(r, 0);

	s = s ? s : r->server;
	return remote_row("radius", r->heard && !r->gone, s->conf->host, s->conf->port, r->cache);
}

/**
 * show_policy() - the policy store
 * @io: the daemon
 *
 * Return: a list of one; "error" says why what the file says now does not count.
 */
json_t *show_policy(struct io *io)
{
	uint64_t nodes = 0;
	json_t *o;

	if (io->redis) {
		o = redis_row(io->redis);
	} else if (io->radius) {
		o = radius_row(io->radius);
	} else {
		o = json_object();
		policy_each(&io->policy, count_one, &nodes);
		put_str(o, "store", io->conf->policy[0] ? "file" : "none");
		put_int(o, "profiles", nodes);
	}
	json_object_set_new(o, "error", reload_error(io) ? json_string(reload_error(io)) :
							   json_null());
	return json_pack("[o]", o);
}

#define PUT(o, c, field) put_int(o, #field, (c)->field)

/* "pbu_rx" in the code is "pbu-rx" in JSON, as every other key is spelt. */
static json_t *dashes(json_t *o)
{
	json_t *to = json_object(), *v;
	const char *key;
	char name[64];
	char *c;

	json_object_foreach(o, key, v) {
		snprintf(name, sizeof(name), "%s", key);
		for (c = name; *c; c++)
			if (*c == '_')
				*c = '-';
		json_object_set(to, name, v);
	}
	json_decref(o);
	return to;
}

static json_t *revocation_stats(const struct revocation_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, bri_tx);
	PUT(o, c, bri_retransmitted);
	PUT(o, c, bra_rx);
	PUT(o, c, bra_refused);
	PUT(o, c, bra_stray);
	PUT(o, c, silence);
	PUT(o, c, unsupported);
	PUT(o, c, bri_rx);
	PUT(o, c, bri_repeated);
	PUT(o, c, bri_refused);
	PUT(o, c, bri_discarded);
	PUT(o, c, bra_tx);
	return dashes(o);
}

static json_t *mld_stats(const struct mcast_listener_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, reports);
	PUT(o, c, queries);
	PUT(o, c, malformed);
	PUT(o, c, too_often);
	PUT(o, c, records);
	PUT(o, c, ignored);
	PUT(o, c, prohibited);
	PUT(o, c, too_many_groups);
	PUT(o, c, too_many_sources);
	PUT(o, c, no_memory);
	return dashes(o);
}

static json_t *subscription_stats(const struct subscription_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, query_tx);
	PUT(o, c, query_retransmitted);
	PUT(o, c, query_rx);
	PUT(o, c, response_tx);
	PUT(o, c, response_rx);
	PUT(o, c, silent);
	PUT(o, c, unsupported);
	PUT(o, c, stray);
	PUT(o, c, waited);
	PUT(o, c, told);
	return dashes(o);
}

static json_t *lma_handover_stats(const struct lma_handover_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, req_rx);
	PUT(o, c, resp_tx);
	PUT(o, c, init_tx);
	PUT(o, c, init_retransmitted);
	PUT(o, c, init_silent);
	PUT(o, c, init_rx);
	PUT(o, c, hack_tx);
	PUT(o, c, hack_rx);
	PUT(o, c, refused);
	PUT(o, c, failed);
	PUT(o, c, voided);
	PUT(o, c, left);
	PUT(o, c, forgotten);
	PUT(o, c, handed);
	PUT(o, c, came);
	PUT(o, c, released);
	PUT(o, c, redirected);
	PUT(o, c, assign_asked);
	PUT(o, c, assigned);
	PUT(o, c, stray);
	return dashes(o);
}

static json_t *lma_stats(const struct lma_counters *c)
{
	json_t *o = json_object(), *status = json_object();
	char key[12];
	int i;

	PUT(o, c, pbu_rx);
	PUT(o, c, too_often);
	PUT(o, c, asked);
	PUT(o, c, pba_tx);
	PUT(o, c, refused);
	PUT(o, c, forwarding_refused);
	PUT(o, c, flows_lost);
	PUT(o, c, revoked);
	PUT(o, c, revoked_prefixes);
	PUT(o, c, deferred);
	json_object_set_new(o, "revocation", revocation_stats(&c->revocation));
	json_object_set_new(o, "handover", lma_handover_stats(&c->handover));
	for (i = 0; i < 256; i++) {
		if (!c->status[i])
			continue;
		snprintf(key, sizeof(key), "%d", i);
		put_int(status, key, c->status[i]);
	}
	PUT(o, c, mld_queries);
	PUT(o, c, mld_reports);
	PUT(o, c, mld_invalid);
	json_object_set_new(o, "mld", mld_stats(&c->mld));
	json_object_set_new(o, "subscription", subscription_stats(&c->subscription));
	json_object_set_new(o, "status", status);
	return o;
}

static json_t *flow_stats(const struct flow_initiator_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, fmi_tx);
	PUT(o, c, fma_rx);
	PUT(o, c, upn_tx);
	PUT(o, c, upa_rx);
	PUT(o, c, refused);
	PUT(o, c, silence);
	PUT(o, c, fallback);
	PUT(o, c, stray);
	PUT(o, c, be_stray);
	PUT(o, c, recovered);
	return o;
}

static json_t *handover_stats(const struct handover_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, hi_tx);
	PUT(o, c, hi_retransmitted);
	PUT(o, c, hack_rx);
	PUT(o, c, hack_refused);
	PUT(o, c, hack_stray);
	PUT(o, c, silence);
	PUT(o, c, unsupported);
	PUT(o, c, hi_rx);
	PUT(o, c, hi_repeated);
	PUT(o, c, hi_refused);
	PUT(o, c, hi_discarded);
	PUT(o, c, hack_tx);
	return dashes(o);
}

static json_t *anchor_stats(const struct mag_anchor_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, req_tx);
	PUT(o, c, req_retransmitted);
	PUT(o, c, resp_rx);
	PUT(o, c, refused);
	PUT(o, c, silence);
	PUT(o, c, unsupported);
	PUT(o, c, unsolicited);
	PUT(o, c, discarded);
	PUT(o, c, changed);
	PUT(o, c, kept);
	PUT(o, c, redirected);
	PUT(o, c, redirect_ignored);
	return dashes(o);
}

static json_t *mag_stats(const struct mag_counters *c, const struct flow_responder_counters *f)
{
	json_t *o = json_object();

	PUT(o, c, pbu_tx);
	PUT(o, c, pba_rx);
	PUT(o, c, pbu_retransmitted);
	PUT(o, c, shi_tx);
	PUT(o, c, shi_rx);
	PUT(o, c, shack_tx);
	PUT(o, c, shack_rx);
	PUT(o, c, rs_rx);
	PUT(o, c, rs_limited);
	PUT(o, c, ra_tx);
	PUT(o, c, attach);
	PUT(o, c, detach);
	PUT(o, c, stray);
	PUT(o, c, forwarding_refused);
	PUT(o, c, signals);
	PUT(o, c, signal_announced);
	PUT(o, c, signal_withdrawn);
	PUT(o, f, fmi_rx);
	PUT(o, f, fma_tx);
	PUT(o, f, upn_rx);
	PUT(o, f, upa_tx);
	put_int(o, "flows_refused", f->refused);
	put_int(o, "flows_late", f->late);
	PUT(o, c, revoked);
	PUT(o, c, revoked_prefixes);
	PUT(o, c, mld_queries);
	PUT(o, c, mld_reports);
	PUT(o, c, mld_invalid);
	json_object_set_new(o, "mld", mld_stats(&c->mld));
	json_object_set_new(o, "subscription", subscription_stats(&c->subscription));
	json_object_set_new(o, "revocation", revocation_stats(&c->revocation));
	json_object_set_new(o, "lma_handover", anchor_stats(&c->lma_handover));
	return o;
}

static json_t *io_stats(const struct io_counters *c)
{
	json_t *o = json_object();

	PUT(o, c, mh_rx);
	PUT(o, c, mh_waited);
	PUT(o, c, mh_wait_dropped);
	PUT(o, c, mh_tx);
	PUT(o, c, mh_tx_failed);
	PUT(o, c, mh_unprotected);
	PUT(o, c, mh_limited);
	PUT(o, c, mh_not_ours);
	PUT(o, c, mh_no_role);
	PUT(o, c, mh_checksum);
	PUT(o, c, mh_malformed);
	PUT(o, c, mh_unknown_type);
	PUT(o, c, be_tx);
	PUT(o, c, param_problem_tx);
	PUT(o, c, answers_limited);
	PUT(o, c, nd_rx);
	PUT(o, c, nd_invalid);
	PUT(o, c, ra_tx_failed);
	PUT(o, c, mld_rx);
	PUT(o, c, mld_tx);
	PUT(o, c, mld_tx_failed);
	PUT(o, c, netlink_errors);
	PUT(o, c, events);
	PUT(o, c, events_lost);
	PUT(o, c, monitors_dropped);
	return o;
}

/**
 * show_stats() - the counters of both roles and of the daemon itself
 * @io: the daemon
 *
 * Return: an object with "lma", "mag" (null where the role is off) and "io".
 */
json_t *show_stats(struct io *io)
{
	json_t *lma = io->lma ? dashes(lma_stats(lma_counters(io->lma))) : json_null();
	json_t *mag = io->mag ? dashes(mag_stats(mag_counters(io->mag),
						 mag_flow_counters(io->mag))) : json_null();

	if (io->lma)
		json_object_set_new(lma, "flow", dashes(flow_stats(lma_flow_counters(io->lma))));
	if (io->mag)
		json_object_set_new(mag, "handover",
				    handover_stats(mag_handover_counters(io->mag)));
	return json_pack("{s:o, s:o, s:o}",
			 "lma", lma,
			 "mag", mag,
			 "io", dashes(io_stats(&io->counters)));
}
