// SPDX-License-Identifier: GPL-2.0
/* The policy file: what is found in it, and what is refused. */
#include "fake_env.h"

#include "mh/mh.h"
#include "policy/policy.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* What is no node's anchor in the tests below */
#define OWN	"2001:db8::99"
/* And in no node's prefix */
#define SELF	"2001:db8:ffff::1"

static int open_text(struct policy *p, const char *text, char *err, size_t size)
{
	char path[] = "/tmp/test_file.XXXXXX";
	const struct policy_own own = {
		.n_anchor = 1, .anchor = { fake_addr(OWN) },
		.n_address = 1, .address = { fake_addr(SELF) },
	};
	int ret, fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	ret = policy_file_open(p, path, &own, err, size);
	unlink(path);
	return ret;
}

/* RFC 5213 §6.2: the fields of the policy profile */
static void profile_is_read(void **state)
{
	static const char text[] =
		"nodes = ( { mn-id = \"a@b.org\"; lma = \"2001:db8::1\";"
		" lladdrs = [ \"02:00:00:00:00:01\", \"02:00:00:00:00:02\" ];"
		" hnps = [ \"2001:db8:1::/64\" ]; multihoming = \"shared\";"
		" access = ( \"802.11\", 3 ); lifetime = 60; allowed = false;"
		" keep-order = true; vendor = ( { id = 4294967295L; subtype = 255; },"
		" { id = 9; subtype = 0; data = \"0aFf\"; } ); },"
		" { mn-id = \"m@b.org\"; multihoming = \"combined\";"
		" shared-hnps = [ \"2001:db8:2::/64\" ]; prefer = ( 8, \"802.11\" ); } );";
	struct mn_id id = fake_nai("a@b.org");
	struct llid l = fake_llid("02:00:00:00:00:02");
	const struct profile *pr;
	struct policy p = { 0 };
	char err[256] = "";

	(void)state;
	assert_int_equal(open_text(&p, text, err, sizeof(err)), 0);
	pr = policy_by_mn_id(&p, &id);
	assert_non_null(pr);
	assert_ptr_equal(pr, policy_by_lladdr(&p, &l));
	assert_int_equal(pr->n_hnp, 1);
	assert_int_equal(pr->att_mask, (1 << 4) | (1 << 3));
	assert_int_equal(pr->lifetime, 60);
	assert_int_equal(pr->multihoming, MULTIHOMING_SHARED);
	assert_false(pr->allowed);
	assert_true(pr->keep_order);
	assert_int_equal(pr->n_vendor, 2);
	assert_int_equal(pr->vendor[0].id, UINT32_MAX);
	assert_int_equal(pr->vendor[0].subtype, 255);
	assert_int_equal(pr->vendor[0].len, 0);
	assert_int_equal(pr->vendor[1].len, 2);
	assert_memory_equal(pr->vendor[1].data, "\x0a\xff", 2);
	id = fake_nai("m@b.org");
	pr = policy_by_mn_id(&p, &id);
	assert_non_null(pr);
	assert_int_equal(pr->multihoming, MULTIHOMING_COMBINED);
	assert_int_equal(pr->n_shared_hnp, 1);
	assert_int_equal(pr->n_prefer, 2);
	assert_int_equal(pr->prefer[0], 8);
	assert_int_equal(pr->prefer[1], 4);
	l = fake_llid("02:00:00:00:00:03");
	assert_null(policy_by_lladdr(&p, &l));
	/* a bad reload leaves the store as it was */
	assert_int_equal(open_text(&p, "nodes = 1;", err, sizeof(err)), -1);
	assert_non_null(policy_by_mn_id(&p, &id));
	policy_free(&p);
}

