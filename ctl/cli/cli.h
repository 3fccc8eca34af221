/* SPDX-License-Identifier: GPL-2.0 */
/* pmipctl: what its commands share. */
#ifndef CTL_CLI_CLI_H
#define CTL_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/genl.h"

#define CLI_SOCKET	"/run/pmipd/control"

/* Exit statuses */
enum {
	CLI_OK,
	CLI_FAILED,	/* the kernel or the controller refused */
	CLI_USAGE,
};

struct batch;

struct cli {
	bool json;
	bool force;		/* a batch goes on after an error */
	const char *socket;	/* the controller's control socket */
	FILE *out, *err;
	struct genl genl;	/* opened with the first request */
	struct batch *batch;	/* the one that is being read, or NULL */
};

/* The words of a command that are still to be read */
struct args {
	int argc;
	char **argv;
};

struct cli_verb {
	const char *name;
	int (*run)(struct cli *c, struct args *a);
};

struct cli_object {
	const char *name;
	const struct cli_verb *verbs;	/* ends with a NULL name, the first is the default */
	int (*run)(struct cli *c, struct args *a);	/* where there are no verbs */
	const char *usage;
};

extern const struct cli_object cli_tunnel, cli_link, cli_binding, cli_flow, cli_load, cli_path,
			       cli_purge, cli_stats, cli_session, cli_peer,
			       cli_attach, cli_detach, cli_monitor, cli_version,
			       cli_handover, cli_lma_handover, cli_hold, cli_listener, cli_group,
			       cli_multicast, cli_pair, cli_policy, cli_pool, cli_reload,
			       cli_signal, cli_ipsec;

/* dispatch.c */
int cli_run(struct cli *c, int argc, char **argv);
void cli_close(struct cli *c);
__attribute__((format(printf, 2, 3)))
int cli_usage(struct cli *c, const char *fmt, ...);	/* CLI_USAGE */
__attribute__((format(printf, 2, 3)))
int cli_fail(struct cli *c, const char *fmt, ...);	/* CLI_FAILED */

/* request.c */
struct genl *cli_genl(struct cli *c);		/* NULL: has said why */
int cli_begin(struct cli *c, struct genl_req *r, uint8_t cmd, int flags);
int cli_request(struct cli *c, struct genl_req *r);
int cli_request_bundled(struct cli *c, struct genl_req *r);
int cli_get(struct cli *c, struct genl_req *r, struct genl_answers *a);

/* batch.c */
int batch_run(struct cli *c, const char *file);
int batch_add(struct cli *c, struct genl_req *r);
int batch_flush(struct cli *c);

#endif
