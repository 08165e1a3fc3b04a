/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an NFS operation carries, whatever the protocol version: typed arguments and results.
 * The codecs know these structures and nothing above them (no inode, dentry or folio).
 */
#ifndef _SNFS_PROTO_H
#define _SNFS_PROTO_H

#include <linux/types.h>
#include <linux/time64.h>
#include <linux/uidgid.h>
#include <linux/kdev_t.h>

struct page;
struct posix_acl;

/**
 * struct snfs_fh - a file handle
 * @len: bytes used, 1 to 64 (0: no handle)
 * @data: opaque bytes (RFC 1813 section 2.3.3)
 */
struct snfs_fh {
	u16	len;
	u8	data[64];
};

/**
 * struct snfs_change - the change identity of an object (RFC 1813 section 2.3.10, wcc_attr)
 * @size: bytes
 * @mtime: last change of the data
 * @ctime: last change of the attributes
 */
struct snfs_change {
	u64			size;
	struct timespec64	mtime;
	struct timespec64	ctime;
};

/**
 * struct snfs_fattr - attributes of an object (RFC 1813 section 2.3.5)
 * @valid: false when the server sent none; nothing else is then defined
 * @mode: type (S_IFMT, from ftype3) and permission bits
 * @nlink: hard links
 * @uid: owner, mapped through the mount's user namespace
 * @gid: group, mapped likewise
 * @size: bytes
 * @used: bytes allocated on the server
 * @rdev: device number of device nodes, else 0
 * @fsid: the server's file system
 * @fileid: number within it
 * @atime: last access
 * @mtime: last data change
 * @ctime: last attribute change
 */
struct snfs_fattr {
	bool			valid;
	umode_t			mode;
	u32			nlink;
	kuid_t			uid;
	kgid_t			gid;
	u64			size;
	u64			used;
	dev_t			rdev;
	u64			fsid;
	u64			fileid;
	struct timespec64	atime;
	struct timespec64	mtime;
	struct timespec64	ctime;
};

/**
 * struct snfs_wcc - attributes before and after (RFC 1813 section 2.3.8, wcc_data)
 * @pre_valid: @pre was sent
 * @pre: change identity before the operation
 * @post: attributes after it; post_op_attr of replies without wcc_data goes here too
 */
struct snfs_wcc {
	bool			pre_valid;
	struct snfs_change	pre;
	struct snfs_fattr	post;
};

/* struct snfs_sattr.valid */
#define SNFS_SATTR_MODE		0x01
#define SNFS_SATTR_UID		0x02
#define SNFS_SATTR_GID		0x04
#define SNFS_SATTR_SIZE		0x08
#define SNFS_SATTR_ATIME	0x10	/* server's time unless _ATIME_SET */
#define SNFS_SATTR_ATIME_SET	0x20
#define SNFS_SATTR_MTIME	0x40	/* server's time unless _MTIME_SET */
#define SNFS_SATTR_MTIME_SET	0x80

/**
 * struct snfs_sattr - attributes to set (RFC 1813 section 2.3.9, sattr3)
 * @valid: SNFS_SATTR_* of the fields to set
 * @mode: permission bits (07777)
 * @uid: owner
 * @gid: group
 * @size: bytes
 * @atime: with SNFS_SATTR_ATIME_SET; else our idea of the time, if SNFS_SATTR_ATIME is there
 * @mtime: likewise
 */
struct snfs_sattr {
	u32			valid;
	umode_t			mode;
	kuid_t			uid;
	kgid_t			gid;
	u64			size;
	struct timespec64	atime;
	struct timespec64	mtime;
};

/**
 * struct snfs_name - a file name, not NUL terminated
 * @name: bytes
 * @len: 1 to 255
 */
struct snfs_name {
	const char	*name;
	u32		len;
};

/* A verifier of 8 bytes: createverf3, cookieverf3, writeverf3 (RFC 1813 section 2.4) */
struct snfs_verf {
	u8	data[8];
};

/**
 * struct snfs_args - the arguments of an operation
 * @fh: the file, or the directory of @name
 * @name: name in @fh
 * @fh2: RENAME: the target directory; LINK: the directory of the new name
 * @name2: RENAME, LINK: name in @fh2
 * @sattr: SETATTR, CREATE (not EXCLUSIVE), MKDIR, SYMLINK, MKNOD
 * @guard: SETATTR: do it only if ctime is @guard_ctime
 * @guard_ctime: see @guard
 * @access: ACCESS: ACCESS3_* asked for
 * @io: READ, WRITE, COMMIT; READLINK uses @io.pages and @io.count. @io.pages holds
 *	@io.count bytes from @io.pgbase in the first page; @io.stable is enum snfs_stable_how
 * @create: CREATE: @create.how is enum snfs_createmode3
 * @symlink: SYMLINK: the path stored in it, @symlink.len at most 4095 bytes
 * @mknod: MKNOD: @mknod.type is S_IFCHR, S_IFBLK, S_IFSOCK or S_IFIFO
 * @readdir: READDIR, READDIRPLUS: the reply's list is received into @readdir.pages, at most
 *	@readdir.maxcount bytes; @readdir.dircount (READDIRPLUS) bounds the names' part
 * @acl: GETACL: @acl.mask is NFSACL_* asked for; the reply's entries are received into
 *	@acl.pages, of @acl.len bytes, where the transport allocates them. SETACL: @acl.access
 *	and @acl.def (NULL: none) of an object of @acl.uid and @acl.gid; @acl.pages have room
 *	for both on the wire, @acl.len is how long that is
 *
 * Pointers must stay valid until the operation is done.
 */
