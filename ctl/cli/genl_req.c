// SPDX-License-Identifier: GPL-2.0
/* Requests to the kernel, attribute by attribute */
#include "cli/genl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

/**
 * genl_req_init - begin a request
 * @r: the request
 * @family: number of the family
 * @cmd: enum pmip_cmd
 * @flags: NLM_F_CREATE, NLM_F_DUMP, ...; NLM_F_REQUEST is understood
 *
 * Return: 0, or -ENOMEM; the error is also kept in @r for genl_talk().
 */
int genl_req_init(struct genl_req *r, int family, uint8_t cmd, int flags)
{
	r->err = 0;
	r->msg = nlmsg_alloc();
	if (r->msg && genlmsg_put(r->msg, 0, 0, family, 0, NLM_F_REQUEST | flags,
				  cmd, PMIP_FAMILY_VERSION))
		return 0;
	nlmsg_free(r->msg);
	r->msg = NULL;
	r->err = -ENOMEM;
	return r->err;
}

/**
 * genl_req_free - forget a request
 * @r: the request; may be one that could not be made
 */
void genl_req_free(struct genl_req *r)
{
	nlmsg_free(r->msg);
	r->msg = NULL;
}

/**
 * genl_bytes - add an attribute
 * @r: the request
 * @type: attribute
 * @v: its bytes
 * @len: how many
 *
 * An attribute that does not fit is remembered in @r->err.
 */
void genl_bytes(struct genl_req *r, int type, const void *v, int len)
{
	if (!r->err && nla_put(r->msg, type, len, v))
		r->err = -EMSGSIZE;
}

/**
 * genl_u8 - add a number of one byte
 * @r: the request
 * @type: attribute
 * @v: the number
 */
void genl_u8(struct genl_req *r, int type, uint8_t v)
{
	genl_bytes(r, type, &v, sizeof(v));
}

/**
 * genl_u16 - add a number of two bytes
 * @r: the request
 * @type: attribute
 * @v: the number
 */
void genl_u16(struct genl_req *r, int type, uint16_t v)
{
	genl_bytes(r, type, &v, sizeof(v));
}

/**
 * genl_u32 - add a number of four bytes
 * @r: the request
 * @type: attribute
 * @v: the number
 */
void genl_u32(struct genl_req *r, int type, uint32_t v)
{
	genl_bytes(r, type, &v, sizeof(v));
}

/**
 * genl_u64 - add a number of eight bytes
 * @r: the request
 * @type: attribute
 * @v: the number
 */
void genl_u64(struct genl_req *r, int type, uint64_t v)
{
	genl_bytes(r, type, &v, sizeof(v));
}

/**
 * genl_nest - begin a nest
 * @r: the request
 * @type: attribute
 *
 * Return: what genl_nest_end() needs, NULL once @r->err is set.
 */
struct nlattr *genl_nest(struct genl_req *r, int type)
{
	struct nlattr *nest = r->err ? NULL :
		nla_nest_start(r->msg, type | NLA_F_NESTED);

	if (!nest && !r->err)
		r->err = -EMSGSIZE;
	return nest;
}

/**
 * genl_nest_end - end a nest
 * @r: the request
 * @nest: from genl_nest(), may be NULL
 */
void genl_nest_end(struct genl_req *r, struct nlattr *nest)
{
	if (nest)
		nla_nest_end(r->msg, nest);
}
