// SPDX-License-Identifier: GPL-2.0
/*
 * POSIX ACLs: fetched and set through NFSACL, and what they mean for the mode of new objects.
 *
 * The server decides what they permit (ACCESS); here they are only shown and changed. They are
 * kept in the inode while perm_ver stays, that is until somebody else's change of the ctime is
 * seen. The VFS's own cache is not used, as it would not ask us whether they are still good.
 */
#include <linux/fs.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <linux/slab.h>
#include <linux/xattr.h>
#include "acl.h"
#include "xdr3.h"

/**
 * snfs_acl_connect - make a server's client for NFSACL
 * @server: connected
 *
 * Costs no call: whether the server has the program is found out by the first that needs it. (A
 * client made by rpc_bind_new_program() would ask.) The clone goes on with NFS and the original
 * becomes NFSACL's, as statistics of a client include those of what it was cloned from.
 *
 * Return: 0 or a negative errno.
 */
int snfs_acl_connect(struct snfs_server *server)
{
	struct rpc_clnt *clnt;

	if (server->opt.flags & SNFS_OPT_NOACL)
		server->caps &= ~SNFS_CAP_ACL;
	if (!(server->caps & SNFS_CAP_ACL))
		return 0;
	clnt = rpc_clone_client(server->clnt);
	if (IS_ERR(clnt))
		return PTR_ERR(clnt);
	server->acl_clnt = server->clnt;
	server->acl_clnt->cl_prog = NFSACL_PROGRAM;
	server->clnt = clnt;
	return 0;
}

/**
 * snfs_acl_init_super - tell the VFS whether there are ACLs
 * @sb: the superblock, before it has inodes
 */
void snfs_acl_init_super(struct super_block *sb)
{
	struct snfs_server *server = SNFS_SB(sb);

	if (!server->acl_clnt)
		server->caps &= ~SNFS_CAP_ACL;
	if (!(server->caps & SNFS_CAP_ACL))
		return;
	sb->s_flags |= SB_POSIXACL;
	snfs_set_acl_xattrs(sb);
}

/**
 * snfs_acl_init_inode - have the VFS ask us each time
 * @inode: a new inode
 */
void snfs_acl_init_inode(struct inode *inode)
{
	inode->i_acl = ACL_DONT_CACHE;
	inode->i_default_acl = ACL_DONT_CACHE;
}

/* Keep ACLs, whose references are handed over. */
static void keep(struct inode *inode, struct posix_acl *access, struct posix_acl *def,
		 bool known, u32 perm_ver)
{
	struct snfs_acls *acls = &SNFS_I(inode)->acls;

	spin_lock(&inode->i_lock);
	swap(acls->access, access);
	swap(acls->def, def);
	acls->known = known;
	acls->perm_ver = perm_ver;
	spin_unlock(&inode->i_lock);
	posix_acl_release(access);
	posix_acl_release(def);
}

/**
 * snfs_acl_forget - drop what is kept
 * @inode: the object
 */
void snfs_acl_forget(struct inode *inode)
{
	keep(inode, NULL, NULL, false, 0);
}

/* Are they known? Then *acl is the wanted one, with a reference. */
static bool kept(struct inode *inode, int type, struct posix_acl **acl)
{
	const struct snfs_acls *acls = &SNFS_I(inode)->acls;
	bool known;

	spin_lock(&inode->i_lock);
	known = acls->known && acls->perm_ver == SNFS_I(inode)->fresh.perm_ver;
	if (known)
		*acl = posix_acl_dup(type == ACL_TYPE_ACCESS ? acls->access : acls->def);
	spin_unlock(&inode->i_lock);
	return known;
}

/**
 * snfs_acl_is_kept - need the server not be asked for the ACLs of an object?
 * @inode: the object
 *
 * Return: whether they are known, as far as its attributes are.
 */
bool snfs_acl_is_kept(struct inode *inode)
{
	struct posix_acl *acl = NULL;
	bool known = kept(inode, ACL_TYPE_ACCESS, &acl);

	posix_acl_release(acl);
	return known;
}

