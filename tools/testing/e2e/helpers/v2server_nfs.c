// SPDX-License-Identifier: GPL-2.0
/* v2server: the procedures of NFS version 2 (RFC 1094 section 2.2), READDIR apart */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "v2server.h"

#define MAX_FILE	0x7fffffffu

/* A directory and a name in it */
struct diropargs {
	const uint8_t *fh;
	char name[MAXNAME + 1];
};

static void get_diropargs(struct call *c, struct diropargs *args)
{
	args->fh = get_bytes(c, FHSIZE);
	get_string(c, args->name, MAXNAME);
	if (strchr(args->name, '/'))
		c->bad = true;
}

/* The object that a call is about. Of a call that is bad the status does not matter (nfs_run()). */
static uint32_t get_node(const struct call *c, const uint8_t *fh, struct node *n)
{
	return c->bad ? NFSERR_STALE : fs_get(fh, n);
}

static uint32_t get_dir(const struct call *c, const struct diropargs *args, struct node *dir)
{
	return c->bad ? NFSERR_STALE : fs_get_dir(args->fh, dir);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static uint32_t transfer_size(void)
{
	return odd.tsize ? odd.tsize : MAXDATA;
}

/* The attributes as they are now, and the node is put */
static uint32_t put_attrstat(struct call *c, struct node *n)
{
	uint32_t status = fstat(n->fd, &n->st) ? fs_status(errno) : NFS_OK;

	if (!status)
		put_fattr(c, &n->st);
	fs_put(n);
	return status;
}

static uint32_t put_diropres(struct call *c, struct node *n)
{
	uint8_t fh[FHSIZE];
	uint32_t status = fs_handle(n, fh);

	if (status) {
		fs_put(n);
		return status;
	}
	put_bytes(c, fh, FHSIZE);
	return put_attrstat(c, n);
}

/* ------------------------------------------------------------ attributes -- */

static uint32_t nfs_getattr(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	struct node n;
	uint32_t status = get_node(c, fh, &n);

	return status ? status : put_attrstat(c, &n);
}

static uint32_t nfs_setattr(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	struct sattr sattr;
	struct node n;
	uint32_t status;

	get_sattr(c, &sattr);
	status = get_node(c, fh, &n);
	if (status)
		return status;
	status = set_attributes(&n, &sattr, &c->cred);
	if (!status)
		return put_attrstat(c, &n);
	fs_put(&n);
	return status;
}

static uint32_t nfs_statfs(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	struct statfs fs;
	uint64_t block;
	struct node n;
	uint32_t status = get_node(c, fh, &n);

	if (status)
		return status;
	if (fstatfs(n.fd, &fs))
		status = fs_status(errno);
	fs_put(&n);
	if (status)
		return status;
	/* Larger blocks, if their number would not fit */
	block = odd.blocksize ? odd.blocksize : fs.f_bsize;
	while (fs.f_blocks * fs.f_bsize / block > INT32_MAX)
		block *= 2;
	put32(c, transfer_size());
	put32(c, block);
	put32(c, fs.f_blocks * fs.f_bsize / block);
	put32(c, fs.f_bfree * fs.f_bsize / block);
	put32(c, fs.f_bavail * fs.f_bsize / block);
	return NFS_OK;
}

/* ----------------------------------------------------------------- names -- */

static uint32_t nfs_lookup(struct call *c)
{
	struct diropargs args;
	struct node dir, n;
	uint32_t status;

	get_diropargs(c, &args);
	status = get_dir(c, &args, &dir);
	if (status)
		return status;
	as_caller(&c->cred);
	status = fs_lookup(&dir, args.name, &n);
	as_root();
	fs_put(&dir);
	return status ? status : put_diropres(c, &n);
}

static uint32_t nfs_readlink(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	char target[MAXPATH + 1] = "";
	ssize_t len;
	struct node n;
	uint32_t status = get_node(c, fh, &n);

	if (status)
		return status;
	len = S_ISLNK(n.st.st_mode) ? readlinkat(n.fd, "", target, sizeof(target)) : -1;
	if (!S_ISLNK(n.st.st_mode))
		status = NFSERR_INVAL;
	else if (len < 0)
		status = fs_status(errno);
	else if (len > MAXPATH)
		status = NFSERR_NAMETOOLONG;
	else
		put_opaque(c, target, len + odd.nulnames);
	fs_put(&n);
	return status;
}

/* What REMOVE and RMDIR have in common */
static uint32_t unlink_name(struct call *c, int flags)
{
	struct diropargs args;
	struct node dir;
	uint32_t status;

	get_diropargs(c, &args);
	status = get_dir(c, &args, &dir);
	if (status)
		return status;
	as_caller(&c->cred);
	if (unlinkat(dir.fd, args.name, flags))
		status = fs_status(errno);
	as_root();
	fs_put(&dir);
	return status;
}

static uint32_t nfs_remove(struct call *c)
{
	return unlink_name(c, 0);
}

static uint32_t nfs_rmdir(struct call *c)
{
	return unlink_name(c, AT_REMOVEDIR);
}

static uint32_t nfs_rename(struct call *c)
{
	struct diropargs from, to;
	struct node from_dir, to_dir;
	uint32_t status;

	get_diropargs(c, &from);
	get_diropargs(c, &to);
	status = get_dir(c, &from, &from_dir);
	if (status)
		return status;
	status = get_dir(c, &to, &to_dir);
	if (!status) {
		as_caller(&c->cred);
		if (renameat(from_dir.fd, from.name, to_dir.fd, to.name))
			status = fs_status(errno);
		as_root();
		fs_put(&to_dir);
	}
	fs_put(&from_dir);
	return status;
}

static uint32_t nfs_link(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	struct diropargs to;
	struct node n, dir;
	uint32_t status;

	get_diropargs(c, &to);
	status = get_node(c, fh, &n);
	if (status)
		return status;
	status = get_dir(c, &to, &dir);
	if (!status) {
		as_caller(&c->cred);
		/* The path is a link to the object itself, even if that is a symbolic one. */
		if (linkat(AT_FDCWD, fs_path(&n), dir.fd, to.name, AT_SYMLINK_FOLLOW))
			status = fs_status(errno);
		as_root();
		fs_put(&dir);
	}
	fs_put(&n);
	return status;
}

/* -------------------------------------------------------------- creation -- */

/* The creator is the owner already; root may have meant another. */
static uint32_t set_new(const struct node *n, struct sattr *sattr, const struct cred *cred)
{
	sattr->set_mode = false;
	if (cred->uid) {
		sattr->set_uid = false;
		sattr->set_gid = false;
	}
	return set_attributes(n, sattr, cred);
}

/*
 * RFC 1094 creates regular files only. By Sun's convention the mode's type bits say otherwise, and
 * the size is the device's number; a character device without is a named pipe.
 */
static mode_t wanted_type(const struct sattr *sattr)
{
	mode_t type = sattr->set_mode ? sattr->mode & S_IFMT : 0;

	if (type == S_IFCHR && !sattr->set_size)
		type = S_IFIFO;
	return type;
}

static uint32_t create_existing(struct node *n, struct sattr *sattr, const struct cred *cred)
{
	mode_t type = wanted_type(sattr), is = n->st.st_mode & S_IFMT;
	struct sattr size = { .set_size = sattr->set_size, .size = sattr->size };

	size.times[0].tv_nsec = UTIME_OMIT;
	size.times[1].tv_nsec = UTIME_OMIT;
	if (is == S_IFDIR || is == S_IFLNK || (type && type != is))
		return NFSERR_EXIST;
	return is == S_IFREG ? set_attributes(n, &size, cred) : NFS_OK;
}

static int make_node(const struct node *dir, const char *name, const struct sattr *sattr)
{
	mode_t type = wanted_type(sattr), mode = sattr->set_mode ? sattr->mode & 07777 : 0;
	int fd;

	if (type && type != S_IFREG)
		return mknodat(dir->fd, name, type | mode, wire_dev(sattr->size)) ? -errno : 0;
	fd = openat(dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static uint32_t create_in(struct node *dir, const char *name, struct sattr *sattr,
			  const struct cred *cred, struct node *n)
{
	mode_t type = wanted_type(sattr);
	uint32_t status;
	int error;

	as_caller(cred);
	status = fs_lookup(dir, name, n);
	as_root();
	if (!status) {
		status = create_existing(n, sattr, cred);
	} else if (status == NFSERR_NOENT) {
		as_caller(cred);
		error = make_node(dir, name, sattr);
		as_root();
		status = error ? fs_status(-error) : fs_lookup(dir, name, n);
		if (status)
			return status;
		if (type && type != S_IFREG)
			sattr->set_size = false;
		status = set_new(n, sattr, cred);
	} else {
		return status;
	}
	if (status)
		fs_put(n);
	return status;
}

static uint32_t nfs_create(struct call *c)
{
	struct diropargs args;
	struct sattr sattr;
	struct node dir, n;
	uint32_t status;

	get_diropargs(c, &args);
	get_sattr(c, &sattr);
	if (is_dots(args.name))
		return NFSERR_EXIST;
	status = get_dir(c, &args, &dir);
	if (status)
		return status;
	status = create_in(&dir, args.name, &sattr, &c->cred, &n);
	fs_put(&dir);
	return status ? status : put_diropres(c, &n);
}

static uint32_t nfs_mkdir(struct call *c)
{
	struct diropargs args;
	struct sattr sattr;
	struct node dir, n;
	uint32_t status;

	get_diropargs(c, &args);
	get_sattr(c, &sattr);
	status = get_dir(c, &args, &dir);
	if (status)
		return status;
	as_caller(&c->cred);
	if (mkdirat(dir.fd, args.name, sattr.set_mode ? sattr.mode & 07777 : 0777))
		status = fs_status(errno);
	as_root();
	if (!status)
		status = fs_lookup(&dir, args.name, &n);
	fs_put(&dir);
	if (status)
		return status;
	sattr.set_size = false;
	status = set_new(&n, &sattr, &c->cred);
	if (!status)
		return put_diropres(c, &n);
	fs_put(&n);
	return status;
}

static uint32_t nfs_symlink(struct call *c)
{
	struct diropargs args;
	char target[MAXPATH + 1];
	struct sattr sattr;
	struct node dir;
	uint32_t status;

	get_diropargs(c, &args);
	get_string(c, target, MAXPATH);
	get_sattr(c, &sattr);
	status = get_dir(c, &args, &dir);
	if (status)
		return status;
	as_caller(&c->cred);
	if (symlinkat(target, dir.fd, args.name))
		status = fs_status(errno);
	as_root();
	fs_put(&dir);
	return status;
}

/* -------------------------------------------------------------- contents -- */

static uint32_t nfs_read(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE);
	uint32_t offset = get32(c), bytes = get32(c), status;
	uint8_t data[MAXDATA];
	struct node n;
	ssize_t got = 0;
	int fd;

	if (bytes > transfer_size())
		bytes = transfer_size();
	status = get_node(c, fh, &n);
	if (status)
		return status;
	fd = S_ISDIR(n.st.st_mode) ? -EISDIR : fs_open_data(&n, O_RDONLY, &c->cred);
	if (fd >= 0) {
		got = pread(fd, data, bytes, offset);
		status = got < 0 ? fs_status(errno) : NFS_OK;
		close(fd);
	} else {
		status = fs_status(-fd);
	}
	if (status) {
		fs_put(&n);
		return status;
	}
	if (!fstat(n.fd, &n.st))
		put_fattr(c, &n.st);
	put_opaque(c, data, odd.empty ? 0 : got);
	fs_put(&n);
	return NFS_OK;
}

/*
 * All of it, and onto stable storage. As the caller, for it is by his rights that the kernel clears
 * set-id bits.
 */
static uint32_t write_stable(int fd, const uint8_t *data, size_t len, off_t offset,
			     const struct cred *cred)
{
	ssize_t done = 0;

	as_caller(cred);
	while (len && done >= 0) {
		done = pwrite(fd, data, len, offset);
		data += done;
		len -= done;
		offset += done;
	}
	if (done >= 0)
		done = fsync(fd);
	as_root();
	return done < 0 ? fs_status(errno) : NFS_OK;
}

static uint32_t nfs_write(struct call *c)
{
	const uint8_t *fh = get_bytes(c, FHSIZE), *data;
	uint32_t offset, status;
	struct node n;
	size_t len;
	int fd;

	get32(c);
	offset = get32(c);
	get32(c);
	data = get_opaque(c, MAXDATA, &len);
	if (len > transfer_size())
		return NFSERR_IO;
	if (offset + (uint64_t)len > MAX_FILE)
		return NFSERR_FBIG;
	status = get_node(c, fh, &n);
	if (status)
		return status;
	fd = S_ISDIR(n.st.st_mode) ? -EISDIR : fs_open_data(&n, O_WRONLY, &c->cred);
	status = fd < 0 ? fs_status(-fd) : write_stable(fd, data, len, offset, &c->cred);
	if (fd >= 0)
		close(fd);
	if (!status)
		return put_attrstat(c, &n);
	fs_put(&n);
	return status;
}

/* ------------------------------------------------------------- dispatch -- */

static uint32_t (*const results[NFS_PROCS])(struct call *c) = {
	[1] = nfs_getattr,	[2] = nfs_setattr,	[4] = nfs_lookup,
	[5] = nfs_readlink,	[6] = nfs_read,		[8] = nfs_write,
	[9] = nfs_create,	[10] = nfs_remove,	[11] = nfs_rename,
	[12] = nfs_link,	[13] = nfs_symlink,	[14] = nfs_mkdir,
	[15] = nfs_rmdir,	[16] = nfs_readdir,	[17] = nfs_statfs,
};

/* A status, and what follows if that is NFS_OK */
static void nfs_run(struct call *c)
{
	uint32_t status = odd_failure(c->proc);
	uint8_t *start = c->out;

	put32(c, NFS_OK);
	if (!status)
		status = results[c->proc](c);
	if (!status || c->bad)
		return;
	c->out = start;
	put32(c, status);
}

/* NULL, and ROOT and WRITECACHE, which have neither arguments nor results nor use */
static void nfs_void(struct call *c)
{
	(void)c;
}

static const struct procedure nfs_procs[NFS_PROCS] = {
	{ "null", nfs_void, false },		{ "getattr", nfs_run, false },
	{ "setattr", nfs_run, true },		{ "root", nfs_void, false },
	{ "lookup", nfs_run, false },		{ "readlink", nfs_run, false },
	{ "read", nfs_run, false },		{ "writecache", nfs_void, false },
	{ "write", nfs_run, true },		{ "create", nfs_run, true },
	{ "remove", nfs_run, true },		{ "rename", nfs_run, true },
	{ "link", nfs_run, true },		{ "symlink", nfs_run, true },
	{ "mkdir", nfs_run, true },		{ "rmdir", nfs_run, true },
	{ "readdir", nfs_run, false },		{ "statfs", nfs_run, false },
};

const struct program nfs_program = {
	.number = NFS_PROGRAM, .low = 2, .high = 2,
	.procs = nfs_procs, .nr_procs = ARRAY_SIZE(nfs_procs),
};
