/* SPDX-License-Identifier: GPL-2.0 */
/*
 * snfs: the private header, grouped by the file that owns each part.
 */
#ifndef _SNFS_H
#define _SNFS_H

#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/pagemap.h>
#include <linux/refcount.h>
#include <linux/sunrpc/clnt.h>
#include <linux/sunrpc/sched.h>
#include <linux/sunrpc/xdr.h>
#include <linux/utsname.h>
#include <linux/workqueue.h>
#include <linux/writeback.h>

#include "snfs/compat.h"
#include "snfs/mount.h"
#include "snfs/nfs2.h"
#include "snfs/nfs3.h"
#include "snfs/proto.h"
#include "fresh.h"
#include "lockd.h"

struct snfs_netroot;
struct snfs_server;
struct snfs_op;
struct snfs_exports;
struct snfs_export_list;

/* ------------------------------------------------------------------------------------------
 * operations: the table that hides the protocol version
 */

enum snfs_verb {
	SNFS_NULL, SNFS_GETATTR, SNFS_SETATTR, SNFS_LOOKUP, SNFS_ACCESS, SNFS_READLINK,
	SNFS_READ, SNFS_WRITE, SNFS_CREATE, SNFS_MKDIR, SNFS_SYMLINK, SNFS_MKNOD,
	SNFS_REMOVE, SNFS_RMDIR, SNFS_RENAME, SNFS_LINK, SNFS_READDIR, SNFS_READDIRPLUS,
	SNFS_FSSTAT, SNFS_FSINFO, SNFS_PATHCONF, SNFS_COMMIT, SNFS_GETACL, SNFS_SETACL,
	SNFS_VERB_NR
};

/* Starts one verb: hands the operation to the transport. Returns 0 or why it cannot start. */
typedef int (*snfs_verb_fn)(struct snfs_op *op);

/*
 * struct snfs_dirlist - walks the entries of one READDIR or READDIRPLUS reply
 *
 * Filled by snfs_proto_ops.dirlist_init(); the fields are the protocol's own business.
 */
struct snfs_dirlist {
	struct xdr_stream	xdr;
	struct xdr_buf		buf;
	struct user_namespace	*user_ns;
	bool			plus;
	bool			eof;
	u8			scratch[NFS3_MAXNAMLEN + 1];
};

/**
 * struct snfs_proto_ops - one protocol version
 * @version: 2 or 3
 * @caps: SNFS_CAP_* that the protocol has
 * @fhsize: bytes of each file handle, 0: up to 64
 * @time_gran: ns, what times are a multiple of
 * @mountvers: version of MOUNT that gives its handles
 * @dirent_growth: entries of a listing need at most so many times the bytes here that they have in
 *	a reply
 * @program: for rpc_create()
 * @null: start NULL
 * @getattr: start GETATTR
 * @setattr: start SETATTR
 * @lookup: start LOOKUP
 * @access: start ACCESS
 * @readlink: start READLINK
 * @read: start READ
 * @write: start WRITE
 * @create: start CREATE
 * @mkdir: start MKDIR
 * @symlink: start SYMLINK
 * @mknod: start MKNOD
 * @remove: start REMOVE
 * @rmdir: start RMDIR
 * @rename: start RENAME
 * @link: start LINK
 * @readdir: start READDIR
 * @readdirplus: start READDIRPLUS
 * @fsstat: start FSSTAT
 * @fsinfo: start FSINFO
 * @pathconf: start PATHCONF; NULL: the protocol has nothing to say
 * @commit: start COMMIT
 * @getacl: start GETACL, of another RPC program
 * @setacl: start SETACL, likewise
 * @dirlist_init: begin to walk the list in a finished READDIR or READDIRPLUS
 * @dirlist_next: decode the next entry: 1 and an entry, 0 at the end of this reply
 *	(list->eof tells whether the directory ends here too), -EIO if it is malformed
 */
struct snfs_proto_ops {
	u32				version;
	u32				caps;
	u16				fhsize;
	u32				time_gran;
	u32				mountvers;
	u32				dirent_growth;
	const struct rpc_program	*program;

	snfs_verb_fn	null;
	snfs_verb_fn	getattr;
	snfs_verb_fn	setattr;
	snfs_verb_fn	lookup;
	snfs_verb_fn	access;
	snfs_verb_fn	readlink;
	snfs_verb_fn	read;
	snfs_verb_fn	write;
	snfs_verb_fn	create;
	snfs_verb_fn	mkdir;
	snfs_verb_fn	symlink;
	snfs_verb_fn	mknod;
	snfs_verb_fn	remove;
	snfs_verb_fn	rmdir;
	snfs_verb_fn	rename;
	snfs_verb_fn	link;
	snfs_verb_fn	readdir;
	snfs_verb_fn	readdirplus;
	snfs_verb_fn	fsstat;
	snfs_verb_fn	fsinfo;
	snfs_verb_fn	pathconf;
	snfs_verb_fn	commit;
	snfs_verb_fn	getacl;
	snfs_verb_fn	setacl;

	void (*dirlist_init)(struct snfs_dirlist *list, const struct snfs_op *op);
	int (*dirlist_next)(struct snfs_dirlist *list, struct snfs_dirent *ent);
};

