// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of RADIUS, by FreeRADIUS' library: header, authenticators and Message-Authenticator.
 * Attributes go in as bytes: no dictionary is read.  Its struct radius_packet is the one that
 * io/radius_packet.h does not say more of.
 *
 * It is loaded where RADIUS is spoken: it lies in a folder of its own, brings a dozen others,
 * and has names that are ours as well.
 */
#include <freeradius/build.h>
#include <freeradius/features.h>
/* its regular expressions are of no use here, and want a header of their own */
#undef HAVE_PCRE
#include <freeradius/libradius.h>

#include "io/radius_packet.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#define LIBRARY	"/usr/lib/freeradius/libfreeradius-radius.so"

#define FUNCTION(f) { #f, offsetof(struct library, f) }

static struct library {
	__typeof__(fr_check_lib_magic) *fr_check_lib_magic;
	__typeof__(dict_unknown_afrom_fields) *dict_unknown_afrom_fields;
	__typeof__(fr_pair_alloc) *fr_pair_alloc;
	__typeof__(fr_pair_value_memcpy) *fr_pair_value_memcpy;
	__typeof__(fr_pair_add) *fr_pair_add;
	__typeof__(fr_strerror) *fr_strerror;
	__typeof__(fr_strerror_printf) *fr_strerror_printf;
	__typeof__(rad_alloc) *rad_alloc;
	__typeof__(rad_alloc_reply) *rad_alloc_reply;
	__typeof__(rad_encode) *rad_encode;
	__typeof__(rad_sign) *rad_sign;
	__typeof__(rad_packet_ok) *rad_packet_ok;
	__typeof__(rad_verify) *rad_verify;
	__typeof__(rad_free) *rad_free;
} lib;

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	FUNCTION(fr_check_lib_magic),
	FUNCTION(dict_unknown_afrom_fields),
	FUNCTION(fr_pair_alloc),
	FUNCTION(fr_pair_value_memcpy),
	FUNCTION(fr_pair_add),
	FUNCTION(fr_strerror),
	FUNCTION(fr_strerror_printf),
	FUNCTION(rad_alloc),
	FUNCTION(rad_alloc_reply),
	FUNCTION(rad_encode),
	FUNCTION(rad_sign),
	FUNCTION(rad_packet_ok),
	FUNCTION(rad_verify),
	FUNCTION(rad_free),
};

/**
 * radius_packet_init() - have the library, before anything else
 * @err: receives what is wrong
 * @size: of @err, bytes
 *
 * Return: 0, also where it is there already; -ENOENT with @err: it is not there, or is
 * another version than this program was made for.
 */
int radius_packet_init(char *err, size_t size)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *f;
	size_t i;

	if (!handle) {
		snprintf(err, size, "%s", dlerror());
		return -ENOENT;
	}
	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		f = dlsym(handle, functions[i].name);
		if (!f) {
			snprintf(err, size, "%s", dlerror());
			return -ENOENT;
		}
		memcpy((char *)&lib + functions[i].offset, &f, sizeof(f));
	}
	if (!lib.fr_check_lib_magic(RADIUSD_MAGIC_NUMBER))
		return 0;
	snprintf(err, size, "%s: %s", LIBRARY, lib.fr_strerror());
	return -ENOENT;
}

static bool put(RADIUS_PACKET *p, uint8_t type, const uint8_t *value, size_t len)
{
	const DICT_ATTR *da = lib.dict_unknown_afrom_fields(p, type, 0);
	VALUE_PAIR *vp = da ? lib.fr_pair_alloc(p) : NULL;

	if (!vp)
		return false;
	vp->da = da;
	lib.fr_pair_value_memcpy(vp, value, len);
	lib.fr_pair_add(&p->vps, vp);
	return true;
}