/* The program or the procedure is not there: that is remembered. */
static int check_support(struct snfs_server *server, int err)
{
	if (err == -EPFNOSUPPORT || err == -EPROTONOSUPPORT) {
		server->caps &= ~SNFS_CAP_ACL;
		return -EOPNOTSUPP;
	}
	return err;
}

static void free_pages_of(struct page **pages)
{
	unsigned int i;

	for (i = 0; i < SNFS_ACL_PAGES && pages[i]; i++)
		__free_page(pages[i]);
}

/* An ACL that says no more than the mode is none. */
static struct posix_acl *without_minimal(struct posix_acl *acl)
{
	if (!acl || posix_acl_equiv_mode(acl, NULL))
		return acl;
	posix_acl_release(acl);
	return NULL;
}

/**
 * snfs_acl_ask_start - ask for both ACLs of a directory, or the one of another object
 * @ask: OUT: what to wait for
 * @inode: the object; it must stay until then
 *
 * Return: 0, and snfs_acl_ask_finish() is due; or a negative errno.
 */
int snfs_acl_ask_start(struct snfs_acl_ask *ask, struct inode *inode)
{
	struct snfs_server *server = snfs_server(inode);
	struct snfs_op *op;
	int err;

	if (test_bit(SNFS_INO_STALE, &SNFS_I(inode)->flags))
		return -ESTALE;
	*ask = (struct snfs_acl_ask){ .inode = inode, .before = snfs_attr_perm_ver(inode) };
	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	op->args.acl.mask = NFSACL_ACCESS | NFSACL_ACCESS_COUNT;
	if (S_ISDIR(inode->i_mode))
		op->args.acl.mask |= NFSACL_DEFAULT | NFSACL_DEFAULT_COUNT;
	op->args.acl.pages = ask->pages;
	op->args.acl.len = SNFS_ACL_PAGES * PAGE_SIZE;
	err = snfs_op_start(op, server->proto->getacl);
	if (err) {
		snfs_op_put(op);
		return err;
	}
	ask->op = op;
	return 0;
}

/**
 * snfs_acl_ask_finish - wait for the answer, and keep it
 * @ask: started
 * @access: OUT: the ACL, with a reference, or NULL
 * @def: OUT: likewise the default ACL
 *
 * Context: May sleep, killable.
 * Return: 0; -EOPNOTSUPP; another error.
 */
int snfs_acl_ask_finish(struct snfs_acl_ask *ask, struct posix_acl **access,
			struct posix_acl **def)
{
	struct snfs_op *op = ask->op;
	struct inode *inode = ask->inode;
	u32 perm_ver;
	int err;

	err = check_support(op->server, snfs_op_wait(op));
	free_pages_of(ask->pages);
	*access = without_minimal(op->res.acl.access);
	*def = op->res.acl.def;
	if (!err && snfs_attr_perm_holds(inode, op->sent, ask->before, &perm_ver))
		keep(inode, posix_acl_dup(*access), posix_acl_dup(*def), true, perm_ver);
	snfs_op_put(op);
	return err;
}

static int ask(struct inode *inode, struct posix_acl **access, struct posix_acl **def)
{
	struct snfs_acl_ask question;
	int err = snfs_acl_ask_start(&question, inode);

	*access = NULL;
	*def = NULL;
	return err ? err : snfs_acl_ask_finish(&question, access, def);
}

/* ask(), and also for what is going to be asked for next */
static int ask_many(struct inode *inode, struct posix_acl **access, struct posix_acl **def)
{
	struct snfs_acl_batch *batch = snfs_acl_ahead_start(inode);
	int err = ask(inode, access, def);

	snfs_acl_ahead_finish(batch);
	return err;
}

/**
 * snfs_get_acl - inode_operations.get_inode_acl
 * @inode: the object
 * @type: ACL_TYPE_ACCESS or ACL_TYPE_DEFAULT
 * @rcu: must not wait
 *
 * Return: the ACL with a reference; NULL if there is none; ERR_PTR(-EOPNOTSUPP) if the server
 * does not know ACLs; another error.
 */