/* What a server can do; fewer with NFSv2. Cleared at run time when the server says NOTSUPP. */
#define SNFS_CAP_ACCESS		0x0001
#define SNFS_CAP_COMMIT		0x0002
#define SNFS_CAP_READDIRPLUS	0x0004
#define SNFS_CAP_MKNOD		0x0008
#define SNFS_CAP_SYMLINK	0x0010
#define SNFS_CAP_LINK		0x0020
#define SNFS_CAP_ACL		0x0040
#define SNFS_CAP_GUARDED	0x0080	/* CREATE and MKNOD report what exists */
#define SNFS_CAP_LOCK64		0x0100	/* locks have 64-bit ranges */

/**
 * struct snfs_op - one operation on its way (design.rst, rule 1)
 * @ref: the starter and the transport hold one each
 * @verb: set by the snfs_proto_ops member that starts it
 * @server: the mounted server
 * @cred: on whose behalf; held
 * @args: what is sent; fill it before starting
 * @res: what came back; read it once done
 * @inode: objects that @args.fh and @args.fh2 are the handles of, or NULL; the reply's
 *	attributes are applied to them. The starter keeps them (and all that @args points to)
 *	alive until the operation is done
 * @sent: when it was sent (ns, CLOCK_BOOTTIME)
 * @error: 0 or a negative errno, once done
 * @retransmitted: the request went out more than once: the server may have done it twice
 * @sync: run in the caller's context
 * @fallible: with softreval: do not wait for a dead server, there is an older answer
 * @jukebox: how often the server asked to try later
 * @task: the RPC, embedded so that starting cannot fail for want of memory
 * @finished: completed when done
 * @done: if set, called once done, attributes applied, before waiters wake. Runs in snfs_wq
 *	(for @sync in the caller); may sleep, but must not wait for other operations
 * @private: the starter's
 */
struct snfs_op {
	refcount_t		ref;
	enum snfs_verb		verb;
	struct snfs_server	*server;
	const struct cred	*cred;
	struct snfs_args	args;
	struct snfs_res		res;
	struct inode		*inode[2];
	u64			sent;
	int			error;
	bool			retransmitted;
	bool			sync;
	bool			fallible;
	unsigned int		jukebox;
	struct rpc_task		task;
	struct completion	finished;
	void			(*done)(struct snfs_op *op);
	void			*private;
};

/* After a retransmission ENOENT may be the answer to our own first try (RFC 1813 section 4.5). */
static inline int snfs_gone_anyway(const struct snfs_op *op, int err)
{
	return err == -ENOENT && op->retransmitted ? 0 : err;
}

/* ------------------------------------------------------------------------------------------
 * the mounted server
 */

/* enum snfs_options.lookupcache */
enum snfs_lookupcache { SNFS_LOOKUPCACHE_ALL, SNFS_LOOKUPCACHE_POS, SNFS_LOOKUPCACHE_NONE };

/* struct snfs_options.flags */
#define SNFS_OPT_SOFT		0x0001	/* soft */
#define SNFS_OPT_SOFTERR	0x0002	/* softerr */
#define SNFS_OPT_NORESVPORT	0x0004
#define SNFS_OPT_NOCTO		0x0008
#define SNFS_OPT_NOAC		0x0010
#define SNFS_OPT_NORDIRPLUS	0x0020
#define SNFS_OPT_NOSHARECACHE	0x0040
#define SNFS_OPT_LOCAL_FLOCK	0x0080	/* local_lock=flock or all */
#define SNFS_OPT_SLOPPY		0x0100
#define SNFS_OPT_PROTO6		0x0200	/* proto=tcp6 or udp6: nothing but IPv6 */
#define SNFS_OPT_MOUNTPROTO6	0x0400
#define SNFS_OPT_LOCAL_POSIX	0x0800	/* local_lock=posix or all */
#define SNFS_OPT_NOACL		0x1000
#define SNFS_OPT_SOFTREVAL	0x00100000
#define SNFS_OPT_RDIRPLUS_FORCE	0x00200000
#define SNFS_OPT_WRITE_EAGER	0x00400000
#define SNFS_OPT_WRITE_WAIT	0x00800000
#define SNFS_OPT_INO32		0x01000000
#define SNFS_OPT_NOTRAVERSE	0x02000000
#define SNFS_OPT_NODEV		0x04000000	/* below the context-free root: no devices */

/* nolock, local_lock=all */
#define SNFS_OPT_LOCAL_LOCKS	(SNFS_OPT_LOCAL_FLOCK | SNFS_OPT_LOCAL_POSIX)

/* xprtsec= */
enum snfs_tls { SNFS_TLS_NONE, SNFS_TLS_SERVER, SNFS_TLS_MUTUAL };

/* Security flavours that we can do */
#define SNFS_NR_FLAVORS		5

/* struct snfs_flavors - some of them, best first */
struct snfs_flavors {
	unsigned int		nr;
	rpc_authflavor_t	flavor[SNFS_NR_FLAVORS];
};

/* Bytes of one READ or WRITE at most and at least */
#define SNFS_IOSIZE_MAX		(4U << 20)
#define SNFS_IOSIZE_MIN		512U

/* Bytes of one READDIR or READDIRPLUS */
#define SNFS_DTSIZE_MIN		4096U
#define SNFS_DTSIZE_MAX		1048576U

