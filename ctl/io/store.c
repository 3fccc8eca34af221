// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* asprintf() */
/*
 * The store of what the kernel's tables do not say: an LMDB file, one record for each
 * mobile node of an anchor and each session of a gateway.
 *
 * It is for a daemon that dies, not for a machine that does: with that, the kernel's
 * tables are gone as well, and everybody registers again.  So nothing is ever synced: the
 * kernel has what was committed, and a killed process takes nothing of that with it.  The
 * file's name has the boot in it, so that what a crash of the machine may have left of an
 * earlier one is never looked at, and its place may be one that ends with the boot (on a disk
 * all of it would be written again and again, for nobody).  No second process opens it: the
 * directory is locked.
 *
 * LMDB believes its file, and dies of one that is broken; so a child reads it first.
 *
 * What is written goes straight into the mapped file, which is a quarter of the time that
 * LMDB takes otherwise.  That is sparse; so that a full disk is an error and not a SIGBUS, what
 * is written next has its place beforehand.
 *
 * A failure ends it all, the file too: half of it would be worse than nothing.
 */
#include "io/store.h"

#include "core/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX		"sessions-"
#define MAP_SIZE	((size_t)1 << (sizeof(size_t) > 4 ? 33 : 28))	/* some 20 million nodes */
#define CHUNK		((size_t)16 << 20)
#define PUT_PAGES	12		/* a record's, and those above its place, at most */
#define LAYOUT		1		/* of what is here; of the rest, see struct store_owner */
#define FLAGS		(MDB_NOSUBDIR | MDB_WRITEMAP | MDB_NOMEMINIT | MDB_NOSYNC | \
			 MDB_NOLOCK | MDB_NOTLS)
#define DATA_MAX	16384

struct store {
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;		/* what is not committed yet; NULL: nothing */
	bool walking;		/* nothing is committed meanwhile: pages stay */
	size_t placed;		/* bytes of the file that the disk has */
	size_t room, page;	/* pages of these that nothing is in, and their size */
	int lock;		/* the directory */
	char *path;
	struct store_owner owner;
};

/* The record of the daemon itself */
struct about {
	char magic[8];
	uint32_t layout;
	uint32_t counter;	/* RFC 5847 §3.4: of the start that had to begin with nothing */
	struct store_owner owner;
};

static const char magic[8] = "pmipkeep";

/* Before the data of each record */
struct head {
	uint32_t hash;		/* of the data */
	uint8_t more;		/* they do not say all */
};

enum verdict {
	WHOLE,
	PARTS,			/* there was state that the records do not say */
	FOREIGN,		/* it is in order, and not for us */
	BROKEN,
};

static char *boot_path(const char *dir)
{
	char boot[64] = "", *path;
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!f)
		return NULL;
	if (!fgets(boot, sizeof(boot), f))
		boot[0] = '\0';
	fclose(f);
	boot[strcspn(boot, "\n")] = '\0';
	if (!boot[0] || asprintf(&path, "%s/" PREFIX "%s", dir, boot) < 0)
		return NULL;
	return path;
}

/* What earlier boots have left */
static void remove_others(const char *dir, const char *keep)
{
	const struct dirent *e;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)))
			continue;
		if (keep && !strcmp(e->d_name, keep))
			continue;
		if (keep)
			log_info("%s/%s: of an earlier boot: removed", dir, e->d_name);
		unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
}

static MDB_val key_of(const struct keep_key *key)
{
	/* kind and key in a row; the length between them is LMDB's affair */
	static uint8_t buf[1 + KEEP_KEY_MAX];

	buf[0] = key->kind;
	memcpy(buf + 1, key->key, key->len);
	return (MDB_val){ .mv_size = 1U + key->len, .mv_data = buf };
}

static int open_env(const char *path, MDB_env **env, MDB_dbi *dbi, MDB_txn **txn)
{
	int ret = mdb_env_create(env);

	if (ret)
		return ret;
	ret = mdb_env_set_mapsize(*env, MAP_SIZE);
	if (!ret)
		ret = mdb_env_open(*env, path, FLAGS, 0600);
	if (!ret)
		ret = mdb_txn_begin(*env, NULL, 0, txn);
	if (!ret) {
		ret = mdb_dbi_open(*txn, NULL, 0, dbi);
		if (ret)
			mdb_txn_abort(*txn);
	}
	if (ret)
		mdb_env_close(*env);
	return ret;
}

