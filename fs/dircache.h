/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is cached of a directory's listing.
 */
#ifndef _SNFS_DIRCACHE_H
#define _SNFS_DIRCACHE_H

#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/sizes.h>

#include "dirindex.h"
#include "snfs/proto.h"

struct cred;
struct dentry;
struct inode;
struct snfs_server;

/* What a directory may keep; what is beyond is read again each time, through one chunk. */
#define SNFS_DIRCACHE_BYTES	SZ_4M

/**
 * struct snfs_dirrec - an entry of a chunk, at a multiple of 8 bytes
 * @fileid: number of the object
 * @cookie: position behind this entry
 * @type: DT_*
 * @namelen: 1 to 255
 * @name: not NUL terminated
 */
struct snfs_dirrec {
	u64	fileid;
	u64	cookie;
	u8	type;
	u8	namelen;
	char	name[];
};

/**
 * struct snfs_dirchunk - the entries that one READDIR or READDIRPLUS brought
 * @ref: the cache and each reader that is in it hold one
 * @node: in snfs_dircache.chunks, if it is there
 * @start: cookie it was asked for with
 * @next: cookie of its last entry, where to go on
 * @sent: when it was asked for (ns, CLOCK_BOOTTIME)
 * @ver: snfs_dir_ver() before that
 * @eof: the directory ends here
 * @entries: how many the server sent, also those that are not kept
 * @used: bytes of @data that are used
 * @size: bytes of @data
 * @lowest: of the cookies so far
 * @highest: likewise
 * @data: struct snfs_dirrec
 *
 * Constant once snfs_dirchunk_finish() was called.
 */
struct snfs_dirchunk {
	refcount_t	ref;
	struct rb_node	node;
	u64		start;
	u64		next;
	u64		sent;
	u32		ver;
	bool		eof;
	u64		lowest;
	u64		highest;
	u32		entries;
	u32		used;
	u32		size;
	void		*data;
};

/**
 * struct snfs_dirrun - where somebody is who visits the names of a listing one by one
 * @start: start of the chunk
 * @at: where in it
 */
struct snfs_dirrun {
	u64	start;
	u32	at;
};

/* What the next name means: on in the order of the listing, from its begin, or neither. */
enum snfs_dirrun_step { SNFS_DIRRUN_ON, SNFS_DIRRUN_NEW, SNFS_DIRRUN_LOST };

/**
 * struct snfs_dircache - a directory's listing; SNFS_I(dir)->dir
 * @lock: protects all below; nests inside the directory's i_rwsem, nothing nests inside it
 * @chunks: struct snfs_dirchunk by start
 * @nr: how many there are
 * @bytes: their sizes
 * @ver: snfs_dir_ver() that they are of
 * @gen: moves when our own changes made them wrong
 * @verf: cookie verifier of the latest reply
 * @bare: names of the listing came without attributes
 * @bare_from: cookie from where on they did
 * @misses: names that had to be looked up since
 * @last_start: where the latest of them is: start of its chunk
 * @last_nr: and its number in the chunk
 * @acl_run: who asks for ACLs is here (aclahead.c)
 * @acl_window: how many were asked for ahead the last time
 * @index: large cookies
 */
struct snfs_dircache {
	struct mutex		lock;	/* protects all below */
	struct rb_root		chunks;
	unsigned int		nr;
	u32			bytes;
	u32			ver;
	u32			gen;
	struct snfs_verf	verf;
	bool			bare;
	u64			bare_from;
	unsigned int		misses;
	u64			last_start;
	int			last_nr;
	struct snfs_dirrun	acl_run;
	unsigned int		acl_window;
	struct snfs_dirindex	index;
};

/**
 * struct snfs_dirask - what to ask for
 * @cookie: entries behind this; 0: from the start
 * @plus: with attributes
 * @keep: in the directory's cache
 */
struct snfs_dirask {
	u64	cookie;
	bool	plus;
	bool	keep;
};

struct snfs_dirchunk *snfs_dirchunk_alloc(u64 start, u32 size);
int snfs_dirchunk_add(struct snfs_dirchunk *chunk, const struct snfs_dirent *ent, u8 type,
		      bool keep);
int snfs_dirchunk_finish(struct snfs_dirchunk *chunk, bool eof);
const struct snfs_dirrec *snfs_dirchunk_rec(const struct snfs_dirchunk *chunk, u32 at);
u32 snfs_dirchunk_next(const struct snfs_dirchunk *chunk, u32 at);
bool snfs_dirchunk_find(const struct snfs_dirchunk *chunk, u64 cookie, u32 *at);
struct snfs_dirchunk *snfs_dirchunk_get(struct snfs_dirchunk *chunk);
void snfs_dirchunk_put(struct snfs_dirchunk *chunk);

struct snfs_dircache *snfs_dircache_alloc(void);
void snfs_dircache_destroy(struct snfs_dircache *dc);
void snfs_dircache_empty(struct snfs_dircache *dc);
struct snfs_dirchunk *snfs_dircache_find(struct snfs_dircache *dc, u64 cookie, u32 ver, u32 *at);
bool snfs_dircache_around(struct snfs_dircache *dc, const char *name, u32 len, u32 nr, u64 *cookie);
const struct snfs_dirrec *snfs_dirrun_next(struct snfs_dircache *dc, struct snfs_dirrun *run);
enum snfs_dirrun_step snfs_dirrun_visit(struct snfs_dircache *dc, struct snfs_dirrun *run,
					const char *name, u32 len);
void snfs_dircache_insert(struct snfs_dircache *dc, struct snfs_dirchunk *chunk, u32 gen,
			  u32 ver);

/* dirfetch.c */
bool snfs_dir_can_plus(const struct snfs_server *server);
struct snfs_dirchunk *snfs_dirfetch(struct dentry *parent, const struct cred *cred,
				    struct snfs_dirask *ask);
void snfs_dir_complain(const struct dentry *parent, u64 cookie, int err);

#endif /* _SNFS_DIRCACHE_H */
