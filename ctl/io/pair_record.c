// SPDX-License-Identifier: GPL-2.0
/*
 * A record between two machines: before it stands whether it says all, and by how much the
 * wall's clock was ahead of the monotonic one there, by which its times are.
 */
#include "core/bytes.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/store.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define RECORD_MAX	16384

/* Of this moment, however long a message at hand has waited */
static uint64_t ahead(const struct io *io)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec -
	       io->env.ops->now(io->env.ctx);
}

/**
 * pair_record_put() - a record as it goes to the other one
 * @to: room for PAIR_HEAD + @len bytes
 * @io: the daemon
 * @data: the record
 * @len: of @data
 * @more: it does not say all
 *
 * Return: how many bytes.
 */
size_t pair_record_put(uint8_t *to, const struct io *io, const void *data, size_t len, bool more)
{
	to[0] = more;
	put64(to + 1, ahead(io));
	memcpy(to + PAIR_HEAD, data, len);
	return PAIR_HEAD + len;
}

/**
 * pair_record_take() - a record of the other one's, into the store
 * @io: the daemon
 * @key: the record's kind and key
 * @key_len: of @key
 * @value: as pair_record_put() has made it
 * @len: of @value; 0: there is none any more
 *
 * Return: 0; -EINVAL: nobody has made that.
 */
int pair_record_take(struct io *io, const char *key, size_t key_len, const char *value,
		     size_t len)
{
	struct keep_key k = { .len = 0 };
	uint8_t data[RECORD_MAX];
	uint64_t by;

	if (key_len < 2 || key_len > PAIR_KEY_MAX || key[0] != KEEP_NODE)
		return -EINVAL;
	k.kind = KEEP_NODE;
	k.len = (uint16_t)(key_len - 1);
	memcpy(k.key, key + 1, k.len);
	if (!len) {
		store_put(io->store, &k, NULL, 0, false);
		return 0;
	}
	if (len <= PAIR_HEAD || len - PAIR_HEAD > sizeof(data))
		return -EINVAL;
	by = get64((const uint8_t *)value + 1) - ahead(io);
	len -= PAIR_HEAD;
	memcpy(data, value + PAIR_HEAD, len);
	if (!lma_record_shift(data, len, (int64_t)by))
		return -EINVAL;
	store_put(io->store, &k, data, len, value[0]);
	return 0;
}