struct snfs_args {
	const struct snfs_fh	*fh;
	struct snfs_name	name;
	const struct snfs_fh	*fh2;
	struct snfs_name	name2;
	struct snfs_sattr	sattr;
	union {
		struct {
			bool			guard;
			struct timespec64	guard_ctime;
		};
		u32 access;
		struct {
			u64		offset;
			u32		count;
			u32		stable;
			struct page	**pages;
			unsigned int	pgbase;
		} io;
		struct {
			u32			how;
			struct snfs_verf	verf;
		} create;
		struct {
			const char	*target;
			u32		len;
		} symlink;
		struct {
			umode_t	type;
			dev_t	rdev;
		} mknod;
		struct {
			u64			cookie;
			struct snfs_verf	verf;
			u32			dircount;
			u32			maxcount;
			struct page		**pages;
		} readdir;
		struct {
			u32			mask;
			u32			len;
			struct page		**pages;
			const struct posix_acl	*access;
			const struct posix_acl	*def;
			kuid_t			uid;
			kgid_t			gid;
		} acl;
	};
};

/**
 * struct snfs_fsinfo - FSINFO's limits (RFC 1813 section 3.3.19)
 * @rtmax: bytes of the largest READ
 * @rtpref: bytes of the preferred READ
 * @rtmult: suggested multiple of READ sizes, bytes
 * @wtmax: bytes of the largest WRITE
 * @wtpref: bytes of the preferred WRITE
 * @wtmult: suggested multiple of WRITE sizes, bytes
 * @dtpref: bytes of the preferred READDIR reply
 * @maxfilesize: bytes of the largest file
 * @time_delta: granularity of times
 * @properties: FSF3_*
 */
struct snfs_fsinfo {
	u32			rtmax;
	u32			rtpref;
	u32			rtmult;
	u32			wtmax;
	u32			wtpref;
	u32			wtmult;
	u32			dtpref;
	u64			maxfilesize;
	struct timespec64	time_delta;
	u32			properties;
};

/**
 * struct snfs_pathconf - PATHCONF's answers (RFC 1813 section 3.3.20)
 * @linkmax: most hard links of a file
 * @name_max: bytes of the longest name
 * @no_trunc: a longer name is refused, not cut
 * @chown_restricted: only a privileged user may give files away
 * @case_insensitive: names that differ in case only are the same
 * @case_preserving: names keep their case
 */
struct snfs_pathconf {
	u32	linkmax;
	u32	name_max;
	bool	no_trunc;
	bool	chown_restricted;
	bool	case_insensitive;
	bool	case_preserving;
};

/**
 * struct snfs_fsstat - FSSTAT's answers (RFC 1813 section 3.3.18)
 * @tbytes: bytes in all
 * @fbytes: bytes free
 * @abytes: bytes free for the caller
 * @tfiles: file slots in all
 * @ffiles: file slots free
 * @afiles: file slots free for the caller
 * @invarsec: seconds for which this is not expected to change
 */
struct snfs_fsstat {
	u64	tbytes;
	u64	fbytes;
	u64	abytes;
	u64	tfiles;
	u64	ffiles;
	u64	afiles;
	u32	invarsec;
};

/**
 * struct snfs_res - the results of an operation
 * @status: nfsstat of the reply, as on the wire
 * @wcc: [0] attributes of @args.fh, [1] of @args.fh2, as far as the reply has them.
 *	GETATTR's attributes are in wcc[0].post
 * @obj_fh: LOOKUP, CREATE, MKDIR, SYMLINK, MKNOD: handle of the object (len 0: not sent)
 * @obj_attr: its attributes
 * @access: ACCESS: bits granted
 * @io: READ: count, eof. WRITE: count, committed (enum snfs_stable_how), verf. COMMIT: verf.
 *	READLINK: count is the target's length; the page holds it
 * @readdir: verf; bytes of the list that are in @args.readdir.pages
 * @fsinfo: FSINFO
 * @pathconf: PATHCONF
 * @fsstat: FSSTAT
 * @acl: GETACL: the two ACLs, NULL: none or not asked for; the starter releases them
 */
struct snfs_res {
	u32			status;
	struct snfs_wcc		wcc[2];
	struct snfs_fh		obj_fh;
	struct snfs_fattr	obj_attr;
	union {
		u32 access;
		struct {
			u32			count;
			bool			eof;
			u32			committed;
			struct snfs_verf	verf;
		} io;
		struct {
			struct snfs_verf	verf;
			u32			bytes;
		} readdir;
		struct snfs_fsinfo	fsinfo;
		struct snfs_pathconf	pathconf;
		struct snfs_fsstat	fsstat;
		struct {
			struct posix_acl	*access;
			struct posix_acl	*def;
		} acl;
	};
};

/**
 * struct snfs_dirent - one entry of a directory listing
 * @fileid: number of the object
 * @cookie: position behind this entry
 * @name: points into the reply; valid until the next entry is decoded
 * @attr: READDIRPLUS: attributes, if sent
 * @fh: READDIRPLUS: handle, if sent (len 0 otherwise)
 */
struct snfs_dirent {
	u64			fileid;
	u64			cookie;
	struct snfs_name	name;
	struct snfs_fattr	attr;
	struct snfs_fh		fh;
};

#endif /* _SNFS_PROTO_H */
