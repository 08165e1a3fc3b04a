// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 3: basic types (RFC 1813 section 2.5 and 2.6) and the table of procedures.
 *
 * Decoders return what xdr.c says; each OUT parameter is set whatever they return, as a reply
 * may be decoded twice.
 */
#include <linux/minmax.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <linux/kdev_t.h>
#include <kunit/visibility.h>

#include "snfs.h"
#include "snfs/nfsacl.h"
#include "xdr3.h"

/*
 * RFC 1813 section 2.3.3: opaque data<NFS3_FHSIZE>
 */

/**
 * snfs_encode_fh3 - encode an nfs_fh3
 * @xdr: stream to write to
 * @fh: handle, 1 to 64 bytes
 */
void snfs_encode_fh3(struct xdr_stream *xdr, const struct snfs_fh *fh)
{
	snfs_encode_opaque(xdr, fh->data, fh->len);
}

/**
 * snfs_decode_fh3 - decode an nfs_fh3
 * @xdr: stream positioned at the length word
 * @fh: OUT: handle, 1 to 64 bytes; len is 0 on failure
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer or an empty handle; -EMSGSIZE if longer than 64 bytes.
 */
int snfs_decode_fh3(struct xdr_stream *xdr, struct snfs_fh *fh)
{
	ssize_t len;
	void *p;

	fh->len = 0;
	len = xdr_stream_decode_opaque_inline(xdr, &p, NFS3_FHSIZE);
	if (len < 0)
		return len;
	if (!len)
		return -EBADMSG;
	memcpy(fh->data, p, len);
	fh->len = len;
	return 0;
}

/**
 * snfs_decode_post_op_fh3 - decode a post_op_fh3
 * @xdr: stream positioned at handle_follows
 * @fh: OUT: the handle; len 0 if none was sent
 *
 * Context: Any context. Does not sleep.
 * Return: as snfs_decode_fh3().
 */
int snfs_decode_post_op_fh3(struct xdr_stream *xdr, struct snfs_fh *fh)
{
	bool follows;

	fh->len = 0;
	if (snfs_decode_bool(xdr, &follows))
		return -EBADMSG;
	return follows ? snfs_decode_fh3(xdr, fh) : 0;
}

/*
 * RFC 1813 section 2.5:
 *	struct nfstime3 {
 *		uint32	seconds;
 *		uint32	nseconds;
 *	};
 */

/**
 * snfs_encode_nfstime3 - encode an nfstime3
 * @xdr: stream to write to
 * @ts: a time; what lies before 1970 or after 2106 becomes the nearest that can be said
 */
void snfs_encode_nfstime3(struct xdr_stream *xdr, const struct timespec64 *ts)
{
	snfs_encode_u32(xdr, clamp_t(time64_t, ts->tv_sec, 0, U32_MAX));
	snfs_encode_u32(xdr, ts->tv_nsec);
}

static const __be32 *nfstime3(const __be32 *p, struct timespec64 *ts)
{
	ts->tv_sec = be32_to_cpup(p++);
	ts->tv_nsec = be32_to_cpup(p++);
	return p;
}

static bool time_is_sane(const struct timespec64 *ts)
{
	return (u64)ts->tv_nsec < NSEC_PER_SEC;
}

/**
 * snfs_decode_nfstime3 - decode an nfstime3
 * @xdr: stream positioned at the seconds
 * @ts: OUT: the time, 1970 to 2106
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer or more than 999999999 ns.
 */
int snfs_decode_nfstime3(struct xdr_stream *xdr, struct timespec64 *ts)
{
	const __be32 *p;

	p = xdr_inline_decode(xdr, SNFS3_time_sz * XDR_UNIT);
	if (!p)
		return -EBADMSG;
	nfstime3(p, ts);
	return time_is_sane(ts) ? 0 : -EBADMSG;
}

/*
 * RFC 1813 section 2.5:
 *	enum ftype3 {
 *		NF3REG = 1, NF3DIR = 2, NF3BLK = 3, NF3CHR = 4, NF3LNK = 5,
 *		NF3SOCK = 6, NF3FIFO = 7
 *	};
 */
