// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 2 as a struct snfs_proto_ops: each member checks that the arguments can be
 * encoded, and starts the call. Encoders cannot refuse, so what they rely on is checked here.
 *
 * What version 2 has no procedure for has no member. What it says in 32 bits is refused here if
 * it needs more.
 */
#include <linux/sunrpc/clnt.h>
#include <linux/sunrpc/stats.h>
#include <kunit/visibility.h>

#include "proc.h"
#include "snfs.h"
#include "xdr2.h"

static int check_sattr(const struct snfs_op *op)
{
	const struct snfs_sattr *sattr = &op->args.sattr;
	bool big = (sattr->valid & SNFS_SATTR_SIZE) && sattr->size > NFS2_MAXFILESIZE;

	return snfs_check_ids(op) ?: big ? -EFBIG : 0;
}

static int check_new(const struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: check_sattr(op);
}

static int check_io(const struct snfs_op *op)
{
	u32 count = op->args.io.count;

	if (count > NFS2_MAXDATA)
		return -EINVAL;
	return op->args.io.offset > U32_MAX - count ? -EFBIG : 0;
}

static int start(struct snfs_op *op, enum snfs_verb verb, unsigned int proc)
{
	return snfs_rpc_start(op, verb, &snfs2_procedures[proc]);
}

static int snfs2_proc_null(struct snfs_op *op)
{
	return start(op, SNFS_NULL, NFSPROC_NULL);
}

static int snfs2_proc_getattr(struct snfs_op *op)
{
	return start(op, SNFS_GETATTR, NFSPROC_GETATTR);
}

static int snfs2_proc_setattr(struct snfs_op *op)
{
	return check_sattr(op) ?: start(op, SNFS_SETATTR, NFSPROC_SETATTR);
}

static int snfs2_proc_lookup(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_LOOKUP, NFSPROC_LOOKUP);
}

static int snfs2_proc_readlink(struct snfs_op *op)
{
	return snfs_check_readlink(op) ?: start(op, SNFS_READLINK, NFSPROC_READLINK);
}

static int snfs2_proc_read(struct snfs_op *op)
{
	return check_io(op) ?: start(op, SNFS_READ, NFSPROC_READ);
}

static int snfs2_proc_write(struct snfs_op *op)
{
	return check_io(op) ?: start(op, SNFS_WRITE, NFSPROC_WRITE);
}

static int snfs2_proc_create(struct snfs_op *op)
{
	return check_new(op) ?: start(op, SNFS_CREATE, NFSPROC_CREATE);
}

static int snfs2_proc_mkdir(struct snfs_op *op)
{
	return check_new(op) ?: start(op, SNFS_MKDIR, NFSPROC_MKDIR);
}

static int snfs2_proc_symlink(struct snfs_op *op)
{
	if (!op->args.symlink.len)
		return -ENOENT;
	if (op->args.symlink.len > NFS2_MAXPATHLEN)
		return -ENAMETOOLONG;
	return check_new(op) ?: start(op, SNFS_SYMLINK, NFSPROC_SYMLINK);
}

static int snfs2_proc_mknod(struct snfs_op *op)
{
	switch (op->args.mknod.type & S_IFMT) {
	case S_IFCHR:
	case S_IFBLK:
		/* That number means another thing here. */
		if (new_encode_dev(op->args.mknod.rdev) == NFS2_SATTR_UNSET)
			return -EOVERFLOW;
		fallthrough;
	case S_IFSOCK:
	case S_IFIFO:
		return check_new(op) ?: start(op, SNFS_MKNOD, SNFS2_ROW_MKNOD);
	}
	return -EINVAL;
}

static int snfs2_proc_remove(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_REMOVE, NFSPROC_REMOVE);
}

static int snfs2_proc_rmdir(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: start(op, SNFS_RMDIR, NFSPROC_RMDIR);
}

static int snfs2_proc_rename(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name) ?: snfs_check_name(&op->args.name2) ?:
	       start(op, SNFS_RENAME, NFSPROC_RENAME);
}

static int snfs2_proc_link(struct snfs_op *op)
{
	return snfs_check_name(&op->args.name2) ?: start(op, SNFS_LINK, NFSPROC_LINK);
}

static int snfs2_proc_readdir(struct snfs_op *op)
{
	return start(op, SNFS_READDIR, NFSPROC_READDIR);
}

static int snfs2_proc_fsstat(struct snfs_op *op)
{
	return start(op, SNFS_FSSTAT, NFSPROC_STATFS);
}

static int snfs2_proc_fsinfo(struct snfs_op *op)
{
	return start(op, SNFS_FSINFO, SNFS2_ROW_FSINFO);
}

static int snfs2_dirlist_next(struct snfs_dirlist *list, struct snfs_dirent *ent)
{
	int ret = snfs2_decode_dirent(&list->xdr, ent, &list->eof);

	return ret < 0 ? -EIO : ret;
}

static const struct rpc_version *snfs2_versions[] = {
	[NFS2_VERSION]	= &snfs2_version,
};

static const struct rpc_program snfs2_program;

static struct rpc_stat snfs2_rpc_stat = {
	.program	= &snfs2_program,
};

/* rpc.gssd takes the service name "nfs" from here, and rpc_pipefs knows this directory only. */
static const struct rpc_program snfs2_program = {
	.name		= "nfs",
	.number		= NFS2_PROGRAM,
	.nrvers		= ARRAY_SIZE(snfs2_versions),
	.version	= snfs2_versions,
	.stats		= &snfs2_rpc_stat,
	.pipe_dir_name	= "nfs",
};

const struct snfs_proto_ops snfs2_proto_ops = {
	.version	= NFS2_VERSION,
	.caps		= SNFS_CAP_MKNOD | SNFS_CAP_SYMLINK | SNFS_CAP_LINK,
	.fhsize		= NFS2_FHSIZE,
	.time_gran	= NSEC_PER_USEC,
	.mountvers	= MOUNT_V1,
	.dirent_growth	= 2,
	.program	= &snfs2_program,
	.null		= snfs2_proc_null,
	.getattr	= snfs2_proc_getattr,
	.setattr	= snfs2_proc_setattr,
	.lookup		= snfs2_proc_lookup,
	.readlink	= snfs2_proc_readlink,
	.read		= snfs2_proc_read,
	.write		= snfs2_proc_write,
	.create		= snfs2_proc_create,
	.mkdir		= snfs2_proc_mkdir,
	.symlink	= snfs2_proc_symlink,
	.mknod		= snfs2_proc_mknod,
	.remove		= snfs2_proc_remove,
	.rmdir		= snfs2_proc_rmdir,
	.rename		= snfs2_proc_rename,
	.link		= snfs2_proc_link,
	.readdir	= snfs2_proc_readdir,
	.fsstat		= snfs2_proc_fsstat,
	.fsinfo		= snfs2_proc_fsinfo,
	.dirlist_init	= snfs_dirlist_init,
	.dirlist_next	= snfs2_dirlist_next,
};
EXPORT_SYMBOL_IF_KUNIT(snfs2_proto_ops);
