// SPDX-License-Identifier: GPL-2.0
/* Associations with a node's other gateways (draft: seamless handover §4.3). */
#include "mag_bed.h"

/* Draft §4.3: "it need to send SHI message to some other MAGs", with MN-ID */
static void named_gateway_is_solicited(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_true(fake_find_mh(&x->f, MH_SHI, 0)->msg.flags & SHI_F_A);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_SHI, 0)->msg.opts.mn_id,
				&x->id));
	shack(x, SHACK_OK);
	b = &fake_find(&x->f, FAKE_BINDING_SET, -1)->binding;
	assert_int_equal(b->n_paths, 2);
	assert_int_equal(b->path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(b->path[1].kind, PMIP_PATH_TUNNEL);
	fake_reset(&x->f);
}

/* Draft §5.1: lost SHI and SHAck: four tries, doubling, then no more */
static void lost_shi_is_sent_again(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 4);
	assert_non_null(fake_find_notice(&x->f, "shi-refused", 0));
}

/* Draft §5.2: status 128 and 129: no tunnel; a second answer is a stray */
static void refused_shi_makes_no_tunnel(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_NOT_ATTACHED);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 1);
	shack(x, SHACK_OK);
	assert_int_equal(mag_counters(x->m)->stray, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 1);
}

/* Draft §4.3: attached: SHAck 0 after tunnel and path; otherwise 129 */
static void shi_is_answered(void **state)
{
	struct fixture *x = *state;

	shi(x, 7, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 129);
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.seq, 7);
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	shi(x, 8, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 1)->msg.status, 0);
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, 1) <
		    fake_index_mh(&x->f, MH_SHACK, 1));
	shi(x, 9, 900, "2001:db8:bad::1");
	assert_int_equal(fake_count_mh(&x->f, MH_SHACK), 2);
	shi(x, 10, 0, "2001:db8:0:2::2");
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

static void associated(struct fixture *x)
{
	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	fake_reset(&x->f);
}

/*
 * Draft §4.3: what a gateway has asked for that may not solicit any more ends, and it is
 * told; what the anchor has named goes on
 */
static void peer_may_not_any_more(void **state)
{
	struct prefix none = fake_prefix("2001:db8:bad::/64");
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	shi(x, 8, 900, "2001:db8:0:2::2");
	mag_peers_changed(x->m);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	x->conf.peer = &none;
	mag_peers_changed(x->m);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	shi(x, 9, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHACK), 1);
}

static void named_peer_goes_on(void **state)
{
	struct prefix none = fake_prefix("2001:db8:bad::/64");
	struct fixture *x = *state;

	associated(x);
	fake_reset(&x->f);
	x->conf.peer = &none;
	mag_peers_changed(x->m);
	assert_int_equal(x->f.len, 0);
}

/* Draft §4.1: after its departure the node is still reached by the tunnel */
static void lingering_redirects_then_releases(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	b = &fake_find(&x->f, FAKE_BINDING_SET, -1)->binding;
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].kind, PMIP_PATH_TUNNEL);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "lingering");
	shi(x, 3, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 129);
	fake_advance_ms(&x->f, 2999);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 2);
	assert_null(x->f.timers.len ? x : NULL);
}

/* RFC 5213 alone: option 51 is not looked at, an SHI is refused */
static void plain_mode_solicits_nobody(void **state)
{
	struct fixture *x = *state;

	x->conf.seamless = false;
	attach(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.hi, HI_UNKNOWN);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shi(x, 1, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 128);
}

/* Draft §5.1: "It represents the tunnel survival time": refreshed before that */
static void association_is_refreshed(void **state)
{
	struct fixture *x = *state;
	unsigned int i;

	x->conf.lifetime = 30000;
	x->conf.shi_lifetime = 400;
	associated(x);
	fake_advance_ms(&x->f, 259000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	for (i = 0; i < 411 && !fake_count_mh(&x->f, MH_SHI); i++)
		fake_advance_ms(&x->f, 100);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_true(fake_find_mh(&x->f, MH_SHI, 0)->msg.lifetime == 100);
	shack(x, SHACK_OK);
	fake_advance_ms(&x->f, 250000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* Draft §5.1: nobody answers: four tries, and the path lasts to the end */
static void unanswered_refresh_expires(void **state)
{
	struct fixture *x = *state;

	x->conf.lifetime = 30000;
	x->conf.shi_lifetime = 400;
	associated(x);
	fake_advance_ms(&x->f, 399999);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 4);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

/* Draft §5.1: who was solicited does not refresh: it ends unless asked again */
static void passive_association_expires(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	shi(x, 1, 100, "2001:db8:0:2::2");
	fake_advance_ms(&x->f, 399000);
	shi(x, 2, 100, "2001:db8:0:2::2");
	fake_advance_ms(&x->f, 399000);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
}

static void associated_but_not_named(struct fixture *x)
{
	associated(x);
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_OPERATOR);
	fake_advance_ms(&x->f, 2700001);
	shack(x, SHACK_OK);
	fake_reset(&x->f);
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_OPERATOR);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 3999);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_int_not_equal(fake_find_mh(&x->f, MH_SHI, 0)->msg.lifetime, 0);
}