/* timeo=: tenths of a second at most; not given */
#define SNFS_TIMEO_MAX		6000U
#define SNFS_TIMEO_UNSET	UINT_MAX

/* Addresses of a name that are tried */
#define SNFS_ADDRESSES_MAX	8U

/* nconnect= at most */
#define SNFS_NCONNECT_MAX	16U

/* Flags of a superblock that mounts which share it must agree on */
#define SNFS_SB_MASK		(SB_RDONLY | SB_SYNCHRONOUS)

/**
 * struct snfs_options - mount options as given (units as in nfs(5), before defaults: 0 or -1
 * as noted means not given)
 * @source: the device string as given
 * @hostname: server part of @source, without brackets
 * @export: path part of @source
 * @mounthost: mounthost= as given, for display only, or NULL
 * @addr: the server; family AF_UNSPEC until known
 * @addrlen: bytes of @addr
 * @addrs: all that the server's name has, while mounting; NULL if an address was given
 * @nr_addrs: how many
 * @next_addr: the first one that was not tried
 * @mountaddr: the MOUNT server if other than @addr (mountaddr=), else AF_UNSPEC
 * @mountaddrlen: bytes of @mountaddr
 * @flags: SNFS_OPT_*
 * @version: 2 or 3 (0: not given)
 * @port: NFS port; 0: ask rpcbind
 * @mountport: MOUNT port; 0: ask rpcbind
 * @mountvers: version of MOUNT; 0: what belongs to @version
 * @proto: XPRT_TRANSPORT_TCP or _UDP
 * @mountproto: XPRT_TRANSPORT_TCP or _UDP (0: not given, as @proto); over UDP, once mounted:
 *	how MOUNT was asked
 * @rsize: bytes, 0: as large as the server allows
 * @wsize: bytes, 0: likewise
 * @timeo: tenths of a second, SNFS_TIMEO_UNSET: not given
 * @retrans: -1: not given
 * @proto_given: nothing but @proto will do
 * @timeo_filled: @timeo was not given: it goes with @proto
 * @retrans_filled: likewise
 * @acregmin: seconds; likewise the next three
 * @acregmax: seconds
 * @acdirmin: seconds
 * @acdirmax: seconds
 * @namlen: 0: ask the server
 * @nconnect: connections, 1 to 16; over UDP 1
 * @lookupcache: enum snfs_lookupcache
 * @bsize: bytes, 0: not given
 * @dtsize: bytes asked per READDIR or READDIRPLUS, 0: not given
 * @uid: uid=, invalid: not given; both or none once validated
 * @gid: gid=
 * @tls: xprtsec=
 * @idle: seconds until an unused mount below ends, 0: never; SNFS_EXPIRY_DEFAULT: not given
 * @sec: sec= as given, empty: not given; once MNT was answered: what is worth trying
 * @authflavor: the one of @sec in force, RPC_AUTH_MAXFLAVOR until it is known
 */
struct snfs_options {
	char			*source;
	char			*hostname;
	char			*export;
	char			*mounthost;
	struct sockaddr_storage	addr;
	size_t			addrlen;
	struct sockaddr_storage	*addrs;
	unsigned int		nr_addrs;
	unsigned int		next_addr;
	struct sockaddr_storage	mountaddr;
	size_t			mountaddrlen;
	unsigned int		flags;
	unsigned int		version;
	unsigned int		port;
	unsigned int		mountport;
	unsigned int		mountvers;
	int			proto;
	int			mountproto;
	unsigned int		rsize;
	unsigned int		wsize;
	unsigned int		timeo;
	int			retrans;
	bool			proto_given, timeo_filled, retrans_filled;
	unsigned int		acregmin, acregmax;
	unsigned int		acdirmin, acdirmax;
	unsigned int		namlen;
	unsigned int		nconnect;
	enum snfs_lookupcache	lookupcache;
	enum snfs_tls		tls;
	struct snfs_flavors	sec;
	rpc_authflavor_t	authflavor;
	unsigned int		bsize;
	unsigned int		dtsize;
	unsigned int		idle;
	kuid_t			uid;
	kgid_t			gid;
};

static inline const struct sockaddr_storage *snfs_mount_addr(const struct snfs_options *opt)
{
	return opt->mountaddr.ss_family != AF_UNSPEC ? &opt->mountaddr : &opt->addr;
}

/* Events counted for show_stats (bytes and events lines of statvers 1.1) */
enum snfs_event {
	SNFS_EV_INODE_REVALIDATE, SNFS_EV_DENTRY_REVALIDATE, SNFS_EV_DATA_INVALIDATE,
	SNFS_EV_ATTR_INVALIDATE, SNFS_EV_OPEN, SNFS_EV_LOOKUP, SNFS_EV_ACCESS, SNFS_EV_READPAGE,
	SNFS_EV_READPAGES, SNFS_EV_WRITEPAGES, SNFS_EV_GETDENTS, SNFS_EV_SETATTR, SNFS_EV_FLUSH,
	SNFS_EV_FSYNC, SNFS_EV_LOCK, SNFS_EV_RELEASE, SNFS_EV_SILLYRENAME, SNFS_EV_SHORTREAD,
	SNFS_EV_SHORTWRITE, SNFS_EV_DELAY, SNFS_EV_CONGESTIONWAIT, SNFS_EV_EXTENDWRITE,
	SNFS_EV_SETATTRTRUNC,
	SNFS_EV_NR
};

