// SPDX-License-Identifier: GPL-2.0
/*
 * Directories of the context-free root: the root itself, its hosts, and what lies between a host
 * and its exports.
 *
 * ->lookup runs under the directory's lock, so it asks nobody: one dead host must not hold up the
 * names of others. A name of which nothing is known becomes a negative dentry that is mounted on
 * (DCACHE_NEED_AUTOMOUNT): ->d_automount, which runs without locks, then finds out.
 */
#include <linux/dcache.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "exports.h"
#include "netroot.h"

#define SNFS_NETROOT_MODE	(S_IFDIR | 0555)

/* Who lists a directory sees what the host exports now, or so many seconds ago. */
#define SNFS_LIST_SECONDS	5

/*
 * Whoever opens directories holds memory: hosts, nodes and listings. It is counted as his, as that
 * of the files is (GFP_KERNEL_ACCOUNT).
 */

/**
 * struct snfs_netlisting - the names of an open directory, as they were when it was opened
 * @nr: number of @entry
 * @room: of @entry
 * @entry: the names, and their inode numbers
 */
struct snfs_netlisting {
	unsigned int	nr;
	unsigned int	room;
	struct {
		char	*name;
		u64	ino;
	} *entry;
};

static struct inode *new_dir(struct super_block *sb, u64 ino)
{
	struct timespec64 born = SNFS_NETROOT(sb)->born;
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode->i_mode = SNFS_NETROOT_MODE;
	inode->i_op = &snfs_netdir_inode_operations;
	inode->i_fop = &snfs_netdir_file_operations;
	inode->i_flags |= S_NOATIME;
	snfs_inode_set_atime(inode, born);
	snfs_inode_set_mtime(inode, born);
	snfs_inode_set_ctime(inode, born);
	set_nlink(inode, 2);
	return inode;
}

/**
 * snfs_netdir_root - make the inode of the root
 * @sb: its superblock
 *
 * Return: the inode, or NULL without memory.
 */
struct inode *snfs_netdir_root(struct super_block *sb)
{
	return new_dir(sb, 1);
}

/* The inode of a directory of a host's; takes a reference to the host. */
static struct inode *make_inode(struct super_block *sb, struct snfs_nethost *host,
				const char *path)
{
	size_t size = strlen(path) + 1;
	struct snfs_netnode *node = kzalloc(struct_size(node, path, size), GFP_KERNEL_ACCOUNT);
	struct inode *inode;

	if (!node)
		return NULL;
	inode = new_dir(sb, snfs_netroot_ino(host->name, path));
	if (!inode) {
		kfree(node);
		return NULL;
	}
	memcpy(node->path, path, size);
	node->host = host;
	inode->i_private = node;
	inode->i_flags |= S_AUTOMOUNT;
	spin_lock(&host->root->lock);
	refcount_inc(&host->ref);
	list_add(&node->list, &host->nodes);
	spin_unlock(&host->root->lock);
	return inode;
}

/**
 * snfs_netdir_evict - super_operations.evict_inode
 * @inode: a directory
 */
void snfs_netdir_evict(struct inode *inode)
{
	struct snfs_netnode *node = SNFS_NETNODE(inode);
	struct snfs_nethost *host;

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	if (!node)
		return;
	host = node->host;
	spin_lock(&host->root->lock);
	list_del(&node->list);
	host->used = ktime_get_boottime_seconds();
	spin_unlock(&host->root->lock);
	snfs_nethost_put(host);
	kfree(node);
}

/**
 * snfs_netdir_make - let a name become a directory
 * @dentry: the name; negative, or a directory already
 * @host: its host
 * @path: its path below the host
 *
 * Return: what belongs to the directory; or an ERR_PTR: -ENOMEM.
 */
struct snfs_netnode *snfs_netdir_make(struct dentry *dentry, struct snfs_nethost *host,
				      const char *path)
{
	struct inode *dir = d_inode(dentry->d_parent);
	struct inode *inode;

	if (d_really_is_positive(dentry))
		return SNFS_NETNODE(d_inode(dentry));
	inode = make_inode(dentry->d_sb, host, path);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode_lock_nested(dir, I_MUTEX_PARENT);
	if (d_really_is_negative(dentry)) {
		d_instantiate(dentry, inode);
		inode = NULL;
	}
	inode_unlock(dir);
	iput(inode);
	return SNFS_NETNODE(d_inode(dentry));
}

static struct dentry *add_dir(struct dentry *dentry, struct snfs_nethost *host, const char *path)
{
	struct inode *inode = make_inode(dentry->d_sb, host, path);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	d_add(dentry, inode);
	return NULL;
}

/* Who uses the name has to find out what it is. */
static struct dentry *add_unknown(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_NEED_AUTOMOUNT;
	spin_unlock(&dentry->d_lock);
	d_add(dentry, NULL);
	return NULL;
}

