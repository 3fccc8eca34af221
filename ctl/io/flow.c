// SPDX-License-Identifier: GPL-2.0
/*
 * Flows of the state machines, pushed into the kernel module.  Those that an
 * earlier daemon has left there stay until the purge, or until one of this
 * daemon's takes the priority that they have: it is the node's only one.
 */
#include "core/hash.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

struct old_flow {
	uint16_t fid, pri;
	struct old_flow *prev, *next;
};

struct old_flows {
	uint64_t node;
	struct old_flow *list;
	UT_hash_handle hh;
};

static struct old_flows *find(struct io *io, uint64_t node)
{
	struct old_flows *n;

	HASH_FIND(hh, io->old_flows, &node, sizeof(node), n);
	return n;
}

static struct old_flows *get(struct io *io, uint64_t node)
{
	struct old_flows *n = find(io, node);

	if (n)
		return n;
	n = calloc(1, sizeof(*n));
	if (!n)
		return NULL;
	n->node = node;
	HASH_ADD(hh, io->old_flows, node, sizeof(n->node), n);
	return n;
}

/**
 * flow_keep() - note a flow of an earlier daemon
 * @io: the daemon
 * @f: the flow as the kernel has it: node, identifier and priority
 *
 * Return: 0 or -ENOMEM.
 */
int flow_keep(struct io *io, const struct dp_flow *f)
{
	struct old_flow *o = calloc(1, sizeof(*o));
	struct old_flows *n = o ? get(io, f->node) : NULL;

	if (!n) {
		free(o);
		return -ENOMEM;
	}
	o->fid = f->fid;
	o->pri = f->pri;
	DL_APPEND(n->list, o);
	return 0;
}

static int load_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct dp_flow f;

	if (pmip_msg_parse_flow(nlh, &f) || !flow_keep(arg, &f))
		return MNL_CB_OK;
	errno = ENOMEM;
	return MNL_CB_ERROR;
}

/**
 * flow_load() - learn which flows the kernel has kept
 * @io: the daemon
 *
 * Return: 0 or -errno.
 */
int flow_load(struct io *io)
{
	return genl_dump(&io->genl, PMIP_CMD_FLOW_GET, load_cb, io);
}

/**
 * flow_forget() - what an earlier daemon has left is no matter any more
 * @io: the daemon
 */
void flow_forget(struct io *io)
{
	struct old_flows *n, *tmp;
	struct old_flow *f, *ftmp;

	HASH_ITER(hh, io->old_flows, n, tmp) {
		HASH_DEL(io->old_flows, n);
		DL_FOREACH_SAFE(n->list, f, ftmp)
			free(f);
		free(n);
	}
}

/**
 * flow_in_the_way() - which flow of an earlier daemon has a priority
 * @io: the daemon
 * @f: the flow that is to have it; it is this daemon's from now on
 *
 * Return: its identifier, 0 if there is none; it is in the way no more.
 */
uint16_t flow_in_the_way(struct io *io, const struct dp_flow *f)
{
	struct old_flows *n = find(io, f->node);
	struct old_flow *o, *tmp;
	uint16_t fid = 0;

	if (!n)
		return 0;
	DL_FOREACH_SAFE(n->list, o, tmp) {
		if (o->fid != f->fid && o->pri != f->pri)
			continue;
		if (o->fid != f->fid)
			fid = o->fid;
		DL_DELETE(n->list, o);
		free(o);
	}
	return fid;
}

static void del(struct io *io, uint64_t node, uint16_t fid)
{
	struct nlmsghdr *nlh;

	nlh = genl_begin(&io->genl, PMIP_CMD_FLOW_DEL, 0, "flow %u of node %llx: removal", fid,
			 (unsigned long long)node);
	pmip_msg_flow_key(nlh, node, fid);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_flow_set() - create or change a flow
 * @io: the daemon
 * @f: the flow
 *
 * One that selects IPv4 packets selects none that the module has.
 */
void forwarding_flow_set(struct io *io, const struct dp_flow *f)
{
	struct nlmsghdr *nlh;
	uint16_t old;

	if (!io->genl.nl)
		return;
	old = flow_in_the_way(io, f);
	if (old)
		del(io, f->node, old);
	if (!pmip_msg_flow_matches(f)) {
		del(io, f->node, f->fid);
		return;
	}
	nlh = genl_begin(&io->genl, PMIP_CMD_FLOW_NEW, NLM_F_CREATE | NLM_F_REPLACE,
			 "flow %u of node %llx", f->fid, (unsigned long long)f->node);
	pmip_msg_flow(nlh, f, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_flow_del() - remove a flow
 * @io: the daemon
 * @node: whose, as in its bindings
 * @fid: its identifier
 */
void forwarding_flow_del(struct io *io, uint64_t node, uint16_t fid)
{
	const struct dp_flow gone = { .node = node, .fid = fid };

	if (!io->genl.nl)
		return;
	flow_in_the_way(io, &gone);
	del(io, node, fid);
}
