/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the codec share; nothing for its users. */
#ifndef CTL_MH_WIRE_H
#define CTL_MH_WIRE_H

#include "core/bytes.h"
#include "mh/mh.h"
#include <string.h>

#define MH_UNIT		8	/* every Mobility Header is a multiple of it */

/* Beside MH_LENIENT_*, not for users: prefixes and flows that do not fit are counted */
#define MH_COUNT_MORE	0x80000000U
/* and a flow that cannot be read, or does not fit, is one with a status, not a reason to
 * refuse all
 */
#define MH_FLOW_ALONE	0x40000000U
/* what one anchor hands to another is in it; elsewhere option 18 is somebody else's */
#define MH_TRANSFER	0x20000000U

/* Offsets in every Mobility Header, RFC 6275 §6.1.1 */
enum mh_offset {
	MH_AT_PROTO = 0,
	MH_AT_LEN = 1,
	MH_AT_TYPE = 2,
	MH_AT_CHECKSUM = 4,
	MH_AT_DATA = 6,
};

static inline struct mh_result mh_fail(enum mh_error error, size_t offset)
{
	return (struct mh_result){ .error = error, .offset = offset };
}

/* A message that is being written */
struct mh_writer {
	uint8_t *buf;
	size_t size, pos;
};

/* checksum.c */
uint16_t mh_checksum(const uint8_t *buf, size_t len, const struct in6_addr *src,
		     const struct in6_addr *dst);

/* type.c; BRI and BRA share a number, of which the first is told */

/* option.c: one option of a known type, and its place in the message */
struct mh_option {
	const uint8_t *data;
	uint16_t len;		/* of the data, whatever the length byte counts */
	size_t at;		/* of the type byte */
	unsigned int lenient;	/* MH_LENIENT_* bits, and those above */
};

struct mh_option_def {
	uint8_t type;
	uint16_t min, max;	/* bytes of data */
	bool many;		/* may come more than once */
	uint32_t bit;
	uint8_t align, shift;	/* RFC 8200 §4.2: align * n + shift; 0: see LLID */
	unsigned int (*count)(const struct mh_opts *o);	/* NULL: one */
	struct mh_result (*read)(struct mh_opts *o, const struct mh_option *opt);
	size_t (*write)(const struct mh_opts *o, unsigned int i, uint8_t *data);
};

extern const struct mh_option_def mh_option_defs[];	/* ends where read is NULL */

static inline struct mh_result mh_ok(void)
{
	return mh_fail(MH_OK, 0);
}

#define MH_OPT_HEADER	2	/* type and length of an option or sub-option */

/* RFC 7411 §5.3, §5.4: their Length is in words, and does not count the first one */
#define MH_OPT_MULTICAST	60
#define MH_OPT_MULTICAST_ACK	61
#define MH_WORD			4
#define MH_IN_WORDS(type)	((type) == MH_OPT_MULTICAST || (type) == MH_OPT_MULTICAST_ACK)
#define MH_WORDS_MAX		(2 + 255 * MH_WORD)	/* bytes of their data */

/* The byte of the option's data that has an impossible value */
static inline struct mh_result mh_bad_value(const struct mh_option *opt, size_t index)
{
	return mh_fail(MH_ERR_OPT_VALUE, opt->at + MH_OPT_HEADER + index);
}

/* flow.c: Flow Identification, RFC 6089 §4.2, and its sub-options */
unsigned int mh_count_flow(const struct mh_opts *o);
struct mh_result mh_read_flow(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_flow(const struct mh_opts *o, unsigned int i, uint8_t *data);

/* selector.c: the data of the Traffic Selector sub-option, RFC 6088 §3 */
#define MH_SELECTOR_MAX	98	/* every field of format 2, and its end */
struct mh_result mh_read_selector(struct selector *s, const struct mh_option *sub);
size_t mh_write_selector(const struct selector *s, uint8_t *data);

/* context.c: what a handover tells of a node, RFC 5949 §6.2 */
unsigned int mh_count_vendor(const struct mh_opts *o);
struct mh_result mh_read_vendor(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_vendor(const struct mh_opts *o, unsigned int i, uint8_t *data);
struct mh_result mh_read_wanted(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_wanted(const struct mh_opts *o, unsigned int i, uint8_t *data);
unsigned int mh_count_lma(const struct mh_opts *o);
struct mh_result mh_read_lma(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_lma(const struct mh_opts *o, unsigned int i, uint8_t *data);
struct mh_result mh_read_lla_iid(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_lla_iid(const struct mh_opts *o, unsigned int i, uint8_t *data);

/* redirect.c: from one anchor to another at registration, RFC 6463 §4 */
struct mh_result mh_read_redirectable(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_redirectable(const struct mh_opts *o, unsigned int i, uint8_t *data);
struct mh_result mh_read_redirect(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_redirect(const struct mh_opts *o, unsigned int i, uint8_t *data);
struct mh_result mh_read_load(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_load(const struct mh_opts *o, unsigned int i, uint8_t *data);

/* transfer.c: what one anchor knows of a node, for another */
unsigned int mh_count_transfer(const struct mh_opts *o);
struct mh_result mh_read_transfer(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_transfer(const struct mh_opts *o, unsigned int i, uint8_t *data);

/* groups.c: what a node listens to, in the words of MLD, and what of it is refused */
bool mh_groups_fit(const struct mh_groups *all);
unsigned int mh_count_subscription(const struct mh_opts *o);
struct mh_result mh_read_subscription(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_subscription(const struct mh_opts *o, unsigned int i, uint8_t *data);
unsigned int mh_count_multicast(const struct mh_opts *o);
struct mh_result mh_read_multicast(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_multicast(const struct mh_opts *o, unsigned int i, uint8_t *data);
unsigned int mh_count_multicast_ack(const struct mh_opts *o);
struct mh_result mh_read_multicast_ack(struct mh_opts *o, const struct mh_option *opt);
size_t mh_write_multicast_ack(const struct mh_opts *o, unsigned int i, uint8_t *data);

/* A message that is being read, from its first option on */
struct mh_reader {
	const uint8_t *buf;
	size_t pos, end;
	size_t sure;		/* what is wrong with an option from here on is let pass */
	unsigned int lenient;
};

/* options.c: the options of a message */
void mh_options_clear(struct mh_opts *o);
struct mh_result mh_options_read(struct mh_opts *o, struct mh_reader *rd);
struct mh_result mh_options_write(const struct mh_opts *o, struct mh_writer *w);

#endif