static const umode_t ftype_modes[] = {
	[NF3REG]	= S_IFREG,
	[NF3DIR]	= S_IFDIR,
	[NF3BLK]	= S_IFBLK,
	[NF3CHR]	= S_IFCHR,
	[NF3LNK]	= S_IFLNK,
	[NF3SOCK]	= S_IFSOCK,
	[NF3FIFO]	= S_IFIFO,
};

/**
 * snfs3_ftype - the ftype3 of a file type
 * @mode: S_IFMT part counts
 *
 * Return: enum nfs3_ftype; 0 if @mode has no type.
 */
u32 snfs3_ftype(umode_t mode)
{
	u32 type;

	for (type = NF3REG; type < ARRAY_SIZE(ftype_modes); type++)
		if (ftype_modes[type] == (mode & S_IFMT))
			return type;
	return 0;
}

/*
 * RFC 1813 section 2.5:
 *	struct specdata3 {
 *		uint32	specdata1;
 *		uint32	specdata2;
 *	};
 */

/**
 * snfs_encode_specdata3 - encode a specdata3
 * @xdr: stream to write to
 * @rdev: device number
 */
void snfs_encode_specdata3(struct xdr_stream *xdr, dev_t rdev)
{
	snfs_encode_u32(xdr, MAJOR(rdev));
	snfs_encode_u32(xdr, MINOR(rdev));
}

/*
 * A number that Linux cannot say becomes 0:0, which no driver answers to: the file stays
 * visible and can be removed.
 */
static dev_t specdata3(umode_t mode, u32 major, u32 minor)
{
	dev_t rdev = MKDEV(major, minor);

	if (!S_ISCHR(mode) && !S_ISBLK(mode))
		return 0;
	return MAJOR(rdev) == major && MINOR(rdev) == minor ? rdev : 0;
}

/*
 * RFC 1813 section 2.5:
 *	struct fattr3 {
 *		ftype3		type;
 *		mode3		mode;
 *		uint32		nlink;
 *		uid3		uid;
 *		gid3		gid;
 *		size3		size;
 *		size3		used;
 *		specdata3	rdev;
 *		uint64		fsid;
 *		fileid3		fileid;
 *		nfstime3	atime;
 *		nfstime3	mtime;
 *		nfstime3	ctime;
 *	};
 */

/**
 * snfs_decode_fattr3 - decode a fattr3
 * @xdr: stream positioned at the type
 * @user_ns: maps uid and gid; an id that it does not know becomes INVALID_UID or INVALID_GID,
 *	which the VFS shows as nobody and lets nobody write to
 * @fattr: OUT: the attributes; valid tells whether they are
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer, an unknown type or a time that is none.
 */
int snfs_decode_fattr3(struct xdr_stream *xdr, struct user_namespace *user_ns,
		       struct snfs_fattr *fattr)
{
	const __be32 *p;
	u32 type, major, minor;

	fattr->valid = false;
	p = xdr_inline_decode(xdr, SNFS3_fattr_sz * XDR_UNIT);
	if (!p)
		return -EBADMSG;
	type = be32_to_cpup(p++);
	if (type < NF3REG || type > NF3FIFO)
		return -EBADMSG;
	fattr->mode = ftype_modes[type] | (be32_to_cpup(p++) & S_IALLUGO);
	fattr->nlink = be32_to_cpup(p++);
	fattr->uid = make_kuid(user_ns, be32_to_cpup(p++));
	fattr->gid = make_kgid(user_ns, be32_to_cpup(p++));
	p = xdr_decode_hyper((__be32 *)p, &fattr->size);
	p = xdr_decode_hyper((__be32 *)p, &fattr->used);
	major = be32_to_cpup(p++);
	minor = be32_to_cpup(p++);
	fattr->rdev = specdata3(fattr->mode, major, minor);
	p = xdr_decode_hyper((__be32 *)p, &fattr->fsid);
	p = xdr_decode_hyper((__be32 *)p, &fattr->fileid);
	p = nfstime3(p, &fattr->atime);
	p = nfstime3(p, &fattr->mtime);
	nfstime3(p, &fattr->ctime);
	if (!time_is_sane(&fattr->atime) || !time_is_sane(&fattr->mtime) ||
	    !time_is_sane(&fattr->ctime))
		return -EBADMSG;
	fattr->valid = true;
	return 0;
}