struct posix_acl *snfs_get_acl(struct inode *inode, int type, bool rcu)
{
	struct posix_acl *acl, *access, *def;
	int err;

	if (rcu)
		return ERR_PTR(-ECHILD);
	if (!(snfs_server(inode)->caps & SNFS_CAP_ACL))
		return ERR_PTR(-EOPNOTSUPP);
	if (type == ACL_TYPE_DEFAULT && !S_ISDIR(inode->i_mode))
		return NULL;
	if (kept(inode, type, &acl)) {
		if (snfs_attr_within(inode))
			return acl;
		/* Attributes tell whether it is still good, and are cheaper for the server. */
		posix_acl_release(acl);
		err = snfs_revalidate(inode);
		if (err)
			return ERR_PTR(err);
		if (kept(inode, type, &acl))
			return acl;
	}
	err = ask_many(inode, &access, &def);
	acl = type == ACL_TYPE_ACCESS ? access : def;
	posix_acl_release(type == ACL_TYPE_ACCESS ? def : access);
	if (!err)
		return acl;
	posix_acl_release(acl);
	return ERR_PTR(err);
}

static int alloc_pages_for(struct page **pages, u32 bytes)
{
	unsigned int i;

	for (i = 0; i < DIV_ROUND_UP(bytes, PAGE_SIZE); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			return -ENOMEM;
	}
	return 0;
}

/* SETACL: of a directory always both, as servers take one that is left out away. */
static int tell(struct inode *inode, struct posix_acl *access, struct posix_acl *def)
{
	struct snfs_server *server = snfs_server(inode);
	struct page *pages[SNFS_ACL_PAGES] = { };
	u32 bytes = snfs3_acl_bytes(access) + snfs3_acl_bytes(def);
	struct snfs_op *op;
	int err;

	if (bytes > SNFS_ACL_PAGES * PAGE_SIZE)
		return -ENOSPC;
	op = snfs_op_alloc(server, current_cred(), GFP_KERNEL);
	snfs_op_set_inode(op, 0, inode);
	op->args.acl.mask = NFSACL_ACCESS;
	if (S_ISDIR(inode->i_mode))
		op->args.acl.mask |= NFSACL_DEFAULT;
	op->args.acl.access = access;
	op->args.acl.def = def;
	op->args.acl.uid = inode->i_uid;
	op->args.acl.gid = inode->i_gid;
	op->args.acl.pages = pages;
	err = alloc_pages_for(pages, bytes);
	if (!err)
		err = check_support(server, snfs_op_call(op, server->proto->setacl));
	free_pages_of(pages);
	snfs_op_put(op);
	/* Also of one that failed nobody knows what it did. */
	snfs_attr_perm_changed(inode);
	return err;
}

/* The other ACL goes along as it is now on the server, and the mode that stands for none */
static int set_one(struct inode *inode, struct posix_acl *acl, int type)
{
	struct posix_acl *access = NULL, *def = NULL, *minimal = NULL;
	int err;

	if (S_ISDIR(inode->i_mode))
		err = ask(inode, &access, &def);
	else
		err = acl ? 0 : snfs_revalidate_since(inode, snfs_now());
	if (err)
		goto out;
	swap(*(type == ACL_TYPE_ACCESS ? &access : &def), acl);
	if (!access) {
		minimal = posix_acl_from_mode(inode->i_mode, GFP_KERNEL);
		if (IS_ERR(minimal))
			err = PTR_ERR(minimal);
	}
	if (!err)
		err = tell(inode, access ? access : minimal, def);
	if (!IS_ERR(minimal))
		posix_acl_release(minimal);
	swap(*(type == ACL_TYPE_ACCESS ? &access : &def), acl);
out:
	posix_acl_release(access);
	posix_acl_release(def);
	return err;
}

