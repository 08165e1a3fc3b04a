// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 3 as a struct snfs_proto_ops: each member checks that the arguments can be
 * encoded, and starts the call. Encoders cannot refuse, so what they rely on is checked here.
 */
#include <linux/sunrpc/clnt.h>
#include <linux/sunrpc/stats.h>
#include <kunit/visibility.h>

#include "proc.h"
#include "snfs.h"
#include "snfs/nfs3.h"
#include "xdr3.h"

static int check_new(const struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: snfs_check_ids(op);
}

/* The RFC's offset3 and count3 have all of 64 and 32 bits; what lies behind them has not. */
static int check_io(const struct snfs_op *op)
{
	u64 offset = op->args.io.offset;

	if (offset > S64_MAX || op->args.io.count > S64_MAX - offset)
		return -EFBIG;
	return 0;
}

static int start(struct snfs_op *op, enum snfs_verb verb, enum snfs3_proc proc)
{
	return snfs_rpc_start(op, verb, &snfs3_procedures[proc]);
}

static int snfs3_proc_null(struct snfs_op *op)
{
	return start(op, SNFS_NULL, NFSPROC3_NULL);
}

static int snfs3_proc_getattr(struct snfs_op *op)
{
	return start(op, SNFS_GETATTR, NFSPROC3_GETATTR);
}

static int snfs3_proc_setattr(struct snfs_op *op)
{
	return snfs_check_ids(op) ?: start(op, SNFS_SETATTR, NFSPROC3_SETATTR);
}

static int snfs3_proc_lookup(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_LOOKUP, NFSPROC3_LOOKUP);
}

static int snfs3_proc_access(struct snfs_op *op)
{
	return start(op, SNFS_ACCESS, NFSPROC3_ACCESS);
}

static int snfs3_proc_readlink(struct snfs_op *op)
{
	return snfs_check_readlink(op) ?: start(op, SNFS_READLINK, NFSPROC3_READLINK);
}

static int snfs3_proc_read(struct snfs_op *op)
{
	return check_io(op) ?: start(op, SNFS_READ, NFSPROC3_READ);
}

static int snfs3_proc_write(struct snfs_op *op)
{
	return check_io(op) ?: start(op, SNFS_WRITE, NFSPROC3_WRITE);
}

static int snfs3_proc_create(struct snfs_op *op)
{
	return check_new(op) ?: start(op, SNFS_CREATE, NFSPROC3_CREATE);
}

static int snfs3_proc_mkdir(struct snfs_op *op)
{
	return check_new(op) ?: start(op, SNFS_MKDIR, NFSPROC3_MKDIR);
}

static int snfs3_proc_symlink(struct snfs_op *op)
{
	if (!op->args.symlink.len)
		return -ENOENT;
	if (op->args.symlink.len > SNFS_MAXTARGET)
		return -ENAMETOOLONG;
	return check_new(op) ?: start(op, SNFS_SYMLINK, NFSPROC3_SYMLINK);
}

static int snfs3_proc_mknod(struct snfs_op *op)
{
	switch (op->args.mknod.type & S_IFMT) {
	case S_IFCHR:
	case S_IFBLK:
	case S_IFSOCK:
	case S_IFIFO:
		return check_new(op) ?: start(op, SNFS_MKNOD, NFSPROC3_MKNOD);
	}
	return -EINVAL;
}

static int snfs3_proc_remove(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_REMOVE, NFSPROC3_REMOVE);
}

static int snfs3_proc_rmdir(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_RMDIR, NFSPROC3_RMDIR);
}

static int snfs3_proc_rename(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: snfs_check_name(&op->args.name2) ?:
	       start(op, SNFS_RENAME, NFSPROC3_RENAME);
}

static int snfs3_proc_link(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name2) ?: start(op, SNFS_LINK, NFSPROC3_LINK);
}

static int snfs3_proc_readdir(struct snfs_op *op)
{
	return start(op, SNFS_READDIR, NFSPROC3_READDIR);
}

static int snfs3_proc_readdirplus(struct snfs_op *op)
{
	return start(op, SNFS_READDIRPLUS, NFSPROC3_READDIRPLUS);
}

static int snfs3_proc_fsstat(struct snfs_op *op)
{
	return start(op, SNFS_FSSTAT, NFSPROC3_FSSTAT);
}

