// SPDX-License-Identifier: GPL-2.0
/*
 * Exports below the export that the server does not cross to: known by its list of exports.
 *
 * A directory whose path is in the list is an automount point (DCACHE_NEED_AUTOMOUNT of its name:
 * what is one is a path, not an object). Names get the mark when they are looked up, and get or
 * lose it when they are confirmed after the list has changed. submount.c then mounts it, by MNT.
 */
#include <linux/bitops.h>
#include <linux/dcache.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include "exports.h"
#include "snfs.h"

/* The list is asked for anew when it is used and older than that; sooner if asking failed. */
#define SNFS_EXPORTS_REFRESH	600U
#define SNFS_EXPORTS_FAILED	60U

/* When MNT denies an export, the list may be out of date unless it is as young as that. */
#define SNFS_NESTED_DENIED	30U

static unsigned int snfs_exports_refresh = SNFS_EXPORTS_REFRESH;
module_param_named(exports_refresh, snfs_exports_refresh, uint, 0644);
MODULE_PARM_DESC(exports_refresh,
		 "seconds after which a server in use is asked again what it exports");

/**
 * snfs_nested_begin - ask what else the server of a new mount exports
 * @server: the mount, ready; the client of MNT is taken over. What knows that already is left so
 *
 * Does not wait. Without memory the exports below are not found, and nothing else is wrong.
 */
void snfs_nested_begin(struct snfs_server *server)
{
	if (server->exports || (server->opt.flags & SNFS_OPT_NOTRAVERSE))
		return;
	server->exports = snfs_exports_alloc(server, server->mnt_clnt);
	if (!server->exports)
		return;
	server->mnt_clnt = NULL;
	snfs_exports_ask(server->exports);
}

/* Is there an export below this one? Seldom, so it is found out once for each list. */
static bool has_some(struct snfs_server *server, const struct snfs_export_list *list)
{
	u64 known = READ_ONCE(server->nested_known);
	bool ret;
	char *dir;
	u32 i;

	if (known >> 1 == list->version)
		return known & 1;
	dir = kstrdup(server->opt.export, GFP_KERNEL);
	if (!dir)
		return false;
	i = list->nr;
	if (snfs_export_normalise(dir))
		i = snfs_export_list_below(list, dir);
	ret = i < list->nr && snfs_export_is_below(list->path[i], dir);
	/* In one word, as walks with an older list may be here, too */
	WRITE_ONCE(server->nested_known, (u64)list->version << 1 | ret);
	kfree(dir);
	return ret;
}

/* The number in the list of the export that a name is, or -ENOENT */
static int find(const struct snfs_server *server, const struct dentry *dentry,
		const struct snfs_export_list *list)
{
	char *path = snfs_submount_path(server->opt.export, dentry);
	int i = -ENOENT;

	if (!path)
		return -ENOENT;
	if (snfs_export_normalise(path))
		i = snfs_export_list_find(list, path);
	kfree(path);
	return i;
}

static bool is_export(struct snfs_server *server, const struct dentry *dentry,
		      struct snfs_export_list *list)
{
	int i;

	if (!list || !has_some(server, list))
		return false;
	i = find(server, dentry, list);
	return i >= 0 && !test_bit(i, list->denied);
}

static void mark(struct dentry *dentry, bool automount)
{
	if (!!(READ_ONCE(dentry->d_flags) & DCACHE_NEED_AUTOMOUNT) == automount)
		return;
	spin_lock(&dentry->d_lock);
	if (automount)
		dentry->d_flags |= DCACHE_NEED_AUTOMOUNT;
	else
		dentry->d_flags &= ~DCACHE_NEED_AUTOMOUNT;
	spin_unlock(&dentry->d_lock);
}

static void keep_current(struct snfs_exports *exports, bool known)
{
	unsigned int seconds = READ_ONCE(snfs_exports_refresh);

	if (!known)
		seconds = min(seconds, SNFS_EXPORTS_FAILED);
	if (snfs_exports_older(exports, seconds))
		snfs_exports_ask(exports);
}

/**
 * snfs_nested_note - a name was found or confirmed: is it an export of its own?
 * @dentry: the name; hashed or about to be
 * @inode: what it leads to, or NULL
 *
 * Waits for the first list of a mount, which is on its way.
 *
 * Context: May sleep, killable.
 */
void snfs_nested_note(struct dentry *dentry, const struct inode *inode)
{
	struct snfs_server *server = SNFS_SB(dentry->d_sb);
	struct snfs_exports *exports = server->exports;
	struct snfs_export_list *list;

	/* Where the server crosses, the inode says so. */
	if (!exports || !inode || !S_ISDIR(inode->i_mode) || IS_AUTOMOUNT(inode))
		return;
	list = snfs_exports_known(exports);
	if (!list && snfs_exports_is_first(exports)) {
		snfs_exports_wait(exports);
		list = snfs_exports_known(exports);
	}
	keep_current(exports, list);
	mark(dentry, is_export(server, dentry, list));
	snfs_export_list_put(list);
}

/**
 * snfs_nested_is_pending - is it not known yet what else the server exports?
 * @server: the mount
 *
 * Return: whether snfs_nested_note() would wait.
 */
bool snfs_nested_is_pending(const struct snfs_server *server)
{
	return server->exports && snfs_exports_is_first(server->exports);
}

/**
 * snfs_nested_doubt - the list of exports is likely to have changed
 * @server: the mount
 *
 * Waits for a new one.
 *
 * Context: May sleep, killable.
 */
void snfs_nested_doubt(struct snfs_server *server)
{
	struct snfs_export_list *list;

	if (!server->exports)
		return;
	list = snfs_exports_within(server->exports, 0);
	if (!IS_ERR(list))
		snfs_export_list_put(list);
}

/**
 * snfs_nested_denied - MNT denied the export that a name is
 * @dentry: the name
 *
 * If it has been withdrawn, the list says so after it was asked for again. If it is meant for
 * others than us, it is not asked for again until the list is. In both cases the directory is what
 * it is for the export above.
 *
 * Context: May sleep, killable.
 */
void snfs_nested_denied(struct dentry *dentry)
{
	struct snfs_server *server = SNFS_SB(dentry->d_sb);
	struct snfs_export_list *list;
	int i;

	list = snfs_exports_within(server->exports,
				   min(SNFS_NESTED_DENIED, READ_ONCE(snfs_exports_refresh)));
	if (IS_ERR_OR_NULL(list))
		list = snfs_exports_known(server->exports);
	if (list) {
		i = find(server, dentry, list);
		if (i >= 0)
			set_bit(i, list->denied);
	}
	snfs_export_list_put(list);
	mark(dentry, false);
}

/**
 * snfs_nested_is_export - is a name that a walk goes into still an export of its own?
 * @dentry: the name, marked as one
 *
 * Return: whether it is; else the mark is gone.
 */
bool snfs_nested_is_export(struct dentry *dentry)
{
	struct snfs_server *server = SNFS_SB(dentry->d_sb);
	const struct inode *inode = d_inode(dentry);
	struct snfs_export_list *list;
	bool ret = false;

	/* A name that was one may have become nothing, or a file. */
	if (server->exports && inode && S_ISDIR(inode->i_mode)) {
		list = snfs_exports_known(server->exports);
		ret = is_export(server, dentry, list);
		snfs_export_list_put(list);
	}
	mark(dentry, ret);
	return ret;
}
