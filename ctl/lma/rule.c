// SPDX-License-Identifier: GPL-2.0
/* Flows that the policy wants: whose packets prefer which access technology. */
#include "lma/flows.h"

#include "core/log.h"

#include <string.h>
#include <utlist.h>

/* Of the attachments by a technology the oldest; @high: whose links are loaded */
static const struct bce *by_technology(const struct lma *l, const struct node *n,
				       uint8_t att, bool high)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && b->att == att && load_is_high(l, b) == high)
			return b;
	return NULL;
}

/* Loaded links come last, so that they are taken only when there is no other. */
static void add_attachments(const struct lma *l, const struct node *n,
			    const struct flow_rule *r, bool high, struct flow_spec *s)
{
	const struct bce *b;
	unsigned int i;

	for (i = 0; i < r->n_att; i++) {
		b = by_technology(l, n, r->att[i], high);
		if (b && s->n_bid < PMIP_FLOW_BIDS)
			s->bid[s->n_bid++] = b->bid;
	}
}

static void fill(const struct lma *l, const struct node *n, const struct flow_rule *r,
		 uint16_t fid, struct flow_spec *s)
{
	memset(s, 0, sizeof(*s));
	s->fid = fid;
	s->pri = r->pri;
	s->verdict = r->drop ? FLOW_DROP : FLOW_FORWARD;
	s->selector = r->selector;
	add_attachments(l, n, r, false, s);
	add_attachments(l, n, r, true, s);
}

static void apply(struct lma *l, struct node *n, const struct flow_rule *r, uint16_t fid)
{
	char text[MN_ID_STRLEN];
	struct flow_spec s;
	struct mn_id id;
	int err;

	fill(l, n, r, fid, &s);
	if (s.verdict == FLOW_FORWARD && !s.n_bid) {
		if (n->flows && flows_find(n->flows, fid))
			flows_remove(n->flows, fid);
		return;
	}
	err = flows_put(l, n, &s, FLOW_FOREVER, LMA_FLOW_POLICY);
	if (!err)
		return;
	id = node_id(n);
	log_ratelimited(LOG_WARNING, "%s: flow %u of the policy: %s",
			mn_id_str(&id, text, sizeof(text)), fid, strerror(-err));
}

/**
 * rules_apply() - let a node's flows go where the policy prefers
 * @l: the anchor
 * @n: the node; some of its attachments have come or gone
 * @prof: its profile
 *
 * A flow of the policy is there while an attachment by one of its technologies is,
 * and goes through the first of them; one that is dropped is always there.  Its
 * identifier is LMA_FLOW_RULES and its place in the list.  Those that the profile had
 * when it was another go.
 */
void rules_apply(struct lma *l, struct node *n, const struct profile *prof)
{
	bool rules = prof->decides != FLOW_DECIDES_NODE && profile_moves_flows(prof);
	unsigned int i, count = rules ? prof->n_rules : 0;

	for (i = 0; i < count; i++)
		apply(l, n, &prof->rule[i], (uint16_t)(LMA_FLOW_RULES + i));
	for (; n->flows && i < FLOWS_MAX; i++)
		if (flows_find(n->flows, (uint16_t)(LMA_FLOW_RULES + i)))
			flows_remove(n->flows, (uint16_t)(LMA_FLOW_RULES + i));
}
