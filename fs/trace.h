/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of snfs. Fields are numbers that mean the same on both sides of the wire
 * (device, fileid, hash of the handle, xid), never pointers.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM snfs

#if !defined(_SNFS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SNFS_TRACE_H

#include <linux/jhash.h>
#include <linux/tracepoint.h>
#include "snfs.h"

#ifndef _SNFS_TRACE_HELPERS
#define _SNFS_TRACE_HELPERS
static inline u32 snfs_fh_hash(const struct snfs_fh *fh)
{
	return fh ? jhash(fh->data, fh->len, 0) : 0;
}
#endif

#define SNFS_TRACE_VERBS								\
	EM(NULL) EM(GETATTR) EM(SETATTR) EM(LOOKUP) EM(ACCESS) EM(READLINK) EM(READ)	\
	EM(WRITE) EM(CREATE) EM(MKDIR) EM(SYMLINK) EM(MKNOD) EM(REMOVE) EM(RMDIR)	\
	EM(RENAME) EM(LINK) EM(READDIR) EM(READDIRPLUS) EM(FSSTAT) EM(FSINFO)		\
	EM(PATHCONF) EM(COMMIT) EM(GETACL) EMe(SETACL)

#undef EM
#undef EMe
#define EM(v)	TRACE_DEFINE_ENUM(SNFS_##v);
#define EMe(v)	TRACE_DEFINE_ENUM(SNFS_##v);
SNFS_TRACE_VERBS
#undef EM
#undef EMe
#define EM(v)	{ SNFS_##v, #v },
#define EMe(v)	{ SNFS_##v, #v }
#define snfs_show_verb(v)	__print_symbolic(v, SNFS_TRACE_VERBS)

TRACE_EVENT(snfs_op_start,
	TP_PROTO(const struct snfs_op *op),
	TP_ARGS(op),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, fileid)
		__field(u32, fhash)
		__field(u32, verb)
	),
	TP_fast_assign(
		__entry->dev = op->server->sb ? op->server->sb->s_dev : 0;
		__entry->fileid = op->inode[0] ? SNFS_I(op->inode[0])->fileid : 0;
		__entry->fhash = snfs_fh_hash(op->args.fh);
		__entry->verb = op->verb;
	),
	TP_printk("dev %u:%u fileid %llu fh 0x%08x %s",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->fileid,
		  __entry->fhash, snfs_show_verb(__entry->verb))
);

TRACE_EVENT(snfs_op_done,
	TP_PROTO(const struct snfs_op *op, u32 xid),
	TP_ARGS(op, xid),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, fileid)
		__field(u64, latency_us)
		__field(u32, fhash)
		__field(u32, verb)
		__field(u32, xid)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->dev = op->server->sb ? op->server->sb->s_dev : 0;
		__entry->fileid = op->inode[0] ? SNFS_I(op->inode[0])->fileid : 0;
		__entry->latency_us = div_u64(snfs_now() - op->sent, NSEC_PER_USEC);
		__entry->fhash = snfs_fh_hash(op->args.fh);
		__entry->verb = op->verb;
		__entry->xid = xid;
		__entry->error = op->error;
	),
	TP_printk("dev %u:%u fileid %llu fh 0x%08x xid 0x%08x %s error %d latency %llu us",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->fileid,
		  __entry->fhash, __entry->xid, snfs_show_verb(__entry->verb),
		  __entry->error, __entry->latency_us)
);

TRACE_EVENT(snfs_xdr_bad,
	TP_PROTO(const char *what, u32 xid),
	TP_ARGS(what, xid),
	TP_STRUCT__entry(
		__string(what, what)
		__field(u32, xid)
	),
	TP_fast_assign(
		snfs_assign_str(what, what);
		__entry->xid = xid;
	),
	TP_printk("%s xid 0x%08x", __get_str(what), __entry->xid)
);

TRACE_EVENT(snfs_inode_changed,
	TP_PROTO(const struct inode *inode),
	TP_ARGS(inode),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, fileid)
		__field(u32, data_ver)
	),
	TP_fast_assign(
		__entry->dev = inode->i_sb->s_dev;
		__entry->fileid = SNFS_I(inode)->fileid;
		__entry->data_ver = SNFS_I(inode)->fresh.data_ver;
	),
	TP_printk("dev %u:%u fileid %llu changed by others, version %u",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->fileid,
		  __entry->data_ver)
);

#endif /* _SNFS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
