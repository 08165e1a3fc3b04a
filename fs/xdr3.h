/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Codecs of NFS version 3: basic types (xdr3.c), arguments (xdr3_enc.c), results (xdr3_dec.c).
 */
#ifndef _SNFS_XDR3_H
#define _SNFS_XDR3_H

#include "snfs/nfs3.h"
#include "xdr.h"

/* Sizes in XDR words, variable-length types at their longest */
#define SNFS3_verf_sz		(2)
#define SNFS3_pad_sz		(1)
#define SNFS3_fh_sz		(1 + XDR_QUADLEN(NFS3_FHSIZE))
#define SNFS3_name_sz		(1 + XDR_QUADLEN(NFS3_MAXNAMLEN))
#define SNFS3_path_sz		(1 + XDR_QUADLEN(NFS3_MAXPATHLEN))
#define SNFS3_time_sz		(2)
#define SNFS3_fattr_sz		(21)
#define SNFS3_post_op_attr_sz	(1 + SNFS3_fattr_sz)
#define SNFS3_pre_op_attr_sz	(1 + 2 + 2 * SNFS3_time_sz)
#define SNFS3_wcc_data_sz	(SNFS3_pre_op_attr_sz + SNFS3_post_op_attr_sz)
#define SNFS3_post_op_fh_sz	(1 + SNFS3_fh_sz)
#define SNFS3_diropargs_sz	(SNFS3_fh_sz + SNFS3_name_sz)
#define SNFS3_sattr_sz		(2 + 2 + 2 + 3 + 2 * (1 + SNFS3_time_sz))
#define SNFS3_specdata_sz	(2)

/* What of a reply comes before the data that is received into pages */
#define SNFS3_readlinkhdr_sz	(1 + SNFS3_post_op_attr_sz + 1)
#define SNFS3_readhdr_sz	(1 + SNFS3_post_op_attr_sz + 1 + 1 + 1)
#define SNFS3_getaclhdr_sz	(1 + SNFS3_post_op_attr_sz + 1)
#define SNFS3_readdirhdr_sz	(1 + SNFS3_post_op_attr_sz + SNFS3_verf_sz)

/* xdr3.c */
void snfs_encode_fh3(struct xdr_stream *xdr, const struct snfs_fh *fh);
void snfs_encode_nfstime3(struct xdr_stream *xdr, const struct timespec64 *ts);
void snfs_encode_sattr3(struct xdr_stream *xdr, struct user_namespace *user_ns,
			const struct snfs_sattr *sattr);
void snfs_encode_specdata3(struct xdr_stream *xdr, dev_t rdev);
void snfs_encode_diropargs3(struct xdr_stream *xdr, const struct snfs_fh *dir,
			    const struct snfs_name *name);
u32 snfs3_ftype(umode_t mode);

int snfs_decode_fh3(struct xdr_stream *xdr, struct snfs_fh *fh);
int snfs_decode_post_op_fh3(struct xdr_stream *xdr, struct snfs_fh *fh);
int snfs_decode_nfstime3(struct xdr_stream *xdr, struct timespec64 *ts);
int snfs_decode_fattr3(struct xdr_stream *xdr, struct user_namespace *user_ns,
		       struct snfs_fattr *fattr);
int snfs_decode_post_op_attr(struct xdr_stream *xdr, struct user_namespace *user_ns,
			     struct snfs_fattr *fattr);
int snfs_decode_wcc_data(struct xdr_stream *xdr, struct user_namespace *user_ns,
			 struct snfs_wcc *wcc);
int snfs3_decode_dirent(struct xdr_stream *xdr, struct user_namespace *user_ns, bool plus,
			struct snfs_dirent *ent, bool *eof);

/* xdr3_enc.c: one per type of arguments */
typedef void snfs3_xdr_enc(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data);

snfs3_xdr_enc snfs3_xdr_enc_getattrargs;
snfs3_xdr_enc snfs3_xdr_enc_setattrargs;
snfs3_xdr_enc snfs3_xdr_enc_diropargs;
snfs3_xdr_enc snfs3_xdr_enc_accessargs;
snfs3_xdr_enc snfs3_xdr_enc_readlinkargs;
snfs3_xdr_enc snfs3_xdr_enc_readargs;
snfs3_xdr_enc snfs3_xdr_enc_writeargs;
snfs3_xdr_enc snfs3_xdr_enc_createargs;
snfs3_xdr_enc snfs3_xdr_enc_mkdirargs;
snfs3_xdr_enc snfs3_xdr_enc_symlinkargs;
snfs3_xdr_enc snfs3_xdr_enc_mknodargs;
snfs3_xdr_enc snfs3_xdr_enc_renameargs;
snfs3_xdr_enc snfs3_xdr_enc_linkargs;
snfs3_xdr_enc snfs3_xdr_enc_readdirargs;
snfs3_xdr_enc snfs3_xdr_enc_readdirplusargs;
snfs3_xdr_enc snfs3_xdr_enc_commitargs;

/* xdr3_dec.c: one per type of results */
typedef int snfs3_xdr_dec(struct rpc_rqst *req, struct xdr_stream *xdr, void *data);

snfs3_xdr_dec snfs3_xdr_dec_getattrres;
snfs3_xdr_dec snfs3_xdr_dec_wccres;
snfs3_xdr_dec snfs3_xdr_dec_lookupres;
snfs3_xdr_dec snfs3_xdr_dec_accessres;
snfs3_xdr_dec snfs3_xdr_dec_readlinkres;
snfs3_xdr_dec snfs3_xdr_dec_readres;
snfs3_xdr_dec snfs3_xdr_dec_writeres;
snfs3_xdr_dec snfs3_xdr_dec_createres;
snfs3_xdr_dec snfs3_xdr_dec_renameres;
snfs3_xdr_dec snfs3_xdr_dec_linkres;
snfs3_xdr_dec snfs3_xdr_dec_readdirres;
snfs3_xdr_dec snfs3_xdr_dec_fsstatres;
snfs3_xdr_dec snfs3_xdr_dec_fsinfores;
snfs3_xdr_dec snfs3_xdr_dec_pathconfres;
snfs3_xdr_dec snfs3_xdr_dec_commitres;

/* xdr3_acl.c */
snfs3_xdr_enc snfs3_xdr_enc_getaclargs;
snfs3_xdr_enc snfs3_xdr_enc_setaclargs;
snfs3_xdr_dec snfs3_xdr_dec_getaclres;
snfs3_xdr_dec snfs3_xdr_dec_setaclres;
u32 snfs3_acl_bytes(const struct posix_acl *acl);
int snfs3_pack_acls(struct snfs_args *args, struct user_namespace *user_ns);

#endif /* _SNFS_XDR3_H */
