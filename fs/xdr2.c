// SPDX-License-Identifier: GPL-2.0
/*
 * NFS version 2: basic types (RFC 1094 section 2.3) and the table of procedures.
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
#include "xdr2.h"

/*
 * RFC 1094 section 2.3.3: typedef opaque fhandle[FHSIZE]
 */

/**
 * snfs_encode_fh2 - encode an fhandle
 * @xdr: stream to write to
 * @fh: handle of 32 bytes
 */
void snfs_encode_fh2(struct xdr_stream *xdr, const struct snfs_fh *fh)
{
	snfs_encode_fixed(xdr, fh->data, NFS2_FHSIZE);
}

/**
 * snfs_decode_fh2 - decode an fhandle
 * @xdr: stream positioned at it
 * @fh: OUT: handle of 32 bytes; len is 0 on failure
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer.
 */
int snfs_decode_fh2(struct xdr_stream *xdr, struct snfs_fh *fh)
{
	const void *p = xdr_inline_decode(xdr, NFS2_FHSIZE);

	fh->len = 0;
	if (!p)
		return -EBADMSG;
	memcpy(fh->data, p, NFS2_FHSIZE);
	fh->len = NFS2_FHSIZE;
	return 0;
}

/*
 * RFC 1094 section 2.3.4:
 *	struct timeval {
 *		unsigned int seconds;
 *		unsigned int useconds;
 *	};
 */

/* 2^32 - 1 seconds would mean "do not change". */
static void encode_time(struct xdr_stream *xdr, const struct timespec64 *ts)
{
	snfs_encode_u32(xdr, clamp_t(time64_t, ts->tv_sec, 0, U32_MAX - 1));
	snfs_encode_u32(xdr, ts->tv_nsec / NSEC_PER_USEC);
}

static void encode_server_time(struct xdr_stream *xdr, const struct timespec64 *ts)
{
	snfs_encode_u32(xdr, clamp_t(time64_t, ts->tv_sec, 0, U32_MAX - 1));
	snfs_encode_u32(xdr, NFS2_SERVER_TIME);
}

static void encode_no_time(struct xdr_stream *xdr)
{
	snfs_encode_u32(xdr, NFS2_SATTR_UNSET);
	snfs_encode_u32(xdr, NFS2_SATTR_UNSET);
}

/*
 * Linux servers keep 1000000 useconds of an atime as they are, where a client means "your time",
 * and say so to everybody. It is the next second; more is no time.
 */
static const __be32 *decode_time(const __be32 *p, struct timespec64 *ts, bool *sane)
{
	u32 usec;

	ts->tv_sec = be32_to_cpup(p++);
	usec = be32_to_cpup(p++);
	if (usec > USEC_PER_SEC)
		*sane = false;
	if (usec == USEC_PER_SEC) {
		ts->tv_sec++;
		usec = 0;
	}
	ts->tv_nsec = usec * NSEC_PER_USEC;
	return p;
}

/*
 * RFC 1094 section 2.3.2:
 *	enum ftype {
 *		NFNON = 0, NFREG = 1, NFDIR = 2, NFBLK = 3, NFCHR = 4, NFLNK = 5
 *	};
 */
static const umode_t ftype_modes[] = {
	[NF2REG]	= S_IFREG,
	[NF2DIR]	= S_IFDIR,
	[NF2BLK]	= S_IFBLK,
	[NF2CHR]	= S_IFCHR,
	[NF2LNK]	= S_IFLNK,
	[NF2SOCK]	= S_IFSOCK,
	[NF2FIFO]	= S_IFIFO,
};

/*
 * The type decides. What it has no word for, section 2.3.5 says, is NFNON and told by the mode;
 * a fifo is a character device of an impossible number (SunOS, Linux). 0: no type.
 */
static umode_t file_type(u32 type, u32 mode, u32 rdev)
{
	if (type == NF2NON && ((mode & S_IFMT) == S_IFSOCK || (mode & S_IFMT) == S_IFIFO))
		return mode & S_IFMT;
	if (type == NF2CHR && rdev == SNFS2_FIFO_DEV)
		return S_IFIFO;
	return type < ARRAY_SIZE(ftype_modes) ? ftype_modes[type] : 0;
}

