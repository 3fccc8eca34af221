// SPDX-License-Identifier: GPL-2.0
/* The options by which an anchor sends a gateway to another one (RFC 6463 §4). */
#include "mh/wire.h"

#define K_FLAG		0x80	/* an IPv6 address follows, §4.2 */
#define N_FLAG		0x40	/* an IPv4 address */
#define ADDRESS_AT	2

/**
 * mh_read_redirectable - read a Redirect-Capability option (RFC 6463 §4.1)
 * @o: the options so far
 * @opt: this one
 *
 * There is nothing in it.
 *
 * Return: MH_OK.
 */
struct mh_result mh_read_redirectable(struct mh_opts *o, const struct mh_option *opt)
{
	(void)o;
	(void)opt;
	return mh_ok();
}

/**
 * mh_write_redirectable - write a Redirect-Capability option
 * @o: the options
 * @i: not used, there is one
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_redirectable(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)o;
	(void)i;
	put16(data, 0);
	return 2;
}

/**
 * mh_read_redirect - read a Redirect option (RFC 6463 §4.2)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK, or MH_ERR_OPT_VALUE, MH_ERR_OPT_LENGTH.
 */
struct mh_result mh_read_redirect(struct mh_opts *o, const struct mh_option *opt)
{
	const uint8_t flags = opt->data[0] & (K_FLAG | N_FLAG);
	struct in6_addr a = { 0 };
	size_t len = flags == N_FLAG ? 4 : 16;

	if (flags != K_FLAG && flags != N_FLAG)
		return mh_bad_value(opt, 0);
	if (opt->len != ADDRESS_AT + len)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (len == 4)
		memset(a.s6_addr + 10, 0xff, 2);
	memcpy(a.s6_addr + 16 - len, opt->data + ADDRESS_AT, len);
	if (!mh_is_unicast(&a) || (len == 16 && IN6_IS_ADDR_V4MAPPED(&a)))
		return mh_bad_value(opt, ADDRESS_AT);
	o->redirect = a;
	return mh_ok();
}

/**
 * mh_write_redirect - write a Redirect option
 * @o: the options
 * @i: not used, there is one
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_redirect(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	size_t len = IN6_IS_ADDR_V4MAPPED(&o->redirect) ? 4 : 16;

	(void)i;
	data[0] = len == 4 ? N_FLAG : K_FLAG;
	data[1] = 0;
	memcpy(data + ADDRESS_AT, o->redirect.s6_addr + 16 - len, len);
	return ADDRESS_AT + len;
}

/**
 * mh_read_load - read a Load Information option (RFC 6463 §4.3)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK.
 */
struct mh_result mh_read_load(struct mh_opts *o, const struct mh_option *opt)
{
	o->load.priority = get16(opt->data);
	o->load.sessions = get32(opt->data + 2);
	o->load.max_sessions = get32(opt->data + 6);
	o->load.used = get32(opt->data + 10);
	o->load.max = get32(opt->data + 14);
	return mh_ok();
}

/**
 * mh_write_load - write a Load Information option
 * @o: the options
 * @i: not used, there is one
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_load(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	put16(data, o->load.priority);
	put32(data + 2, o->load.sessions);
	put32(data + 6, o->load.max_sessions);
	put32(data + 10, o->load.used);
	put32(data + 14, o->load.max);
	return 18;
}
