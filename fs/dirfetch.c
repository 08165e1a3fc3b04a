// SPDX-License-Identifier: GPL-2.0
/*
 * Asking for a part of a directory's listing: READDIRPLUS or READDIR, the reply's entries to a
 * chunk (dircache.c), and those that come with attributes to the dcache too.
 */
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>

#include "dircache.h"
#include "snfs.h"

/* Bytes of the first reply of a listing */
#define SNFS_DIR_FIRST_BYTES	((u32)SZ_128K)

/**
 * struct snfs_dirfetch - a READDIR or READDIRPLUS and its reply
 * @op: the operation
 * @pages: what the reply goes to
 * @nr: how many @pages there are
 * @list: walks the reply
 * @ent: the entry it is at
 */
struct snfs_dirfetch {
	struct snfs_op		*op;
	struct page		**pages;
	unsigned int		nr;
	struct snfs_dirlist	list;
	struct snfs_dirent	ent;
};

static bool same_object(const struct inode *inode, const struct snfs_dirent *ent)
{
	const struct snfs_inode *si = inode ? SNFS_I(inode) : NULL;

	return si && si->fh.len == ent->fh.len && !memcmp(si->fh.data, ent->fh.data, ent->fh.len) &&
	       !test_bit(SNFS_INO_STALE, &si->flags);
}

/* Is the name cached, and was this all there is to do about it? */
static bool refresh_dentry(struct dentry *parent, const struct qstr *name,
			   const struct snfs_dirent *ent, u64 sent, u32 ver)
{
	struct dentry *dentry = d_lookup(parent, name);
	bool done = false;

	if (!dentry)
		return false;
	if (dentry->d_flags & DCACHE_NFSFS_RENAMED) {
		done = true;
	} else if (same_object(d_inode(dentry), ent)) {
		snfs_attr_apply_found(d_inode(dentry), &ent->attr, sent);
		snfs_dentry_verified(dentry, ver);
		done = true;
	} else {
		/* The name has become another object. */
		d_invalidate(dentry);
	}
	dput(dentry);
	return done;
}

static void fill_dentry(struct dentry *dentry, const struct snfs_dirent *ent, u64 sent, u32 ver)
{
	struct inode *inode = snfs_iget(dentry->d_sb, &ent->fh, &ent->attr, sent);
	struct dentry *alias = ERR_CAST(inode);

	if (!IS_ERR(inode)) {
		snfs_nested_note(dentry, inode);
		alias = d_splice_alias(inode, dentry);
	}
	d_lookup_done(dentry);
	if (!IS_ERR(alias)) {
		snfs_dentry_verified(alias ?: dentry, ver);
		dput(alias);
	}
	dput(dentry);
}

static bool is_dot(const struct snfs_name *name)
{
	return name->name[0] == '.' &&
	       (name->len == 1 || (name->len == 2 && name->name[1] == '.'));
}

/*
 * Is it of the file system that the superblock is for? With notraverse a directory need not be;
 * there nobody asks.
 */
static bool same_fs(const struct inode *dir, const struct snfs_dirent *ent)
{
	return ent->attr.fsid == READ_ONCE(snfs_server(dir)->fsid) ||
	       test_bit(SNFS_INO_FOREIGN, &SNFS_I(dir)->flags);
}

/*
 * Only what the server says twice is believed: an entry whose attributes are of another number
 * or of another file system is a mount point of the server's, which a LOOKUP crosses. A LOOKUP can
 * also wait for the list of exports, if that is still on its way.
 */
