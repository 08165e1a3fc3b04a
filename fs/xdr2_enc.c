// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 2: arguments of the procedures (RFC 1094 section 2.2), in the RFC's order.
 *
 * Each encoder is given a struct snfs_args whose limits proc2.c has checked. What data goes to
 * or comes from pages is told to the transport here, so that it need not be copied.
 */
#include <linux/sunrpc/clnt.h>

#include "snfs.h"
#include "xdr2.h"

/* 2.2.2 GETATTR and 2.2.18 STATFS: fhandle */
void snfs2_xdr_enc_fhandle(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
}

/*
 * 2.2.3:
 *	struct sattrargs {
 *		fhandle	file;
 *		sattr	attributes;
 *	};
 */
void snfs2_xdr_enc_sattrargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;
	bool size = args->sattr.valid & SNFS_SATTR_SIZE;

	snfs_encode_fh2(xdr, args->fh);
	snfs_encode_sattr2(xdr, snfs_rqst_userns(req), &args->sattr, 0,
			   size ? args->sattr.size : NFS2_SATTR_UNSET);
}

/* 2.2.5 LOOKUP, 2.2.11 REMOVE and 2.2.16 RMDIR: diropargs */
void snfs2_xdr_enc_diropargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs2(xdr, args->fh, &args->name);
}

/* 2.2.6 READLINK: fhandle */
void snfs2_xdr_enc_readlinkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
	rpc_prepare_reply_pages(req, args->io.pages, args->io.pgbase, args->io.count,
				SNFS2_readlinkhdr_sz);
}

/*
 * 2.2.7:
 *	struct readargs {
 *		fhandle		file;
 *		unsigned	offset;
 *		unsigned	count;
 *		unsigned	totalcount;
 *	};
 */
void snfs2_xdr_enc_readargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
	snfs_encode_u32(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.count);
	/* Unused, says the RFC */
	snfs_encode_u32(xdr, args->io.count);
	rpc_prepare_reply_pages(req, args->io.pages, args->io.pgbase, args->io.count,
				SNFS2_readhdr_sz);
	req->rq_rcv_buf.flags |= XDRBUF_READ;
}

/*
 * 2.2.9:
 *	struct writeargs {
 *		fhandle		file;
 *		unsigned	beginoffset;
 *		unsigned	offset;
 *		unsigned	totalcount;
 *		nfsdata		data;
 *	};
 */
void snfs2_xdr_enc_writeargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
	/* beginoffset and totalcount: unused, says the RFC */
	snfs_encode_u32(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.offset);
	snfs_encode_u32(xdr, args->io.count);
	snfs_encode_u32(xdr, args->io.count);
	xdr_write_pages(xdr, args->io.pages, args->io.pgbase, args->io.count);
	xdr->buf->flags |= XDRBUF_WRITE;
}

static void encode_new(struct rpc_rqst *req, struct xdr_stream *xdr, const struct snfs_args *args,
		       umode_t type, u32 size)
{
	snfs_encode_diropargs2(xdr, args->fh, &args->name);
	snfs_encode_sattr2(xdr, snfs_rqst_userns(req), &args->sattr, type, size);
}

/*
 * 2.2.10:
 *	struct createargs {
 *		diropargs	where;
 *		sattr		attributes;
 *	};
 */
void snfs2_xdr_enc_createargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	/* With a size, a file that exists would be cut. */
	encode_new(req, xdr, data, S_IFREG, NFS2_SATTR_UNSET);
}

/* CREATE of what is no file: by the type in the mode, and with its number in place of the size */
void snfs2_xdr_enc_mknodargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;
	umode_t type = args->mknod.type & S_IFMT;

	encode_new(req, xdr, args, type == S_IFIFO ? S_IFCHR : type,
		   snfs2_encode_dev(type, args->mknod.rdev));
}

/*
 * 2.2.12:
 *	struct renameargs {
 *		diropargs	from;
 *		diropargs	to;
 *	};
 */
void snfs2_xdr_enc_renameargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs2(xdr, args->fh, &args->name);
	snfs_encode_diropargs2(xdr, args->fh2, &args->name2);
}

/*
 * 2.2.13:
 *	struct linkargs {
 *		fhandle		from;
 *		diropargs	to;
 *	};
 */
void snfs2_xdr_enc_linkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
	snfs_encode_diropargs2(xdr, args->fh2, &args->name2);
}

/*
 * 2.2.14:
 *	struct symlinkargs {
 *		diropargs	from;
 *		path		to;
 *		sattr		attributes;
 *	};
 */
void snfs2_xdr_enc_symlinkargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_diropargs2(xdr, args->fh, &args->name);
	snfs_encode_opaque(xdr, args->symlink.target, args->symlink.len);
	snfs_encode_sattr2(xdr, snfs_rqst_userns(req), &args->sattr, S_IFLNK, NFS2_SATTR_UNSET);
}

/* 2.2.15 MKDIR: createargs */
void snfs2_xdr_enc_mkdirargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	encode_new(req, xdr, data, S_IFDIR, NFS2_SATTR_UNSET);
}

/*
 * 2.2.17:
 *	struct readdirargs {
 *		fhandle		dir;
 *		nfscookie	cookie;
 *		unsigned	count;
 *	};
 */
void snfs2_xdr_enc_readdirargs(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data)
{
	const struct snfs_args *args = data;

	snfs_encode_fh2(xdr, args->fh);
	snfs_encode_u32(xdr, args->readdir.cookie);
	snfs_encode_u32(xdr, args->readdir.maxcount);
	rpc_prepare_reply_pages(req, args->readdir.pages, 0, args->readdir.maxcount,
				SNFS2_readdirhdr_sz);
}
