// SPDX-License-Identifier: GPL-2.0
/*
 * Directory listings: file_operations of directories.
 *
 * A reader goes through chunks (dircache.c), each what one READDIRPLUS or READDIR brought. A
 * chunk is taken from the directory's cache if that is of the directory's current version, else
 * asked for; READDIRPLUS fills the dcache on the way. Our own changes of the directory exclude
 * readers (i_rwsem), those of others move its version.
 */
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>

#include "dircache.h"
#include "snfs.h"

/* Replies with attributes that nobody looks at, before they are left out */
#define SNFS_DIR_PLUS_TRIES	2

/**
 * struct snfs_dirreader - an open directory
 * @opened: when it was opened (ns, CLOCK_BOOTTIME): what is older is not shown, once
 * @chunk: where the reader is, or NULL
 * @at: the next entry in @chunk
 * @pos: the file position that this is
 * @table: where positions are numbers: SNFS_DIRPOS_TABLE, or _TABLE32 for a 32-bit program
 * @mark: cookie that the loop check waits for
 * @steps: chunks since @mark was set
 * @limit: chunks until it is set anew
 * @unused: replies with attributes since somebody looked at an entry
 *
 * Locking: f_pos_lock of the file, as for the file position itself.
 */
struct snfs_dirreader {
	u64			opened;
	struct snfs_dirchunk	*chunk;
	u32			at;
	loff_t			pos;
	loff_t			table;
	u64			mark;
	unsigned int		steps;
	unsigned int		limit;
	unsigned int		unused;
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

static void reset_loop_check(struct snfs_dirreader *rd)
{
	rd->mark = 0;
	rd->steps = 0;
	rd->limit = 2;
}

static void leave_chunk(struct snfs_dirreader *rd)
{
	snfs_dirchunk_put(rd->chunk);
	rd->chunk = NULL;
	rd->at = 0;
	reset_loop_check(rd);
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

/*
 * Would attributes of entries that somebody looks at have to be asked for one by one, now or
 * before the chunk is read to its end?
 */
static bool is_faded(struct inode *dir, const struct snfs_dirchunk *chunk)
{
	const struct snfs_server *server = snfs_server(dir);

	return snfs_dir_can_plus(server) &&
	       snfs_now() - chunk->sent >= server->acreg.min / 4 * 3 &&
	       test_bit(SNFS_INO_DIR_USED, &SNFS_I(dir)->flags);
}

/*
 * The beginning of the listing from the cache, if the directory is what it was. An open asks
 * the server as close-to-open says, a rewind as the attribute cache says. If the listing has
 * faded it is asked for instead: that brings the attributes of the directory too.
 */
static struct snfs_dirchunk *find_first(struct file *file, struct snfs_dirreader *rd)
{
	struct inode *dir = file_inode(file);
	struct snfs_dircache *dc = SNFS_I(dir)->dir;
	u64 when = snfs_server(dir)->opt.flags & SNFS_OPT_NOCTO ? 0 : rd->opened;
	struct snfs_dirchunk *chunk;
	bool faded;
	int err;
	u32 at;

	rd->opened = 0;
	chunk = snfs_dircache_find(dc, 0, snfs_dir_ver(dir), &at);
	if (!chunk || !is_outdated(dir, when))
		return chunk;
	faded = is_faded(dir, chunk);
	snfs_dirchunk_put(chunk);
	if (faded)
		return NULL;
	err = when ? snfs_revalidate_since(dir, when) : snfs_revalidate(dir);
	return err ? ERR_PTR(err) : snfs_dircache_find(dc, 0, snfs_dir_ver(dir), &at);
}

/* What follows, from the cache, unless it has faded since. */
static struct snfs_dirchunk *find_later(struct inode *dir, u64 cookie, u32 *at)
{
	struct snfs_dirchunk *chunk;

	chunk = snfs_dircache_find(SNFS_I(dir)->dir, cookie, snfs_dir_ver(dir), at);
	if (!chunk || !is_faded(dir, chunk))
		return chunk;
	snfs_dirchunk_put(chunk);
	*at = 0;
	return NULL;
}

/*
 * Attributes with the names, as long as somebody looks at entries that were handed out. A program
 * that wants mere names gets more of them with each reply.
 */
static bool wants_plus(struct inode *dir, struct snfs_dirreader *rd, u64 cookie)
{
	if (!cookie || test_and_clear_bit(SNFS_INO_DIR_USED, &SNFS_I(dir)->flags))
		rd->unused = 0;
	if (snfs_server(dir)->opt.flags & SNFS_OPT_RDIRPLUS_FORCE)
		rd->unused = 0;
	return snfs_dir_can_plus(snfs_server(dir)) && rd->unused++ < SNFS_DIR_PLUS_TRIES;
}

static struct snfs_dirchunk *fetch_chunk(struct file *file, struct snfs_dirreader *rd, u64 cookie)
{
	struct snfs_dirask ask = {
		.cookie	= cookie,
		.plus	= wants_plus(file_inode(file), rd, cookie),
		.keep	= true,
	};

	return snfs_dirfetch(file->f_path.dentry, file->f_cred, &ask);
}

/* Read on from the start until the chunk with a cookie comes. Returns NULL if none has it. */
static struct snfs_dirchunk *read_until(struct file *file, struct snfs_dirreader *rd, u64 cookie,
					u32 *at)
{
	struct snfs_dirchunk *chunk;
	u64 next = 0;
	bool eof;
	int err;

	do {
		chunk = fetch_chunk(file, rd, next);
		if (IS_ERR(chunk))
			return chunk;
		if (snfs_dirchunk_find(chunk, cookie, at))
			return chunk;
		next = chunk->next;
		eof = chunk->eof;
		snfs_dirchunk_put(chunk);
		err = check_loop(rd, next);
	} while (!eof && !err);
	return ERR_PTR(err);
}

/*
 * The server has a new verifier and refuses cookies that came with another. Its entries have to
 * be read from the start, until the one that the reader is behind comes.
 */
static struct snfs_dirchunk *seek_anew(struct file *file, struct snfs_dirreader *rd, u64 cookie,
				       u32 *at)
{
	struct snfs_dirchunk *chunk;

	snfs_dircache_drop(file_inode(file));
	reset_loop_check(rd);
	chunk = read_until(file, rd, cookie, at);
	reset_loop_check(rd);
	/* At its end the cookie means something to the server again. */
	if (!IS_ERR_OR_NULL(chunk) && *at == chunk->used && !chunk->eof) {
		snfs_dirchunk_put(chunk);
		*at = 0;
		chunk = fetch_chunk(file, rd, cookie);
	}
	return !chunk || chunk == ERR_PTR(-EBADF) ? ERR_PTR(-EIO) : chunk;
}

/* Enter the chunk that has the entries behind a cookie. */
static int enter_chunk(struct file *file, struct snfs_dirreader *rd, u64 cookie)
{
	struct inode *dir = file_inode(file);
	struct snfs_dirchunk *chunk;
	u32 at = 0;

	if (cookie)
		chunk = find_later(dir, cookie, &at);
	else
		chunk = find_first(file, rd);
	if (!chunk)
		chunk = fetch_chunk(file, rd, cookie);
	if (chunk == ERR_PTR(-EBADF))
		chunk = seek_anew(file, rd, cookie, &at);
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
		snfs_dir_complain(file->f_path.dentry, cookie, err);
		/* The next reader shall ask the server. */
		snfs_dircache_drop(file_inode(file));
		return err;
	}
	err = enter_chunk(file, rd, cookie);
	/* It will be tried again from here, which is no loop. */
	if (err)
		reset_loop_check(rd);
	return err;
}

static int seek_chunk(struct file *file, struct snfs_dirreader *rd, loff_t pos)
{
	struct snfs_dircache *dc = SNFS_I(file_inode(file))->dir;
	u64 cookie;
	int err;

	leave_chunk(rd);
	mutex_lock(&dc->lock);
	err = snfs_dirindex_cookie(&dc->index, pos, rd->table, &cookie);
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

static int position_behind(struct snfs_dircache *dc, u64 cookie, loff_t table, loff_t *pos)
{
	int err;

	if (snfs_dirindex_plain(cookie, table))
		return snfs_dirindex_pos(&dc->index, cookie, table, pos);
	mutex_lock(&dc->lock);
	err = snfs_dirindex_pos(&dc->index, cookie, table, pos);
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
	return hidden || snfs_sillyrename_removing(file_inode(file), &name);
}

/* Show the entry that the reader is at. Returns 1; 0 if there is no room; or a negative errno. */
static int emit(struct file *file, struct snfs_dirreader *rd, struct dir_context *ctx)
{
	const struct snfs_dirrec *rec = snfs_dirchunk_rec(rd->chunk, rd->at);
	loff_t behind;
	u64 ino;
	int err;

	err = position_behind(SNFS_I(file_inode(file))->dir, rec->cookie, rd->table, &behind);
	if (err)
		return err;
	ino = snfs_ino(snfs_server(file_inode(file)),
		       snfs_foreign_ino(file_inode(file), rec->fileid));
	if (!is_hidden(file, rec) && !dir_emit(ctx, rec->name, rec->namelen, ino, rec->type))
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
	rd->table = BITS_PER_LONG == 32 || in_compat_syscall() ? SNFS_DIRPOS_TABLE32 :
								 SNFS_DIRPOS_TABLE;
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