/* RFC 7864 §3.2.2: which flows go where is policy; one node's takes the place of all nodes' */
static void flows_are_read(void **state)
{
	static const char text[] =
		"nodes = ( { mn-id = \"a@b.org\"; multihoming = \"shared\"; },"
		" { mn-id = \"c@b.org\"; multihoming = \"shared\"; flows = ("
		"  { dport = \"5000-5100\"; proto = 17; access = [ \"802.3\" ]; priority = 9; } ); },"
		" { mn-id = \"d@b.org\"; decides = \"node\"; flows = (); } );"
		"flows = ( { src = \"2001:db8::/32\"; access = ( \"802.11\", 8 ); },"
		" { src = \"192.0.2.0/24\"; format = \"ipv4\"; action = \"drop\"; } );";
	struct policy p = { 0 };
	const struct profile *pr;
	char err[256] = "";
	struct mn_id id;

	(void)state;
	if (open_text(&p, text, err, sizeof(err)))
		fail_msg("%s", err);
	id = fake_nai("a@b.org");
	pr = policy_by_mn_id(&p, &id);
	assert_int_equal(pr->n_rules, 2);
	assert_int_equal(pr->decides, FLOW_DECIDES_LMA);
	assert_int_equal(pr->rule[0].n_att, 2);
	assert_int_equal(pr->rule[0].att[0], 4);
	assert_int_equal(pr->rule[0].att[1], 8);
	assert_int_equal(pr->rule[0].selector.fields, SELECTOR_HAS(SELECTOR_SRC));
	assert_int_equal(pr->rule[0].pri, POLICY_FLOW_PRIORITY);
	assert_true(pr->rule[1].drop);
	assert_int_equal(pr->rule[0].selector.format, SELECTOR_IPV6);
	/* RFC 6088 §3.1, wherever the key is */
	assert_int_equal(pr->rule[1].selector.format, SELECTOR_IPV4);
	assert_int_equal(pr->rule[1].selector.src[1].s6_addr[15], 255);
	id = fake_nai("c@b.org");
	pr = policy_by_mn_id(&p, &id);
	assert_int_equal(pr->n_rules, 1);
	assert_int_equal(pr->rule[0].pri, 9);
	assert_int_equal(pr->rule[0].selector.dport[1], 5100);
	id = fake_nai("d@b.org");
	pr = policy_by_mn_id(&p, &id);
	assert_int_equal(pr->n_rules, 0);
	assert_int_equal(pr->decides, FLOW_DECIDES_NODE);
	policy_free(&p);
}

/* RFC 7542 §2.5: the realm says who decides about a user: one profile speaks for all its nodes */
static void realm_speaks_for_its_nodes(void **state)
{
	static const char text[] =
		"nodes = ( { mn-id = \"*@b.org\"; lifetime = 60; },"
		" { mn-id = \"a@b.org\"; lifetime = 80; } );";
	static const struct { const char *nai; uint32_t lifetime; } want[] = {
		{ "a@b.org", 80 }, { "c@b.org", 60 }, { "x@a@b.org", 60 },
		{ "c@a.b.org", 0 }, { "b.org", 0 }, { "c@b.or", 0 }, { "c@b.orga", 0 },
	};
	struct policy p = { 0 };
	char err[256] = "";
	struct mn_id id;
	size_t i;

	(void)state;
	assert_int_equal(open_text(&p, text, err, sizeof(err)), 0);
	for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const struct profile *pr;

		id = fake_nai(want[i].nai);
		pr = policy_find(&p, &id);
		assert_int_equal(pr ? pr->lifetime : 0, want[i].lifetime);
	}
	/* a gateway knows its nodes one by one */
	id = fake_nai("c@b.org");
	assert_null(policy_by_mn_id(&p, &id));
	/* an identifier of another kind has no realm (RFC 4283 §3) */
	id.subtype = 5;
	assert_null(policy_find(&p, &id));
	policy_free(&p);
}

