// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 3: arguments of the procedures (RFC 1813 section 3.3), in the RFC's order.
 *
 * Each encoder is given a struct snfs_args whose limits proc3.c has checked. What data goes to
 * or comes from pages is told to the transport here, so that it need not be copied.
 */
#include <linux/sunrpc/clnt.h>

#include "snfs.h"
#include "xdr3.h"

/*
 * 3.3.1 GETATTR, 3.3.18 FSSTAT, 3.3.19 FSINFO and 3.3.20 PATHCONF, by other names:
 *	struct GETATTR3args {
 *		nfs_fh3		object;
 *	};
 */
void snfs3_xdr_enc_getattrargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
}

/*
 * 3.3.2:
 *	union sattrguard3 switch (bool check) {
 *	case TRUE:
 *		nfstime3	obj_ctime;
 *	case FALSE:
 *		void;
 *	};
 *	struct SETATTR3args {
 *		nfs_fh3		object;
 *		sattr3		new_attributes;
 *		sattrguard3	guard;
 *	};
 */
void snfs3_xdr_enc_setattrargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_sattr3(xdr, snfs_rqst_userns(req), &args->sattr);
	snfs_encode_bool(xdr, args->guard);
	if (args->guard)
		snfs_encode_nfstime3(xdr, &args->guard_ctime);
}

/*
 * 3.3.3 LOOKUP, 3.3.12 REMOVE and 3.3.13 RMDIR, by other names:
 *	struct LOOKUP3args {
 *		diropargs3	what;
 *	};
 */
void snfs3_xdr_enc_diropargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
}

/*
 * 3.3.4:
 *	struct ACCESS3args {
 *		nfs_fh3		object;
 *		uint32		access;
 *	};
 */
void snfs3_xdr_enc_accessargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u32(xdr, args->access);
}

/*
 * 3.3.5:
 *	struct READLINK3args {
 *		nfs_fh3		symlink;
 *	};
 */
void snfs3_xdr_enc_readlinkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	rpc_prepare_reply_pages(req, args->io.pages, args->io.pgbase, args->io.count,
				SNFS3_readlinkhdr_sz);
}

/*
 * 3.3.6:
 *	struct READ3args {
 *		nfs_fh3		file;
 *		offset3		offset;
 *		count3		count;
 *	};
 */
void snfs3_xdr_enc_readargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u64(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.count);
	/* Replies carry attributes nearly always: then data lands where it belongs. */
	rpc_prepare_reply_pages(req, args->io.pages, args->io.pgbase, args->io.count,
				SNFS3_readhdr_sz);
	req->rq_rcv_buf.flags |= XDRBUF_READ;
}

/*
 * 3.3.7:
 *	enum stable_how {
 *		UNSTABLE = 0, DATA_SYNC = 1, FILE_SYNC = 2
 *	};
 *	struct WRITE3args {
 *		nfs_fh3		file;
 *		offset3		offset;
 *		count3		count;
 *		stable_how	stable;
 *		opaque		data<>;
 *	};
 */
void snfs3_xdr_enc_writeargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u64(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.count);
	snfs_encode_u32(xdr, args->io.stable);
	snfs_encode_u32(xdr, args->io.count);
	xdr_write_pages(xdr, args->io.pages, args->io.pgbase, args->io.count);
	xdr->buf->flags |= XDRBUF_WRITE;
}

/*
 * 3.3.8:
 *	enum createmode3 {
 *		UNCHECKED = 0, GUARDED = 1, EXCLUSIVE = 2
 *	};
 *	union createhow3 switch (createmode3 mode) {
 *	case UNCHECKED:
 *	case GUARDED:
 *		sattr3		obj_attributes;
 *	case EXCLUSIVE:
 *		createverf3	verf;
 *	};
 *	struct CREATE3args {
 *		diropargs3	where;
 *		createhow3	how;
 *	};
 */
void snfs3_xdr_enc_createargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
	snfs_encode_u32(xdr, args->create.how);
	if (args->create.how == SNFS_CREATE_EXCLUSIVE)
		snfs_encode_verf(xdr, &args->create.verf);
	else
		snfs_encode_sattr3(xdr, snfs_rqst_userns(req), &args->sattr);
}