/**
 * snfs2_encode_dev - what stands for a device number, in a field of 32 bits
 * @type: S_IFMT part counts
 * @rdev: device number
 *
 * The number of Linux, whose lower 16 bits are those of all old systems. A fifo is a character
 * device whose number is SNFS2_FIFO_DEV. Others have no number.
 *
 * Return: the number; NFS2_SATTR_UNSET if there is none, or none that could be told.
 */
u32 snfs2_encode_dev(umode_t type, dev_t rdev)
{
	return S_ISCHR(type) || S_ISBLK(type) ? new_encode_dev(rdev) : NFS2_SATTR_UNSET;
}

/*
 * RFC 1094 section 2.3.5:
 *	struct fattr {
 *		ftype		type;
 *		unsigned int	mode;
 *		unsigned int	nlink;
 *		unsigned int	uid;
 *		unsigned int	gid;
 *		unsigned int	size;
 *		unsigned int	blocksize;
 *		unsigned int	rdev;
 *		unsigned int	blocks;
 *		unsigned int	fsid;
 *		unsigned int	fileid;
 *		timeval		atime;
 *		timeval		mtime;
 *		timeval		ctime;
 *	};
 */

/**
 * snfs_decode_fattr2 - decode a fattr
 * @xdr: stream positioned at the type
 * @user_ns: maps uid and gid; an id that it does not know becomes INVALID_UID or INVALID_GID,
 *	which the VFS shows as nobody and lets nobody write to
 * @fattr: OUT: the attributes; valid tells whether they are
 *
 * Context: Any context. Does not sleep.
 * Return: 0; -EBADMSG on a short buffer, an unknown type or a time that is none.
 */
int snfs_decode_fattr2(struct xdr_stream *xdr, struct user_namespace *user_ns,
		       struct snfs_fattr *fattr)
{
	u32 type, mode, rdev;
	bool sane = true;
	const __be32 *p;
	umode_t ifmt;

	fattr->valid = false;
	p = xdr_inline_decode(xdr, SNFS2_fattr_sz * XDR_UNIT);
	if (!p)
		return -EBADMSG;
	type = be32_to_cpup(p++);
	mode = be32_to_cpup(p++);
	fattr->nlink = be32_to_cpup(p++);
	fattr->uid = make_kuid(user_ns, be32_to_cpup(p++));
	fattr->gid = make_kgid(user_ns, be32_to_cpup(p++));
	fattr->size = be32_to_cpup(p++);
	p++;
	rdev = be32_to_cpup(p++);
	fattr->used = (u64)be32_to_cpup(p++) << NFS2_BLOCK_SHIFT;
	fattr->fsid = be32_to_cpup(p++);
	fattr->fileid = be32_to_cpup(p++);
	p = decode_time(p, &fattr->atime, &sane);
	p = decode_time(p, &fattr->mtime, &sane);
	decode_time(p, &fattr->ctime, &sane);
	ifmt = file_type(type, mode, rdev);
	if (!ifmt || !sane)
		return -EBADMSG;
	fattr->mode = ifmt | (mode & S_IALLUGO);
	fattr->rdev = S_ISCHR(ifmt) || S_ISBLK(ifmt) ? new_decode_dev(rdev) : 0;
	fattr->valid = true;
	return 0;
}

/*
 * "Your time" is told for both times or for mtime alone. Where the caller wants it otherwise, it
 * is the time that it is here.
 */
static void encode_times(struct xdr_stream *xdr, const struct snfs_sattr *sattr)
{
	bool atime = sattr->valid & (SNFS_SATTR_ATIME | SNFS_SATTR_ATIME_SET);
	bool mtime = sattr->valid & (SNFS_SATTR_MTIME | SNFS_SATTR_MTIME_SET);
	bool server = mtime && !(sattr->valid & (SNFS_SATTR_ATIME_SET | SNFS_SATTR_MTIME_SET));

	if (!atime)
		encode_no_time(xdr);
	else if (server)
		encode_server_time(xdr, &sattr->atime);
	else
		encode_time(xdr, &sattr->atime);
	if (!mtime)
		encode_no_time(xdr);
	else if (server)
		encode_server_time(xdr, &sattr->mtime);
	else
		encode_time(xdr, &sattr->mtime);
}