static void prime_dcache(struct dentry *parent, const struct snfs_dirent *ent, u64 sent, u32 ver)
{
	struct qstr name = QSTR_INIT(ent->name.name, ent->name.len);
	const struct snfs_server *server = snfs_server(d_inode(parent));
	struct dentry *dentry;
	SNFS_DECLARE_LOOKUP_QUEUE(wq);

	if (!ent->fh.len || !ent->attr.valid || ent->attr.fileid != ent->fileid ||
	    !same_fs(d_inode(parent), ent) || name.len > server->namelen)
		return;
	if (S_ISDIR(ent->attr.mode) && snfs_nested_is_pending(server))
		return;
	name.hash = full_name_hash(parent, name.name, name.len);
	if (refresh_dentry(parent, &name, ent, sent, ver))
		return;
	dentry = snfs_d_alloc_parallel(parent, &name, wq);
	if (IS_ERR(dentry))
		return;
	/* Else somebody is looking it up right now. */
	if (d_in_lookup(dentry))
		fill_dentry(dentry, ent, sent, ver);
	else
		dput(dentry);
}

/* ------------------------------------------------------------------------------------------
 * asking the server
 */

static void fetch_free(struct snfs_dirfetch *f)
{
	while (f->nr)
		__free_page(f->pages[--f->nr]);
	kvfree(f->pages);
	snfs_op_put(f->op);
	kfree(f);
}

/* As many pages as there are, up to @bytes: with fewer the reply is smaller. */
static int fetch_alloc_pages(struct snfs_dirfetch *f, u32 bytes)
{
	unsigned int want = DIV_ROUND_UP(bytes, PAGE_SIZE);
	gfp_t gfp = GFP_KERNEL;

	f->pages = kvcalloc(want, sizeof(*f->pages), GFP_KERNEL);
	if (!f->pages)
		return -ENOMEM;
	while (f->nr < want) {
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		f->pages[f->nr++] = page;
		if (f->nr >= 16)
			gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	}
	return f->nr ? 0 : -ENOMEM;
}

static struct snfs_dirfetch *fetch_alloc(struct inode *dir, const struct cred *cred, u64 cookie,
					 u32 bytes)
{
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	struct snfs_dirfetch *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return NULL;
	f->op = snfs_op_alloc(snfs_server(dir), cred, GFP_KERNEL);
	if (fetch_alloc_pages(f, bytes)) {
		fetch_free(f);
		return NULL;
	}
	snfs_op_set_inode(f->op, 0, dir);
	f->op->args.readdir.cookie = cookie;
	f->op->args.readdir.maxcount = min_t(u32, bytes, f->nr * PAGE_SIZE);
	f->op->args.readdir.dircount = f->op->args.readdir.maxcount;
	f->op->args.readdir.pages = f->pages;
	if (cookie) {
		mutex_lock(&dc->lock);
		f->op->args.readdir.verf = dc->verf;
		mutex_unlock(&dc->lock);
	}
	return f;
}

/* A listing begins small: most are, and so is the window that a connection begins with. */
static u32 fetch_bytes(const struct snfs_server *server, const struct snfs_dirask *ask)
{
	return ask->cookie || !ask->keep ? server->dtsize :
					   min(server->dtsize, SNFS_DIR_FIRST_BYTES);
}

/**
 * snfs_dir_can_plus - may READDIRPLUS be used?
 * @server: the mount
 *
 * Return: whether it may.
 */
bool snfs_dir_can_plus(const struct snfs_server *server)
{
	return server->caps & SNFS_CAP_READDIRPLUS && !(server->opt.flags & SNFS_OPT_NORDIRPLUS);
}

/* How often a listing is asked for while names go under the server's hands */
#define DIR_TRIES	10

/* One call, as the server can do it. Returns the reply or an ERR_PTR. */
static struct snfs_dirfetch *fetch_once(struct inode *dir, const struct cred *cred,
					struct snfs_dirask *ask, bool zero_verf)
{
	struct snfs_server *server = snfs_server(dir);
	unsigned int tries = 0;
	struct snfs_dirfetch *f;
	int err;

again:
	f = fetch_alloc(dir, cred, ask->cookie, fetch_bytes(server, ask));
	if (!f)
		return ERR_PTR(-ENOMEM);
	if (zero_verf)
		memset(&f->op->args.readdir.verf, 0, sizeof(f->op->args.readdir.verf));
	err = snfs_op_call(f->op, ask->plus ? server->proto->readdirplus : server->proto->readdir);
	if (!err)
		return f;
	if (ask->plus && f->op->res.status == NFS3ERR_NOTSUPP) {
		server->caps &= ~SNFS_CAP_READDIRPLUS;
		ask->plus = false;
		fetch_free(f);
		goto again;
	}
	/*
	 * nfs-ganesha stumbles over a name that goes while it reads. To readdir(3) ENOENT would be
	 * the end of the listing.
	 */
	if (f->op->res.status == NFS3ERR_NOENT) {
		if (++tries < DIR_TRIES) {
			fetch_free(f);
			goto again;
		}
		err = -EIO;
	}
	if (f->op->res.status == NFS3ERR_BAD_COOKIE)
		err = -EBADF;
	fetch_free(f);
	return ERR_PTR(err);
}

