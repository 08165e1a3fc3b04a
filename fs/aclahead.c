// SPDX-License-Identifier: GPL-2.0
/*
 * ACLs asked for ahead. ls -l asks for the ACL of each name, in the order of the listing. NFSACL
 * has no call for many objects, but many calls can be under way at once: who asks for one name
 * after the other gets those of the next names together, in a window that grows.
 */
#include <linux/dcache.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include "acl.h"
#include "dircache.h"

/* How many are asked for ahead, at least and at most */
#define WINDOW_MIN	4
#define WINDOW_MAX	64

/* How many names are looked at for one that needs to be asked for */
#define NAMES_PER_ASK	4

/**
 * struct snfs_acl_batch - GETACLs on their way
 * @nr: of @asks that were started
 * @asks: them; each holds its inode
 */
struct snfs_acl_batch {
	unsigned int		nr;
	struct snfs_acl_ask	asks[];
};

/* The object of a name, with a reference, if its ACL is not known */
static struct inode *to_ask(struct dentry *parent, const struct snfs_dirrec *rec)
{
	struct qstr name = QSTR_INIT(rec->name, rec->namelen);
	struct inode *inode = NULL;
	struct dentry *dentry;

	name.hash = full_name_hash(parent, name.name, name.len);
	dentry = d_lookup(parent, &name);
	if (!dentry)
		return NULL;
	inode = d_inode(dentry);
	if (inode && !S_ISLNK(inode->i_mode) && !IS_AUTOMOUNT(inode) && !snfs_acl_is_kept(inode))
		ihold(inode);
	else
		inode = NULL;
	dput(dentry);
	return inode;
}

/* A second name in the order of the listing makes a pattern; one out of order ends it. */
static unsigned int next_window(struct snfs_dircache *dc, const struct qstr *name)
{
	switch (snfs_dirrun_visit(dc, &dc->acl_run, name->name, name->len)) {
	case SNFS_DIRRUN_ON:
		if (dc->acl_window)
			dc->acl_window = clamp(dc->acl_window * 2, WINDOW_MIN, WINDOW_MAX);
		else
			dc->acl_window = 1;
		break;
	case SNFS_DIRRUN_NEW:
		dc->acl_window = 1;
		break;
	case SNFS_DIRRUN_LOST:
		dc->acl_window = 0;
		break;
	}
	return dc->acl_window > 1 ? dc->acl_window : 0;
}

static unsigned int collect(struct snfs_dircache *dc, struct dentry *parent, struct inode **inodes,
			    unsigned int window)
{
	unsigned int names = window * NAMES_PER_ASK, nr = 0;
	const struct snfs_dirrec *rec;

	while (nr < window && names-- && (rec = snfs_dirrun_next(dc, &dc->acl_run))) {
		inodes[nr] = to_ask(parent, rec);
		nr += !!inodes[nr];
	}
	return nr;
}

static unsigned int choose(struct dentry *dentry, struct inode **inodes)
{
	struct dentry *parent = dget_parent(dentry);
	struct snfs_dircache *dc = READ_ONCE(SNFS_I(d_inode(parent))->dir);
	unsigned int window, nr = 0;
	struct name_snapshot name;

	if (!dc || parent == dentry)
		goto out;
	take_dentry_name_snapshot(&name, dentry);
	mutex_lock(&dc->lock);
	window = next_window(dc, &name.name);
	if (window)
		nr = collect(dc, parent, inodes, window);
	mutex_unlock(&dc->lock);
	release_dentry_name_snapshot(&name);
out:
	dput(parent);
	return nr;
}

static struct snfs_acl_batch *start(struct inode **inodes, unsigned int nr)
{
	struct snfs_acl_batch *batch = kvzalloc(struct_size(batch, asks, nr), GFP_KERNEL);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!batch || snfs_acl_ask_start(&batch->asks[batch->nr], inodes[i]))
			iput(inodes[i]);
		else
			batch->nr++;
	}
	return batch;
}

/**
 * snfs_acl_ahead_start - an object's ACL is not known: ask for those that are wanted next
 * @inode: the object; its own is left to the caller
 *
 * Return: what to give to snfs_acl_ahead_finish(); may be NULL.
 */
struct snfs_acl_batch *snfs_acl_ahead_start(struct inode *inode)
{
	struct dentry *dentry = d_find_any_alias(inode);
	struct inode *inodes[WINDOW_MAX];
	unsigned int nr;

	if (!dentry)
		return NULL;
	nr = choose(dentry, inodes);
	dput(dentry);
	return nr ? start(inodes, nr) : NULL;
}

/**
 * snfs_acl_ahead_finish - wait until all are answered
 * @batch: from snfs_acl_ahead_start(), may be NULL; gone afterwards
 *
 * Context: May sleep, killable.
 */
void snfs_acl_ahead_finish(struct snfs_acl_batch *batch)
{
	struct posix_acl *access, *def;
	unsigned int i;

	for (i = 0; batch && i < batch->nr; i++) {
		snfs_acl_ask_finish(&batch->asks[i], &access, &def);
		posix_acl_release(access);
		posix_acl_release(def);
		iput(batch->asks[i].inode);
	}
	kvfree(batch);
}
