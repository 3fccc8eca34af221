// SPDX-License-Identifier: GPL-2.0
/* Names of what handover, flow mobility, revocation and notification answer, and why. */
#include "mh/mh.h"

#include <stddef.h>

struct name {
	uint16_t value;
	const char *name;
};

/* The table ends where there is no name. */
static const char *find(const struct name *n, uint16_t value)
{
	for (; n->name; n++)
		if (n->value == value)
			return n->name;
	return "unknown";
}

/**
 * fma_status_str - the name of an FMA status value
 * @status: draft: flow mobility §4.2, numbers of this project
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *fma_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ FMA_OK, "success" },
		{ FMA_UNSPECIFIED, "reason unspecified" },
		{ FMA_NOT_ATTACHED, "MN not attached" },
		{ FMA_SEQ_OUT_OF_WINDOW, "sequence number out of window" },
		{ FMA_TS_UNSUPPORTED, "traffic selector format unsupported" },
		{ FMA_NO_ENTRY, "no existing flow mobility cache entry" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * bri_trigger_str - the name of a revocation trigger
 * @trigger: RFC 5846 §5.1
 *
 * Return: a constant string, "unknown" for reserved and test values.
 */
const char *bri_trigger_str(uint8_t trigger)
{
	static const struct name names[] = {
		{ BRI_UNSPECIFIED, "unspecified" },
		{ BRI_ADMINISTRATIVE, "administrative reason" },
		{ BRI_HANDOVER_SAME_ATT, "inter-MAG handover, same access type" },
		{ BRI_HANDOVER_OTHER_ATT, "inter-MAG handover, different access type" },
		{ BRI_HANDOVER_UNKNOWN_ATT, "inter-MAG handover, unknown" },
		{ BRI_USER, "user-initiated session termination" },
		{ BRI_NETWORK, "access network session termination" },
		{ BRI_OUT_OF_SYNC, "possible out-of-sync BCE state" },
		{ BRI_PEER_POLICY, "per-peer policy" },
		{ BRI_NODE_POLICY, "revoking mobility node local policy" },
		{ 0, NULL },
	};

	return find(names, trigger);
}

/**
 * bra_status_str - the name of a revocation acknowledgement's status
 * @status: RFC 5846 §5.2
 *
 * Return: a constant string, "unknown" for values that it does not define.
 */