/* RFC 6705 §11.2: who is not named any more is asked after the linger time */
static void unnamed_gateway_fades(void **state)
{
	struct fixture *x = *state;

	associated_but_not_named(x);
	shack(x, SHACK_NOT_ATTACHED);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	fake_advance_ms(&x->f, 100000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
}

/* RFC 6705 §11.2: and goes unheard, too */
static void unnamed_and_silent_fades(void **state)
{
	struct fixture *x = *state;

	associated_but_not_named(x);
	fake_advance_ms(&x->f, 8000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 4);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

/* Draft §4.1: an anchor that has begun anew does not know the other yet: it stays */
static void unnamed_but_attached_stays(void **state)
{
	struct fixture *x = *state;

	associated_but_not_named(x);
	shack(x, SHACK_OK);
	fake_advance_ms(&x->f, 100000);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
}

/* Ours: a release that crosses our SHI: only a new one gets the other's last word */
static void release_crosses_solicitation(void **state)
{
	struct fixture *x = *state;
	uint16_t old;

	x->conf.lifetime = 30000;
	x->conf.shi_lifetime = 400;
	associated(x);
	/* until the refresh is under way */
	while (fake_count_mh(&x->f, MH_SHI) < 2)
		fake_advance_ms(&x->f, 100);
	old = fake_find_mh(&x->f, MH_SHI, -1)->msg.seq;
	shi(x, 9, 0, "2001:db8:0:2::2");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_not_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.seq, old);
	shack(x, SHACK_OK);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/*
 * RFC 5847 §3.2, draft §4.1: after the anchor's restart the other may have been
 * told of nobody: whoever is told of it solicits, though nothing has ended here
 */
static void anchor_restart_solicits_again(void **state)
{
	struct fixture *x = *state;

	associated(x);
	fake_reset(&x->f);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 0);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	shack(x, SHACK_OK);
	/* and once is enough */
	mag_on_peer_alive(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 100);
	fake_reset(&x->f);
	mag_on_peer_alive(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 100);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
}

/* RFC 6705 §11.2: named again in time: it stays, and is ours to refresh */
static void named_again_in_time_stays(void **state)
{
	struct fixture *x = *state;

	associated(x);
	mag_on_link(x->m, IF1, false);
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1000);
	mag_on_link(x->m, IF1, false);
	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	shack(x, SHACK_OK);
	fake_advance_ms(&x->f, 100000);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
}

/* Draft §4.1: SHIs cross: a refusal sent before the other's own SHI is out of date */
static void crossing_solicitations_agree(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shi(x, 1, 900, "2001:db8:0:2::2");
	shack(x, SHACK_NOT_ATTACHED);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
}

/* RFC 6275 §9.2: Binding Error 2: the other does not know the scheme */
static void binding_error_ends_the_tries(void **state)
{
	struct fixture *x = *state;
	struct mh_msg be = { .kind = MH_BE, .status = BE_NO_BINDING };

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	mag_on_binding_error(x->m, &x->other, &x->self, &be);
	fake_advance_ms(&x->f, 501);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 2);
	be.status = BE_UNKNOWN_TYPE;
	mag_on_binding_error(x->m, &x->lma, &x->self, &be);
	fake_advance_ms(&x->f, 1001);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 3);
	mag_on_binding_error(x->m, &x->other, &x->self, &be);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 3);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5847 §3: silence, then life: the tunnel is down, and up; solicited anew */
