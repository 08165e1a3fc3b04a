/* SPDX-License-Identifier: GPL-2.0 */
/* v2server.h - what the files of v2server share; its head is in v2server.c */
#ifndef V2SERVER_H
#define V2SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* RFC 1094 section 2.2 and 2.3 */
#define FHSIZE		32
#define MAXDATA		8192
#define MAXNAME		255
#define MAXPATH		1024

#define NFS_PROGRAM	100003
#define NFS_PROCS	18
#define MOUNT_PROGRAM	100005

/* A call and any reply with their headers fit into this. */
#define MAX_MESSAGE	(MAXDATA + 4096)

/* RFC 1094 section 2.3.1, and two that all Unix servers send */
enum {
	NFS_OK = 0, NFSERR_PERM = 1, NFSERR_NOENT = 2, NFSERR_IO = 5, NFSERR_NXIO = 6,
	NFSERR_ACCES = 13, NFSERR_EXIST = 17, NFSERR_XDEV = 18, NFSERR_NODEV = 19,
	NFSERR_NOTDIR = 20, NFSERR_ISDIR = 21, NFSERR_INVAL = 22, NFSERR_FBIG = 27,
	NFSERR_NOSPC = 28, NFSERR_ROFS = 30, NFSERR_MLINK = 31, NFSERR_NAMETOOLONG = 63,
	NFSERR_NOTEMPTY = 66, NFSERR_DQUOT = 69, NFSERR_STALE = 70,
};

struct cred {
	uid_t uid;
	gid_t gid, groups[16];
	size_t nr_groups;
};

/* A call: what of its arguments is not read yet, and where its reply goes on */
struct call {
	const uint8_t *in, *in_end;
	uint8_t *out, *out_end;
	bool bad;		/* the arguments are not what the RFC says */
	uint32_t xid, proc;
	struct cred cred;
	struct sockaddr_storage peer;
};

/* ---------------------------------------------------------- v2server_xdr.c */

uint32_t get32(struct call *c);
/* @len bytes as they are; zeroes if there are not as many */
const uint8_t *get_bytes(struct call *c, size_t len);
/* opaque<max> or string<max>; NULL if it is longer or not there */
const uint8_t *get_opaque(struct call *c, size_t max, size_t *len);
/* A string of 1 to @max characters none of which is NUL, into @text of @max + 1 bytes */
void get_string(struct call *c, char *text, size_t max);
void put32(struct call *c, uint32_t v);
void put_bytes(struct call *c, const void *p, size_t len);
void put_opaque(struct call *c, const void *p, size_t len);

/* ---------------------------------------------------------- v2server_rpc.c */

struct procedure {
	const char *name;	/* NULL: there is none of this number */
	void (*run)(struct call *c);
	bool once;		/* doing it twice is not doing it once */
};

struct program {
	uint32_t number, low, high;
	const struct procedure *procs;
	uint32_t nr_procs;
};

enum { SERVE_NFS = 1, SERVE_MOUNT = 2 };

/* Returns the length of the answer to the call in @msg; 0: none */
size_t rpc_answer(struct call *c, int serve, const uint8_t *msg, size_t len,
		  uint8_t *out, size_t size);
/* Counts in the file that the tests read: the number after @name goes up */
void count(const char *name);
void count_into(const char *file);

/* -------------------------------------------------------- v2server_cache.c */

/* The reply to the same call of the same peer before, its length; 0: none */
size_t cache_find(const struct call *c, const uint8_t *msg, size_t len, uint8_t *out);
void cache_keep(const struct call *c, const uint8_t *msg, size_t len,
		const uint8_t *reply, size_t reply_len);

/* ----------------------------------------------------------- v2server_fs.c */

/* An object of a served tree, by an O_PATH descriptor */
struct node {
	int fd;
	struct stat st;
};

void fs_serve(const char *dir);
/* The directories that are served, and everything below them; NULL after the last */
const char *fs_served(size_t i);
uint32_t fs_status(int error);
/* These return a status; a node got from one must be put. */
uint32_t fs_get(const uint8_t *fh, struct node *n);
uint32_t fs_get_dir(const uint8_t *fh, struct node *n);
uint32_t fs_get_path(const char *path, struct node *n);
uint32_t fs_lookup(const struct node *dir, const char *name, struct node *n);
uint32_t fs_handle(const struct node *n, uint8_t *fh);
void fs_put(struct node *n);
/* Opens a regular file or directory for use; a negative number is -errno */
int fs_open(const struct node *n, int flags);
/* The same for the contents of a file, where its owner may do what its mode forbids */
int fs_open_data(const struct node *n, int flags, const struct cred *cred);
/* A path to the object itself, for calls that take no descriptor; valid until the next */
const char *fs_path(const struct node *n);
/* What comes next is done with the caller's rights, with ours */
void as_caller(const struct cred *cred);
void as_root(void);

/* --------------------------------------------------------- v2server_attr.c */

/* sattr; a member is set if its bit is */
struct sattr {
	bool set_mode, set_uid, set_gid, set_size;
	uint32_t mode, uid, gid, size;
	struct timespec times[2];	/* atime, mtime; UTIME_OMIT if not set */
};

uint32_t wire_ino(uint64_t ino);
uint64_t wire_dev(uint32_t rdev);
void put_fattr(struct call *c, const struct stat *st);
void get_sattr(struct call *c, struct sattr *sattr);
uint32_t set_attributes(const struct node *n, const struct sattr *sattr, const struct cred *cred);

/* ---------------------------------------------------------- v2server_dir.c */

uint32_t nfs_readdir(struct call *c);

/* ------------------------------------------- v2server_nfs.c, v2server_mount.c */

extern const struct program nfs_program, mount_program;

/* --------------------------------------------------------- v2server_odd.c */

/* How the server is odd just now; see v2server.c */
struct odd {
	bool notype, fifotype, rfctype, nulnames, randomcookies, lateeof, nocache, twice, empty;
	bool noexport, root;
	uint32_t tsize, blocksize, fsid, uid, gid, nlink, entries, cut, drop, lose, slow, slow_nth;
	bool set_fsid, set_uid, set_gid, set_nlink, set_cut;
};

extern struct odd odd;

/* Reads the words of this file anew, if they are others */
void odd_read(const char *file);
/* The status that this call is to fail with; NFS_OK: none */
uint32_t odd_failure(uint32_t proc);
/* Whether this is one of those of which every @nth is meant; 0: none is */
bool odd_turn(uint32_t nth, uint32_t *counter);

/* ------------------------------------------------------ v2server_rpcbind.c */

void rpcbind_register(uint32_t program, uint32_t version, int port);

/* ---------------------------------------------------------- v2server_net.c */

void net_listen(int port, int serve, bool anywhere);
void net_serve(const char *words);

#endif
