// SPDX-License-Identifier: GPL-2.0
/*
 * Open files: opening with one ACCESS that is permission check and close-to-open check in one,
 * and the open context that outlives its file as long as bytes it wrote are dirty.
 */
#include <linux/slab.h>
#include "snfs.h"

/**
 * snfs_open_get - take a reference
 * @open: an open context
 *
 * Return: @open.
 */
struct snfs_open *snfs_open_get(struct snfs_open *open)
{
	refcount_inc(&open->ref);
	return open;
}

/**
 * snfs_open_put - give back a reference
 * @open: an open context, or NULL
 */
void snfs_open_put(struct snfs_open *open)
{
	if (!open || !refcount_dec_and_test(&open->ref))
		return;
	put_cred(open->cred);
	kfree(open);
}

/* ACCESS bits that an open needs. Executing is not reading, for the server neither. */
static u32 wanted(const struct file *file)
{
	u32 want = 0;

	if (file->f_flags & __FMODE_EXEC)
		return ACCESS3_EXECUTE;
	if (file->f_mode & FMODE_READ)
		want |= ACCESS3_READ;
	if (file->f_mode & FMODE_WRITE)
		want |= ACCESS3_MODIFY | ACCESS3_EXTEND;
	return want;
}

static struct snfs_open *make_open(struct inode *inode, struct file *file)
{
	struct snfs_open *open = kzalloc(sizeof(*open), GFP_KERNEL);

	if (!open)
		return NULL;
	refcount_set(&open->ref, 1);
	open->cred = get_cred(snfs_cred_for(snfs_server(inode), file->f_cred));
	open->inode = inode;
	open->mode = file->f_mode & (FMODE_READ | FMODE_WRITE);
	open->tgid = current->tgid;
	return open;
}

/**
 * snfs_only_others_write - is a file open for writing, but not by this process
 * @inode: the file
 *
 * Return: whether it is.
 */
bool snfs_only_others_write(struct inode *inode)
{
	struct snfs_open *open;
	bool others = false;

	spin_lock(&inode->i_lock);
	list_for_each_entry(open, &SNFS_I(inode)->opens, list) {
		if (!(open->mode & FMODE_WRITE))
			continue;
		others = open->tgid != current->tgid;
		if (!others)
			break;
	}
	spin_unlock(&inode->i_lock);
	return others;
}

static void enlist(struct snfs_open *open)
{
	spin_lock(&open->inode->i_lock);
	list_add(&open->list, &SNFS_I(open->inode)->opens);
	spin_unlock(&open->inode->i_lock);
}

static void unlist(struct snfs_open *open)
{
	spin_lock(&open->inode->i_lock);
	list_del(&open->list);
	spin_unlock(&open->inode->i_lock);
}

/**
 * snfs_open_created - open a file that this very call has created
 * @inode: the file
 * @file: being opened
 *
 * Its creator may use it whatever its mode says.
 *
 * Return: 0 or -ENOMEM.
 */
int snfs_open_created(struct inode *inode, struct file *file)
{
	struct snfs_open *open = make_open(inode, file);

	if (!open)
		return -ENOMEM;
	/* Once it is listed, nobody frees what is prepared. */
	enlist(open);
	if (open->mode & FMODE_WRITE && snfs_writeback_prepare(inode)) {
		unlist(open);
		snfs_open_put(open);
		return -ENOMEM;
	}
	file->private_data = open;
	file->f_mode |= FMODE_CAN_ODIRECT | SNFS_FMODE_NOWAIT;
	snfs_count(snfs_server(inode), SNFS_EV_OPEN);
	return 0;
}

/*
 * Is the next call a SETATTR that empties the file? It tells what close-to-open asks for, and ends
 * what is cached. (Where the server has ACCESS, that is due anyway, and tells it too.)
 */
static bool is_emptied(struct inode *inode, const struct file *file)
{
	return file->f_flags & O_TRUNC && !(snfs_server(inode)->caps & SNFS_CAP_ACCESS);
}

/**
 * snfs_open_file - open method of regular files
 * @inode: the file
 * @file: being opened
 *
 * Close-to-open: what is cached is valid afterwards as of a moment after the call began.
 *
 * Return: 0; -EACCES; -ENOMEM; an error of the server.
 */
int snfs_open_file(struct inode *inode, struct file *file)
{
	bool cto = !(snfs_server(inode)->opt.flags & SNFS_OPT_NOCTO) && !is_emptied(inode, file);
	struct snfs_prefetch *prefetch = snfs_prefetch_start(inode, file);
	int err = snfs_access_open(inode, file->f_cred, wanted(file), cto);
	bool fetched;

	if (!err)
		err = snfs_revalidate_mapping(inode);
	fetched = snfs_prefetch_finish(prefetch, inode, !err);
	if (!err)
		err = snfs_open_created(inode, file);
	if (!err)
		snfs_open_of(file)->prefetched = fetched;
	return err;
}

/**
 * snfs_file_release - release method: the last reference to an open file goes
 * @inode: the file
 * @file: its open file
 *
 * close() has flushed it; what is dirty now came through a mapping that lived longer.
 *
 * Return: 0.
 */
int snfs_file_release(struct inode *inode, struct file *file)
{
	struct snfs_open *open = snfs_open_of(file);

	snfs_count(snfs_server(inode), SNFS_EV_RELEASE);
	if (open->mode & FMODE_WRITE)
		snfs_writeback_flush(inode);
	if (open->prefetched)
		snfs_prefetch_judge(snfs_server(inode), open->used);
	unlist(open);
	if (open->mode & FMODE_WRITE)
		snfs_writeback_closed(inode);
	snfs_open_put(open);
	return 0;
}
