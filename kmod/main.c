// SPDX-License-Identifier: GPL-2.0
/* Subsystems up in order, down in reverse. */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "batch.h"
#include "binding.h"
#include "decap.h"
#include "device.h"
#include "flow.h"
#include "group.h"
#include "link.h"
#include "listener.h"
#include "netlink.h"
#include "netns.h"
#include "path.h"
#include "policy.h"

static int __init pmip_init(void)
{
	int err;

	err = pmip_batch_init();
	if (err)
		return err;
	pmip_group_init();
	pmip_listener_init();
	err = pmip_binding_cache_init();
	if (err)
		goto err_batch;
	err = pmip_path_cache_init();
	if (err)
		goto err_binding_cache;
	err = pmip_flow_cache_init();
	if (err)
		goto err_path_cache;
	err = pmip_netns_init();
	if (err)
		goto err_flow_cache;
	pmip_policy_init();
	err = pmip_link_notifier_init();
	if (err)
		goto err_policy;
	err = pmip_device_init();
	if (err)
		goto err_notifier;
	err = pmip_decap_init();
	if (err)
		goto err_device;
	err = pmip_netlink_init();
	if (err)
		goto err_decap;
	return 0;

err_decap:
	pmip_decap_exit();
err_device:
	pmip_device_exit();
err_notifier:
	pmip_link_notifier_exit();
err_policy:
	pmip_policy_exit();
	pmip_netns_exit();
err_flow_cache:
	pmip_flow_cache_exit();
err_path_cache:
	pmip_path_cache_exit();
err_binding_cache:
	pmip_binding_cache_exit();
err_batch:
	pmip_batch_exit();
	return err;
}

static void __exit pmip_exit(void)
{
	pmip_netlink_exit();
	pmip_decap_exit();
	pmip_device_exit();
	pmip_link_notifier_exit();
	pmip_policy_exit();
	pmip_netns_exit();
	pmip_batch_exit();
	pmip_flow_cache_exit();
	pmip_path_cache_exit();
	pmip_binding_cache_exit();
}

module_init(pmip_init);
module_exit(pmip_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Proxy Mobile IPv6 forwarding with multihoming");
MODULE_ALIAS_RTNL_LINK("pmip");
MODULE_ALIAS_GENL_FAMILY("pmip");
