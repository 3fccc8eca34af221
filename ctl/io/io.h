/* SPDX-License-Identifier: GPL-2.0 */
/* The daemon around the state machines: sockets, kernel, timers, control. */
#ifndef CTL_IO_IO_H
#define CTL_IO_IO_H

#include "conf/conf.h"
#include "io/genl.h"

#include <ev.h>
#include <linux/filter.h>
#include <stdio.h>

#ifndef PMIP_VERSION
#define PMIP_VERSION	"0.1.0"
#endif

#define IO_LINKS_MAX	(MAG_LINKS_MAX + CONF_PORTS_MAX)
#define IO_BURST	64	/* messages read from one socket per turn */
#define BACKLOG_MAX	4096	/* messages that wait for the end of the start */

struct io_counters {
	uint64_t mh_rx, mh_waited, mh_wait_dropped, mh_tx, mh_tx_failed,
		 mh_limited, mh_unprotected, mh_not_ours, mh_no_role, mh_checksum, mh_malformed,
		 mh_unknown_type, be_tx, param_problem_tx,
		 answers_limited, nd_rx, nd_invalid, ra_tx_failed,
		 mld_rx, mld_tx, mld_tx_failed,
		 netlink_errors, events, events_lost, monitors_dropped;
};

/* A device of the configuration file: an access link or a port */
struct io_link {
	struct io *io;
	const char *name;
	struct mag_link_conf *access;	/* NULL: a port */
	bool stack;
	uint32_t ifindex;		/* 0: absent */
	bool running;			/* admin up and carrier */
	struct llid lladdr;		/* the device's own */
	struct llid detached;		/* by the operator, who is not contradicted */
	uint64_t detached_until;	/* before this, but by a solicitation */
	int fd;				/* packet socket: access links, multicast upstream; -1 */
	struct ev_io watch;
};

/* See backlog.c */
struct waiting;

struct backlog {
	struct waiting *list;
	unsigned int n;
};

struct store;
struct announce;
struct control;
struct ipsec;
struct kept;
struct redis;
struct radius;
struct pair_io;
struct reload;
struct supervisor;
struct pmip_event_msg;

struct io {
	struct conf *conf;
	struct ev_loop *loop;
	struct ev_timer timer;
	struct ev_prepare prepare;
	struct ev_signal sigterm, sigint;

	struct env env;
	struct timerq timers;
	struct timer purge;
	struct timer peer_file;	/* runs after each writing */
	struct timer measure;
	struct peers peers;
	struct policy policy;
	struct reload *reload;	/* of the policy file */
	struct redis *redis;	/* what io.policy is, or NULL */
	struct radius *radius;	/* likewise */
	struct pair_io *pair;	/* one of two anchors, or NULL */
	struct lma *lma;
	struct mag *mag;
	uint32_t generation;	/* of this start: of the kernel's objects */
	struct store *store;	/* NULL: nothing is written down */
	bool whole;		/* an earlier daemon's state goes on, all of it */
	bool again;		/* after the stop all begins anew */
	bool stopped;		/* by a signal */
	int state_lock;

	int mh_fd, icmp_fd;
	struct ev_io mh_watch;
	struct ipsec *ipsec;	/* NULL: nobody has to protect messages */
	int mld_fd;		/* what tunnels bring of MLD */
	struct ev_io mld_watch;
	bool starting;		/* what is no heartbeat has to wait */
	struct backlog backlog;
	struct ev_timer backlog_timer;
	uint64_t came;		/* ns of the wall clock: of the message at hand; 0: now */
	struct limit *limit;	/* of messages, and of errors sent to strangers */

	struct genl genl;
	int event_fd;
	struct ev_io event_watch;
	/* tunnels that the kernel had before this start, by two keys */
	struct tunnel_map *tunnels, *tunnels_by_id;
	/* numbers of ours that the kernel has given to somebody else's tunnel */
	struct taken_id *taken;
	struct inherited *inherited;	/* by prefix, see inherit.c */
	struct old_flows *old_flows;	/* by node, see flow.c */
	struct kept *kept;	/* until all links are known */
	bool purged;
	bool taken_over;	/* what the kernel kept of attachments */

	int rtnl_fd, rtnl_event_fd;
	uint32_t rtnl_seq;
	struct ev_io rtnl_watch;
	struct announce *announce;	/* NULL: nothing is */
	unsigned int n_links;
	struct io_link link[IO_LINKS_MAX];

	struct control *control;
	struct supervisor *supervisor;	/* NULL: nobody watches */
	struct io_counters counters;
};

/* loop.c */
struct io *io_new(struct conf *conf);
int io_run(struct io *io);
void io_stop(struct io *io);
void io_free(struct io *io);
void io_serve(void *arg);

