// SPDX-License-Identifier: GPL-2.0
/*
 * Symbolic links: the target is kept in the first page of the inode's page cache, under the same
 * rule as file data.
 */
#include <linux/namei.h>
#include "snfs.h"

static int snfs_symlink_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct snfs_server *server = snfs_server(inode);
	struct page *page = folio_page(folio, 0);
	struct snfs_op *op;
	int err;

	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	op->args.io.pages = &page;
	/* One byte is kept for the NUL that the VFS wants. */
	op->args.io.count = PAGE_SIZE - 1;
	err = snfs_op_call(op, server->proto->readlink);
	if (!err) {
		char *target = page_address(page);

		if (memchr(target, 0, op->res.io.count) || !op->res.io.count)
			err = -EIO;
		else
			memset(target + op->res.io.count, 0, PAGE_SIZE - op->res.io.count);
	}
	snfs_op_put(op);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations snfs_symlink_aops = {
	.read_folio	= snfs_symlink_read_folio,
};

/* A page that begins with the target; holds a reference. */
static struct page *target_page(struct inode *inode)
{
	int err = snfs_revalidate(inode);

	if (!err)
		err = snfs_revalidate_mapping(inode);
	return err ? ERR_PTR(err) : read_mapping_page(inode->i_mapping, 0, NULL);
}

/**
 * snfs_symlink_is - has a symbolic link this target?
 * @inode: the link
 * @target: the target
 *
 * Context: May sleep.
 * Return: whether it has; false too if the server does not tell.
 */
bool snfs_symlink_is(struct inode *inode, const char *target)
{
	struct page *page = target_page(inode);
	bool same;

	if (IS_ERR(page))
		return false;
	same = !strcmp(page_address(page), target);
	put_page(page);
	return same;
}

static void put_target(void *page)
{
	put_page(page);
}

static const char *snfs_get_link(struct dentry *dentry, struct inode *inode,
				 struct delayed_call *done)
{
	struct page *page;

	/* Under RCU nothing can be asked, and nothing may be dropped. */
	if (!dentry)
		return ERR_PTR(-ECHILD);
	page = target_page(inode);
	if (IS_ERR(page))
		return ERR_CAST(page);
	set_delayed_call(done, put_target, page);
	return page_address(page);
}

const struct inode_operations snfs_symlink_inode_operations = {
	.get_link	= snfs_get_link,
	.permission	= snfs_permission,
	.getattr	= snfs_getattr,
	.setattr	= snfs_setattr,
};