/*
 * The server may find the verifier outdated (NFS3ERR_BAD_COOKIE) while the cookie still means
 * something: without a verifier it has to try. -EBADF if it will not.
 */
static struct snfs_dirfetch *fetch(struct inode *dir, const struct cred *cred,
				   struct snfs_dirask *ask)
{
	struct snfs_dirfetch *f = fetch_once(dir, cred, ask, false);

	return f == ERR_PTR(-EBADF) ? fetch_once(dir, cred, ask, true) : f;
}

static u8 type_of(const struct snfs_dirent *ent)
{
	return ent->attr.valid ? fs_umode_to_dtype(ent->attr.mode) : DT_UNKNOWN;
}

/* Move the entries of a reply to a chunk, and those that came with attributes to the dcache. */
static int read_entries(struct dentry *parent, struct snfs_dirfetch *f,
			struct snfs_dirchunk *chunk)
{
	const struct snfs_proto_ops *proto = f->op->server->proto;
	int ret;

	proto->dirlist_init(&f->list, f->op);
	while ((ret = proto->dirlist_next(&f->list, &f->ent)) > 0) {
		bool keep = !is_dot(&f->ent.name);

		ret = snfs_dirchunk_add(chunk, &f->ent, type_of(&f->ent), keep);
		if (ret)
			return ret;
		if (keep)
			prime_dcache(parent, &f->ent, f->op->sent, chunk->ver);
		if (need_resched())
			cond_resched();
	}
	return ret ?: snfs_dirchunk_finish(chunk, f->list.eof);
}

/*
 * Note how far the names of the listing came with attributes. What is behind, snfs_dir_ahead()
 * asks for when it is looked up.
 */
static void remember(struct snfs_dircache *dc, const struct snfs_dirask *ask,
		     const struct snfs_dirchunk *chunk, const struct snfs_verf *verf)
{
	mutex_lock(&dc->lock);
	dc->verf = *verf;
	if (ask->plus && dc->bare && dc->bare_from == ask->cookie) {
		dc->bare_from = chunk->next;
		dc->bare = !chunk->eof;
	} else if (!ask->plus && !dc->bare) {
		dc->bare = true;
		dc->bare_from = ask->cookie;
		dc->misses = 0;
	}
	mutex_unlock(&dc->lock);
}

/**
 * snfs_dir_complain - say in the log what is wrong with a listing
 * @parent: the directory
 * @cookie: where in it
 * @err: -ELOOP if it repeats itself, else malformed
 */
void snfs_dir_complain(const struct dentry *parent, u64 cookie, int err)
{
	struct inode *dir = d_inode(parent);
	struct name_snapshot name;

	/* Escaped: the server may have chosen a name that would make a line of the log. */
	take_dentry_name_snapshot(&name, (struct dentry *)parent);
	snfs_warn(snfs_server(dir), "%s listing of directory %*pE (fileid %llu) at cookie %llu",
		  err == -ELOOP ? "repeating" : "malformed", (int)name.name.len, name.name.name,
		  SNFS_I(dir)->fileid, cookie);
	release_dentry_name_snapshot(&name);
}

/**
 * snfs_dirfetch - ask for the entries behind a cookie
 * @parent: the directory; its inode's i_rwsem is held, shared or not
 * @cred: on whose behalf
 * @ask: what; @ask->plus tells afterwards what was possible
 *
 * Entries that come with attributes go to the dcache.
 *
 * Context: May sleep, killable.
 * Return: a chunk with a reference, or an ERR_PTR: -EBADF if the server does not know the cookie.
 */