enum snfs_bytes {
	SNFS_BYTES_NORMAL_READ, SNFS_BYTES_NORMAL_WRITE, SNFS_BYTES_DIRECT_READ,
	SNFS_BYTES_DIRECT_WRITE, SNFS_BYTES_SERVER_READ, SNFS_BYTES_SERVER_WRITE,
	SNFS_PAGES_READ, SNFS_PAGES_WRITE,
	SNFS_BYTES_NR
};

struct snfs_stats {
	u64	events[SNFS_EV_NR];
	u64	bytes[SNFS_BYTES_NR];
};

/**
 * struct snfs_server - one mounted export (one per superblock: SNFS_SB(sb))
 * @sb: its superblock, NULL until it is filled
 * @opt: mount options; strings owned
 * @net: network namespace of the mounter; held
 * @cred: credential of the mounter; held
 * @identity: whom all calls are made for (uid=, gid=), or NULL: the caller; held
 * @nodename: our host's name for AUTH_SYS: an exiting task, which may be the one that
 *	unmounts, has no namespace to take it from
 * @plain: RPC client for the NFS program, AUTH_SYS or AUTH_NULL; owns the connections
 * @plain_users: how many use @plain: the mount, and those of file systems below it
 * @clnt: the one that calls go through: @plain, or its clone with the flavour in force
 * @acl_clnt: RPC client for NFSACL, or NULL
 * @proto: protocol version
 * @caps: SNFS_CAP_*
 * @root_fh: handle that MNT gave
 * @fsid: of the root
 * @mountport: where MNT was answered, for UMNT
 * @mountproto: how MNT was answered
 * @mountvers: version of MOUNT
 * @keep_mnt_clnt: keep the connection of MNT
 * @mnt_clnt: client of MNT, kept for a question about other exports, or NULL
 * @exports: what else the server exports, shared with the mounts below; NULL: not of interest
 * @mnt_err: what MNT said of an export below another one
 * @nested_known: version of a list of @exports, times two; plus one if some are below this one
 * @rsize: bytes per READ, a multiple of the page size if not smaller than it
 * @wsize: bytes per WRITE, likewise
 * @dtsize: bytes asked per READDIR or READDIRPLUS
 * @namelen: longest name
 * @maxfilesize: bytes
 * @acreg: attribute cache times of files
 * @acdir: attribute cache times of directories
 * @mount_time: seconds of CLOCK_BOOTTIME, for show_stats' age
 * @stats: per-cpu counters
 * @wb_bytes: bytes in WRITEs of write-back under way
 * @prefetch_score: whether reading at open pays here (prefetch.c); below 0: no
 * @prefetch_skipped: opens since, for trying again
 * @ops: operations under way; snfs_op_drain() waits for none
 * @nlm: lockd's record of the server, made at the first lock (lock.c), else NULL
 * @nlm_mutex: held while @nlm is made
 * @mounting: a call that gets no connection fails at once, so that mount tells why
 * @any_sec: sec= was not given
 * @listed: the MOUNT server lists this mount: it gets UMNT at the end
 * @squash_told: bit 0: that uid 0 is refused was told
 * @dead: umount -f: every operation fails with -EIO from now on
 * @below: a file system below an export (submount.c)
 * @above: the server that it was reached from; NULL if that is gone
 * @submount: in the list of those
 * @root_stale: the server knows the root's handle no more
 * @below_stale: that is so for one of those that were reached from here
 * @charged: counted by snfs_userns_charge()
 * @netroot: this is no mounted export but the context-free root, with no connection (netroot.c)
 */
struct snfs_server {
	struct super_block		*sb;
	struct snfs_options		opt;
	struct net			*net;
	const struct cred		*cred;
	const struct cred		*identity;
	char				nodename[__NEW_UTS_LEN + 1];
	struct rpc_clnt			*plain;
	refcount_t			*plain_users;
	struct rpc_clnt			*clnt;
	struct rpc_clnt			*acl_clnt;
	const struct snfs_proto_ops	*proto;
	u32				caps;
	struct snfs_fh			root_fh;
	u64				fsid;
	unsigned int			mountport;
	int				mountproto;
	u32				mountvers;
	bool				keep_mnt_clnt;
	struct rpc_clnt			*mnt_clnt;
	struct snfs_exports		*exports;
	int				mnt_err;
	u64				nested_known;
	u32				rsize;
	u32				wsize;
	u32				dtsize;
	u32				namelen;
	u64				maxfilesize;
	struct snfs_ac			acreg;
	struct snfs_ac			acdir;
	time64_t			mount_time;
	struct snfs_stats __percpu	*stats;
	atomic_t			prefetch_score;
	atomic_t			prefetch_skipped;
	atomic_t			ops;
	atomic_long_t			wb_bytes;
	struct nlm_host			*nlm;
	struct mutex			nlm_mutex;	/* while nlm is made */
	bool				mounting;
	bool				any_sec;
	bool				listed;
	unsigned long			squash_told;
	bool				dead;
	bool				below;
	struct snfs_server		*above;
	struct list_head		submount;
	bool				root_stale;
	bool				below_stale;
	bool				charged;
	struct snfs_netroot		*netroot;
};

