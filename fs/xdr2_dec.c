// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 2: results of the procedures (RFC 1094 section 2.2), in the RFC's order.
 *
 * Each decoder fills a struct snfs_res and returns 0 for any reply that keeps to the protocol,
 * whatever its status; -EIO for one that does not. A failure carries nothing but its status.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "snfs.h"
#include "xdr2.h"

/* 2.2.11 REMOVE, 2.2.12 RENAME, 2.2.13 LINK, 2.2.14 SYMLINK and 2.2.16 RMDIR: stat */
int snfs2_xdr_dec_stat(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	return snfs_xdr_end(req, "stat", snfs_xdr_begin(xdr, data));
}

/*
 * RFC 1094 section 2.3.9:
 *	union attrstat switch (stat status) {
 *	case NFS_OK:
 *		fattr	attributes;
 *	default:
 *		void;
 *	};
 */
static int begin_attr(struct rpc_rqst *req, struct xdr_stream *xdr, struct snfs_res *res)
{
	int err = snfs_xdr_begin(xdr, res);

	if (err || res->status != NFS2_OK)
		return err;
	return snfs_decode_fattr2(xdr, snfs_rqst_userns(req), &res->wcc[0].post);
}

/* 2.2.2 GETATTR and 2.2.3 SETATTR: attrstat */
int snfs2_xdr_dec_attrstat(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	return snfs_xdr_end(req, "attrstat", begin_attr(req, xdr, data));
}

/*
 * 2.2.5 LOOKUP, 2.2.10 CREATE and 2.2.15 MKDIR; RFC 1094 section 2.3.11:
 *	union diropres switch (stat status) {
 *	case NFS_OK:
 *		struct {
 *			fhandle	file;
 *			fattr	attributes;
 *		} diropok;
 *	default:
 *		void;
 *	};
 */
int snfs2_xdr_dec_diropres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS2_OK)
		err = snfs_decode_fh2(xdr, &res->obj_fh) ?:
		      snfs_decode_fattr2(xdr, snfs_rqst_userns(req), &res->obj_attr);
	return snfs_xdr_end(req, "diropres", err);
}

/*
 * 2.2.6:
 *	union readlinkres switch (stat status) {
 *	case NFS_OK:
 *		path	data;
 *	default:
 *		void;
 *	};
 */
int snfs2_xdr_dec_readlinkres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	u32 max = min_t(u32, snfs_rqst_args(req)->io.count, NFS2_MAXPATHLEN + 1);
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS2_OK)
		err = snfs_decode_target(xdr, max, &res->io.count);
	return snfs_xdr_end(req, "readlinkres", err);
}

/*
 * 2.2.7:
 *	union readres switch (stat status) {
 *	case NFS_OK:
 *		fattr	attributes;
 *		nfsdata	data;
 *	default:
 *		void;
 *	};
 *
 * Nothing says where the file ends, but its size. A reply without a byte does not: where bytes
 * should be, they must not read as zeroes.
 */
static int decode_readok(struct xdr_stream *xdr, const struct snfs_args *args,
			 struct snfs_res *res)
{
	u32 len;

	if (xdr_stream_decode_u32(xdr, &len))
		return -EBADMSG;
	if (len > args->io.count)
		return -EMSGSIZE;
	res->io.count = len;
	res->io.eof = args->io.offset + len >= res->wcc[0].post.size;
	return snfs_decode_data(xdr, len);
}

int snfs2_xdr_dec_readres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS2_OK)
		err = decode_readok(xdr, snfs_rqst_args(req), res);
	return snfs_xdr_end(req, "readres", err);
}

/* 2.2.9 WRITE: attrstat. All bytes are written, and on stable storage. */
int snfs2_xdr_dec_writeres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS2_OK) {
		res->io.count = snfs_rqst_args(req)->io.count;
		res->io.committed = SNFS_FILE_SYNC;
		memset(&res->io.verf, 0, sizeof(res->io.verf));
	}
	return snfs_xdr_end(req, "attrstat", err);
}

/*
 * 2.2.17:
 *	union readdirres switch (stat status) {
 *	case NFS_OK:
 *		struct {
 *			entry	*entries;
 *			bool	eof;
 *		} readdirok;
 *	default:
 *		void;
 *	};
 *
 * The list stays in the pages; snfs2_decode_dirent() walks it.
 */
int snfs2_xdr_dec_readdirres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS2_OK) {
		memset(&res->readdir.verf, 0, sizeof(res->readdir.verf));
		res->readdir.bytes = xdr_read_pages(xdr, xdr->buf->page_len);
	}
	return snfs_xdr_end(req, "readdirres", err);
}

/*
 * 2.2.18:
 *	union statfsres (stat status) {
 *	case NFS_OK:
 *		struct {
 *			unsigned	tsize;
 *			unsigned	bsize;
 *			unsigned	blocks;
 *			unsigned	bfree;
 *			unsigned	bavail;
 *		} info;
 *	default:
 *		void;
 *	};
 */
struct statfs_info {
	u32	tsize;
	u32	bsize;
	u32	blocks;
	u32	bfree;
	u32	bavail;
};

static int decode_info(struct xdr_stream *xdr, struct statfs_info *info)
{
	return xdr_stream_decode_u32(xdr, &info->tsize) ?:
	       xdr_stream_decode_u32(xdr, &info->bsize) ?:
	       xdr_stream_decode_u32(xdr, &info->blocks) ?:
	       xdr_stream_decode_u32(xdr, &info->bfree) ?:
	       xdr_stream_decode_u32(xdr, &info->bavail);
}

static int begin_info(struct xdr_stream *xdr, struct snfs_res *res, struct statfs_info *info)
{
	int err;

	memset(info, 0, sizeof(*info));
	err = snfs_xdr_begin(xdr, res);
	return err || res->status != NFS2_OK ? err : decode_info(xdr, info);
}

/* BSD's count goes below 0 when root uses what it reserves for itself. */
static bool is_overdrawn(const struct statfs_info *info)
{
	return info->bavail > info->blocks && (s32)info->bavail < 0;
}

int snfs2_xdr_dec_statfsres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	struct statfs_info info;
	int err;

	err = begin_info(xdr, res, &info);
	/* Nothing is said of files. */
	memset(&res->fsstat, 0, sizeof(res->fsstat));
	res->fsstat.tbytes = (u64)info.bsize * info.blocks;
	res->fsstat.fbytes = (u64)info.bsize * info.bfree;
	res->fsstat.abytes = (u64)info.bsize * (is_overdrawn(&info) ? 0 : info.bavail);
	return snfs_xdr_end(req, "statfsres", err);
}

/* STATFS in the place of FSINFO: what the server says and, in any case, the protocol */
int snfs2_xdr_dec_fsinfores(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	struct statfs_info info;
	u32 size;
	int err;

	err = begin_info(xdr, res, &info);
	size = min_t(u32, info.tsize, NFS2_MAXDATA);
	res->fsinfo = (struct snfs_fsinfo){
		.rtmax		= size,
		.rtpref		= size,
		.rtmult		= 1 << NFS2_BLOCK_SHIFT,
		.wtmax		= size,
		.wtpref		= size,
		.wtmult		= 1 << NFS2_BLOCK_SHIFT,
		.dtpref		= size,
		.maxfilesize	= NFS2_MAXFILESIZE,
		.time_delta	= { .tv_nsec = NSEC_PER_USEC },
		.properties	= FSF3_LINK | FSF3_SYMLINK | FSF3_CANSETTIME,
	};
	return snfs_xdr_end(req, "statfsres", err);
}