static void encode_set(struct xdr_stream *xdr, bool set, u32 value)
{
	snfs_encode_u32(xdr, set ? value : NFS2_SATTR_UNSET);
}

/*
 * RFC 1094 section 2.3.6:
 *	struct sattr {
 *		unsigned int	mode;
 *		unsigned int	uid;
 *		unsigned int	gid;
 *		unsigned int	size;
 *		timeval		atime;
 *		timeval		mtime;
 *	};
 */

/**
 * snfs_encode_sattr2 - encode a sattr
 * @xdr: stream to write to
 * @user_ns: maps uid and gid, which must be known to it
 * @sattr: what to set, but for the size
 * @type: of what is to be made, S_IFMT part; 0: nothing is made
 * @size: bytes, or what stands for a device number; NFS2_SATTR_UNSET: none
 */
void snfs_encode_sattr2(struct xdr_stream *xdr, struct user_namespace *user_ns,
			const struct snfs_sattr *sattr, umode_t type, u32 size)
{
	u32 valid = sattr->valid;

	encode_set(xdr, valid & SNFS_SATTR_MODE, type | (sattr->mode & S_IALLUGO));
	encode_set(xdr, valid & SNFS_SATTR_UID, from_kuid_munged(user_ns, sattr->uid));
	encode_set(xdr, valid & SNFS_SATTR_GID, from_kgid_munged(user_ns, sattr->gid));
	snfs_encode_u32(xdr, size);
	encode_times(xdr, sattr);
}

/*
 * RFC 1094 section 2.3.10:
 *	struct diropargs {
 *		fhandle		dir;
 *		filename	name;
 *	};
 */

/**
 * snfs_encode_diropargs2 - encode a diropargs
 * @xdr: stream to write to
 * @dir: handle of the directory
 * @name: name in it, 1 to 255 bytes
 */
void snfs_encode_diropargs2(struct xdr_stream *xdr, const struct snfs_fh *dir,
			    const struct snfs_name *name)
{
	snfs_encode_fh2(xdr, dir);
	snfs_encode_name(xdr, name);
}

/*
 * RFC 1094 section 2.2.17:
 *	struct entry {
 *		unsigned	fileid;
 *		filename	name;
 *		nfscookie	cookie;
 *		entry		*nextentry;
 *	};
 *	struct {
 *		entry	*entries;
 *		bool	eof;
 *	} readdirok;
 *
 * A cookie is opaque. Here it is the number that its bytes make on the wire, both ways.
 */
static int decode_entry(struct xdr_stream *xdr, struct snfs_dirent *ent)
{
	struct kvec scratch = xdr->scratch;
	u8 word[XDR_UNIT];
	u32 fileid, cookie;
	int err;

	if (xdr_stream_decode_u32(xdr, &fileid))
		return -EBADMSG;
	ent->fileid = fileid;
	err = snfs_decode_name(xdr, &ent->name);
	if (err)
		return err;
	/* The name may now be in the caller's scratch buffer: what follows must not go there. */
	xdr_set_scratch_buffer(xdr, word, sizeof(word));
	err = xdr_stream_decode_u32(xdr, &cookie);
	xdr_set_scratch_buffer(xdr, scratch.iov_base, scratch.iov_len);
	ent->cookie = err ? 0 : cookie;
	return err;
}

/**
 * snfs2_decode_dirent - decode the next entry of a READDIR reply
 * @xdr: stream over the list, with a scratch buffer of at least 256 bytes
 * @ent: OUT: the entry; its name is valid until @xdr is used again
 * @eof: OUT: at the end of the list: the directory ends here too
 *
 * Context: Any context. Does not sleep.
 * Return: 1 and an entry; 0 at the end of the list; -EBADMSG or -EMSGSIZE if it is malformed.
 */
int snfs2_decode_dirent(struct xdr_stream *xdr, struct snfs_dirent *ent, bool *eof)
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
	err = decode_entry(xdr, ent);
	return err < 0 ? err : 1;
}
EXPORT_SYMBOL_IF_KUNIT(snfs2_decode_dirent);