const char *bra_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ BRA_OK, "success" },
		{ BRA_PARTIAL, "partial success" },
		{ BRA_NO_BINDING, "binding does not exist" },
		{ BRA_MISSING_IPV4_HOA, "IPv4 home address option required" },
		{ BRA_GLOBAL_NOT_AUTHORIZED, "global revocation not authorized" },
		{ BRA_MISSING_MN_ID, "revoked mobile node's identity required" },
		{ BRA_ATTACHED, "revocation failed, MN is attached" },
		{ BRA_TRIGGER_UNSUPPORTED, "revocation trigger not supported" },
		{ BRA_FUNCTION_UNSUPPORTED, "revocation function not supported" },
		{ BRA_PROXY_UNSUPPORTED, "proxy binding revocation not supported" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * upn_reason_str - the name of a notification reason
 * @reason: RFC 7077 §4.1, RFC 7864 §4.2
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *upn_reason_str(uint16_t reason)
{
	static const struct name names[] = {
		{ UPN_FORCE_REREGISTRATION, "FORCE-REREGISTRATION" },
		{ UPN_UPDATE_SESSION_PARAMETERS, "UPDATE-SESSION-PARAMETERS" },
		{ UPN_VENDOR_SPECIFIC, "VENDOR-SPECIFIC-REASON" },
		{ UPN_ANI_PARAMS_REQUESTED, "ANI-PARAMS-REQUESTED" },
		{ UPN_FLOW_MOBILITY, "FLOW-MOBILITY" },
		{ 0, NULL },
	};

	return find(names, reason);
}

/**
 * upa_status_str - the name of a notification acknowledgement's status
 * @status: RFC 7077 §4.2, RFC 7864 §4.3
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *upa_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ UPA_OK, "SUCCESS" },
		{ UPA_FAILED_TO_UPDATE, "FAILED-TO-UPDATE-SESSION-PARAMETERS" },
		{ UPA_MISSING_VENDOR_OPTION, "MISSING-VENDOR-SPECIFIC-OPTION" },
		{ UPA_UNSPECIFIED, "reason unspecified" },
		{ UPA_NOT_ATTACHED, "MN not attached" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * flow_status_str - the name of the status of one flow
 * @status: RFC 6089 §4.2
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *flow_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ FLOW_OK, "flow binding successful" },
		{ FLOW_PROHIBITED, "administratively prohibited" },
		{ FLOW_UNSPECIFIED, "flow binding rejected, reason unspecified" },
		{ FLOW_MALFORMED, "flow identification mobility option malformed" },
		{ FLOW_NO_BID, "BID not found" },
		{ FLOW_NO_FID, "FID not found" },
		{ FLOW_TS_UNSUPPORTED, "traffic selector format not supported" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * hi_code_str - the name of a Handover Initiate's code
 * @code: RFC 5949 §6.1.1
 *
 * Return: a constant string, "unknown" for any other value, those of RFC 5568 included.
 */
const char *hi_code_str(uint8_t code)
{
	static const struct name names[] = {
		{ HI_CODE_NONE, "none" },
		{ HI_CODE_FORWARDED, "completion of forwarding" },
		{ HI_CODE_ALL_CONTEXT, "all available context transferred" },
		{ 0, NULL },
	};

	return find(names, code);
}

/**
 * hack_code_str - the name of a Handover Acknowledge's code
 * @code: RFC 5949 §6.1.2
 *
 * Return: a constant string, "unknown" for any other value, those of RFC 5568 included.
 */
const char *hack_code_str(uint8_t code)
{
	static const struct name names[] = {
		{ HACK_OK, "handover accepted" },
		{ HACK_CONTEXT, "context transfer accepted" },
		{ HACK_ALL_CONTEXT, "all available context transferred" },
		{ HACK_UNSPECIFIED, "handover not accepted, reason unspecified" },
		{ HACK_PROHIBITED, "administratively prohibited" },
		{ HACK_NO_RESOURCES, "insufficient resources" },
		{ HACK_NO_CONTEXT, "requested context not available" },
		{ HACK_NO_FORWARDING, "forwarding not available" },
		{ 0, NULL },
	};

	return find(names, code);
}

/**
 * multicast_status_str - why groups were refused
 * @status: RFC 7411 §5.4, and this project's 0
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *multicast_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ MULTICAST_OK, "all groups accepted" },
		{ MULTICAST_PAYLOAD_UNSUPPORTED, "report payload type unsupported" },
		{ MULTICAST_GROUP_UNSUPPORTED, "requested group service unsupported" },
		{ MULTICAST_GROUP_PROHIBITED,
		  "requested group service administratively prohibited" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * lma_ho_reason_str - why a gateway asks for another anchor
 * @reason: enum lma_ho_reason
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *lma_ho_reason_str(uint8_t reason)
{
	static const struct name names[] = {
		{ LMA_HO_POLICY, "policy" },
		{ LMA_HO_ACCESS, "access" },
		{ LMA_HO_LOAD, "load" },
		{ LMA_HO_OPERATOR, "operator" },
		{ 0, NULL },
	};

	return find(names, reason);
}

/**
 * lma_ho_status_str - the name of what an anchor answers to that
 * @status: enum lma_ho_status
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *lma_ho_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ LMA_HO_OK, "accepted" },
		{ LMA_HO_UNSPECIFIED, "reason unspecified" },
		{ LMA_HO_PROHIBITED, "administratively prohibited" },
		{ LMA_HO_NO_RESOURCES, "insufficient resources" },
		{ LMA_HO_NOT_ATTACHED, "MN not attached" },
		{ LMA_HO_NO_ANCHOR, "no new anchor" },
		{ LMA_HO_REFUSED, "new anchor refused or silent" },
		{ LMA_HO_UNDER_WAY, "handover under way" },
		{ 0, NULL },
	};

	return find(names, status);
}

/**
 * lma_hack_status_str - the name of what one anchor answers to another
 * @status: enum lma_hack_status
 *
 * Return: a constant string, "unknown" for any other value.
 */
const char *lma_hack_status_str(uint8_t status)
{
	static const struct name names[] = {
		{ LMA_HACK_OK, "accepted" },
		{ LMA_HACK_UNSPECIFIED, "reason unspecified" },
		{ LMA_HACK_PROHIBITED, "administratively prohibited" },
		{ LMA_HACK_NO_RESOURCES, "insufficient resources" },
		{ LMA_HACK_UNKNOWN_NODE, "unknown node" },
		{ LMA_HACK_UNDER_WAY, "handover under way with another" },
		{ LMA_HACK_PREFIX_TAKEN, "prefix is another node's" },
		{ 0, NULL },
	};

	return find(names, status);
}