static int snfs3_proc_fsinfo(struct snfs_op *op)
{
	return start(op, SNFS_FSINFO, NFSPROC3_FSINFO);
}

static int snfs3_proc_pathconf(struct snfs_op *op)
{
	return start(op, SNFS_PATHCONF, NFSPROC3_PATHCONF);
}

static int snfs3_proc_commit(struct snfs_op *op)
{
	return check_io(op) ?: start(op, SNFS_COMMIT, NFSPROC3_COMMIT);
}

static int snfs3_proc_getacl(struct snfs_op *op)
{
	return start(op, SNFS_GETACL, SNFS3_ROW_GETACL);
}

static int snfs3_proc_setacl(struct snfs_op *op)
{
	return snfs3_pack_acls(&op->args, op->server->clnt->cl_cred->user_ns) ?:
	       start(op, SNFS_SETACL, SNFS3_ROW_SETACL);
}

static void snfs3_dirlist_init(struct snfs_dirlist *list, const struct snfs_op *op)
{
	snfs_dirlist_init(list, op);
	list->user_ns = op->server->clnt->cl_cred->user_ns;
	list->plus = op->verb == SNFS_READDIRPLUS;
}

static int snfs3_dirlist_next(struct snfs_dirlist *list, struct snfs_dirent *ent)
{
	int ret;

	ret = snfs3_decode_dirent(&list->xdr, list->user_ns, list->plus, ent, &list->eof);
	return ret < 0 ? -EIO : ret;
}

static const struct rpc_version *snfs3_versions[] = {
	[NFS3_VERSION]	= &snfs3_version,
};

static const struct rpc_program snfs3_program;

static struct rpc_stat snfs3_rpc_stat = {
	.program	= &snfs3_program,
};

/* rpc.gssd takes the service name "nfs" from here, and rpc_pipefs knows this directory only. */
static const struct rpc_program snfs3_program = {
	.name		= "nfs",
	.number		= NFS3_PROGRAM,
	.nrvers		= ARRAY_SIZE(snfs3_versions),
	.version	= snfs3_versions,
	.stats		= &snfs3_rpc_stat,
	.pipe_dir_name	= "nfs",
};

const struct snfs_proto_ops snfs3_proto_ops = {
	.version	= NFS3_VERSION,
	.caps		= SNFS_CAP_ACCESS | SNFS_CAP_COMMIT | SNFS_CAP_READDIRPLUS |
			  SNFS_CAP_MKNOD | SNFS_CAP_SYMLINK | SNFS_CAP_LINK | SNFS_CAP_ACL |
			  SNFS_CAP_GUARDED | SNFS_CAP_LOCK64,
	.time_gran	= 1,
	.mountvers	= MOUNT_V3,
	.dirent_growth	= 1,
	.program	= &snfs3_program,
	.null		= snfs3_proc_null,
	.getattr	= snfs3_proc_getattr,
	.setattr	= snfs3_proc_setattr,
	.lookup		= snfs3_proc_lookup,
	.access		= snfs3_proc_access,
	.readlink	= snfs3_proc_readlink,
	.read		= snfs3_proc_read,
	.write		= snfs3_proc_write,
	.create		= snfs3_proc_create,
	.mkdir		= snfs3_proc_mkdir,
	.symlink	= snfs3_proc_symlink,
	.mknod		= snfs3_proc_mknod,
	.remove		= snfs3_proc_remove,
	.rmdir		= snfs3_proc_rmdir,
	.rename		= snfs3_proc_rename,
	.link		= snfs3_proc_link,
	.readdir	= snfs3_proc_readdir,
	.readdirplus	= snfs3_proc_readdirplus,
	.fsstat		= snfs3_proc_fsstat,
	.fsinfo		= snfs3_proc_fsinfo,
	.pathconf	= snfs3_proc_pathconf,
	.commit		= snfs3_proc_commit,
	.getacl		= snfs3_proc_getacl,
	.setacl		= snfs3_proc_setacl,
	.dirlist_init	= snfs3_dirlist_init,
	.dirlist_next	= snfs3_dirlist_next,
};
EXPORT_SYMBOL_IF_KUNIT(snfs3_proto_ops);