static inline struct snfs_server *SNFS_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/* For whom a call goes out that @cred makes */
static inline const struct cred *snfs_cred_for(const struct snfs_server *server,
					       const struct cred *cred)
{
	return server->identity ? server->identity : cred;
}

/* ------------------------------------------------------------------------------------------
 * inodes and open files
 */

/* struct snfs_inode.flags: bit numbers */
enum {
	SNFS_INO_STALE,		/* the server said ESTALE, or the handle became another object */
	SNFS_INO_MAP_BUSY,	/* the page cache is being thrown away */
	SNFS_INO_DIR_USED,	/* somebody looked at a cached name of the directory */
	SNFS_INO_SUID,		/* set-user-ID and set-group-ID that are not honoured (attr.c) */
	SNFS_INO_SGID,
	SNFS_INO_FOREIGN,	/* notraverse: of another file system than the mount's root */
};

#define SNFS_ACCESS_SLOTS	4

/**
 * struct snfs_access_entry - what the server granted one credential
 * @cred: whose; held; NULL: free
 * @known: ACCESS3_* bits asked
 * @granted: bits granted
 * @perm_ver: snfs_fresh.perm_ver at that time
 */
struct snfs_access_entry {
	const struct cred	*cred;
	u8			known;
	u8			granted;
	u32			perm_ver;
};

/**
 * struct snfs_acls - the ACLs of an object (acl.c)
 * @access: its own, NULL: it has none
 * @def: the one that what is created in it inherits, NULL: it has none
 * @perm_ver: snfs_fresh.perm_ver that they belong to
 * @known: they are
 */
struct snfs_acls {
	struct posix_acl	*access;
	struct posix_acl	*def;
	u32			perm_ver;
	bool			known;
};

struct snfs_dircache;		/* readdir.c */
struct snfs_wb;			/* write.c */

/**
 * struct snfs_inode - an object of the server
 * @lockd_room: keeps @fh where lockd finds it (lockd.h)
 * @fh: its handle; constant
 * @fileid: its number
 * @flags: SNFS_INO_*
 * @fresh: how much is known; under @vfs_inode.i_lock
 * @map_ver: snfs_fresh.data_ver that the page cache was read under; under i_lock
 * @access: what credentials may do, last used first; under i_lock
 * @acls: its ACLs; under i_lock
 * @opens: struct snfs_open of regular files, newest first; under i_lock
 * @dir: directories: cached listing (readdir.c), else NULL
 * @wb: regular files: WRITEs and COMMITs under way (writeback.c), while it is open for writing
 * @vfs_inode: the VFS's part
 */
struct snfs_inode {
	union {
		u8	lockd_room[SNFS_LOCKD_INODE_ROOM];
		struct {
			struct snfs_fh			fh;
			u64				fileid;
			unsigned long			flags;
			struct snfs_fresh		fresh;
			u32				map_ver;
			struct snfs_access_entry	access[SNFS_ACCESS_SLOTS];
			struct snfs_acls		acls;
			struct list_head		opens;
			struct snfs_dircache		*dir;
			struct snfs_wb			*wb;
		};
	};
	struct inode			vfs_inode;
};

/* If this fails, move fields in front of the union. */
static_assert(offsetof(struct snfs_inode, vfs_inode) - offsetof(struct snfs_inode, fh) ==
	      SNFS_LOCKD_INODE_ROOM);

static inline struct snfs_inode *SNFS_I(const struct inode *inode)
{
	return container_of(inode, struct snfs_inode, vfs_inode);
}

static inline struct snfs_server *snfs_server(const struct inode *inode)
{
	return SNFS_SB(inode->i_sb);
}

/**
 * struct snfs_open - an open regular file, kept by its file and by the folios it dirtied
 * @lockd_room: keeps @cred where lockd finds it (lockd.h)
 * @ref: references
 * @inode: the file; valid while a struct file or a dirty folio pins it
 * @list: in snfs_inode.opens
 * @mode: FMODE_READ, FMODE_WRITE
 * @tgid: of the process that opened it
 * @prefetched: the file's bytes came with the open (prefetch.c)
 * @used: somebody wanted to see its bytes
 * @cred: the opener's; held
 */
struct snfs_open {
	union {
		u8	lockd_room[SNFS_LOCKD_OPEN_ROOM];
		struct {
			refcount_t		ref;
			struct inode		*inode;
			struct list_head	list;
			fmode_t			mode;
			pid_t			tgid;
			bool			prefetched;
			bool			used;
		};
	};
	const struct cred	*cred;
};

/* If this fails, move fields behind the credential. */
static_assert(offsetof(struct snfs_open, cred) == SNFS_LOCKD_OPEN_ROOM);

/* st_ino and d_ino: with ino32 the number is folded, as nfs.enable_ino64=0 does it. */
static inline u64 snfs_ino(const struct snfs_server *server, u64 fileid)
{
	if (server->opt.flags & SNFS_OPT_INO32)
		return upper_32_bits(fileid) ^ lower_32_bits(fileid);
	return fileid;
}

/*
 * With notraverse: st_ino and d_ino of what is of the file system of @inode, whose generation is
 * made of its fsid if it is another than the mount's
 */
static inline u64 snfs_foreign_ino(const struct inode *inode, u64 fileid)
{
	if (test_bit(SNFS_INO_FOREIGN, &SNFS_I(inode)->flags))
		fileid ^= (u64)inode->i_generation << 32;
	return fileid;
}