/* env.c */
extern const struct env_ops io_env_ops;

/* mh_socket.c */
struct mh_packet {
	struct in6_addr src, dst;
	uint8_t hop_limit, traffic_class;
	const uint8_t *data;
	size_t len;
	uint64_t came;		/* ns of the wall clock */
};

int mh_socket_open(struct io *io);
void mh_socket_close(struct io *io);
void mh_socket_serve(struct io *io);
int mh_socket_raw(void);
int mh_socket_read(struct io *io, int fd,
		   void (*each)(struct io *io, const struct mh_packet *p));

/* mh_send.c */
void mh_socket_send(struct io *io, const struct in6_addr *src,
		    const struct in6_addr *dst, const struct mh_msg *msg);
void mh_socket_flush(struct io *io);

/* dispatch.c */
void dispatch_mh(struct io *io, const struct mh_packet *p);
void dispatch_backlog(struct io *io);

/* backlog.c: messages that came before the machines were up */
struct waiting {
	struct mh_packet packet;
	struct waiting *prev, *next;
	uint8_t data[];
};

int backlog_put(struct backlog *b, const struct mh_packet *p);
struct waiting *backlog_take(struct backlog *b);
void backlog_free(struct backlog *b);

/* icmp6.c */
int icmp6_open(struct io *io);
void icmp6_close(struct io *io);
void icmp6_parameter_problem(struct io *io, const struct mh_packet *p, size_t offset);
int icmp6_claim(struct io *io, const char *device, const struct in6_addr *addr);
void icmp6_send_ra(struct io *io, const struct ra_out *ra);

/* link_listen.c */
typedef void link_readable_t(struct ev_loop *loop, struct ev_io *w, int revents);

int link_listen(struct io_link *l, const struct sock_fprog *filter, link_readable_t *readable);
void link_unlisten(struct io_link *l);

/* link_send.c */
const struct llid *link_lladdr(const struct io_link *l);
int link_send(const struct io_link *l, const struct llid *to, const uint8_t *pkt, size_t len);

/* mld_tunnel.c, mld_link.c */
int mld_tunnel_open(struct io *io);
void mld_tunnel_close(struct io *io);
int mld_tunnel_send(struct io *io, const struct mld_out *m);
void mld_send(struct io *io, const struct mld_out *m);
void mld_upstream_seen(struct io_link *l);
void mld_upstream_gone(struct io_link *l);

/* solicit.c */
int solicit_open(struct io_link *l);

/* forwarding.c */
int forwarding_open(struct io *io);
int forwarding_load(struct io *io);
void forwarding_close(struct io *io);
void forwarding_flush(struct io *io);
int forwarding_commit(struct io *io);
int forwarding_reload(struct io *io);
void forwarding_tunnel_set(struct io *io, const struct dp_tunnel *t);
void forwarding_tunnel_remove(struct io *io, uint32_t kernel_id);
void forwarding_tunnel_del(struct io *io, uint32_t id);
void forwarding_binding_set(struct io *io, const struct dp_binding *b);
void forwarding_binding_del(struct io *io, const struct prefix *p);
void forwarding_path_state(struct io *io, uint32_t ifindex,
			   const struct llid *lladdr, uint8_t state);
void forwarding_link_set(struct io *io, const struct io_link *l);
bool forwarding_purge(struct io *io, uint32_t limit);
void forwarding_purged(struct io *io);

/* purge.c */
void purge_plan(struct io *io, uint64_t took);

/* flow.c: flows of an earlier daemon's are only known until the purge */
int flow_load(struct io *io);
int flow_keep(struct io *io, const struct dp_flow *f);
void flow_forget(struct io *io);
uint16_t flow_in_the_way(struct io *io, const struct dp_flow *f);
void forwarding_flow_set(struct io *io, const struct dp_flow *f);
void forwarding_flow_del(struct io *io, uint64_t node, uint16_t fid);

/* listener.c */
void forwarding_listener_set(struct io *io, const struct dp_listener *l);
void forwarding_listener_del(struct io *io, const struct dp_listener *l);

/* hold.c */
void forwarding_hold_limits(struct io *io);
void forwarding_hold_release(struct io *io, const struct prefix *p, uint8_t to);
void forwarding_return_set(struct io *io, const struct prefix *p,
			   const struct dp_return *r);

/* tunnel_map.c: tunnels that the kernel kept keep their numbers there */
int tunnel_map_load(struct io *io);
void tunnel_map_free(struct io *io);
bool tunnel_map_unheard(struct io *io);
uint32_t tunnel_map_adopt(struct io *io, const struct dp_tunnel *t);
uint32_t tunnel_map_id(const struct io *io, uint32_t id);
bool tunnel_map_release(struct io *io, uint32_t id);
void tunnel_map_forget(struct io *io, uint32_t id);
void tunnel_map_purge(struct io *io);
void tunnel_map_take(struct io *io, uint32_t id);
bool tunnel_map_give_back(struct io *io, uint32_t id);

