/* SPDX-License-Identifier: GPL-2.0 */
/* The network device of kind "pmip": the entrance by way of the stack. */
#ifndef _PMIP_DEVICE_H
#define _PMIP_DEVICE_H

#include <linux/netdevice.h>

bool pmip_device_is(const struct net_device *dev);
int pmip_device_init(void);
void pmip_device_exit(void);

#endif /* _PMIP_DEVICE_H */
