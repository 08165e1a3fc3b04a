/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XDR helpers that all protocol versions share. They know no inode, dentry or page cache.
 */
#ifndef _SNFS_XDR_H
#define _SNFS_XDR_H

#include <linux/sunrpc/clnt.h>
#include <linux/sunrpc/sched.h>
#include <linux/sunrpc/xdr.h>

#include "snfs/proto.h"

/* The longest target Linux can follow, without the NUL */
#define SNFS_MAXTARGET	(PATH_MAX - 1)

/*
 * Encoders cannot fail: sizes are known before the call. Should a size be wrong nevertheless,
 * nothing is written and the server gets a short message.
 */
static inline void snfs_encode_u32(struct xdr_stream *xdr, u32 n)
{
	WARN_ON_ONCE(xdr_stream_encode_u32(xdr, n) < 0);
}

static inline void snfs_encode_u64(struct xdr_stream *xdr, u64 n)
{
	WARN_ON_ONCE(xdr_stream_encode_u64(xdr, n) < 0);
}

static inline void snfs_encode_bool(struct xdr_stream *xdr, bool b)
{
	WARN_ON_ONCE(xdr_stream_encode_bool(xdr, b) < 0);
}

static inline void snfs_encode_opaque(struct xdr_stream *xdr, const void *p, u32 len)
{
	WARN_ON_ONCE(xdr_stream_encode_opaque(xdr, p, len) < 0);
}

static inline void snfs_encode_fixed(struct xdr_stream *xdr, const void *p, u32 len)
{
	WARN_ON_ONCE(xdr_stream_encode_opaque_fixed(xdr, p, len) < 0);
}

static inline void snfs_encode_name(struct xdr_stream *xdr, const struct snfs_name *name)
{
	snfs_encode_opaque(xdr, name->name, name->len);
}

static inline void snfs_encode_verf(struct xdr_stream *xdr, const struct snfs_verf *verf)
{
	snfs_encode_fixed(xdr, verf->data, sizeof(verf->data));
}

/* The name space that ids of a call are mapped through: the mounter's */
static inline struct user_namespace *snfs_rqst_userns(const struct rpc_rqst *req)
{
	return req->rq_task->tk_client->cl_cred->user_ns;
}

/* What was asked: replies are judged by it */
static inline const struct snfs_args *snfs_rqst_args(const struct rpc_rqst *req)
{
	return req->rq_task->tk_msg.rpc_argp;
}

int snfs_decode_bool(struct xdr_stream *xdr, bool *b);
int snfs_decode_verf(struct xdr_stream *xdr, struct snfs_verf *verf);
int snfs_decode_name(struct xdr_stream *xdr, struct snfs_name *name);
int snfs_decode_data(struct xdr_stream *xdr, u32 count);
int snfs_decode_target(struct xdr_stream *xdr, u32 max, u32 *len);
void snfs_xdr_enc_void(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data);
int snfs_xdr_dec_void(struct rpc_rqst *req, struct xdr_stream *xdr, void *data);
int snfs_xdr_begin(struct xdr_stream *xdr, struct snfs_res *res);
int snfs_xdr_end(const struct rpc_rqst *req, const char *what, int err);

/*
 * A row of the table of version @vers, whose codecs are called by the types that they are of;
 * @number is the procedure's, @timer the slot of sunrpc's round trip estimator (UDP), 0: none
 */
#define SNFS_PROCINFO(vers, row, number, statidx, args, res, timer, name)	\
[row] = {									\
	.p_proc		= number,						\
	.p_encode	= snfs##vers##_xdr_enc_##args,				\
	.p_decode	= snfs##vers##_xdr_dec_##res,				\
	.p_arglen	= SNFS##vers##_##args##_sz,				\
	.p_replen	= SNFS##vers##_##res##_sz,				\
	.p_timer	= timer,						\
	.p_statidx	= statidx,						\
	.p_name		= name,							\
}

/* Procedure 0 of each */
#define SNFS_PROCINFO_NULL							\
[0] = {										\
	.p_encode	= snfs_xdr_enc_void,					\
	.p_decode	= snfs_xdr_dec_void,					\
	.p_name		= "NULL",						\
}

#endif /* _SNFS_XDR_H */