/* event.c */
int event_open(struct io *io);
void event_close(struct io *io);

/* rtnl.c */
struct nlmsghdr *rtnl_request(struct io *io, void *buf, uint16_t type, uint16_t flags);
int rtnl_talk(struct io *io, const struct nlmsghdr *nlh, mnl_cb_t cb, void *arg);
int rtnl_socket(unsigned int groups);
int rtnl_open(struct io *io);
void rtnl_close(struct io *io);
int rtnl_open_requests(struct io *io);
int rtnl_device_create(struct io *io, const char *name);
int rtnl_device_up(struct io *io, uint32_t ifindex);
int rtnl_set_lladdr(struct io *io, const struct io_link *l, const struct llid *lladdr);
int rtnl_add_address(struct io *io, uint32_t ifindex, const struct in6_addr *a, uint8_t len);
int rtnl_lend_address(struct io *io, uint32_t ifindex, const struct in6_addr *a);
int rtnl_del_address(struct io *io, uint32_t ifindex, const struct in6_addr *a, uint8_t len);
int rtnl_add_rule(struct io *io, const char *iif, uint32_t table);
int rtnl_probe(struct io *io, uint32_t ifindex, const struct in6_addr *addr,
	       const struct llid *lladdr);
int rtnl_dump_links(struct io *io);
int rtnl_link_running(struct io *io, const char *name);
int rtnl_link_bytes(struct io *io, const char *name, uint64_t *tx, uint64_t *rx);
int rtnl_dump_neighbours(struct io *io, mnl_cb_t cb, void *arg);

/* link.c */
void link_table_init(struct io *io);
void link_table_close(struct io *io);
void link_seen(struct io *io, uint32_t ifindex, const char *name, bool running,
	       const struct llid *lladdr);
void link_gone(struct io *io, uint32_t ifindex);
void link_carrier(struct io *io, uint32_t ifindex);
const char *link_name(const struct io *io, uint32_t ifindex);
struct io_link *link_by_name(struct io *io, const char *name);
struct io_link *link_by_index(struct io *io, uint32_t ifindex);

/* device.c */
int device_setup(struct io *io);
int device_pools(struct io *io, const struct lma_conf *c);
void device_sysctl(const char *name, const char *key, const char *value);

/* restart.c */
int restart_replace(const char *dir);
int restart_counter(const char *dir, uint32_t *counter, int *lock);
int restart_counter_pass(const char *dir, uint32_t *counter, uint32_t beyond);

/* peer_file.c */
int peer_file_parse(const char *line, struct peer_memory *m);
bool peer_file_print(FILE *f, const struct peer_memory *m);
void peer_file_load(struct io *io);
void peer_file_store(struct io *io);
void peer_file_flush(struct io *io);

/* inherit.c: paths that an earlier daemon gave to a binding, until the purge */
int inherit_add(struct io *io, const struct dp_binding *b);
void inherit_merge(struct io *io, const struct dp_binding *asked, struct dp_binding *k);
void inherit_forget(struct io *io, const struct prefix *p);
bool inherit_end(struct io *io, unsigned int limit);
void inherit_free(struct io *io);

/* kept.c: attachments that an earlier daemon left in the kernel */
int kept_add(struct kept **table, const struct dp_binding *b);
void kept_state(struct kept *table, const struct pmip_event_msg *e);
size_t kept_list(const struct kept *table, struct mag_kept **list, struct io *io);
void kept_free(struct kept **table);
void kept_take_over(struct io *io);

/* recall.c: what an earlier daemon has written down */
struct store *recall_store(struct io *io, uint32_t *counter);
void recall_open(struct io *io);
void recall_nodes(struct io *io);
void recall_sessions(struct io *io);

/* measure.c: how loaded links are, for the anchor */
void measure_start(struct io *io);

/* loop.c */
void know_peers(struct io *io);

/* reconfigure.c: the configuration file */
int reconfigure(struct io *io, char *err, size_t size);

/* reload.c: the policy file */
int reload_start(struct io *io);
void reload_now(struct io *io);
const char *reload_error(const struct io *io);
void reload_stop(struct io *io);

/* supervisor.c: who has started the daemon */
int supervisor_open(struct io *io);
void supervisor_ready(struct io *io, const char *status);
void supervisor_amid(struct io *io);
void supervisor_reloading(struct io *io);
void supervisor_reloaded(struct io *io, const char *refused);
void supervisor_stopping(struct io *io);
void supervisor_close(struct io *io);

/* control.c */
int control_start(struct io *io);
void control_stop(struct io *io);

#endif