/* "file:line: key: what" for each kind of mistake */
static void mistakes_are_named(void **state)
{
	static const struct { const char *text, *want; } bad[] = {
		{ "nodes = (\n{ mn-id = \"a@b\"; colour = 1; } );", ":2: colour: " },
		{ "other = 1;", ":1: other: " },
		{ "", ":1: nodes: " },
		{ "nodes = (\n\n{ hnps = [ \"2001:db8::1/64\" ]; } );", ":3: hnps: " },
		{ "nodes = ( { lladdrs = [ \"zz\" ]; } );", ":1: lladdrs: " },
		{ "nodes = ( { lma = \"::\"; } );", ":1: lma: " },
		{ "nodes = ( { mn-id = \"a@b\";\nlma = \"" OWN "\"; } );", ":2: lma: " },
		/* found by fuzz/policy: it was said of the file, but of no line */
		{ "nodes = ( { mn-id = \"a@b\";\nhnps = [ \"2001:db8:ffff::/64\" ]; } );",
		  ":2: hnps: \"2001:db8:ffff::/64\" holds this gateway's own address" },
		{ "nodes = ( { access = [ 16 ]; } );", ":1: access: " },
		{ "nodes = (\n{ mn-id = \"*@b\"; hnps = [ \"2001:db8::/64\" ]; } );",
		  ":2: mn-id: " },
		{ "nodes = (\n{ hnps = [ \"ff02::/16\" ]; } );", ":2: hnps: \"ff02::/16\" is no" },
		{ "nodes = (\n{ hnps = [ \"fe80::/10\" ]; } );", ":2: hnps: \"fe80::/10\" is no" },
		{ "nodes = (\n{ hnps = [ \"fe00::/8\" ]; } );", ":2: hnps: \"fe00::/8\" is no" },
		{ "nodes = ( { hnps = [ \"::1/128\" ]; } );", ":1: hnps: \"::1/128\" is no" },
		{ "nodes = ( {mn-id=\"a@b\"; hnps = [ \"2001:db8::/64\" ];},\n"
		  "{mn-id=\"c@b\"; hnps = [ \"2001:db8::/64\" ];} );",
		  ":2: hnps: \"2001:db8::/64\" is there twice" },
		{ "nodes = ( {mn-id=\"a@b\"; hnps = [ \"2001:db8:0:1::/64\" ];},\n"
		  "{mn-id=\"d@b\"; hnps = [ \"2001:db8:9::/64\" ];},\n"
		  "{mn-id=\"c@b\"; hnps = [ \"2001:db8::/63\", \"2001:db8:1::/64\" ];} );",
		  ":3: hnps: \"2001:db8::/63\" and \"2001:db8:0:1::/64\" overlap" },
		{ "nodes = ( { multihoming = \"both\"; } );", ":1: multihoming: " },
		{ "nodes = ( { mn-id = \"a@b\"; multihoming = \"different\";\n"
		  "shared-hnps = [ \"2001:db8::/64\" ]; } );", ":2: shared-hnps: only with" },
		{ "nodes = ( { mn-id = \"a@b\"; multihoming = \"combined\";\n"
		  "shared-hnps = [ \"2001:db8::/64\" ]; hnps = [ \"2001:db8::/56\" ]; } );",
		  ":2: shared-hnps: \"2001:db8::/56\" and" },
		{ "nodes = (\n{ mn-id = \"*@b\"; multihoming = \"combined\";"
		  " shared-hnps = [ \"2001:db8::/64\" ]; } );", ":2: mn-id: " },
		{ "nodes = ( { prefer = [ \"802.11\", \"802.11\" ]; } );", ":1: prefer: a tech" },
		{ "nodes = ( { prefer = [ 16 ]; } );", ":1: prefer: " },
		/* RFC 7864 §3.2: "it MUST NOT be taken by both" */
		{ "nodes = ( { mn-id = \"a@b\"; multihoming = \"shared\"; decides = \"node\";\n"
		  "flows = ( { access = [ 4 ]; } ); } );", ":2: flows: the node decides" },
		{ "nodes = ( { mn-id = \"a@b\"; multihoming = \"shared\";\n"
		  "decides = \"node\"; } );\n"
		  "flows = ( { access = [ 4 ]; } );",
		  ":2: decides: the anchor would, too, by line 3" },
		{ "nodes = ( { mn-id = \"a@b\";\nflows = ( { access = [ 4 ]; } ); } );",
		  ":2: flows: not with multihoming" },
		{ "nodes = ( { decides = \"mag\"; } );", ":1: decides: " },
		{ "nodes = (); flows = (\n{ proto = 6; } );", ":2: flows: a flow lacks" },
		{ "nodes = (); flows = (\n{ action = \"drop\"; access = [ 4 ]; } );",
		  ":2: access: what is dropped" },
		{ "nodes = (); flows = (\n{ action = \"hold\"; } );", ":2: action: " },
		{ "nodes = (); flows = (\n{ proto = 256; } );", ":2: proto: \"256\" is no" },
		{ "nodes = (); flows = (\n{ dport = \"9-1\"; } );", ":2: dport: " },
		{ "nodes = (); flows = (\n{ priority = 0; } );", ":2: priority: " },
		{ "nodes = (); flows = (\n{ port = 1; } );", ":2: port: no such key" },
		{ "nodes = (); flows = (\n{ priority = 1; access = [ 4 ]; },\n"
		  "{ priority = 1; access = [ 4 ]; } );", ":3: flows: priority 1 is there twice" },
		{ "nodes = (); flows = ( 1 );", ":1: flows: a group" },
		{ "nodes = (); flows = ( {}, {}, {}, {}, {}, {}, {}, {}, {} );",
		  ":1: flows: 9 entries" },
		{ "nodes = ( { access = [ \"wifi\" ]; } );", ":1: access: " },
		{ "nodes = ( { lifetime = 1; } );", ":1: lifetime: " },
		{ "nodes = ( { allowed = 1; } );", ":1: allowed: " },
		{ "nodes = ( { keep-order = 1; } );", ":1: keep-order: " },
		{ "nodes = ( { vendor = 1; } );", ":1: vendor: " },
		{ "nodes = ( { vendor = ( 1 ); } );", ":1: vendor: a group" },
		{ "nodes = ( { vendor = ( { id = 1; } ); } );", ":1: vendor: an option lacks" },
		{ "nodes = ( { vendor = ( { id = -1; } ); } );", ":1: id: -1 is out of 0 to 4294" },
		{ "nodes = ( { vendor = ( { id = \"x\"; } ); } );", ":1: id: a number" },
		{ "nodes = ( { vendor = ( { subtype = 256; } ); } );", ":1: subtype: 256 is out" },
		{ "nodes = ( { vendor = ( { data = \"0\"; } ); } );", ":1: data: \"0\" is no row" },
		{ "nodes = ( { vendor = ( { data = \"0g\"; } ); } );", ":1: data: \"0g\" is no" },
		{ "nodes = ( { vendor = ( { name = 1; } ); } );", ":1: name: no such key" },
		{ "nodes = ( { vendor = ( { id = 1; subtype = 2; },\n"
		  "{ id = 1; subtype = 2; } ); } );", ":2: vendor: id 1 with subtype 2 is" },
		{ "nodes = ( { lladdrs = [ ]; } );", "mn-id" },
		{ "nodes = ( {mn-id=\"a@b\";},\n{mn-id=\"a@b\";} );", ":2: mn-id: " },
		{ "nodes = ( {mn-id=\"a@b\";lladdrs=[\"02:00:00:00:00:01\"];},\n"
		  "{mn-id=\"c@b\";lladdrs=[\"02:00:00:00:00:01\"];} );", ":2: lladdrs: " },
		{ "nodes = (\n{ mn-id = ; } );", ":2: syntax: " },
	};
	struct policy p = { 0 };
	char err[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err[0] = 0;
		assert_int_equal(open_text(&p, bad[i].text, err, sizeof(err)), -1);
		if (!strstr(err, bad[i].want))
			fail_msg("\"%s\" lacks \"%s\"", err, bad[i].want);
	}
	assert_int_equal(policy_file_open(&p, "/nonexistent", &(struct policy_own){ 0 }, err,
					  sizeof(err)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profile_is_read),
		cmocka_unit_test(flows_are_read),
		cmocka_unit_test(realm_speaks_for_its_nodes),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