/*
 * RFC 1813 section 2.6:
 *	union post_op_attr switch (bool attributes_follow) {
 *	case TRUE:
 *		fattr3	attributes;
 *	case FALSE:
 *		void;
 *	};
 */

/**
 * snfs_decode_post_op_attr - decode a post_op_attr
 * @xdr: stream positioned at attributes_follow
 * @user_ns: as for snfs_decode_fattr3()
 * @fattr: OUT: the attributes; not valid if none were sent
 *
 * Context: Any context. Does not sleep.
 * Return: as snfs_decode_fattr3().
 */
int snfs_decode_post_op_attr(struct xdr_stream *xdr, struct user_namespace *user_ns,
			     struct snfs_fattr *fattr)
{
	bool follows;

	fattr->valid = false;
	if (snfs_decode_bool(xdr, &follows))
		return -EBADMSG;
	return follows ? snfs_decode_fattr3(xdr, user_ns, fattr) : 0;
}

/*
 * RFC 1813 section 2.6:
 *	struct wcc_attr {
 *		size3		size;
 *		nfstime3	mtime;
 *		nfstime3	ctime;
 *	};
 *	union pre_op_attr switch (bool attributes_follow) {
 *	case TRUE:
 *		wcc_attr	attributes;
 *	case FALSE:
 *		void;
 *	};
 */
static int decode_pre_op_attr(struct xdr_stream *xdr, struct snfs_wcc *wcc)
{
	bool follows;
	int err;

	wcc->pre_valid = false;
	err = snfs_decode_bool(xdr, &follows);
	if (err || !follows)
		return err;
	if (xdr_stream_decode_u64(xdr, &wcc->pre.size) ||
	    snfs_decode_nfstime3(xdr, &wcc->pre.mtime) ||
	    snfs_decode_nfstime3(xdr, &wcc->pre.ctime))
		return -EBADMSG;
	wcc->pre_valid = true;
	return 0;
}

/*
 * RFC 1813 section 2.6:
 *	struct wcc_data {
 *		pre_op_attr	before;
 *		post_op_attr	after;
 *	};
 */

/**
 * snfs_decode_wcc_data - decode a wcc_data
 * @xdr: stream positioned at it
 * @user_ns: as for snfs_decode_fattr3()
 * @wcc: OUT: what of it was sent
 *
 * Context: Any context. Does not sleep.
 * Return: as snfs_decode_fattr3().
 */
int snfs_decode_wcc_data(struct xdr_stream *xdr, struct user_namespace *user_ns,
			 struct snfs_wcc *wcc)
{
	wcc->post.valid = false;
	return decode_pre_op_attr(xdr, wcc) ?:
	       snfs_decode_post_op_attr(xdr, user_ns, &wcc->post);
}

/*
 * RFC 1813 section 2.6 (set_atime and set_mtime are alike):
 *	union set_mtime switch (time_how set_it) {
 *	case SET_TO_CLIENT_TIME:
 *		nfstime3	mtime;
 *	default:
 *		void;
 *	};
 */
static void encode_set_time(struct xdr_stream *xdr, bool set, bool client,
			    const struct timespec64 *ts)
{
	if (!set) {
		snfs_encode_u32(xdr, SNFS_DONT_CHANGE);
	} else if (!client) {
		snfs_encode_u32(xdr, SNFS_SET_TO_SERVER_TIME);
	} else {
		snfs_encode_u32(xdr, SNFS_SET_TO_CLIENT_TIME);
		snfs_encode_nfstime3(xdr, ts);
	}
}

