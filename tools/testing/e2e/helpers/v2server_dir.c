// SPDX-License-Identifier: GPL-2.0
/* v2server: READDIR (RFC 1094 section 2.2.17) and its cookies of 4 bytes */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shared/wire.h"
#include "v2server.h"

/* --------------------------------------------------------------- cookies -- */

/*
 * Where a listing goes on is a number of 64 bits to the kernel. One that 4 bytes do not hold has
 * a cookie from this table, which is one of those above it: such numbers have the top bit. With
 * "randomcookies" all are from the table, and any number but 0.
 */
#define TABLE_COOKIE	0x80000000u

static struct place { int64_t where; uint32_t cookie; } *places;
static uint32_t nr_places, space;

static uint32_t slot(const struct place *table, uint32_t size, bool by_cookie, int64_t key)
{
	uint64_t hash = (uint64_t)key * 0x9e3779b97f4a7c15;
	uint32_t i = hash >> 32 & (size - 1);

	while (table[i].cookie && (by_cookie ? table[i].cookie : table[i].where) != key)
		i = (i + 1) & (size - 1);
	return i;
}

/* The first half of the table is found by where, the second by cookie. */
static void add_place(struct place *table, uint32_t size, struct place p)
{
	table[slot(table, size, false, p.where)] = p;
	table[size + slot(table + size, size, true, p.cookie)] = p;
}

static void grow(void)
{
	uint32_t size = space ? 2 * space : 1024, i;
	struct place *table = calloc(2 * (size_t)size, sizeof(*table));

	if (!table)
		err(1, "calloc");
	for (i = 0; i < space; i++)
		if (places[i].cookie)
			add_place(table, size, places[i]);
	free(places);
	places = table;
	space = size;
}

static uint32_t fresh_cookie(void)
{
	uint32_t cookie;

	do
		cookie = (odd.randomcookies ? (uint32_t)random() << 1 : 0) ^ (TABLE_COOKIE | nr_places);
	while (!cookie || places[space + slot(places + space, space, true, cookie)].cookie);
	return cookie;
}

static uint32_t cookie_of(int64_t where)
{
	struct place *p;

	if (!odd.randomcookies && where >= 0 && where < TABLE_COOKIE)
		return where;
	if (2 * nr_places >= space)
		grow();
	p = &places[slot(places, space, false, where)];
	if (!p->cookie) {
		struct place fresh = { where, fresh_cookie() };

		add_place(places, space, fresh);
		nr_places++;
		return fresh.cookie;
	}
	return p->cookie;
}

/* -1: we never gave such a cookie. */
static int64_t place_of(uint32_t cookie)
{
	const struct place *p = space ? &places[space + slot(places + space, space, true, cookie)] : NULL;

	if (p && p->cookie)
		return p->where;
	return cookie < TABLE_COOKIE ? (int64_t)cookie : -1;
}

/* -------------------------------------------------------------- listings -- */

/* What getdents64(2) returns */
struct entry {
	uint64_t ino;
	int64_t next;
	unsigned short len;
	unsigned char type;
	char name[];
};

/* A listing under way: what the kernel gave and is not put yet, and how much may be put */
struct listing {
	int fd;
	uint8_t buf[16384];
	long have, at;
	size_t left;		/* bytes */
	uint32_t entries, max_entries;
	bool end;
};

static uint32_t next_entry(struct listing *l, const struct entry **e)
{
	*e = NULL;
	if (l->at == l->have) {
		l->at = 0;
		l->have = syscall(SYS_getdents64, l->fd, l->buf, sizeof(l->buf));
		if (l->have < 0)
			return fs_status(errno);
	}
	if (l->have)
		*e = (const struct entry *)(l->buf + l->at);
	else
		l->end = true;
	return NFS_OK;
}

static bool put_entry(struct call *c, struct listing *l, const struct entry *e)
{
	/* The byte after a name is a NUL. */
	size_t len = strlen(e->name) + odd.nulnames, size = 4 + 4 + 4 + padded(len) + 4;

	if (l->entries && (size > l->left || l->entries == l->max_entries))
		return false;
	put32(c, true);
	put32(c, wire_ino(e->ino));
	put_opaque(c, e->name, len);
	put32(c, cookie_of(e->next));
	l->left -= size < l->left ? size : l->left;
	l->entries++;
	l->at += e->len;
	return true;
}

static uint32_t put_listing(struct call *c, struct listing *l)
{
	uint8_t *start = c->out;
	const struct entry *e;
	uint32_t status;

	do {
		status = next_entry(l, &e);
		if (status)
			return status;
	} while (e && put_entry(c, l, e));
	put32(c, false);
	put32(c, l->end && !(odd.lateeof && l->entries));
	if (odd.set_cut && odd.cut < c->out - start)
		c->out = start + odd.cut;
	return NFS_OK;
}

static int open_listing(const struct node *dir, const struct cred *cred)
{
	int fd;

	as_caller(cred);
	fd = fs_open(dir, O_RDONLY | O_DIRECTORY);
	as_root();
	return fd;
}

uint32_t nfs_readdir(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	uint32_t cookie = get32(c), bytes = get32(c), status;
	struct listing l = { .max_entries = odd.entries ? odd.entries : UINT32_MAX };
	int64_t where = place_of(cookie);
	struct node dir;

	if (c->bad)
		return NFS_OK;
	status = fs_get_dir(fh, &dir);
	if (status)
		return status;
	/* Of the bytes, 8 are for the end. */
	l.left = (bytes < MAXDATA ? bytes : MAXDATA) - (bytes > 8 ? 8 : 0);
	l.fd = open_listing(&dir, &c->cred);
	fs_put(&dir);
	if (l.fd < 0)
		return fs_status(-l.fd);
	if (where < 0 || lseek(l.fd, where, SEEK_SET) != where)
		status = NFSERR_IO;
	else
		status = put_listing(c, &l);
	close(l.fd);
	return status;
}