#define PROC(proc, args, res, timer)						\
	SNFS_PROCINFO(2, NFSPROC_##proc, NFSPROC_##proc, NFSPROC_##proc, args, res, timer, #proc)

/* The second use of one; it is counted with the first */
#define AGAIN(row, proc, args, res)						\
	SNFS_PROCINFO(2, SNFS2_ROW_##row, NFSPROC_##proc, NFSPROC_##proc, args, res, 0, #proc)

#define SNFS2_fhandle_sz		SNFS2_fh_sz
#define SNFS2_sattrargs_sz		(SNFS2_fh_sz + SNFS2_sattr_sz)
#define SNFS2_readlinkargs_sz		SNFS2_fh_sz
#define SNFS2_readargs_sz		(SNFS2_fh_sz + 3)
#define SNFS2_writeargs_sz		(SNFS2_fh_sz + 4 + SNFS2_pad_sz)
#define SNFS2_createargs_sz		(SNFS2_diropargs_sz + SNFS2_sattr_sz)
#define SNFS2_mkdirargs_sz		SNFS2_createargs_sz
#define SNFS2_mknodargs_sz		SNFS2_createargs_sz
#define SNFS2_renameargs_sz		(SNFS2_diropargs_sz + SNFS2_diropargs_sz)
#define SNFS2_linkargs_sz		(SNFS2_fh_sz + SNFS2_diropargs_sz)
#define SNFS2_symlinkargs_sz		(SNFS2_diropargs_sz + SNFS2_path_sz + SNFS2_sattr_sz)
#define SNFS2_readdirargs_sz		(SNFS2_fh_sz + 2)

#define SNFS2_stat_sz			(1)
#define SNFS2_attrstat_sz		(1 + SNFS2_fattr_sz)
#define SNFS2_diropres_sz		(1 + SNFS2_fh_sz + SNFS2_fattr_sz)
#define SNFS2_readlinkres_sz		(SNFS2_readlinkhdr_sz + SNFS2_pad_sz)
#define SNFS2_readres_sz		(SNFS2_readhdr_sz + SNFS2_pad_sz)
#define SNFS2_writeres_sz		SNFS2_attrstat_sz
#define SNFS2_readdirres_sz		(SNFS2_readdirhdr_sz + SNFS2_pad_sz)
#define SNFS2_statfsres_sz		(1 + 5)
#define SNFS2_fsinfores_sz		SNFS2_statfsres_sz

/* The procedures of RFC 1094 section 2.2, in its order; ROOT and WRITECACHE are not used. */
const struct rpc_procinfo snfs2_procedures[SNFS2_ROWS] = {
	SNFS_PROCINFO_NULL,
	PROC(GETATTR,	fhandle,	attrstat,	1),
	PROC(SETATTR,	sattrargs,	attrstat,	0),
	PROC(LOOKUP,	diropargs,	diropres,	2),
	PROC(READLINK,	readlinkargs,	readlinkres,	3),
	PROC(READ,	readargs,	readres,	3),
	PROC(WRITE,	writeargs,	writeres,	4),
	PROC(CREATE,	createargs,	diropres,	0),
	PROC(REMOVE,	diropargs,	stat,		0),
	PROC(RENAME,	renameargs,	stat,		0),
	PROC(LINK,	linkargs,	stat,		0),
	PROC(SYMLINK,	symlinkargs,	stat,		0),
	PROC(MKDIR,	mkdirargs,	diropres,	0),
	PROC(RMDIR,	diropargs,	stat,		0),
	PROC(READDIR,	readdirargs,	readdirres,	3),
	PROC(STATFS,	fhandle,	statfsres,	0),
	AGAIN(MKNOD, CREATE,	mknodargs,	diropres),
	AGAIN(FSINFO, STATFS,	fhandle,	fsinfores),
};
EXPORT_SYMBOL_IF_KUNIT(snfs2_procedures);

static unsigned int snfs2_counts[NFSPROC_NR];

const struct rpc_version snfs2_version = {
	.number		= NFS2_VERSION,
	.nrprocs	= NFSPROC_NR,
	.procs		= snfs2_procedures,
	.counts		= snfs2_counts,
};