/* set_mode3, set_uid3 and set_gid3 are alike too: a bool, and the value if it is true. */
static void encode_set_u32(struct xdr_stream *xdr, bool set, u32 value)
{
	snfs_encode_bool(xdr, set);
	if (set)
		snfs_encode_u32(xdr, value);
}

/*
 * RFC 1813 section 2.6:
 *	struct sattr3 {
 *		set_mode3	mode;
 *		set_uid3	uid;
 *		set_gid3	gid;
 *		set_size3	size;
 *		set_atime	atime;
 *		set_mtime	mtime;
 *	};
 */

/**
 * snfs_encode_sattr3 - encode a sattr3
 * @xdr: stream to write to
 * @user_ns: maps uid and gid, which must be known to it
 * @sattr: what to set
 */
void snfs_encode_sattr3(struct xdr_stream *xdr, struct user_namespace *user_ns,
			const struct snfs_sattr *sattr)
{
	u32 valid = sattr->valid;

	encode_set_u32(xdr, valid & SNFS_SATTR_MODE, sattr->mode & S_IALLUGO);
	encode_set_u32(xdr, valid & SNFS_SATTR_UID, from_kuid_munged(user_ns, sattr->uid));
	encode_set_u32(xdr, valid & SNFS_SATTR_GID, from_kgid_munged(user_ns, sattr->gid));
	snfs_encode_bool(xdr, valid & SNFS_SATTR_SIZE);
	if (valid & SNFS_SATTR_SIZE)
		snfs_encode_u64(xdr, sattr->size);
	encode_set_time(xdr, valid & (SNFS_SATTR_ATIME | SNFS_SATTR_ATIME_SET),
			valid & SNFS_SATTR_ATIME_SET, &sattr->atime);
	encode_set_time(xdr, valid & (SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET),
			valid & SNFS_SATTR_MTIME_SET, &sattr->mtime);
}

/*
 * RFC 1813 section 2.6:
 *	struct diropargs3 {
 *		nfs_fh3		dir;
 *		filename3	name;
 *	};
 */

/**
 * snfs_encode_diropargs3 - encode a diropargs3
 * @xdr: stream to write to
 * @dir: handle of the directory
 * @name: name in it, 1 to 255 bytes
 */
void snfs_encode_diropargs3(struct xdr_stream *xdr, const struct snfs_fh *dir,
			    const struct snfs_name *name)
{
	snfs_encode_fh3(xdr, dir);
	snfs_encode_name(xdr, name);
}

/*
 * RFC 1813 section 3.3.16 and 3.3.17:
 *	struct entryplus3 {
 *		fileid3		fileid;
 *		filename3	name;
 *		cookie3		cookie;
 *		post_op_attr	name_attributes;	(READDIRPLUS only)
 *		post_op_fh3	name_handle;		(READDIRPLUS only)
 *		entryplus3	*nextentry;
 *	};
 *	struct dirlistplus3 {
 *		entryplus3	*entries;
 *		bool		eof;
 *	};
 */
static int decode_entry(struct xdr_stream *xdr, struct user_namespace *user_ns, bool plus,
			struct snfs_dirent *ent)
{
	u8 word[SNFS3_fattr_sz * XDR_UNIT];
	struct kvec scratch = xdr->scratch;
	int err;

	if (xdr_stream_decode_u64(xdr, &ent->fileid))
		return -EBADMSG;
	err = snfs_decode_name(xdr, &ent->name);
	if (err)
		return err;
	/* The name may now be in the caller's scratch buffer: what follows must not go there. */
	xdr_set_scratch_buffer(xdr, word, sizeof(word));
	err = xdr_stream_decode_u64(xdr, &ent->cookie);
	if (!err && plus)
		err = snfs_decode_post_op_attr(xdr, user_ns, &ent->attr) ?:
		      snfs_decode_post_op_fh3(xdr, &ent->fh);
	xdr_set_scratch_buffer(xdr, scratch.iov_base, scratch.iov_len);
	return err;
}

