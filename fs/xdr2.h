/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Codecs of NFS version 2: basic types (xdr2.c), arguments (xdr2_enc.c), results (xdr2_dec.c).
 */
#ifndef _SNFS_XDR2_H
#define _SNFS_XDR2_H

#include "snfs/nfs2.h"
#include "xdr.h"

/* Sizes in XDR words, variable-length types at their longest */
#define SNFS2_pad_sz		(1)
#define SNFS2_fh_sz		XDR_QUADLEN(NFS2_FHSIZE)
#define SNFS2_name_sz		(1 + XDR_QUADLEN(NFS2_MAXNAMLEN))
#define SNFS2_path_sz		(1 + XDR_QUADLEN(NFS2_MAXPATHLEN))
#define SNFS2_time_sz		(2)
#define SNFS2_fattr_sz		(11 + 3 * SNFS2_time_sz)
#define SNFS2_sattr_sz		(4 + 2 * SNFS2_time_sz)
#define SNFS2_diropargs_sz	(SNFS2_fh_sz + SNFS2_name_sz)

/* What of a reply comes before the data that is received into pages */
#define SNFS2_readlinkhdr_sz	(1 + 1)
#define SNFS2_readhdr_sz	(1 + SNFS2_fattr_sz + 1)
#define SNFS2_readdirhdr_sz	(1)

/* xdr2.c */
void snfs_encode_fh2(struct xdr_stream *xdr, const struct snfs_fh *fh);
void snfs_encode_sattr2(struct xdr_stream *xdr, struct user_namespace *user_ns,
			const struct snfs_sattr *sattr, umode_t type, u32 size);
void snfs_encode_diropargs2(struct xdr_stream *xdr, const struct snfs_fh *dir,
			    const struct snfs_name *name);
u32 snfs2_encode_dev(umode_t type, dev_t rdev);

int snfs_decode_fh2(struct xdr_stream *xdr, struct snfs_fh *fh);
int snfs_decode_fattr2(struct xdr_stream *xdr, struct user_namespace *user_ns,
		       struct snfs_fattr *fattr);
int snfs2_decode_dirent(struct xdr_stream *xdr, struct snfs_dirent *ent, bool *eof);

extern const struct rpc_procinfo snfs2_procedures[];
extern const struct rpc_version snfs2_version;

/* xdr2_enc.c: one per type of arguments */
typedef void snfs2_xdr_enc(struct rpc_rqst *req, struct xdr_stream *xdr, const void *data);

snfs2_xdr_enc snfs2_xdr_enc_fhandle;
snfs2_xdr_enc snfs2_xdr_enc_sattrargs;
snfs2_xdr_enc snfs2_xdr_enc_diropargs;
snfs2_xdr_enc snfs2_xdr_enc_readlinkargs;
snfs2_xdr_enc snfs2_xdr_enc_readargs;
snfs2_xdr_enc snfs2_xdr_enc_writeargs;
snfs2_xdr_enc snfs2_xdr_enc_createargs;
snfs2_xdr_enc snfs2_xdr_enc_mkdirargs;
snfs2_xdr_enc snfs2_xdr_enc_mknodargs;
snfs2_xdr_enc snfs2_xdr_enc_renameargs;
snfs2_xdr_enc snfs2_xdr_enc_linkargs;
snfs2_xdr_enc snfs2_xdr_enc_symlinkargs;
snfs2_xdr_enc snfs2_xdr_enc_readdirargs;

/* xdr2_dec.c: one per type of results */
typedef int snfs2_xdr_dec(struct rpc_rqst *req, struct xdr_stream *xdr, void *data);

snfs2_xdr_dec snfs2_xdr_dec_stat;
snfs2_xdr_dec snfs2_xdr_dec_attrstat;
snfs2_xdr_dec snfs2_xdr_dec_diropres;
snfs2_xdr_dec snfs2_xdr_dec_readlinkres;
snfs2_xdr_dec snfs2_xdr_dec_readres;
snfs2_xdr_dec snfs2_xdr_dec_writeres;
snfs2_xdr_dec snfs2_xdr_dec_readdirres;
snfs2_xdr_dec snfs2_xdr_dec_statfsres;
snfs2_xdr_dec snfs2_xdr_dec_fsinfores;

#endif /* _SNFS_XDR2_H */
