// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 3: results of the procedures (RFC 1813 section 3.3), in the RFC's order.
 *
 * Each decoder fills a struct snfs_res and returns 0 for any reply that keeps to the protocol,
 * whatever its status; -EIO for one that does not. The arms of the RFC's unions for failure
 * ("resfail") are decoded too: they carry attributes.
 */
#include "snfs.h"
#include "xdr3.h"

/* Most results begin with a status and the attributes of the object, in both arms. */
static int begin_attr(struct rpc_rqst *req, struct xdr_stream *xdr, struct snfs_res *res)
{
	return snfs_xdr_begin(xdr, res) ?:
	       snfs_decode_post_op_attr(xdr, snfs_rqst_userns(req), &res->wcc[0].post);
}

/* Those of changes begin with a status and wcc_data. */
static int begin_wcc(struct rpc_rqst *req, struct xdr_stream *xdr, struct snfs_res *res)
{
	return snfs_xdr_begin(xdr, res) ?:
	       snfs_decode_wcc_data(xdr, snfs_rqst_userns(req), &res->wcc[0]);
}

/*
 * 3.3.1:
 *	struct GETATTR3resok {
 *		fattr3		obj_attributes;
 *	};
 *	union GETATTR3res switch (nfsstat3 status) {
 *	case NFS3_OK:
 *		GETATTR3resok	resok;
 *	default:
 *		void;
 *	};
 */
int snfs3_xdr_dec_getattrres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS3_OK)
		err = snfs_decode_fattr3(xdr, snfs_rqst_userns(req), &res->wcc[0].post);
	return snfs_xdr_end(req, "GETATTR3res", err);
}

/*
 * 3.3.2 SETATTR, 3.3.12 REMOVE and 3.3.13 RMDIR, by other names; resfail is the same:
 *	struct SETATTR3resok {
 *		wcc_data	obj_wcc;
 *	};
 */
int snfs3_xdr_dec_wccres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	return snfs_xdr_end(req, "wcc_data", begin_wcc(req, xdr, data));
}

/*
 * 3.3.3:
 *	struct LOOKUP3resok {
 *		nfs_fh3		object;
 *		post_op_attr	obj_attributes;
 *		post_op_attr	dir_attributes;
 *	};
 *	struct LOOKUP3resfail {
 *		post_op_attr	dir_attributes;
 *	};
 */
int snfs3_xdr_dec_lookupres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct user_namespace *user_ns = snfs_rqst_userns(req);
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS3_OK)
		err = snfs_decode_fh3(xdr, &res->obj_fh) ?:
		      snfs_decode_post_op_attr(xdr, user_ns, &res->obj_attr);
	if (!err)
		err = snfs_decode_post_op_attr(xdr, user_ns, &res->wcc[0].post);
	return snfs_xdr_end(req, "LOOKUP3res", err);
}

/*
 * 3.3.4:
 *	struct ACCESS3resok {
 *		post_op_attr	obj_attributes;
 *		uint32		access;
 *	};
 *	struct ACCESS3resfail {
 *		post_op_attr	obj_attributes;
 *	};
 */
int snfs3_xdr_dec_accessres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK) {
		err = xdr_stream_decode_u32(xdr, &res->access);
		/* What was not asked for was not answered. */
		if (!err)
			res->access &= snfs_rqst_args(req)->access;
	}
	return snfs_xdr_end(req, "ACCESS3res", err);
}

/*
 * 3.3.5:
 *	struct READLINK3resok {
 *		post_op_attr	symlink_attributes;
 *		nfspath3	data;
 *	};
 *	struct READLINK3resfail {
 *		post_op_attr	symlink_attributes;
 *	};
 */
int snfs3_xdr_dec_readlinkres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = snfs_decode_target(xdr, snfs_rqst_args(req)->io.count, &res->io.count);
	return snfs_xdr_end(req, "READLINK3res", err);
}

/*
 * 3.3.6:
 *	struct READ3resok {
 *		post_op_attr	file_attributes;
 *		count3		count;
 *		bool		eof;
 *		opaque		data<>;
 *	};
 *	struct READ3resfail {
 *		post_op_attr	file_attributes;
 *	};
 */
static int decode_readresok(struct xdr_stream *xdr, u32 asked, struct snfs_res *res)
{
	u32 len;

	if (xdr_stream_decode_u32(xdr, &res->io.count) ||
	    snfs_decode_bool(xdr, &res->io.eof) ||
	    xdr_stream_decode_u32(xdr, &len))
		return -EBADMSG;
	if (len != res->io.count)
		return -EBADMSG;
	if (len > asked)
		return -EMSGSIZE;
	return snfs_decode_data(xdr, len);
}

