/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: a packet that was dropped, a packet that went another way. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pmip

#if !defined(_PMIP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _PMIP_TRACE_H

#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "compat.h"

TRACE_EVENT(pmip_drop,
	TP_PROTO(const struct sk_buff *skb, const char *reason),
	TP_ARGS(skb, reason),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__field(int, ifindex)
		__string(reason, reason)
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->ifindex = skb->dev ? skb->dev->ifindex : 0;
		PMIP_ASSIGN_STR(reason, reason);
	),
	TP_printk("skbaddr=%p len=%u ifindex=%d reason=%s", __entry->skbaddr,
		  __entry->len, __entry->ifindex, __get_str(reason))
);

TRACE_EVENT(pmip_redirect,
	TP_PROTO(const struct sk_buff *skb, const struct in6_addr *prefix,
		 u32 tunnel, int ifindex),
	TP_ARGS(skb, prefix, tunnel, ifindex),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__array(u8, prefix, 16)
		__field(u32, tunnel)
		__field(int, ifindex)
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		memcpy(__entry->prefix, prefix, sizeof(*prefix));
		__entry->tunnel = tunnel;
		__entry->ifindex = ifindex;
	),
	TP_printk("skbaddr=%p len=%u prefix=%pI6c tunnel=%u ifindex=%d",
		  __entry->skbaddr, __entry->len, __entry->prefix,
		  __entry->tunnel, __entry->ifindex)
);

#endif /* _PMIP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