/**
 * snfs3_decode_dirent - decode the next entry of a READDIR or READDIRPLUS reply
 * @xdr: stream over the list, with a scratch buffer of at least 256 bytes
 * @user_ns: as for snfs_decode_fattr3()
 * @plus: the list is READDIRPLUS's
 * @ent: OUT: the entry; its name is valid until @xdr is used again
 * @eof: OUT: at the end of the list: the directory ends here too
 *
 * Context: Any context. Does not sleep.
 * Return: 1 and an entry; 0 at the end of the list; -EBADMSG or -EMSGSIZE if it is malformed.
 */
int snfs3_decode_dirent(struct xdr_stream *xdr, struct user_namespace *user_ns, bool plus,
			struct snfs_dirent *ent, bool *eof)
{
	bool follows;
	int err;

	ent->attr.valid = false;
	ent->fh.len = 0;
	*eof = false;
	if (snfs_decode_bool(xdr, &follows))
		return -EBADMSG;
	if (!follows)
		return snfs_decode_bool(xdr, eof);
	err = decode_entry(xdr, user_ns, plus, ent);
	return err < 0 ? err : 1;
}
EXPORT_SYMBOL_IF_KUNIT(snfs3_decode_dirent);

#define PROC(proc, args, res, timer)						\
	SNFS_PROCINFO(3, NFSPROC3_##proc, NFSPROC3_##proc, NFSPROC3_##proc, args, res, timer, #proc)

/* Those of NFSACL */
#define ACLPROC(proc, args, res, timer)						\
	SNFS_PROCINFO(3, SNFS3_ROW_##proc, NFSACLPROC3_##proc, SNFS3_ROW_##proc, args, res,	\
		      timer, #proc)

#define SNFS3_getattrargs_sz		SNFS3_fh_sz
#define SNFS3_setattrargs_sz		(SNFS3_fh_sz + SNFS3_sattr_sz + 1 + SNFS3_time_sz)
#define SNFS3_accessargs_sz		(SNFS3_fh_sz + 1)
#define SNFS3_readlinkargs_sz		SNFS3_fh_sz
#define SNFS3_readargs_sz		(SNFS3_fh_sz + 2 + 1)
#define SNFS3_writeargs_sz		(SNFS3_fh_sz + 2 + 1 + 1 + 1 + SNFS3_pad_sz)
#define SNFS3_createargs_sz		(SNFS3_diropargs_sz + 1 + SNFS3_sattr_sz)
#define SNFS3_mkdirargs_sz		(SNFS3_diropargs_sz + SNFS3_sattr_sz)
#define SNFS3_symlinkargs_sz		(SNFS3_diropargs_sz + SNFS3_sattr_sz + SNFS3_path_sz)
#define SNFS3_mknodargs_sz		(SNFS3_diropargs_sz + 1 + SNFS3_sattr_sz + \
					 SNFS3_specdata_sz)
#define SNFS3_renameargs_sz		(SNFS3_diropargs_sz + SNFS3_diropargs_sz)
#define SNFS3_linkargs_sz		(SNFS3_fh_sz + SNFS3_diropargs_sz)
#define SNFS3_readdirargs_sz		(SNFS3_fh_sz + 2 + SNFS3_verf_sz + 1)
#define SNFS3_readdirplusargs_sz	(SNFS3_fh_sz + 2 + SNFS3_verf_sz + 1 + 1)
#define SNFS3_commitargs_sz		(SNFS3_fh_sz + 2 + 1)

#define SNFS3_getaclargs_sz		(SNFS3_fh_sz + 1)
#define SNFS3_setaclargs_sz		(SNFS3_fh_sz + 1 + SNFS3_pad_sz)

#define SNFS3_getattrres_sz		(1 + SNFS3_fattr_sz)
#define SNFS3_wccres_sz			(1 + SNFS3_wcc_data_sz)
#define SNFS3_lookupres_sz		(1 + SNFS3_fh_sz + 2 * SNFS3_post_op_attr_sz)
#define SNFS3_accessres_sz		(1 + SNFS3_post_op_attr_sz + 1)
#define SNFS3_readlinkres_sz		(SNFS3_readlinkhdr_sz + SNFS3_pad_sz)
#define SNFS3_readres_sz		(SNFS3_readhdr_sz + SNFS3_pad_sz)
#define SNFS3_writeres_sz		(1 + SNFS3_wcc_data_sz + 1 + 1 + SNFS3_verf_sz)
#define SNFS3_createres_sz		(1 + SNFS3_post_op_fh_sz + SNFS3_post_op_attr_sz + \
					 SNFS3_wcc_data_sz)
