/* SPDX-License-Identifier: GPL-2.0 */
/* Inside ctl/peer: the heartbeats' side of a peer, and the tunnel's. */
#ifndef CTL_PEER_HEARTBEAT_H
#define CTL_PEER_HEARTBEAT_H

#include "peer/peer.h"

void heartbeat_timer(void *arg);
int heartbeat_start(struct peer *p);
void heartbeat_stop(struct peer *p);

void peer_set_alive(struct peer *p, bool alive);

#endif