static inline struct snfs_open *snfs_open_of(const struct file *file)
{
	return file->private_data;
}

/* The clock of the freshness rule */
static inline u64 snfs_now(void)
{
	return ktime_get_boottime_ns();
}

/*
 * Messages name the server and are rate-limited, as a dead server makes many of them. The name of a
 * mount below another is made of what servers and users say: no line of the log is to be theirs.
 */
#define SNFS_MESSAGE(level, server, fmt, ...) do { \
	const char *source_ = (server)->opt.source ?: ""; \
	\
	pr_##level##_ratelimited("snfs: %*pE: " fmt "\n", (int)strlen(source_), source_, \
				 ##__VA_ARGS__); \
} while (0)
#define snfs_warn(server, fmt, ...)	SNFS_MESSAGE(warn, server, fmt, ##__VA_ARGS__)
#define snfs_err(server, fmt, ...)	SNFS_MESSAGE(err, server, fmt, ##__VA_ARGS__)

/* main.c */
extern struct workqueue_struct *snfs_wq;
extern struct file_system_type snfs_fs_type;

/* fs_context.c */
int snfs_init_fs_context(struct fs_context *fc);
extern const struct fs_parameter_spec snfs_fs_parameters[];
struct snfs_options *snfs_fc_options(struct fs_context *fc);
void snfs_options_inherit(struct snfs_options *opt, const struct snfs_options *from);
void snfs_options_free(struct snfs_options *opt);
#if IS_ENABLED(CONFIG_KUNIT)
int snfs_fc_parse_param(struct fs_context *fc, struct fs_parameter *param);
int snfs_fc_validate(struct fs_context *fc);
void snfs_fc_free(struct fs_context *fc);
#endif

/* source.c: pure parsing of texts */
int snfs_parse_source(struct snfs_options *opt, const char *source, const char **why);
int snfs_parse_addr(struct net *net, const char *text, size_t len,
		    struct sockaddr_storage *addr, size_t *addrlen);
int snfs_parse_choice(const struct constant_table *choices, const char *text);
u32 snfs_io_size(u32 bytes);

/* super.c */
extern const struct super_operations snfs_super_operations;
int snfs_get_tree(struct fs_context *fc);
int snfs_super_of(struct fs_context *fc, struct snfs_server *server,
		  const struct snfs_fattr *root_attr, u64 root_sent);
void snfs_kill_sb(struct super_block *sb);

#include "submount.h"

/* netroot.c */
const char *snfs_fc_nodename(struct fs_context *fc);
struct snfs_exports *snfs_fc_exports(struct fs_context *fc);
void snfs_netroot_free(struct snfs_netroot *root);

/* show.c */
void snfs_show_common(struct seq_file *m, const struct snfs_options *opt);
int snfs_show_options(struct seq_file *m, struct dentry *root);

/* stats.c */
int snfs_show_stats(struct seq_file *m, struct dentry *root);
static inline void snfs_count(struct snfs_server *server, enum snfs_event ev)
{
	this_cpu_inc(server->stats->events[ev]);
}

static inline void snfs_count_bytes(struct snfs_server *server, enum snfs_bytes what, u64 n)
{
	this_cpu_add(server->stats->bytes[what], n);
}

/* version.c */
void snfs_version_begin(struct snfs_server *server);
bool snfs_version_fall(struct snfs_server *server);
void snfs_version_settle(struct snfs_server *server);
const char *snfs_version_tried(const struct snfs_server *server);

/* server.c */
struct snfs_server *snfs_server_alloc(void);
int snfs_server_connect(struct snfs_server *server, struct fs_context *fc,
			struct snfs_fattr *root_attr, u64 *root_sent);
int snfs_server_clone(struct snfs_server *server, struct snfs_server *above,
		      struct fs_context *fc, const struct snfs_fh *root_fh,
		      struct snfs_fattr *root_attr, u64 *root_sent);
int snfs_server_nest(struct snfs_server *server, struct snfs_server *above, struct fs_context *fc,
		     struct snfs_fattr *root_attr, u64 *root_sent);
void snfs_server_apply_options(struct snfs_server *server);
void snfs_server_kill(struct snfs_server *server);
void snfs_server_free(struct snfs_server *server);

/* transport.c: pure */
void snfs_timeo_fill(struct snfs_options *opt);
bool snfs_udp_instead(struct snfs_options *opt);
void snfs_timeout_set(struct rpc_timeout *timeout, const struct snfs_options *opt);
u32 snfs_transfer_size(u32 asked, u32 most, size_t payload);
u32 snfs_listing_size(u32 preferred, u32 rsize, size_t payload);
unsigned int snfs_nr_transports(const struct snfs_options *opt);
const char *snfs_proto_name(int proto);
const char *snfs_proto_option(int proto, bool ipv6);

/* mnt.c */

/**
 * struct snfs_mnt_res - the answer of MNT
 * @status: enum snfs_mountstat3, or an errno of UNIX
 * @fh: handle of the export's root
 * @nr_flavors: entries of @flavors
 * @flavors: security flavours that the server takes
 */
struct snfs_mnt_res {
	u32		status;
	struct snfs_fh	fh;
	u32		nr_flavors;
	u32		flavors[SNFS_MNT_MAXFLAVORS];
};