int snfs3_xdr_dec_readres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = decode_readresok(xdr, snfs_rqst_args(req)->io.count, res);
	return snfs_xdr_end(req, "READ3res", err);
}

/*
 * 3.3.7:
 *	struct WRITE3resok {
 *		wcc_data	file_wcc;
 *		count3		count;
 *		stable_how	committed;
 *		writeverf3	verf;
 *	};
 *	struct WRITE3resfail {
 *		wcc_data	file_wcc;
 *	};
 */
static int decode_writeresok(struct xdr_stream *xdr, u32 asked, struct snfs_res *res)
{
	if (xdr_stream_decode_u32(xdr, &res->io.count) ||
	    xdr_stream_decode_u32(xdr, &res->io.committed))
		return -EBADMSG;
	if (res->io.committed > SNFS_FILE_SYNC)
		return -EBADMSG;
	if (res->io.count > asked)
		return -EMSGSIZE;
	return snfs_decode_verf(xdr, &res->io.verf);
}

int snfs3_xdr_dec_writeres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_wcc(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = decode_writeresok(xdr, snfs_rqst_args(req)->io.count, res);
	return snfs_xdr_end(req, "WRITE3res", err);
}

/*
 * 3.3.8 CREATE, 3.3.9 MKDIR, 3.3.10 SYMLINK and 3.3.11 MKNOD, by other names:
 *	struct CREATE3resok {
 *		post_op_fh3	obj;
 *		post_op_attr	obj_attributes;
 *		wcc_data	dir_wcc;
 *	};
 *	struct CREATE3resfail {
 *		wcc_data	dir_wcc;
 *	};
 */
int snfs3_xdr_dec_createres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct user_namespace *user_ns = snfs_rqst_userns(req);
	struct snfs_res *res = data;
	int err;

	err = snfs_xdr_begin(xdr, res);
	if (!err && res->status == NFS3_OK)
		err = snfs_decode_post_op_fh3(xdr, &res->obj_fh) ?:
		      snfs_decode_post_op_attr(xdr, user_ns, &res->obj_attr);
	if (!err)
		err = snfs_decode_wcc_data(xdr, user_ns, &res->wcc[0]);
	return snfs_xdr_end(req, "CREATE3res", err);
}

/*
 * 3.3.14; resfail is the same:
 *	struct RENAME3resok {
 *		wcc_data	fromdir_wcc;
 *		wcc_data	todir_wcc;
 *	};
 */
int snfs3_xdr_dec_renameres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_wcc(req, xdr, res) ?:
	      snfs_decode_wcc_data(xdr, snfs_rqst_userns(req), &res->wcc[1]);
	return snfs_xdr_end(req, "RENAME3res", err);
}

/*
 * 3.3.15; resfail is the same:
 *	struct LINK3resok {
 *		post_op_attr	file_attributes;
 *		wcc_data	linkdir_wcc;
 *	};
 */
int snfs3_xdr_dec_linkres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res) ?:
	      snfs_decode_wcc_data(xdr, snfs_rqst_userns(req), &res->wcc[1]);
	return snfs_xdr_end(req, "LINK3res", err);
}

/*
 * 3.3.16 READDIR and 3.3.17 READDIRPLUS, by other names:
 *	struct READDIR3resok {
 *		post_op_attr	dir_attributes;
 *		cookieverf3	cookieverf;
 *		dirlist3	reply;
 *	};
 *	struct READDIR3resfail {
 *		post_op_attr	dir_attributes;
 *	};
 *
 * The list stays in the pages; snfs3_decode_dirent() walks it.
 */
int snfs3_xdr_dec_readdirres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK) {
		err = snfs_decode_verf(xdr, &res->readdir.verf);
		if (!err)
			res->readdir.bytes = xdr_read_pages(xdr, xdr->buf->page_len);
	}
	return snfs_xdr_end(req, "READDIR3res", err);
}

/*
 * 3.3.18:
 *	struct FSSTAT3resok {
 *		post_op_attr	obj_attributes;
 *		size3		tbytes;
 *		size3		fbytes;
 *		size3		abytes;
 *		size3		tfiles;
 *		size3		ffiles;
 *		size3		afiles;
 *		uint32		invarsec;
 *	};
 *	struct FSSTAT3resfail {
 *		post_op_attr	obj_attributes;
 *	};
 */
