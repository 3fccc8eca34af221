// SPDX-License-Identifier: GPL-2.0
/* Names of errors, messages and values, for log lines and people. */
#include "mh/mh.h"

#include <string.h>

/**
 * mh_strerror - why a message was refused
 * @e: the error
 *
 * Return: a constant string.
 */
const char *mh_strerror(enum mh_error e)
{
	switch (e) {
	case MH_OK:
		return "valid";
	case MH_ERR_SHORT:
		return "header length does not fit message or packet";
	case MH_ERR_PROTO:
		return "payload proto is not 59";
	case MH_ERR_CHECKSUM:
		return "wrong checksum";
	case MH_ERR_TYPE:
		return "unknown MH type";
	case MH_ERR_FIELD:
		return "field with impossible value";
	case MH_ERR_OPT_LENGTH:
		return "option of impossible length";
	case MH_ERR_OPT_RUNS_OUT:
		return "option beyond the end";
	case MH_ERR_OPT_VALUE:
		return "option with impossible value";
	case MH_ERR_TOO_MANY:
		return "too many options of one kind";
	case MH_ERR_NO_ROOM:
		return "buffer too small";
	}
	return "unknown error";
}

/**
 * mh_kind_str - what RFCs and drafts call a message
 * @k: the message
 *
 * Return: a constant string.
 */
const char *mh_kind_str(enum mh_kind k)
{
	switch (k) {
	case MH_PBU:
		return "PBU";
	case MH_PBA:
		return "PBA";
	case MH_BE:
		return "Binding Error";
	case MH_HEARTBEAT:
		return "Heartbeat";
	case MH_SHI:
		return "SHI";
	case MH_SHACK:
		return "SHAck";
	case MH_FMI:
		return "FMI";
	case MH_FMA:
		return "FMA";
	case MH_BRI:
		return "BRI";
	case MH_BRA:
		return "BRA";
	case MH_UPN:
		return "UPN";
	case MH_UPA:
		return "UPA";
	case MH_HI:
		return "HI";
	case MH_HACK:
		return "HAck";
	case MH_SUBSCRIPTION_QUERY:
		return "Subscription Query";
	case MH_SUBSCRIPTION_RESPONSE:
		return "Subscription Response";
	case MH_LMA_HO_REQ:
		return "LMA_HO_Req";
	case MH_LMA_HO_RESP:
		return "LMA_HO_Resp";
	case MH_LMA_HO_INIT:
		return "LMA_HO_Init";
	case MH_LMA_HACK:
		return "LMA_HAck";
	case MH_KINDS:
		break;
	}
	return "unknown";
}

/**
 * pba_status_str - the name of a PBA status value
 * @status: RFC 5213 §8.9, RFC 6275 §6.1.8
 *
 * Return: a constant string, "unknown" for values this project does not use.
 */
const char *pba_status_str(uint8_t status)
{
	switch (status) {
	case PBA_ACCEPTED:
		return "accepted";
	case PBA_UNSPECIFIED:
		return "reason unspecified";
	case PBA_PROHIBITED:
		return "administratively prohibited";
	case PBA_NO_RESOURCES:
		return "insufficient resources";
	case PBA_SEQ_OUT_OF_WINDOW:
		return "sequence number out of window";
	case PBA_PROXY_REG_NOT_ENABLED:
		return "PROXY_REG_NOT_ENABLED";
	case PBA_NOT_LMA_FOR_THIS_MN:
		return "NOT_LMA_FOR_THIS_MOBILE_NODE";
	case PBA_MAG_NOT_AUTHORIZED:
		return "MAG_NOT_AUTHORIZED_FOR_PROXY_REG";
	case PBA_NOT_AUTHORIZED_FOR_HNP:
		return "NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX";
	case PBA_TIMESTAMP_MISMATCH:
		return "TIMESTAMP_MISMATCH";
	case PBA_TIMESTAMP_LOWER_THAN_PREV:
		return "TIMESTAMP_LOWER_THAN_PREV_ACCEPTED";
	case PBA_MISSING_HNP:
		return "MISSING_HOME_NETWORK_PREFIX_OPTION";
	case PBA_PREFIX_SET_MISMATCH:
		return "BCE_PBU_PREFIX_SET_DO_NOT_MATCH";
	case PBA_MISSING_MN_ID:
		return "MISSING_MN_IDENTIFIER_OPTION";
	case PBA_MISSING_HI:
		return "MISSING_HANDOFF_INDICATOR_OPTION";
	case PBA_MISSING_ATT:
		return "MISSING_ACCESS_TECH_TYPE_OPTION";
	}
	return "unknown";
}

/**
 * att_parse - an access technology type by its name
 * @name: as the configuration has it
 *
 * RFC 5213 §8.5 and the registry that it opened; 0 is reserved.
 *
 * Return: the type; 0 where no technology has that name.
 */
uint8_t att_parse(const char *name)
{
	static const char *const names[] = {
		"virtual", "ppp", "802.3", "802.11", "802.16e", "geran", "utran",
		"e-utran", "ehrpd", "hrpd", "1xrtt", "umb", "nb-iot",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return (uint8_t)(i + 1);
	return 0;
}

/**
 * mh_lenient_str - what a leniency is called in the configuration
 * @bit: the number of its bit
 *
 * Return: a constant string, NULL for a bit that means nothing.
 */
const char *mh_lenient_str(unsigned int bit)
{
	static const char *const names[] = {
		"length", "p-flag", "mn-id-padding", "timestamp", "prefix-length",
	};

	return bit < sizeof(names) / sizeof(*names) ? names[bit] : NULL;
}