int snfs_mnt(struct snfs_server *server, struct fs_context *fc);
void snfs_umnt(struct snfs_server *server);
#if IS_ENABLED(CONFIG_KUNIT)
extern const struct rpc_procinfo snfs_mnt_procedures1[];
extern const struct rpc_procinfo snfs_mnt_procedures3[];
int snfs_mnt_decode_res1(struct xdr_stream *xdr, struct snfs_mnt_res *res);
int snfs_mnt_decode_res(struct xdr_stream *xdr, struct snfs_mnt_res *res);
#endif

/* flavor.c: security flavours; pure */
const char *snfs_flavor_name(rpc_authflavor_t flavor);
bool snfs_flavors_have(const struct snfs_flavors *list, rpc_authflavor_t flavor);
int snfs_flavors_parse(struct snfs_flavors *list, const char *text);
void snfs_flavors_choose(const struct snfs_flavors *asked, const struct snfs_mnt_res *res,
			 struct snfs_flavors *list);

/* Does a flavour need rpc.gssd? sunrpc numbers those of Kerberos above all others. */
static inline bool snfs_flavor_is_gss(rpc_authflavor_t flavor)
{
	return flavor > RPC_AUTH_MAXFLAVOR;
}

/* tls.c */
int snfs_tls_parse(struct fs_context *fc, const char *text, enum snfs_tls *tls);
const char *snfs_tls_name(enum snfs_tls tls);
bool snfs_tls_explain(struct snfs_server *server, struct fs_context *fc, int err);
void snfs_tls_settle(struct rpc_clnt *clnt);

/* security.c */
int snfs_security_use(struct snfs_server *server, struct fs_context *fc);
bool snfs_security_use_other(struct snfs_server *server, struct fs_context *fc, int err);
void snfs_security_no_ticket(struct snfs_server *server, struct fs_context *fc, int err,
			     bool mounted);

/* rpc.c */
static inline bool snfs_served_from_cache(const struct snfs_server *server, int err)
{
	return err == -ETIMEDOUT && server->opt.flags & SNFS_OPT_SOFTREVAL;
}

int snfs_rpc_init(void);
void snfs_rpc_exit(void);
struct snfs_op *snfs_op_alloc(struct snfs_server *server, const struct cred *cred, gfp_t gfp);
void snfs_op_set_inode(struct snfs_op *op, unsigned int n, struct inode *inode);
int snfs_op_start(struct snfs_op *op, snfs_verb_fn verb);
int snfs_op_wait(struct snfs_op *op);
int snfs_op_wait_until(struct snfs_op *op, unsigned long deadline);
int snfs_op_call(struct snfs_op *op, snfs_verb_fn verb);
void snfs_op_cancel(struct snfs_server *server, const void *private);
void snfs_op_put(struct snfs_op *op);
void snfs_op_drain(struct snfs_server *server);
int snfs_rpc_start(struct snfs_op *op, enum snfs_verb verb, const struct rpc_procinfo *proc);

/* groups.c */
const struct cred *snfs_groups_cred(const struct snfs_op *op);

/* errno.c */
int snfs_stat_to_errno(u32 status);
const char *snfs_mountstat_text(u32 status, int *err);

/* proc2.c */
extern const struct snfs_proto_ops snfs2_proto_ops;

/* proc3.c */
extern const struct snfs_proto_ops snfs3_proto_ops;

/* xdr3.c */
extern const struct rpc_procinfo snfs3_procedures[];
extern const struct rpc_version snfs3_version;

/* inode.c */
int snfs_inode_cache_init(void);
void snfs_inode_cache_exit(void);
struct inode *snfs_alloc_inode(struct super_block *sb);
void snfs_free_inode(struct inode *inode);
void snfs_evict_inode(struct inode *inode);
struct inode *snfs_iget(struct super_block *sb, const struct snfs_fh *fh,
			const struct snfs_fattr *attr, u64 sent);
void snfs_inode_set_stale(struct inode *inode);
int snfs_drop_inode(struct inode *inode);

/* attr.c */
void snfs_attr_begin(struct inode *inode);
void snfs_attr_end_apply(struct inode *inode, const struct snfs_reply *reply);
void snfs_attr_apply(struct inode *inode, const struct snfs_reply *reply);
int snfs_attr_fetch(struct snfs_server *server, const struct cred *cred,
		    const struct snfs_fh *fh, struct snfs_fattr *attr, u64 *sent);
void snfs_attr_apply_found(struct inode *inode, const struct snfs_fattr *attr, u64 sent);
void snfs_attr_ctime_ours(struct inode *inode);
void snfs_attr_expire(struct inode *inode);
void snfs_attr_distrust(struct inode *inode);
u32 snfs_attr_perm_ver(struct inode *inode);
bool snfs_attr_perm_holds(struct inode *inode, u64 sent, u32 before, u32 *perm_ver);
void snfs_attr_perm_changed(struct inode *inode);
int snfs_revalidate(struct inode *inode);
bool snfs_attr_within(struct inode *inode);
bool snfs_attr_perm_within(struct inode *inode);
bool snfs_attr_younger(struct inode *inode, u64 age);
int snfs_revalidate_since(struct inode *inode, u64 when);
int snfs_getattr(snfs_idmap_t *idmap, const struct path *path, struct kstat *stat,
		 u32 request_mask, unsigned int flags);