#define SNFS3_renameres_sz		(1 + SNFS3_wcc_data_sz + SNFS3_wcc_data_sz)
#define SNFS3_linkres_sz		(1 + SNFS3_post_op_attr_sz + SNFS3_wcc_data_sz)
#define SNFS3_readdirres_sz		(SNFS3_readdirhdr_sz + SNFS3_pad_sz)
#define SNFS3_fsstatres_sz		(1 + SNFS3_post_op_attr_sz + 6 * 2 + 1)
#define SNFS3_fsinfores_sz		(1 + SNFS3_post_op_attr_sz + 7 + 2 + SNFS3_time_sz + 1)
#define SNFS3_pathconfres_sz		(1 + SNFS3_post_op_attr_sz + 2 + 4)
#define SNFS3_commitres_sz		(1 + SNFS3_wcc_data_sz + SNFS3_verf_sz)
#define SNFS3_getaclres_sz		(SNFS3_getaclhdr_sz + SNFS3_pad_sz)
#define SNFS3_setaclres_sz		(1 + SNFS3_post_op_attr_sz)

/* The procedures of RFC 1813 section 3.3, in its order */
const struct rpc_procinfo snfs3_procedures[SNFS3_ROWS] = {
	SNFS_PROCINFO_NULL,
	PROC(GETATTR,		getattrargs,		getattrres,	1),
	PROC(SETATTR,		setattrargs,		wccres,		0),
	PROC(LOOKUP,		diropargs,		lookupres,	2),
	PROC(ACCESS,		accessargs,		accessres,	1),
	PROC(READLINK,		readlinkargs,		readlinkres,	3),
	PROC(READ,		readargs,		readres,	3),
	PROC(WRITE,		writeargs,		writeres,	4),
	PROC(CREATE,		createargs,		createres,	0),
	PROC(MKDIR,		mkdirargs,		createres,	0),
	PROC(SYMLINK,		symlinkargs,		createres,	0),
	PROC(MKNOD,		mknodargs,		createres,	0),
	PROC(REMOVE,		diropargs,		wccres,		0),
	PROC(RMDIR,		diropargs,		wccres,		0),
	PROC(RENAME,		renameargs,		renameres,	0),
	PROC(LINK,		linkargs,		linkres,	0),
	PROC(READDIR,		readdirargs,		readdirres,	3),
	PROC(READDIRPLUS,	readdirplusargs,	readdirres,	3),
	PROC(FSSTAT,		getattrargs,		fsstatres,	0),
	PROC(FSINFO,		getattrargs,		fsinfores,	0),
	PROC(PATHCONF,		getattrargs,		pathconfres,	0),
	PROC(COMMIT,		commitargs,		commitres,	5),
	ACLPROC(GETACL,		getaclargs,		getaclres,	1),
	ACLPROC(SETACL,		setaclargs,		setaclres,	0),
};
EXPORT_SYMBOL_IF_KUNIT(snfs3_procedures);

static unsigned int snfs3_counts[ARRAY_SIZE(snfs3_procedures)];

const struct rpc_version snfs3_version = {
	.number		= NFS3_VERSION,
	.nrprocs	= ARRAY_SIZE(snfs3_procedures),
	.procs		= snfs3_procedures,
	.counts		= snfs3_counts,
};