/* Like Fowler, Noll and Vo's: not for who means harm, who could write what he likes */
static uint32_t hash(const uint8_t *p, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL, word;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = (h ^ word) * 0x100000001b3ULL;
		h ^= h >> 32;
	}
	while (len--)
		h = (h ^ *p++) * 0x100000001b3ULL;
	return (uint32_t)(h ^ h >> 32);
}

static bool has_size(const MDB_val *v)
{
	return v->mv_size > sizeof(struct head) && v->mv_size <= sizeof(struct head) + DATA_MAX;
}

/* A record's data, NULL: it is none */
static const uint8_t *parse(const MDB_val *v, size_t *len)
{
	const uint8_t *data = (const uint8_t *)v->mv_data + sizeof(struct head);
	struct head h;

	if (!has_size(v))
		return NULL;
	memcpy(&h, v->mv_data, sizeof(h));
	*len = v->mv_size - sizeof(h);
	return h.hash == hash(data, *len) ? data : NULL;
}

static bool is_about(const MDB_val *k, const MDB_val *v, struct about *a)
{
	const uint8_t *data;
	size_t len;

	data = parse(v, &len);
	if (!data || k->mv_size != 1 || *(const uint8_t *)k->mv_data != KEEP_DAEMON ||
	    len != sizeof(*a))
		return false;
	memcpy(a, data, sizeof(*a));
	return !memcmp(a->magic, magic, sizeof(magic));
}

/* Not all that is in it: there may be a million, and nobody is answered meanwhile. */
static bool plausible(const MDB_val *k, const MDB_val *v, bool *more)
{
	struct head h;

	if (k->mv_size < 2 || k->mv_size > 1 + KEEP_KEY_MAX ||
	    *(const uint8_t *)k->mv_data >= KEEP_KINDS || !has_size(v))
		return false;
	memcpy(&h, v->mv_data, sizeof(h));
	*more |= h.more;
	return true;
}

static enum verdict read_all(MDB_cursor *c, const struct store_owner *owner)
{
	struct about a = { .layout = 0 };
	bool more = false, first = true;
	MDB_val k, v;
	int ret;

	for (ret = mdb_cursor_get(c, &k, &v, MDB_FIRST); !ret;
	     ret = mdb_cursor_get(c, &k, &v, MDB_NEXT)) {
		if (first && !is_about(&k, &v, &a))
			return BROKEN;
		if (first && (a.layout != LAYOUT || memcmp(&a.owner, owner, sizeof(*owner))))
			return FOREIGN;
		if (!first && !plausible(&k, &v, &more))
			return BROKEN;
		first = false;
	}
	if (ret != MDB_NOTFOUND || first)
		return BROKEN;
	return more ? PARTS : WHOLE;
}

/* A file that has been cut off has pages that are not there, or has grown them again, empty. */
static bool complete(const char *path)
{
	struct stat st;

	return !stat(path, &st) && (size_t)st.st_size == MAP_SIZE;
}

/* What is written into it next reads pages that no record is in. */
static bool can_be_written(MDB_txn *txn, MDB_dbi dbi)
{
	uint8_t kind = KEEP_DAEMON, data[sizeof(struct head) + sizeof(struct about)] = { 0 };
	MDB_val k = { .mv_size = 1, .mv_data = &kind };
	MDB_val v = { .mv_size = sizeof(data), .mv_data = data };

	return !mdb_put(txn, dbi, &k, &v, 0);
}

static enum verdict look(const char *path, const struct store_owner *owner)
{
	enum verdict ret = BROKEN;
	MDB_cursor *c;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	if (!complete(path) || open_env(path, &env, &dbi, &txn))
		return BROKEN;
	if (!mdb_cursor_open(txn, dbi, &c)) {
		ret = read_all(c, owner);
		mdb_cursor_close(c);
	}
	if (ret != BROKEN && !can_be_written(txn, dbi))
		ret = BROKEN;
	mdb_txn_abort(txn);
	mdb_env_close(env);
	return ret;
}

/* In the child; what it would say of a broken file, and how it dies of it, is of no interest. */
static enum verdict look_alone(const char *path, const struct store_owner *owner)
{
	static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	const struct rlimit none = { 0, 0 };
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	size_t i;