int snfs_setattr(snfs_idmap_t *idmap, struct dentry *dentry, struct iattr *attr);

/* mapping.c */
bool snfs_mapping_is_current(struct inode *inode);
int snfs_revalidate_mapping(struct inode *inode);

/* access.c */
int snfs_permission(snfs_idmap_t *idmap, struct inode *inode, int mask);
int snfs_access_open(struct inode *inode, const struct cred *cred, u32 want, bool cto);
void snfs_access_forget(struct inode *inode);
void snfs_squash_notice(const struct snfs_op *op);

/* acl.c */
int snfs_acl_connect(struct snfs_server *server);
void snfs_acl_init_super(struct super_block *sb);
void snfs_acl_init_inode(struct inode *inode);
void snfs_acl_forget(struct inode *inode);
struct posix_acl *snfs_get_acl(struct inode *inode, int type, bool rcu);
int snfs_set_acl(snfs_idmap_t *idmap, snfs_acl_target_t *target, struct posix_acl *acl,
		 int type);
ssize_t snfs_listxattr(struct dentry *dentry, char *list, size_t size);
int snfs_acl_new_mode(struct inode *dir, umode_t *mode);
u64 snfs_acl_none_inherited(struct inode *dir);
void snfs_acl_set_none(struct inode *inode);

/* lookup.c */
extern const struct dentry_operations snfs_dentry_operations;
struct dentry *snfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
void snfs_dentry_verified(struct dentry *dentry, u32 data_ver);
u32 snfs_dir_ver(struct inode *dir);
int snfs_lookup_call(struct inode *dir, const struct qstr *name, bool fallible,
		     struct inode **inode);

/* namei.c */
extern const struct inode_operations snfs_special_inode_operations;
extern const struct inode_operations snfs_dir_inode_operations;

/* sillyrename.c */
struct snfs_silly;
int snfs_sillyrename(struct inode *dir, struct dentry *dentry);
void snfs_sillyrename_finish(struct dentry *dentry, struct inode *inode);
void snfs_sillyrename_free(struct snfs_silly *silly);
bool snfs_is_sillyname(const struct snfs_name *name);
bool snfs_sillyrename_removing(const struct inode *dir, const struct snfs_name *name);
int snfs_sillyrename_settle(const struct inode *dir);

/* dirfetch.c */
void snfs_dir_ahead(struct dentry *parent, const struct qstr *name);

/* readdir.c */
extern const struct file_operations snfs_dir_file_operations;
void snfs_dircache_drop(struct inode *dir);
void snfs_dircache_free(struct inode *dir);

/* symlink.c */
bool snfs_symlink_is(struct inode *inode, const char *target);
extern const struct inode_operations snfs_symlink_inode_operations;
extern const struct address_space_operations snfs_symlink_aops;

/* file.c */
extern const struct inode_operations snfs_file_inode_operations;
extern const struct file_operations snfs_file_operations;
extern const struct address_space_operations snfs_file_aops;

/* open.c */
struct snfs_open *snfs_open_get(struct snfs_open *open);
void snfs_open_put(struct snfs_open *open);
int snfs_open_file(struct inode *inode, struct file *file);
bool snfs_only_others_write(struct inode *inode);
int snfs_open_created(struct inode *inode, struct file *file);
int snfs_file_release(struct inode *inode, struct file *file);

/* lock.c */
int snfs_file_lock(struct file *file, int cmd, struct file_lock *fl);
int snfs_file_flock(struct file *file, int cmd, struct file_lock *fl);
void snfs_lock_stop(struct snfs_server *server);

/* prefetch.c */
struct snfs_prefetch;
struct snfs_prefetch *snfs_prefetch_start(struct inode *inode, const struct file *file);
bool snfs_prefetch_finish(struct snfs_prefetch *p, struct inode *inode, bool opened);
void snfs_prefetch_judge(struct snfs_server *server, bool used);

/* read.c */
int snfs_read_folio(struct file *file, struct folio *folio);
void snfs_readahead(struct readahead_control *rac);

/* write.c */
void snfs_extend(struct inode *inode, loff_t pos);
void snfs_grow(struct inode *inode, loff_t size);
int snfs_write_make_room(struct folio *folio, struct snfs_open *open, size_t from, size_t to);
ssize_t snfs_file_write_iter(struct kiocb *iocb, struct iov_iter *from);

/* writeback.c */
int snfs_writeback_init(void);
void snfs_writeback_exit(void);
int snfs_writeback_prepare(struct inode *inode);
void snfs_wb_free(struct inode *inode);
void snfs_writeback_closed(struct inode *inode);
bool snfs_has_dirty(struct inode *inode);
int snfs_writeback_wait(struct inode *inode);
int snfs_writeback_flush(struct inode *inode);
void snfs_writeback_answered(struct inode *inode, u64 sent);
int snfs_writeback_tell(struct inode *inode);
int snfs_writeback_settle(struct folio *folio);

/* mmap.c */
int snfs_file_mmap(SNFS_MMAP_ARGS);

/* direct.c */
ssize_t snfs_direct_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t snfs_direct_write(struct kiocb *iocb, struct iov_iter *from);

#endif /* _SNFS_H */