/**
 * snfs_set_acl - inode_operations.set_acl
 * @idmap: the mount's id mapping
 * @target: the object
 * @acl: the ACL, valid; NULL: take it away
 * @type: ACL_TYPE_ACCESS or ACL_TYPE_DEFAULT
 *
 * Return: 0; -EOPNOTSUPP; -EACCES for a default ACL of what is no directory; -ENOSPC for more
 * than 1024 entries; another error.
 */
int snfs_set_acl(snfs_idmap_t *idmap, snfs_acl_target_t *target, struct posix_acl *acl,
		 int type)
{
	struct inode *inode = snfs_acl_inode(target);

	if (!(snfs_server(inode)->caps & SNFS_CAP_ACL))
		return -EOPNOTSUPP;
	if (type == ACL_TYPE_DEFAULT && !S_ISDIR(inode->i_mode))
		return acl ? -EACCES : 0;
	return set_one(inode, acl, type);
}

/**
 * snfs_listxattr - inode_operations.listxattr
 * @dentry: the object
 * @list: OUT: names, each with its NUL
 * @size: room in @list; 0: only the length is wanted
 *
 * Return: bytes, or -ERANGE.
 */
ssize_t snfs_listxattr(struct dentry *dentry, char *list, size_t size)
{
	static const struct {
		const char	*name;
		int		type;
	} names[] = {
		{ XATTR_NAME_POSIX_ACL_ACCESS,	ACL_TYPE_ACCESS },
		{ XATTR_NAME_POSIX_ACL_DEFAULT,	ACL_TYPE_DEFAULT },
	};
	struct inode *inode = d_inode(dentry);
	size_t used = 0, len;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names) && IS_POSIXACL(inode); i++) {
		struct posix_acl *acl = snfs_get_acl(inode, names[i].type, false);

		if (IS_ERR_OR_NULL(acl))
			continue;
		posix_acl_release(acl);
		len = strlen(names[i].name) + 1;
		if (size && used + len > size)
			return -ERANGE;
		if (size)
			memcpy(list + used, names[i].name, len);
		used += len;
	}
	return used;
}

/**
 * snfs_acl_new_mode - the mode to create an object with
 * @dir: the directory that it will be in
 * @mode: as the caller asked, without umask; the result
 *
 * A default ACL takes the umask's place. The server applies it itself, to the mode that it gets;
 * so all there is to do is to leave the umask out then.
 *
 * Return: 0 or a negative errno.
 */
int snfs_acl_new_mode(struct inode *dir, umode_t *mode)
{
	struct posix_acl *acl;

	/* Without SB_POSIXACL the VFS has applied the umask. */
	if (!IS_POSIXACL(dir) || !(*mode & current_umask()))
		return 0;
	acl = snfs_get_acl(dir, ACL_TYPE_DEFAULT, false);
	if (IS_ERR(acl) && PTR_ERR(acl) != -EOPNOTSUPP)
		return PTR_ERR(acl);
	if (IS_ERR_OR_NULL(acl))
		*mode &= ~current_umask();
	else
		posix_acl_release(acl);
	return 0;
}

/**
 * snfs_acl_none_inherited - is it known that what is created in a directory gets no ACL?
 * @dir: the directory
 *
 * Return: 0: not known; else a number that stays the same for as long as it is known.
 */
u64 snfs_acl_none_inherited(struct inode *dir)
{
	const struct snfs_inode *si = SNFS_I(dir);
	u64 ret = 0;

	spin_lock(&dir->i_lock);
	if (si->acls.known && !si->acls.def && si->acls.perm_ver == si->fresh.perm_ver)
		ret = (u64)si->fresh.perm_ver + 1;
	spin_unlock(&dir->i_lock);
	return ret;
}

/**
 * snfs_acl_set_none - an object that we have just created has no ACL
 * @inode: the object; no need to ask until it changes
 */
void snfs_acl_set_none(struct inode *inode)
{
	keep(inode, NULL, NULL, true, snfs_attr_perm_ver(inode));
}
