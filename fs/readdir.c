// SPDX-License-Identifier: GPL-2.0
/*
 * Directory listings: file_operations of directories.
 *
 * A reader goes through chunks (dircache.c), each what one READDIRPLUS or READDIR brought. A
 * chunk is taken from the directory's cache if that is of the directory's current version, else
 * asked for; READDIRPLUS fills the dcache on the way. Our own changes of the directory exclude
 * readers (i_rwsem), those of others move its version.
 */
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>

#include "dircache.h"
#include "snfs.h"

/*
 * A directory that is small by its size gets a first reply of this much: most directories are
 * small, and receiving 1 MiB means allocating it.
 */
#define SNFS_DIR_FIRST_BYTES	((u32)SZ_128K)
#define SNFS_DIR_SMALL		4096

/*
 * When the attributes of a directory must be asked for anyway, a listing of so few replies is
 * asked for instead: it brings the attributes of the entries too.
 */
#define SNFS_DIR_REREAD_CHUNKS	4

/**
 * struct snfs_dirreader - an open directory
 * @opened: when it was opened (ns, CLOCK_BOOTTIME): what is older is not shown, once
 * @chunk: where the reader is, or NULL
 * @at: the next entry in @chunk
 * @pos: the file position that this is
 * @mark: cookie that the loop check waits for
 * @steps: chunks since @mark was set
 * @limit: chunks until it is set anew
 *
 * Locking: f_pos_lock of the file, as for the file position itself.
 */
struct snfs_dirreader {
	u64			opened;
	struct snfs_dirchunk	*chunk;
	u32			at;
	loff_t			pos;
	u64			mark;
	unsigned int		steps;
	unsigned int		limit;
};

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

/**
 * snfs_dircache_drop - the listing has changed, by our own doing
 * @dir: the directory
 *
 * Context: May sleep.
 */
void snfs_dircache_drop(struct inode *dir)
{
	struct snfs_dircache *dc = READ_ONCE(SNFS_I(dir)->dir);

	if (dc)
		snfs_dircache_empty(dc);
}

/**
 * snfs_dircache_free - free the cached listing of an inode that goes
 * @dir: the inode, of any type
 */
void snfs_dircache_free(struct inode *dir)
{
	snfs_dircache_destroy(SNFS_I(dir)->dir);
	SNFS_I(dir)->dir = NULL;
}

static int make_dircache(struct inode *dir)
{
	struct snfs_dircache *dc;

	if (READ_ONCE(SNFS_I(dir)->dir))
		return 0;
	dc = snfs_dircache_alloc();
	if (!dc)
		return -ENOMEM;
	if (cmpxchg(&SNFS_I(dir)->dir, NULL, dc))
		snfs_dircache_destroy(dc);
	return 0;
}

/* ------------------------------------------------------------------------------------------
 * filling the dcache
 */

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

	if (!IS_ERR(inode))
		alias = d_splice_alias(inode, dentry);
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
 * Only what the server says twice is believed: an entry whose attributes are of another number
 * is a mount point of the server's, which a LOOKUP crosses.
 */