/* RFC 3579 §3.2; first, where what follows cannot be shifted by who is between */
static bool put_all(RADIUS_PACKET *p, const uint8_t *attrs, size_t len)
{
	static const uint8_t zero[AUTH_VECTOR_LEN];
	size_t n;

	if (!put(p, PW_MESSAGE_AUTHENTICATOR, zero, sizeof(zero)))
		return false;
	for (n = 0; n < len; n += attrs[n + 1])
		if (!put(p, attrs[n], attrs + n + 2, attrs[n + 1] - 2U))
			return false;
	return true;
}

/**
 * radius_packet_new() - an Access-Request with a Message-Authenticator (RFC 3579 §3.2)
 * @attrs: what radius_ask() has written
 * @len: bytes
 * @id: Identifier
 * @secret: the server's
 *
 * Return: the packet, whose authenticator is by chance; NULL: there is no memory.
 */
struct radius_packet *radius_packet_new(const uint8_t *attrs, size_t len, uint8_t id,
					const char *secret)
{
	RADIUS_PACKET *p = lib.rad_alloc(NULL, true);

	if (!p)
		return NULL;
	p->code = PW_CODE_ACCESS_REQUEST;
	p->id = id;
	if (!put_all(p, attrs, len) || lib.rad_encode(p, NULL, secret) ||
	    lib.rad_sign(p, NULL, secret))
		lib.rad_free(&p);
	return p;
}

/**
 * radius_packet_bytes() - a packet as it is sent
 * @p: the packet
 * @len: receives how many bytes
 *
 * Return: the bytes, which are the packet's.
 */
const uint8_t *radius_packet_bytes(const struct radius_packet *p, size_t *len)
{
	*len = p->data_len;
	return p->data;
}

static int check(RADIUS_PACKET *answer, RADIUS_PACKET *p, const char *secret, bool authenticator)
{
	decode_fail_t what = DECODE_FAIL_NONE;

	/* what it says of an address is of none */
	answer->src_ipaddr.af = AF_INET6;
	lib.fr_strerror_printf("malformed");
	if (!lib.rad_packet_ok(answer, authenticator, &what)) {
		if (what == DECODE_FAIL_MA_MISSING)
			lib.fr_strerror_printf("no Message-Authenticator");
		return -EBADMSG;
	}
	/* of requests it takes the authenticator as it is: ours could be sent back to us */
	if (answer->code != PW_CODE_ACCESS_ACCEPT && answer->code != PW_CODE_ACCESS_REJECT &&
	    answer->code != PW_CODE_ACCESS_CHALLENGE) {
		lib.fr_strerror_printf("code %u, which no answer has", answer->code);
		return -EBADMSG;
	}
	if (!lib.rad_verify(answer, p, secret))
		return (int)answer->code;
	lib.fr_strerror_printf("a wrong authenticator: is the secret the same there?");
	return -EBADMSG;
}

/**
 * radius_packet_check() - whether an answer is from who knows the secret (RFC 2865 §3)
 * @p: the request
 * @buf: the answer; may be written to
 * @len: bytes in @buf; receives how many belong to the packet
 * @secret: the server's
 * @authenticator: without a Message-Authenticator it is none; a wrong one is never taken
 * @why: receives what is wrong
 * @size: of @why, bytes
 *
 * Return: the code of an Access-Accept, -Reject or -Challenge, whose attributes fill it
 * exactly; -EBADMSG with @why, or -ENOMEM.
 */
int radius_packet_check(struct radius_packet *p, uint8_t *buf, size_t *len, const char *secret,
			bool authenticator, char *why, size_t size)
{
	RADIUS_PACKET *answer = lib.rad_alloc_reply(NULL, p);
	int ret;

	snprintf(why, size, "%s", strerror(ENOMEM));
	if (!answer)
		return -ENOMEM;
	answer->data = buf;
	answer->data_len = *len;
	ret = check(answer, p, secret, authenticator);
	if (ret < 0)
		snprintf(why, size, "%s", lib.fr_strerror());
	*len = answer->data_len;
	answer->data = NULL;
	lib.rad_free(&answer);
	return ret;
}

/**
 * radius_packet_free() - give a packet back
 * @p: the packet, NULL allowed
 */
void radius_packet_free(struct radius_packet *p)
{
	lib.rad_free(&p);
}
