/* SPDX-License-Identifier: GPL-2.0 */
/* The gateway's own packets to mobile nodes. */
#ifndef _PMIP_LOCAL_H
#define _PMIP_LOCAL_H

#include <net/net_namespace.h>

int pmip_local_register(struct net *net);
void pmip_local_unregister(struct net *net);

#endif /* _PMIP_LOCAL_H */