static void prime_dcache(struct dentry *parent, const struct snfs_dirent *ent, u64 sent, u32 ver)
{
	struct qstr name = QSTR_INIT(ent->name.name, ent->name.len);
	struct dentry *dentry;
	SNFS_DECLARE_LOOKUP_QUEUE(wq);

	if (!ent->fh.len || !ent->attr.valid || ent->attr.fileid != ent->fileid ||
	    name.len > snfs_server(d_inode(parent))->namelen)
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

static struct snfs_dirfetch *fetch_alloc(struct file *file, u64 cookie, u32 bytes)
{
	struct inode *dir = file_inode(file);
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	struct snfs_dirfetch *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return NULL;
	f->op = snfs_op_alloc(snfs_server(dir), file->f_cred, GFP_KERNEL);
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

static u32 fetch_bytes(const struct inode *dir, u64 cookie)
{
	const struct snfs_server *server = snfs_server(dir);

	if (!cookie && i_size_read(dir) <= SNFS_DIR_SMALL)
		return min(server->dtsize, SNFS_DIR_FIRST_BYTES);
	return server->dtsize;
}

static bool use_plus(const struct snfs_server *server)
{
	return server->caps & SNFS_CAP_READDIRPLUS && !(server->opt.flags & SNFS_OPT_NORDIRPLUS);
}

/* One call, as the server can do it. Returns the reply or an ERR_PTR. */
static struct snfs_dirfetch *fetch_once(struct file *file, u64 cookie, bool zero_verf)
{
	struct snfs_server *server = snfs_server(file_inode(file));
	struct snfs_dirfetch *f;
	bool plus = use_plus(server);
	int err;

again:
	f = fetch_alloc(file, cookie, fetch_bytes(file_inode(file), cookie));
	if (!f)
		return ERR_PTR(-ENOMEM);
	if (zero_verf)
		memset(&f->op->args.readdir.verf, 0, sizeof(f->op->args.readdir.verf));
	err = snfs_op_call(f->op, plus ? server->proto->readdirplus : server->proto->readdir);
	if (!err)
		return f;
	if (plus && f->op->res.status == NFS3ERR_NOTSUPP) {
		server->caps &= ~SNFS_CAP_READDIRPLUS;
		plus = false;
		fetch_free(f);
		goto again;
	}
	if (f->op->res.status == NFS3ERR_BAD_COOKIE)
		err = -EBADF;
	fetch_free(f);
	return ERR_PTR(err);
}

/*
 * The server may find the verifier outdated (NFS3ERR_BAD_COOKIE) while the cookie still means
 * something: without a verifier it has to try.
 */
static struct snfs_dirfetch *fetch(struct file *file, u64 cookie)
{
	struct snfs_dirfetch *f = fetch_once(file, cookie, false);

	if (f != ERR_PTR(-EBADF))
		return f;
	f = fetch_once(file, cookie, true);
	return f == ERR_PTR(-EBADF) ? ERR_PTR(-EIO) : f;
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

static void remember_verf(struct snfs_dircache *dc, const struct snfs_verf *verf)
{
	mutex_lock(&dc->lock);
	dc->verf = *verf;
	mutex_unlock(&dc->lock);
}

static void complain(const struct file *file, u64 cookie, int err)
{
	struct inode *dir = file_inode(file);

	snfs_warn(snfs_server(dir), "%s listing of directory %pD (fileid %llu) at cookie %llu",
		  err == -ELOOP ? "repeating" : "malformed", file, SNFS_I(dir)->fileid, cookie);
}

/* Ask for the entries behind a cookie. Returns a chunk with a reference, or an ERR_PTR. */
static struct snfs_dirchunk *fetch_chunk(struct file *file, u64 cookie)
{
	struct inode *dir = file_inode(file);
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	struct snfs_dirchunk *chunk;
	u32 gen = READ_ONCE(dc->gen);
	u32 ver = snfs_dir_ver(dir);
	struct snfs_dirfetch *f;
	int err = -ENOMEM;

	f = fetch(file, cookie);
	if (IS_ERR(f))
		return ERR_CAST(f);
	chunk = snfs_dirchunk_alloc(cookie, f->op->res.readdir.bytes);
	if (!chunk)
		goto err_fetch;
	chunk->ver = ver;
	chunk->sent = f->op->sent;
	err = read_entries(file->f_path.dentry, f, chunk);
	if (err) {
		complain(file, cookie, err);
		goto err_chunk;
	}
	remember_verf(dc, &f->op->res.readdir.verf);
	snfs_dircache_insert(dc, chunk, gen, snfs_dir_ver(dir));
	fetch_free(f);
	return chunk;

err_chunk:
	snfs_dirchunk_put(chunk);
err_fetch:
	fetch_free(f);
	return ERR_PTR(err);
}

/* ------------------------------------------------------------------------------------------
 * reading
 */

static void leave_chunk(struct snfs_dirreader *rd)
{
	snfs_dirchunk_put(rd->chunk);
	rd->chunk = NULL;
	rd->at = 0;
	rd->mark = 0;
	rd->steps = 0;
	rd->limit = 2;
}

/*
 * Cookies that lead in a circle: the mark is moved at growing distances, so a circle of any
 * length is found after going through it a few times.
 */
static int check_loop(struct snfs_dirreader *rd, u64 cookie)
{
	if (cookie == rd->mark)
		return -ELOOP;
	if (++rd->steps < rd->limit)
		return 0;
	rd->mark = cookie;
	rd->steps = 0;
	rd->limit *= 2;
	return 0;
}

/* Has the directory to be asked about before its cached listing may be shown? */
static bool is_outdated(struct inode *dir, u64 when)
{
	bool ok;

	if (!when)
		return !snfs_attr_within(dir);
	spin_lock(&dir->i_lock);
	ok = snfs_fresh_since(&SNFS_I(dir)->fresh, when);
	spin_unlock(&dir->i_lock);
	return !ok;
}

/* Would the entries' attributes be asked for again, and are they few? */
static bool better_reread(struct inode *dir, const struct snfs_dircache *dc,
			  const struct snfs_dirchunk *chunk)
{
	const struct snfs_server *server = snfs_server(dir);

	return use_plus(server) && snfs_now() - chunk->sent >= server->acreg.min &&
	       READ_ONCE(dc->nr) <= SNFS_DIR_REREAD_CHUNKS;
}

/*
 * The beginning of the listing from the cache, if the directory is what it was. An open asks
 * the server as close-to-open says, a rewind as the attribute cache says.
 */
static struct snfs_dirchunk *find_first(struct file *file, struct snfs_dirreader *rd)
{
	struct inode *dir = file_inode(file);
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	u64 when = snfs_server(dir)->opt.flags & SNFS_OPT_NOCTO ? 0 : rd->opened;
	struct snfs_dirchunk *chunk;
	int err = 0;
	u32 at;

	rd->opened = 0;
	chunk = snfs_dircache_find(dc, 0, snfs_dir_ver(dir), &at);
	if (!chunk || !is_outdated(dir, when))
		return chunk;
	if (!better_reread(dir, dc, chunk))
		err = when ? snfs_revalidate_since(dir, when) : snfs_revalidate(dir);
	else
		snfs_dircache_empty(dc);
	snfs_dirchunk_put(chunk);
	return err ? ERR_PTR(err) : snfs_dircache_find(dc, 0, snfs_dir_ver(dir), &at);
}

/* Enter the chunk that has the entries behind a cookie. */
static int enter_chunk(struct file *file, struct snfs_dirreader *rd, u64 cookie)
{
	struct inode *dir = file_inode(file);
	struct snfs_dirchunk *chunk;
	u32 at = 0;

	if (cookie)
		chunk = snfs_dircache_find(SNFS_I(dir)->dir, cookie, snfs_dir_ver(dir), &at);
	else
		chunk = find_first(file, rd);
	if (!chunk)
		chunk = fetch_chunk(file, cookie);
	if (IS_ERR(chunk))
		return PTR_ERR(chunk);
	snfs_dirchunk_put(rd->chunk);
	rd->chunk = chunk;
	rd->at = at;
	return 0;
}

/* Go to the chunk after the one that is read to its end. */
static int next_chunk(struct file *file, struct snfs_dirreader *rd)
{
	u64 cookie = rd->chunk->next;
	int err = check_loop(rd, cookie);

	if (err) {
		complain(file, cookie, err);
		return err;
	}
	return enter_chunk(file, rd, cookie);
}

static int seek_chunk(struct file *file, struct snfs_dirreader *rd, loff_t pos)
{
	struct snfs_dircache *dc = SNFS_I(file_inode(file))->dir;
	u64 cookie;
	int err;

	leave_chunk(rd);
	mutex_lock(&dc->lock);
	err = snfs_dirindex_cookie(&dc->index, pos, &cookie);
	mutex_unlock(&dc->lock);
	if (!err)
		err = enter_chunk(file, rd, cookie);
	rd->pos = pos;
	return err;
}

/* Stand before the entry at a position. Returns 1; 0 if it is the end; or a negative errno. */
static int locate(struct file *file, struct snfs_dirreader *rd, loff_t pos)
{
	int err = 0;

	if (!rd->chunk || rd->pos != pos)
		err = seek_chunk(file, rd, pos);
	while (!err && !snfs_dirchunk_rec(rd->chunk, rd->at)) {
		if (rd->chunk->eof)
			return 0;
		err = next_chunk(file, rd);
	}
	return err ?: 1;
}

static int position_behind(struct snfs_dircache *dc, u64 cookie, loff_t *pos)
{
	int err;

	if (snfs_dirindex_plain(cookie))
		return snfs_dirindex_pos(&dc->index, cookie, pos);
	mutex_lock(&dc->lock);
	err = snfs_dirindex_pos(&dc->index, cookie, pos);
	mutex_unlock(&dc->lock);
	return err;
}

/* What is silly-renamed here is nobody's business; other clients' silly names are shown. */
static bool is_hidden(struct file *file, const struct snfs_dirrec *rec)
{
	struct snfs_name name = { .name = rec->name, .len = rec->namelen };
	struct qstr q = QSTR_INIT(rec->name, rec->namelen);
	struct dentry *dentry;
	bool hidden;

	if (!snfs_is_sillyname(&name))
		return false;
	q.hash = full_name_hash(file->f_path.dentry, q.name, q.len);
	dentry = d_lookup(file->f_path.dentry, &q);
	hidden = dentry && dentry->d_flags & DCACHE_NFSFS_RENAMED;
	dput(dentry);
	return hidden;
}

/* Show the entry that the reader is at. Returns 1; 0 if there is no room; or a negative errno. */
static int emit(struct file *file, struct snfs_dirreader *rd, struct dir_context *ctx)
{
	const struct snfs_dirrec *rec = snfs_dirchunk_rec(rd->chunk, rd->at);
	loff_t behind;
	int err;

	err = position_behind(SNFS_I(file_inode(file))->dir, rec->cookie, &behind);
	if (err)
		return err;
	if (!is_hidden(file, rec) &&
	    !dir_emit(ctx, rec->name, rec->namelen, rec->fileid, rec->type))
		return 0;
	ctx->pos = behind;
	rd->pos = behind;
	rd->at = snfs_dirchunk_next(rd->chunk, rd->at);
	return 1;
}

/* file_operations.iterate_shared; the directory's i_rwsem is held shared */
static int snfs_iterate(struct file *file, struct dir_context *ctx)
{
	struct snfs_dirreader *rd = file->private_data;
	int ret;

	snfs_count(snfs_server(file_inode(file)), SNFS_EV_GETDENTS);
	/* From the start anew: rewinddir(3) shows what has changed. */
	if (ctx->pos == 0)
		leave_chunk(rd);
	if (!dir_emit_dots(file, ctx))
		return 0;
	do {
		ret = locate(file, rd, ctx->pos);
		if (ret > 0)
			ret = emit(file, rd, ctx);
	} while (ret > 0);
	return ret;
}

static int snfs_dir_open(struct inode *dir, struct file *file)
{
	struct snfs_dirreader *rd;
	int err;

	snfs_count(snfs_server(dir), SNFS_EV_OPEN);
	err = make_dircache(dir);
	if (err)
		return err;
	rd = kzalloc(sizeof(*rd), GFP_KERNEL);
	if (!rd)
		return -ENOMEM;
	rd->opened = snfs_now();
	leave_chunk(rd);
	file->private_data = rd;
	return 0;
}

static int snfs_dir_release(struct inode *dir, struct file *file)
{
	struct snfs_dirreader *rd = file->private_data;

	leave_chunk(rd);
	kfree(rd);
	return 0;
}

/* Any position may be sought; whether there is something is found out by reading. */
static loff_t snfs_dir_llseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

const struct file_operations snfs_dir_file_operations = {
	.llseek		= snfs_dir_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= snfs_iterate,
	.open		= snfs_dir_open,
	.release	= snfs_dir_release,
	.fsync		= noop_fsync,
	SNFS_NO_LEASES
};