static struct dentry *find_address(struct snfs_netroot *root, struct dentry *dentry,
				   const struct sockaddr_storage *addr)
{
	struct snfs_nethost *host;
	struct dentry *res;
	bool allowed;

	mutex_lock(&root->opt_lock);
	allowed = snfs_hostfilter_allows(root->opt.hosts, addr);
	mutex_unlock(&root->opt_lock);
	if (!allowed)
		return ERR_PTR(-EACCES);
	host = snfs_nethost_get(root, dentry->d_name.name);
	if (!host)
		return ERR_PTR(-ENOMEM);
	res = add_dir(dentry, host, "/");
	snfs_nethost_put(host);
	return res;
}

/* An address is a host at once; a name is one if somebody has found its address. */
static struct dentry *lookup_host(struct snfs_netroot *root, struct dentry *dentry)
{
	const char *name = dentry->d_name.name;
	struct sockaddr_storage addr;
	struct snfs_nethost *host;
	struct dentry *res;
	size_t addrlen;

	if (!snfs_parse_addr(SNFS_SB(root->sb)->net, name, dentry->d_name.len, &addr, &addrlen))
		return find_address(root, dentry, &addr);
	if (!snfs_is_hostname(name, dentry->d_name.len)) {
		d_add(dentry, NULL);
		return NULL;
	}
	host = snfs_nethost_find(root, name);
	if (host && snfs_nethost_known(host))
		res = add_dir(dentry, host, "/");
	else
		res = add_unknown(dentry);
	if (host)
		snfs_nethost_put(host);
	return res;
}

static struct dentry *lookup_below(const struct snfs_netnode *node, struct dentry *dentry)
{
	struct snfs_export_list *list;
	struct dentry *res;
	enum snfs_role role;
	char *path;

	if (snfs_netroot_len(node->path) + 1 + dentry->d_name.len > MNTPATHLEN)
		return ERR_PTR(-ENAMETOOLONG);
	path = kasprintf(GFP_KERNEL, "%s/%s", node->path[1] ? node->path : "", dentry->d_name.name);
	if (!path)
		return ERR_PTR(-ENOMEM);
	list = snfs_nethost_exports(node->host);
	role = snfs_role_of(list, path);
	snfs_export_list_put(list);
	if (role == SNFS_ROLE_EXPORT || role == SNFS_ROLE_ABOVE)
		res = add_dir(dentry, node->host, path);
	else
		res = add_unknown(dentry);
	kfree(path);
	return res;
}

static struct dentry *netdir_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (SNFS_NETNODE(dir))
		return lookup_below(SNFS_NETNODE(dir), dentry);
	return lookup_host(SNFS_NETROOT(dir->i_sb), dentry);
}

/* To find the next name takes longer the more there are, of which users can make many. */
static int add_name(struct snfs_netlisting *listing, const char *name, size_t len, u64 ino)
{
	cond_resched();
	if (fatal_signal_pending(current))
		return -EINTR;
	if (listing->nr == listing->room) {
		unsigned int room = listing->room ? 2 * listing->room : 16;
		void *entry = kvcalloc(room, sizeof(*listing->entry), GFP_KERNEL_ACCOUNT);

		if (!entry)
			return -ENOMEM;
		if (listing->nr)
			memcpy(entry, listing->entry, listing->nr * sizeof(*listing->entry));
		kvfree(listing->entry);
		listing->entry = entry;
		listing->room = room;
	}
	listing->entry[listing->nr].name = kmemdup_nul(name, len, GFP_KERNEL_ACCOUNT);
	if (!listing->entry[listing->nr].name)
		return -ENOMEM;
	listing->entry[listing->nr++].ino = ino;
	return 0;
}

static void free_listing(struct snfs_netlisting *listing)
{
	while (listing->nr)
		kfree(listing->entry[--listing->nr].name);
	kvfree(listing->entry);
	kfree(listing);
}

/* Hosts with directories in use, one after @last; NULL at the end. Takes a reference. */
static struct snfs_nethost *next_host(struct snfs_netroot *root, struct snfs_nethost *last)
{
	struct snfs_nethost *host, *best = NULL;

	/* In the order of their names, as the list's own changes. */
	spin_lock(&root->lock);
	list_for_each_entry(host, &root->hosts, list) {
		if (!list_empty(&host->nodes) && (!last || strcmp(host->name, last->name) > 0) &&
		    (!best || strcmp(host->name, best->name) < 0))
			best = host;
	}
	if (best)
		refcount_inc(&best->ref);
	spin_unlock(&root->lock);
	if (last)
		snfs_nethost_put(last);
	return best;
}

static int list_hosts(struct snfs_netroot *root, struct snfs_netlisting *listing)
{
	struct snfs_nethost *host = next_host(root, NULL);
	int err;

	for (; host; host = next_host(root, host)) {
		err = add_name(listing, host->name, snfs_netroot_len(host->name),
			       snfs_netroot_ino(host->name, "/"));
		if (err) {
			snfs_nethost_put(host);
			return err;
		}
	}
	return 0;
}