static void dead_peer_returns(void **state)
{
	struct fixture *x = *state;
	struct mh_msg hb = { .kind = MH_HEARTBEAT };

	x->peers.conf.heartbeat_ms = 1000;
	x->peers.conf.missing_allowed = 3;
	associated(x);
	peer_on_heartbeat(&x->peers, &x->self, &x->other, &hb);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 20000);
	assert_int_equal(fake_find(&x->f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_DOWN);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	assert_string_equal(state_of(x), "active");
	peer_on_heartbeat(&x->peers, &x->self, &x->other, &hb);
	assert_int_equal(fake_find(&x->f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_UP);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	shack(x, SHACK_OK);
	fake_advance_ms(&x->f, 900);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
}

/* RFC 5847 §3: the same when the association was refused, or ran out, meanwhile */
static void refused_peer_is_asked_on_return(void **state)
{
	struct fixture *x = *state;
	struct peer *p;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 4);
	p = peer_find(&x->peers, &x->self, &x->other);
	p->alive = false;
	peer_heard(p);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 5);
	shack(x, SHACK_OK);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/* RFC 5847 §3.4: a gateway that restarted knows nothing of an association */
static void restarted_peer_is_asked_again(void **state)
{
	struct fixture *x = *state;
	struct peer *p;

	associated(x);
	p = peer_find(&x->peers, &x->self, &x->other);
	p->counter_seen = x->f.now;
	mag_on_peer_restart(x->m, p);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_int_not_equal(fake_find_mh(&x->f, MH_SHI, 0)->msg.lifetime, 0);
	shack(x, SHACK_OK);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/*
 * RFC 5847 §3.2: the restart is heard of after what the peer has said since:
 * that stays until the peer, which is asked, says otherwise
 */
static void news_of_restart_come_late(void **state)
{
	struct fixture *x = *state;
	struct peer *p;

	associated(x);
	p = peer_find(&x->peers, &x->self, &x->other);
	p->counter_seen = x->f.now - 1;
	fake_reset(&x->f);
	mag_on_peer_restart(x->m, p);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	assert_null(fake_find(&x->f, FAKE_BINDING_SET, -1));
	shack(x, SHACK_NOT_ATTACHED);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
}

/* RFC 5213 §6.9.1.2-7: a node that is denied is not attached for others */
static void denial_ends_associations(void **state)
{
	struct fixture *x = *state;

	associated(x);
	fake_advance_ms(&x->f, 2700001);
	answer(x, PBA_NOT_LMA_FOR_THIS_MN, NULL);
	assert_string_equal(state_of(x), "denied");
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 2);
	assert_int_equal(x->f.timers.len, 0);
}

/* Draft §5.2 wants no option in an SHAck: the sequence number must do */
static void bare_shack_is_matched(void **state)
{
	struct fixture *x = *state;
	struct in6_addr stranger = fake_addr("2001:db8:bad::1");
	struct mh_msg m;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	m = fake_find_mh(&x->f, MH_SHI, 0)->msg;
	m.kind = MH_SHACK;
	m.opts.present = 0;
	mag_on_shack(x->m, &stranger, &x->self, &m);
	mag_on_shack(x->m, &x->lma, &x->self, &m);
	m.seq++;
	mag_on_shack(x->m, &x->other, &x->self, &m);
	assert_int_equal(mag_counters(x->m)->stray, 3);
	m.seq--;
	mag_on_shack(x->m, &x->other, &x->self, &m);
	assert_int_equal(mag_counters(x->m)->stray, 3);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 2);
}

/* Draft §5.1: without the A flag nothing is returned; without MN-ID it is 128 */
static void odd_solicitations_are_survived(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = { .kind = MH_SHI, .seq = 5, .lifetime = 900 };

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	mag_on_shi(x->m, &x->other, &x->self, &m);
	assert_int_equal(fake_count_mh(&x->f, MH_SHACK), 0);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
	m.opts.present = 0;
	m.flags = SHI_F_A;
	mag_on_shi(x->m, &x->other, &x->self, &m);
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(named_gateway_is_solicited),
		T(lost_shi_is_sent_again),
		T(refused_shi_makes_no_tunnel),
		T(shi_is_answered),
		T(peer_may_not_any_more),
		T(named_peer_goes_on),
		T(lingering_redirects_then_releases),
		T(plain_mode_solicits_nobody),
		T(association_is_refreshed),
		T(unanswered_refresh_expires),
		T(passive_association_expires),
		T(unnamed_gateway_fades),
		T(unnamed_and_silent_fades),
		T(unnamed_but_attached_stays),
		T(release_crosses_solicitation),
		T(anchor_restart_solicits_again),
		T(named_again_in_time_stays),
		T(crossing_solicitations_agree),
		T(binding_error_ends_the_tries),
		T(dead_peer_returns),
		T(refused_peer_is_asked_on_return),
		T(restarted_peer_is_asked_again),
		T(news_of_restart_come_late),
		T(denial_ends_associations),
		T(bare_shack_is_matched),
		T(odd_solicitations_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