/*
 * 3.3.9:
 *	struct MKDIR3args {
 *		diropargs3	where;
 *		sattr3		attributes;
 *	};
 */
void snfs3_xdr_enc_mkdirargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
	snfs_encode_sattr3(xdr, snfs_rqst_userns(req), &args->sattr);
}

/*
 * 3.3.10:
 *	struct symlinkdata3 {
 *		sattr3		symlink_attributes;
 *		nfspath3	symlink_data;
 *	};
 *	struct SYMLINK3args {
 *		diropargs3	where;
 *		symlinkdata3	symlink;
 *	};
 */
void snfs3_xdr_enc_symlinkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
	snfs_encode_sattr3(xdr, snfs_rqst_userns(req), &args->sattr);
	snfs_encode_opaque(xdr, args->symlink.target, args->symlink.len);
}

/*
 * 3.3.11:
 *	struct devicedata3 {
 *		sattr3		dev_attributes;
 *		specdata3	spec;
 *	};
 *	union mknoddata3 switch (ftype3 type) {
 *	case NF3CHR:
 *	case NF3BLK:
 *		devicedata3	device;
 *	case NF3SOCK:
 *	case NF3FIFO:
 *		sattr3		pipe_attributes;
 *	default:
 *		void;
 *	};
 *	struct MKNOD3args {
 *		diropargs3	where;
 *		mknoddata3	what;
 *	};
 */
void snfs3_xdr_enc_mknodargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
	snfs_encode_u32(xdr, snfs3_ftype(args->mknod.type));
	snfs_encode_sattr3(xdr, snfs_rqst_userns(req), &args->sattr);
	if (S_ISCHR(args->mknod.type) || S_ISBLK(args->mknod.type))
		snfs_encode_specdata3(xdr, args->mknod.rdev);
}

/*
 * 3.3.14:
 *	struct RENAME3args {
 *		diropargs3	from;
 *		diropargs3	to;
 *	};
 */
void snfs3_xdr_enc_renameargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs3(xdr, args->fh, &args->name);
	snfs_encode_diropargs3(xdr, args->fh2, &args->name2);
}

/*
 * 3.3.15:
 *	struct LINK3args {
 *		nfs_fh3		file;
 *		diropargs3	link;
 *	};
 */
void snfs3_xdr_enc_linkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_diropargs3(xdr, args->fh2, &args->name2);
}

/*
 * 3.3.16:
 *	struct READDIR3args {
 *		nfs_fh3		dir;
 *		cookie3		cookie;
 *		cookieverf3	cookieverf;
 *		count3		count;
 *	};
 */
void snfs3_xdr_enc_readdirargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u64(xdr, args->readdir.cookie);
	snfs_encode_verf(xdr, &args->readdir.verf);
	snfs_encode_u32(xdr, args->readdir.maxcount);
	rpc_prepare_reply_pages(req, args->readdir.pages, 0, args->readdir.maxcount,
				SNFS3_readdirhdr_sz);
}

/*
 * 3.3.17:
 *	struct READDIRPLUS3args {
 *		nfs_fh3		dir;
 *		cookie3		cookie;
 *		cookieverf3	cookieverf;
 *		count3		dircount;
 *		count3		maxcount;
 *	};
 */
void snfs3_xdr_enc_readdirplusargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u64(xdr, args->readdir.cookie);
	snfs_encode_verf(xdr, &args->readdir.verf);
	snfs_encode_u32(xdr, args->readdir.dircount);
	snfs_encode_u32(xdr, args->readdir.maxcount);
	rpc_prepare_reply_pages(req, args->readdir.pages, 0, args->readdir.maxcount,
				SNFS3_readdirhdr_sz);
}

/*
 * 3.3.21:
 *	struct COMMIT3args {
 *		nfs_fh3		file;
 *		offset3		offset;
 *		count3		count;
 *	};
 */
void snfs3_xdr_enc_commitargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh3(xdr, args->fh);
	snfs_encode_u64(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.count);
}