static int add_child(struct snfs_netlisting *listing, const struct snfs_netnode *dir,
		     const char *name, size_t len)
{
	char *path = kasprintf(GFP_KERNEL, "%s/%.*s", dir->path[1] ? dir->path : "", (int)len,
			       name);
	int err;

	if (!path)
		return -ENOMEM;
	err = add_name(listing, name, len, snfs_netroot_ino(dir->host->name, path));
	kfree(path);
	return err;
}

static int list_exports(const struct snfs_netnode *dir, const struct snfs_export_list *list,
			struct snfs_netlisting *listing)
{
	unsigned int n = snfs_export_list_below(list, dir->path);
	const char *name;
	size_t len;
	int err;

	for (; n < list->nr && snfs_export_is_below(list->path[n], dir->path); n++) {
		len = snfs_role_child(list, dir->path, n, &name);
		if (!len || len > NAME_MAX)
			continue;
		err = add_child(listing, dir, name, len);
		if (err)
			return err;
	}
	return 0;
}

/* The name in @dir of what is in use there and on no list; number @skip of them */
static char *used_name(const struct snfs_netnode *dir, const struct snfs_export_list *list,
		       unsigned int skip)
{
	size_t cut = dir->path[1] ? snfs_netroot_len(dir->path) + 1 : 1;
	const struct snfs_netnode *node;
	char *name = NULL;

	spin_lock(&dir->host->root->lock);
	list_for_each_entry(node, &dir->host->nodes, list) {
		if (!snfs_export_is_below(node->path, dir->path) || strchr(node->path + cut, '/') ||
		    (list && snfs_role_of(list, node->path) >= SNFS_ROLE_ABOVE) || skip--)
			continue;
		name = kstrdup(node->path + cut, GFP_ATOMIC);
		break;
	}
	spin_unlock(&dir->host->root->lock);
	return name;
}

static int list_used(const struct snfs_netnode *dir, const struct snfs_export_list *list,
		     struct snfs_netlisting *listing)
{
	unsigned int n;
	char *name;
	int err = 0;

	for (n = 0; !err && (name = used_name(dir, list, n)); n++) {
		err = add_child(listing, dir, name, strlen(name));
		kfree(name);
	}
	return err;
}

/*
 * A host without EXPORT shows what is in use. One that turns out to export "/" is that export:
 * after -ESTALE the VFS walks again, and mounts it.
 */
static int list_dir(struct snfs_netnode *node, struct snfs_netlisting *listing)
{
	struct snfs_export_list *list;
	int err;

	if (mutex_lock_killable(&node->host->busy))
		return -EINTR;
	err = snfs_nethost_ask_exports(node->host, SNFS_LIST_SECONDS);
	mutex_unlock(&node->host->busy);
	if (snfs_nethost_is_gone(err) || err == -EINTR || err == -ENOMEM || err == -EACCES)
		return err;
	list = snfs_nethost_exports(node->host);
	err = 0;
	if (snfs_role_of(list, node->path) == SNFS_ROLE_EXPORT && !node->refused)
		err = -ESTALE;
	else if (list)
		err = list_exports(node, list, listing);
	if (!err)
		err = list_used(node, list, listing);
	if (!err && !listing->nr)
		err = node->refused;
	snfs_export_list_put(list);
	return err;
}

static int netdir_open(struct inode *inode, struct file *file)
{
	struct snfs_netlisting *listing = kzalloc(sizeof(*listing), GFP_KERNEL_ACCOUNT);
	int err;

	if (!listing)
		return -ENOMEM;
	if (SNFS_NETNODE(inode))
		err = list_dir(SNFS_NETNODE(inode), listing);
	else
		err = list_hosts(SNFS_NETROOT(inode->i_sb), listing);
	if (err) {
		free_listing(listing);
		return err;
	}
	file->private_data = listing;
	return 0;
}

static int netdir_release(struct inode *inode, struct file *file)
{
	free_listing(file->private_data);
	return 0;
}

static int netdir_iterate(struct file *file, struct dir_context *ctx)
{
	const struct snfs_netlisting *listing = file->private_data;

	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; ctx->pos - 2 < listing->nr; ctx->pos++) {
		const char *name = listing->entry[ctx->pos - 2].name;

		if (!dir_emit(ctx, name, strlen(name), listing->entry[ctx->pos - 2].ino, DT_DIR))
			break;
	}
	return 0;
}

const struct inode_operations snfs_netdir_inode_operations = {
	.lookup		= netdir_lookup,
};

const struct file_operations snfs_netdir_file_operations = {
	.open		= netdir_open,
	.release	= netdir_release,
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= netdir_iterate,
};