struct snfs_dirchunk *snfs_dirfetch(struct dentry *parent, const struct cred *cred,
				    struct snfs_dirask *ask)
{
	struct inode *dir = d_inode(parent);
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	struct snfs_dirchunk *chunk;
	u32 gen = READ_ONCE(dc->gen);
	u32 ver = snfs_dir_ver(dir);
	struct snfs_dirfetch *f;
	int err = -ENOMEM;

	f = fetch(dir, cred, ask);
	if (IS_ERR(f))
		return ERR_CAST(f);
	chunk = snfs_dirchunk_alloc(ask->cookie, f->op->res.readdir.bytes *
						 f->op->server->proto->dirent_growth);
	if (!chunk)
		goto err_fetch;
	chunk->ver = ver;
	chunk->sent = f->op->sent;
	err = read_entries(parent, f, chunk);
	if (err) {
		snfs_dir_complain(parent, ask->cookie, err);
		goto err_chunk;
	}
	if (ask->keep) {
		remember(dc, ask, chunk, &f->op->res.readdir.verf);
		snfs_dircache_insert(dc, chunk, gen, snfs_dir_ver(dir));
	}
	fetch_free(f);
	return chunk;

err_chunk:
	snfs_dirchunk_put(chunk);
err_fetch:
	fetch_free(f);
	return ERR_PTR(err);
}

/* How many entries with a name of this length a READDIRPLUS brings, at least */
static u32 entries_per_reply(const struct snfs_server *server, u32 len)
{
	/* all of an entryplus3 but the name, with a handle of 64 bytes */
	return server->dtsize / (204 + ALIGN(len, 4));
}

/* The second name in a row is a pattern; after that the names asked ahead must have been used. */
static bool pays_ahead(struct inode *dir, struct snfs_dircache *dc, const struct qstr *name,
		       u64 *cookie)
{
	bool pays = false;

	mutex_lock(&dc->lock);
	dc->misses++;
	if (dc->bare && (dc->misses <= 2 ||
			 test_and_clear_bit(SNFS_INO_DIR_USED, &SNFS_I(dir)->flags))) {
		/* What is not cached of the listing is asked for in its order. */
		if (!snfs_dircache_around(dc, name->name, name->len,
					  entries_per_reply(snfs_server(dir), name->len), cookie))
			*cookie = dc->bare_from;
		pays = dc->misses >= 2;
	}
	mutex_unlock(&dc->lock);
	return pays;
}

/**
 * snfs_dir_ahead - a name was looked up: would the listing have brought it?
 * @parent: the directory; its inode's i_rwsem is held, shared or not
 * @name: the name
 *
 * Programs read all names first and then look at each, in the order of the listing or in one of
 * their own (find(1) sorts by number). If the names came without attributes, a READDIRPLUS of
 * the part of the listing around this one saves a LOOKUP for each name in it.
 *
 * Context: May sleep, killable. The name that was looked up must not be in lookup any more.
 */
void snfs_dir_ahead(struct dentry *parent, const struct qstr *name)
{
	struct inode *dir = d_inode(parent);
	struct snfs_dircache *dc = READ_ONCE(SNFS_I(dir)->dir);
	struct snfs_dirask ask = { .plus = true };
	struct snfs_dirchunk *chunk;

	if (!dc || !READ_ONCE(dc->bare) || !snfs_dir_can_plus(snfs_server(dir)) ||
	    !pays_ahead(dir, dc, name, &ask.cookie))
		return;
	chunk = snfs_dirfetch(parent, current_cred(), &ask);
	if (IS_ERR(chunk))
		return;
	mutex_lock(&dc->lock);
	if (dc->bare_from == ask.cookie) {
		dc->bare_from = chunk->next;
		dc->bare = !chunk->eof && ask.plus;
	}
	mutex_unlock(&dc->lock);
	snfs_dirchunk_put(chunk);
}