static int decode_fsstatresok(struct xdr_stream *xdr, struct snfs_fsstat *st)
{
	return xdr_stream_decode_u64(xdr, &st->tbytes) ?:
	       xdr_stream_decode_u64(xdr, &st->fbytes) ?:
	       xdr_stream_decode_u64(xdr, &st->abytes) ?:
	       xdr_stream_decode_u64(xdr, &st->tfiles) ?:
	       xdr_stream_decode_u64(xdr, &st->ffiles) ?:
	       xdr_stream_decode_u64(xdr, &st->afiles) ?:
	       xdr_stream_decode_u32(xdr, &st->invarsec);
}

int snfs3_xdr_dec_fsstatres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = decode_fsstatresok(xdr, &res->fsstat);
	return snfs_xdr_end(req, "FSSTAT3res", err);
}

/*
 * 3.3.19:
 *	struct FSINFO3resok {
 *		post_op_attr	obj_attributes;
 *		uint32		rtmax;
 *		uint32		rtpref;
 *		uint32		rtmult;
 *		uint32		wtmax;
 *		uint32		wtpref;
 *		uint32		wtmult;
 *		uint32		dtpref;
 *		size3		maxfilesize;
 *		nfstime3	time_delta;
 *		uint32		properties;
 *	};
 *	struct FSINFO3resfail {
 *		post_op_attr	obj_attributes;
 *	};
 */
static int decode_fsinforesok(struct xdr_stream *xdr, struct snfs_fsinfo *fi)
{
	return xdr_stream_decode_u32(xdr, &fi->rtmax) ?:
	       xdr_stream_decode_u32(xdr, &fi->rtpref) ?:
	       xdr_stream_decode_u32(xdr, &fi->rtmult) ?:
	       xdr_stream_decode_u32(xdr, &fi->wtmax) ?:
	       xdr_stream_decode_u32(xdr, &fi->wtpref) ?:
	       xdr_stream_decode_u32(xdr, &fi->wtmult) ?:
	       xdr_stream_decode_u32(xdr, &fi->dtpref) ?:
	       xdr_stream_decode_u64(xdr, &fi->maxfilesize) ?:
	       snfs_decode_nfstime3(xdr, &fi->time_delta) ?:
	       xdr_stream_decode_u32(xdr, &fi->properties);
}

int snfs3_xdr_dec_fsinfores(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = decode_fsinforesok(xdr, &res->fsinfo);
	return snfs_xdr_end(req, "FSINFO3res", err);
}

/*
 * 3.3.20:
 *	struct PATHCONF3resok {
 *		post_op_attr	obj_attributes;
 *		uint32		linkmax;
 *		uint32		name_max;
 *		bool		no_trunc;
 *		bool		chown_restricted;
 *		bool		case_insensitive;
 *		bool		case_preserving;
 *	};
 *	struct PATHCONF3resfail {
 *		post_op_attr	obj_attributes;
 *	};
 */
static int decode_pathconfresok(struct xdr_stream *xdr, struct snfs_pathconf *pc)
{
	return xdr_stream_decode_u32(xdr, &pc->linkmax) ?:
	       xdr_stream_decode_u32(xdr, &pc->name_max) ?:
	       snfs_decode_bool(xdr, &pc->no_trunc) ?:
	       snfs_decode_bool(xdr, &pc->chown_restricted) ?:
	       snfs_decode_bool(xdr, &pc->case_insensitive) ?:
	       snfs_decode_bool(xdr, &pc->case_preserving);
}

int snfs3_xdr_dec_pathconfres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_attr(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = decode_pathconfresok(xdr, &res->pathconf);
	return snfs_xdr_end(req, "PATHCONF3res", err);
}

/*
 * 3.3.21:
 *	struct COMMIT3resok {
 *		wcc_data	file_wcc;
 *		writeverf3	verf;
 *	};
 *	struct COMMIT3resfail {
 *		wcc_data	file_wcc;
 *	};
 */
int snfs3_xdr_dec_commitres(struct rpc_rqst *req, struct xdr_stream *xdr, void *data)
{
	struct snfs_res *res = data;
	int err;

	err = begin_wcc(req, xdr, res);
	if (!err && res->status == NFS3_OK)
		err = snfs_decode_verf(xdr, &res->io.verf);
	return snfs_xdr_end(req, "COMMIT3res", err);
}
