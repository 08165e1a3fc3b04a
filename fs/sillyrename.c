// SPDX-License-Identifier: GPL-2.0
/*
 * Unlinking an open file: the server knows no open files, so the name is moved out of the way
 * (".nfs..." in the same directory) and removed at the last close.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include "snfs.h"

/* ".nfs", fileid, random number of this load of the module, counter: all in hex */
#define SILLY_PREFIX	".nfs"
#define SILLY_LEN	(4 + 16 + 8 + 8)

/**
 * struct snfs_silly - what removes a silly-renamed file; in d_fsdata of its dentry
 * @op: the REMOVE, made beforehand so that mopping up cannot fail for want of memory
 * @dir: the directory, held while @op is under way
 * @list: in @removals while @op is under way
 * @name: the silly name
 */
struct snfs_silly {
	struct snfs_op	*op;
	struct inode	*dir;
	struct list_head list;
	char		name[SILLY_LEN + 1];
};

static atomic_t silly_counter;

/* REMOVEs under way, of all mounts: few, and each for one round trip */
static LIST_HEAD(removals);
static DEFINE_SPINLOCK(removals_lock);
static DECLARE_WAIT_QUEUE_HEAD(removals_wait);

static void make_name(char *name, u64 fileid)
{
	static u32 load;

	/* Names of other clients, and of earlier loads, must not be hit by chance. */
	get_random_once(&load, sizeof(load));
	snprintf(name, SILLY_LEN + 1, SILLY_PREFIX "%016llx%08x%08x", fileid, load,
		 (u32)atomic_inc_return(&silly_counter));
}

/**
 * snfs_is_sillyname - does a name look like one of ours?
 * @name: the name
 *
 * Return: whether it does.
 */
bool snfs_is_sillyname(const struct snfs_name *name)
{
	return name->len == SILLY_LEN && !memcmp(name->name, SILLY_PREFIX, 4);
}

/**
 * snfs_sillyrename_free - free what was prepared
 * @silly: d_fsdata of a dentry that goes, or NULL
 */
void snfs_sillyrename_free(struct snfs_silly *silly)
{
	if (!silly)
		return;
	snfs_op_put(silly->op);
	kfree(silly);
}

static struct snfs_silly *silly_alloc(struct inode *dir, u64 fileid)
{
	struct snfs_silly *silly = kzalloc(sizeof(*silly), GFP_KERNEL);

	if (!silly)
		return NULL;
	make_name(silly->name, fileid);
	silly->op = snfs_op_alloc(snfs_server(dir), current_cred(), GFP_KERNEL);
	silly->op->args.name = (struct snfs_name){ .name = silly->name, .len = SILLY_LEN };
	return silly;
}

static int rename_away(struct inode *dir, struct dentry *dentry, struct snfs_silly *silly)
{
	struct snfs_server *server = snfs_server(dir);
	struct snfs_op *op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	int err;

	snfs_op_set_inode(op, 0, dir);
	op->args.fh2 = &SNFS_I(dir)->fh;
	op->args.name = (struct snfs_name){ dentry->d_name.name, dentry->d_name.len };
	op->args.name2 = silly->op->args.name;
	err = snfs_gone_anyway(op, snfs_op_call(op, server->proto->rename));
	snfs_op_put(op);
	return err;
}

/**
 * snfs_sillyrename - move an open file's name out of the way
 * @dir: the directory, locked
 * @dentry: the name; afterwards it has the silly name and the flag DCACHE_NFSFS_RENAMED
 *
 * Return: 0, -EBUSY if it is silly-renamed already, or a negative errno.
 */
int snfs_sillyrename(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct snfs_silly *silly;
	struct dentry *target;
	u32 ver = snfs_dir_ver(dir);
	int err = -ENOMEM;

	if (dentry->d_flags & DCACHE_NFSFS_RENAMED)
		return -EBUSY;
	snfs_count(snfs_server(dir), SNFS_EV_SILLYRENAME);
	silly = silly_alloc(dir, SNFS_I(inode)->fileid);
	if (!silly)
		return err;
	target = d_alloc_name(dentry->d_parent, silly->name);
	if (!target)
		goto err_silly;
	err = rename_away(dir, dentry, silly);
	if (err)
		goto err_target;
	snfs_attr_ctime_ours(inode);
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_NFSFS_RENAMED;
	dentry->d_fsdata = silly;
	spin_unlock(&dentry->d_lock);
	d_move(dentry, target);
	snfs_dentry_verified(dentry, ver);
	dput(target);
	return 0;

err_target:
	dput(target);
err_silly:
	snfs_sillyrename_free(silly);
	return err;
}

/**
 * snfs_sillyrename_removing - is something silly-renamed being removed from a directory?
 * @dir: the directory
 * @name: only this name, one that snfs_is_sillyname() takes for one of ours; NULL: any
 *
 * Return: whether it is.
 */
bool snfs_sillyrename_removing(const struct inode *dir, const struct snfs_name *name)
{
	const struct snfs_silly *silly;
	bool found = false;

	spin_lock(&removals_lock);
	list_for_each_entry(silly, &removals, list) {
		found = silly->dir == dir && (!name || !memcmp(silly->name, name->name, SILLY_LEN));
		if (found)
			break;
	}
	spin_unlock(&removals_lock);
	return found;
}

/**
 * snfs_sillyrename_settle - wait until what is being removed from a directory has gone
 * @dir: the directory
 *
 * Files that are still open stay.
 *
 * Return: 1 if there was something to wait for, 0 if not, -EINTR after a fatal signal.
 */
int snfs_sillyrename_settle(const struct inode *dir)
{
	if (!snfs_sillyrename_removing(dir, NULL))
		return 0;
	return wait_event_killable(removals_wait, !snfs_sillyrename_removing(dir, NULL)) ?
	       -EINTR : 1;
}

/* The removal is over, or could not be started. */
static void end_removal(struct snfs_silly *silly)
{
	spin_lock(&removals_lock);
	list_del(&silly->list);
	spin_unlock(&removals_lock);
	wake_up_all(&removals_wait);
	iput(silly->dir);
	kfree(silly);
}

static void remove_done(struct snfs_op *op)
{
	struct snfs_silly *silly = op->private;

	snfs_dircache_drop(silly->dir);
	if (op->error && op->error != -ENOENT && op->error != -ESTALE)
		snfs_warn(op->server, "cannot remove %s in fileid %llu (error %d): it stays there",
			  silly->name, SNFS_I(silly->dir)->fileid, op->error);
	end_removal(silly);
}

/**
 * snfs_sillyrename_finish - the last user of a silly-renamed file has gone: remove it
 * @dentry: its name
 * @inode: the file
 *
 * Does not wait: a killed process closes its files too.
 */
void snfs_sillyrename_finish(struct dentry *dentry, struct inode *inode)
{
	struct snfs_silly *silly = dentry->d_fsdata;
	struct inode *dir = d_inode(dentry->d_parent);
	struct snfs_op *op;

	if (!silly)
		return;
	dentry->d_fsdata = NULL;
	op = silly->op;
	silly->dir = dir;
	ihold(dir);
	snfs_op_set_inode(op, 0, dir);
	op->done = remove_done;
	op->private = silly;
	spin_lock(&removals_lock);
	list_add(&silly->list, &removals);
	spin_unlock(&removals_lock);
	if (snfs_op_start(op, op->server->proto->remove))
		end_removal(silly);
	snfs_op_put(op);
	spin_lock(&inode->i_lock);
	if (inode->i_nlink)
		drop_nlink(inode);
	spin_unlock(&inode->i_lock);
}