	setrlimit(RLIMIT_CORE, &none);
	for (i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		signal(deadly[i], SIG_DFL);
	if (fd >= 0)
		dup2(fd, STDERR_FILENO);
	return look(path, owner);
}

static enum verdict look_first(const char *path, const struct store_owner *owner)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(look_alone(path, owner));
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return BROKEN;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) < BROKEN ?
	       (enum verdict)WEXITSTATUS(status) : BROKEN;
}

/* Return: a descriptor that has it, or -errno */
static int lock_dir(const char *dir)
{
	int fd, ret;

	/* what is in it nobody else can read; the control socket is there as well */
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static void free_store(struct store *s)
{
	if (s->txn)
		mdb_txn_abort(s->txn);
	if (s->env)
		mdb_env_close(s->env);
	if (s->lock >= 0)
		close(s->lock);
	free(s->path);
	free(s);
}

/* From here on there is none, nor will the next daemon find one. */
static void give_up(struct store *s, int err)
{
	log_err("%s: %s: the next pmipd will not find the sessions there", s->path,
		mdb_strerror(err));
	unlink(s->path);
	if (s->txn)
		mdb_txn_abort(s->txn);
	s->txn = NULL;
	mdb_env_close(s->env);
	s->env = NULL;
}

/* Room for more, if there is not enough for one record */
static int place(struct store *s)
{
	int fd, ret;

	if (s->room >= PUT_PAGES)
		return 0;
	if (s->placed + CHUNK > MAP_SIZE)
		return MDB_MAP_FULL;
	ret = mdb_env_get_fd(s->env, &fd);
	if (!ret)
		ret = posix_fallocate(fd, (off_t)s->placed, CHUNK);
	if (ret)
		return ret;
	s->placed += CHUNK;
	s->room += CHUNK / s->page;
	return 0;
}

/* What is behind the last page in use, as of the last transaction */
static int measure(struct store *s)
{
	MDB_envinfo i;
	MDB_stat st;
	int ret = mdb_env_info(s->env, &i);
	size_t used;

	if (!ret)
		ret = mdb_env_stat(s->env, &st);
	if (ret)
		return ret;
	s->page = st.ms_psize;
	used = (i.me_last_pgno + 1) * s->page;
	/* what an earlier daemon has placed is there, and again no harm */
	if (!s->placed)
		s->placed = used / CHUNK * CHUNK;
	s->room = s->placed > used ? (s->placed - used) / s->page : 0;
	return 0;
}

static bool begin(struct store *s)
{
	int ret;

	if (!s->env || s->txn)
		return s->env;
	ret = measure(s);
	if (!ret)
		ret = mdb_txn_begin(s->env, NULL, 0, &s->txn);
	if (!ret)
		return true;
	s->txn = NULL;
	give_up(s, ret);
	return false;
}

static uint32_t counter_in(struct store *s)
{
	uint8_t kind = KEEP_DAEMON;
	MDB_val k = { .mv_size = 1, .mv_data = &kind }, v;
	struct about a = { .counter = 0 };

	if (begin(s) && !mdb_get(s->txn, s->dbi, &k, &v) && is_about(&k, &v, &a))
		return a.counter;
	return 0;
}

/* What is there, and whether it is of use; a new file has nothing in it. */
static enum verdict prepare(const struct store *s)
{
	enum verdict v;

	if (access(s->path, F_OK))
		return PARTS;
	v = look_first(s->path, &s->owner);
	if (v < FOREIGN)
		return v;
	log_warn("%s: %s: not used, and begun anew", s->path, v == FOREIGN ?
		 "of another version of pmipd, or of other addresses" : "broken");
	unlink(s->path);
	return PARTS;
}

static struct store *alloc_store(const char *dir, const struct store_owner *owner)
{
	struct store *s = calloc(1, sizeof(*s));

	if (!s) {
		log_err("%s: no store of sessions: no memory", dir);
		return NULL;
	}
	s->owner = *owner;
	s->lock = lock_dir(dir);
	if (s->lock >= 0)
		s->path = boot_path(dir);
	if (s->path)
		return s;
	log_err("%s: no store of sessions: %s", dir, s->lock == -EWOULDBLOCK ?
		"another daemon uses it" : strerror(s->lock < 0 ? -s->lock : errno));
	free_store(s);
	return NULL;
}

/**
 * store_open() - find what an earlier daemon of this boot has left
 * @dir: where it is, created if it is missing; no second daemon opens it meanwhile
 * @owner: for whom; padding zero
 * @counter: the restart counter to go on with, RFC 5847 §3.2: it "MUST NOT be incremented
 *	if the recovery happens without losing state"; 0: some has been lost, or all
 *
 * Return: the store; NULL after saying why not.
 */
struct store *store_open(const char *dir, const struct store_owner *owner, uint32_t *counter)
{
	struct store *s = alloc_store(dir, owner);
	enum verdict v;
	int ret;

	*counter = 0;
	if (!s)
		return NULL;
	remove_others(dir, strrchr(s->path, '/') + 1);
	v = prepare(s);
	ret = open_env(s->path, &s->env, &s->dbi, &s->txn);
	if (ret) {
		log_err("%s: %s", s->path, mdb_strerror(ret));
		s->env = NULL;
		s->txn = NULL;
		unlink(s->path);
		free_store(s);
		return NULL;
	}
	mdb_txn_abort(s->txn);
	s->txn = NULL;
	if (v == WHOLE)
		*counter = counter_in(s);
	return s;
}

/**
 * store_count() - what the records are of
 * @s: the store; NULL: there is none
 * @counter: the restart counter that peers are told
 */
void store_count(struct store *s, uint32_t counter)
{
	const struct keep_key key = { .kind = KEEP_DAEMON };
	struct about a;

	if (!s)
		return;
	memset(&a, 0, sizeof(a));
	memcpy(a.magic, magic, sizeof(magic));
	a.layout = LAYOUT;
	a.counter = counter;
	a.owner = s->owner;
	store_put(s, &key, &a, sizeof(a), false);
	store_commit(s);
}

/**
 * store_put() - a record, in the place of the one of the same key
 * @s: the store; NULL: there is none
 * @key: its kind and key
 * @data: what it says; NULL: it goes
 * @len: of @data
 * @more: it does not say all
 *
 * In force with store_commit().
 */
void store_put(struct store *s, const struct keep_key *key, const void *data, size_t len,
	       bool more)
{
	MDB_val k, v = { .mv_size = sizeof(struct head) + len };
	struct head h;
	int ret;

	if (!s || !begin(s))
		return;
	ret = place(s);
	if (ret) {
		give_up(s, ret);
		return;
	}
	s->room -= PUT_PAGES;
	k = key_of(key);
	if (!data) {
		ret = mdb_del(s->txn, s->dbi, &k, NULL);
		if (ret && ret != MDB_NOTFOUND)
			give_up(s, ret);
		return;
	}
	ret = mdb_put(s->txn, s->dbi, &k, &v, MDB_RESERVE);
	if (ret) {
		give_up(s, ret);
		return;
	}
	memset(&h, 0, sizeof(h));
	h.hash = hash(data, len);
	h.more = more;
	memcpy(v.mv_data, &h, sizeof(h));
	memcpy((uint8_t *)v.mv_data + sizeof(h), data, len);
}

/**
 * store_commit() - what was put will be found
 * @s: the store; NULL: there is none
 *
 * Return: false if there is none any more.
 */
bool store_commit(struct store *s)
{
	MDB_txn *txn;
	int ret;

	if (!s || !s->env)
		return false;
	if (!s->txn || s->walking)
		return true;
	txn = s->txn;
	s->txn = NULL;
	ret = mdb_txn_commit(txn);
	if (!ret)
		return true;
	give_up(s, ret);
	return false;
}

struct walk {
	MDB_cursor *c;
	bool (*fn)(void *arg, const struct keep_key *key, const void *data, size_t len);
	void *arg;
	unsigned long broken;
};

/* A record as it was put; another goes. */
static bool show(struct walk *w, const MDB_val *k, const MDB_val *v)
{
	const uint8_t *kp = k->mv_data, *data;
	struct keep_key key = { .kind = kp[0], .len = (uint16_t)(k->mv_size - 1) };
	uint8_t copy[DATA_MAX];
	size_t len;

	data = parse(v, &len);
	if (!data) {
		w->broken++;
		return !mdb_cursor_del(w->c, 0);
	}
	memcpy(key.key, kp + 1, key.len);
	/* it is there whatever is put meanwhile */
	memcpy(copy, data, len);
	return w->fn(w->arg, &key, copy, len);
}

/**
 * store_each() - look at all records of a kind
 * @s: the store; NULL: there is none
 * @kind: which, enum keep_kind
 * @fn: called for each, and may put this one and others; false ends the walk
 * @arg: passed to @fn
 *
 * What is put meanwhile is committed at the end.
 *
 * Return: 0, or -EIO after saying why: not all of them are there any more.
 */
int store_each(struct store *s, uint8_t kind,
	       bool (*fn)(void *arg, const struct keep_key *key, const void *data, size_t len),
	       void *arg)
{
	struct walk w = { .fn = fn, .arg = arg };
	MDB_val k = { .mv_size = 1, .mv_data = &kind }, v;
	int ret;

	if (!s)
		return 0;
	if (!begin(s))
		return -EIO;
	ret = mdb_cursor_open(s->txn, s->dbi, &w.c);
	if (ret) {
		give_up(s, ret);
		return -EIO;
	}
	s->walking = true;
	ret = mdb_cursor_get(w.c, &k, &v, MDB_SET_RANGE);
	while (!ret && *(const uint8_t *)k.mv_data == kind && show(&w, &k, &v) && s->txn)
		ret = mdb_cursor_get(w.c, &k, &v, MDB_NEXT);
	s->walking = false;
	/* without its transaction it has gone already */
	if (!s->txn)
		return -EIO;
	mdb_cursor_close(w.c);
	if (ret && ret != MDB_NOTFOUND)
		give_up(s, ret);
	if (w.broken)
		log_warn("%s: %lu records are broken", s->path, w.broken);
	return store_commit(s) && !w.broken ? 0 : -EIO;
}

/* Where a walk goes on: behind a key, or at the first of its kind */
static int seek(MDB_cursor *c, const struct keep_key *after, MDB_val *k, MDB_val *v)
{
	MDB_val want = key_of(after);
	int ret;

	*k = want;
	ret = mdb_cursor_get(c, k, v, MDB_SET_RANGE);
	if (!ret && after->len && k->mv_size == want.mv_size &&
	    !memcmp(k->mv_data, want.mv_data, want.mv_size))
		ret = mdb_cursor_get(c, k, v, MDB_NEXT);
	return ret;
}

/**
 * store_some() - look at some records of a kind
 * @s: the store; NULL: there is none
 * @at: the one before them, of length 0 for the first; the last of them on return
 * @n: how many at most
 * @broken: goes up by how many of them nobody can read
 * @fn: called for each other one, and puts none; @more as it was put
 * @arg: passed to @fn
 *
 * Between two calls others may be put, and are seen if they are behind @at.
 *
 * Return: how many there were, less than @n at the end.
 */
unsigned int store_some(struct store *s, struct keep_key *at, unsigned int n, uint64_t *broken,
			void (*fn)(void *arg, const struct keep_key *key, const void *data,
				   size_t len, bool more), void *arg)
{
	const uint8_t *data, kind = at->kind;
	unsigned int seen = 0;
	struct head h;
	MDB_cursor *c;
	MDB_val k, v;
	size_t len;
	int ret;

	if (!s || !begin(s) || mdb_cursor_open(s->txn, s->dbi, &c))
		return 0;
	for (ret = seek(c, at, &k, &v); !ret && seen < n && *(uint8_t *)k.mv_data == kind;
	     ret = mdb_cursor_get(c, &k, &v, MDB_NEXT)) {
		seen++;
		at->len = (uint16_t)(k.mv_size - 1);
		memcpy(at->key, (const uint8_t *)k.mv_data + 1, at->len);
		data = parse(&v, &len);
		if (!data) {
			++*broken;
			continue;
		}
		memcpy(&h, v.mv_data, sizeof(h));
		fn(arg, at, data, len, h.more);
	}
	mdb_cursor_close(c);
	return seen;
}

/**
 * store_close() - commit, and leave it to the next daemon
 * @s: the store, or NULL
 */
void store_close(struct store *s)
{
	if (!s)
		return;
	store_commit(s);
	free_store(s);
}

/**
 * store_remove() - what earlier daemons have left is of no use any more
 * @dir: where they were, which is nobody's now
 */
void store_remove(const char *dir)
{
	remove_others(dir, NULL);
}
