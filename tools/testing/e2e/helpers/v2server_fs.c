// SPDX-License-Identifier: GPL-2.0
/*
 * v2server: objects of the served trees and their handles
 *
 * A file handle holds the device number and the kernel's handle (name_to_handle_at), so it stays
 * good through renames and through a new start of the server.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "v2server.h"

#define MAX_DIRS	16
#define MAX_TREES	64
#define MAGIC		0x76326668	/* v2fh */

/* What is in a handle on the wire; in our byte order, as it is nobody else's matter */
struct wire_handle {
	uint32_t magic;
	uint8_t type, len, zero[2];
	uint64_t dev;
	uint8_t bytes[16];
};

_Static_assert(sizeof(struct wire_handle) == FHSIZE, "a handle has 32 bytes");

static char *dirs[MAX_DIRS];
static size_t nr_dirs;

/* Where the file system of a device is mounted */
static struct { uint64_t dev; char *path; } trees[MAX_TREES];
static size_t nr_trees;

uint32_t fs_status(int error)
{
	static const struct { int error; uint32_t status; } map[] = {
		{ 0, NFS_OK },			{ EPERM, NFSERR_PERM },
		{ ENOENT, NFSERR_NOENT },	{ EIO, NFSERR_IO },
		{ ENXIO, NFSERR_NXIO },		{ EACCES, NFSERR_ACCES },
		{ EEXIST, NFSERR_EXIST },	{ EXDEV, NFSERR_XDEV },
		{ ENODEV, NFSERR_NODEV },	{ ENOTDIR, NFSERR_NOTDIR },
		{ EISDIR, NFSERR_ISDIR },	{ EINVAL, NFSERR_INVAL },
		{ EFBIG, NFSERR_FBIG },		{ ENOSPC, NFSERR_NOSPC },
		{ EROFS, NFSERR_ROFS },		{ EMLINK, NFSERR_MLINK },
		{ ENAMETOOLONG, NFSERR_NAMETOOLONG },
		{ ENOTEMPTY, NFSERR_NOTEMPTY },	{ EDQUOT, NFSERR_DQUOT },
		{ ESTALE, NFSERR_STALE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (map[i].error == error)
			return map[i].status;
	return NFSERR_IO;
}

/* ---------------------------------------------------------------- rights -- */

/*
 * With a file system uid that is not 0 the kernel takes away what lets root by (capabilities(7)),
 * and gives it back with uid 0.
 */
void as_caller(const struct cred *cred)
{
	if (setgroups(cred->nr_groups, cred->groups))
		err(1, "setgroups");
	setfsgid(cred->gid);
	setfsuid(cred->uid);
}

void as_root(void)
{
	setfsuid(0);
	setfsgid(0);
	setgroups(0, NULL);
}

/* ----------------------------------------------------------------- trees -- */

void fs_serve(const char *dir)
{
	if (nr_dirs == MAX_DIRS)
		errx(2, "more than %d directories", MAX_DIRS);
	dirs[nr_dirs] = realpath(dir, NULL);
	if (!dirs[nr_dirs++])
		err(1, "%s", dir);
}

const char *fs_served(size_t i)
{
	return i < nr_dirs ? dirs[i] : NULL;
}

static bool is_served(const char *path)
{
	size_t i, len;

	for (i = 0; i < nr_dirs; i++) {
		len = strlen(dirs[i]);
		if (!strncmp(path, dirs[i], len) && (path[len] == '/' || !path[len]))
			return true;
	}
	return false;
}

static int open_dir(const char *path, uint64_t dev)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || st.st_dev != dev)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Of two paths to a device the one known first stays, for as long as it leads there. */
static void know_tree(const char *path, uint64_t dev)
{
	size_t i;

	for (i = 0; i < nr_trees && trees[i].dev != dev; i++)
		;
	if (i == MAX_TREES)
		errx(1, "more than %d file systems", MAX_TREES);
	if (i == nr_trees)
		nr_trees++;
	free(trees[i].path);
	trees[i].dev = dev;
	trees[i].path = strdup(path);
	if (!trees[i].path)
		err(1, "strdup");
}

static int search_path(const char *path, uint64_t dev)
{
	int fd = is_served(path) ? open_dir(path, dev) : -1;

	if (fd >= 0)
		know_tree(path, dev);
	return fd;
}

/* A handle from before our start, or of a file system that was mounted elsewhere */
static int search_tree(uint64_t dev)
{
	char line[4096], path[4096];
	FILE *mounts = fopen("/proc/self/mountinfo", "r");
	int fd = -1;
	size_t i;

	while (mounts && fd < 0 && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*d %*d %*s %*s %4095s", path) == 1)
			fd = search_path(path, dev);
	if (mounts)
		fclose(mounts);
	for (i = 0; fd < 0 && i < nr_dirs; i++)
		fd = search_path(dirs[i], dev);
	return fd;
}

/* A descriptor in the file system. It is not kept, for that can be unmounted between calls. */
static int open_tree_of(uint64_t dev)
{
	size_t i;
	int fd;

	for (i = 0; i < nr_trees; i++) {
		if (trees[i].dev != dev)
			continue;
		fd = open_dir(trees[i].path, dev);
		if (fd >= 0)
			return fd;
	}
	return search_tree(dev);
}

/* ----------------------------------------------------------------- nodes -- */

static uint32_t node_init(struct node *n, int fd)
{
	n->fd = fd;
	if (fd < 0)
		return fs_status(errno);
	if (fstat(fd, &n->st)) {
		close(fd);
		return NFSERR_STALE;
	}
	return NFS_OK;
}

void fs_put(struct node *n)
{
	close(n->fd);
}

uint32_t fs_get(const uint8_t *fh, struct node *n)
{
	struct { struct file_handle head; uint8_t bytes[16]; } kernel;
	struct wire_handle wire;
	int tree, fd;

	memcpy(&wire, fh, sizeof(wire));
	if (wire.magic != MAGIC || wire.len > sizeof(wire.bytes))
		return NFSERR_STALE;
	tree = open_tree_of(wire.dev);
	if (tree < 0)
		return NFSERR_STALE;
	kernel.head.handle_bytes = wire.len;
	kernel.head.handle_type = wire.type;
	memcpy(kernel.head.f_handle, wire.bytes, sizeof(wire.bytes));
	fd = open_by_handle_at(tree, &kernel.head, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	close(tree);
	return fd < 0 ? NFSERR_STALE : node_init(n, fd);
}

uint32_t fs_get_dir(const uint8_t *fh, struct node *n)
{
	uint32_t status = fs_get(fh, n);

	if (!status && !S_ISDIR(n->st.st_mode)) {
		fs_put(n);
		status = NFSERR_NOTDIR;
	}
	return status;
}

uint32_t fs_get_path(const char *path, struct node *n)
{
	char real[4096];
	uint32_t status;

	if (!realpath(path, real))
		return fs_status(errno);
	if (!is_served(real))
		return NFSERR_ACCES;
	status = node_init(n, open(real, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (!status)
		know_tree(real, n->st.st_dev);
	return status;
}

/* ".." does not lead out of a file system; a mount in a directory is walked into. */
uint32_t fs_lookup(const struct node *dir, const char *name, struct node *n)
{
	uint32_t status = node_init(n, openat(dir->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));

	if (!status && !strcmp(name, "..") && n->st.st_dev != dir->st.st_dev) {
		fs_put(n);
		status = node_init(n, openat(dir->fd, ".", O_PATH | O_CLOEXEC));
	}
	return status;
}

uint32_t fs_handle(const struct node *n, uint8_t *fh)
{
	struct { struct file_handle head; uint8_t bytes[16]; } kernel;
	struct wire_handle wire = { .magic = MAGIC, .dev = n->st.st_dev };
	int mount_id;

	kernel.head.handle_bytes = sizeof(wire.bytes);
	if (name_to_handle_at(n->fd, "", &kernel.head, &mount_id, AT_EMPTY_PATH))
		return fs_status(errno);
	wire.type = kernel.head.handle_type;
	wire.len = kernel.head.handle_bytes;
	memcpy(wire.bytes, kernel.head.f_handle, wire.len);
	memcpy(fh, &wire, sizeof(wire));
	return NFS_OK;
}

const char *fs_path(const struct node *n)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", n->fd);
	return path;
}

int fs_open(const struct node *n, int flags)
{
	int fd;

	if (!S_ISREG(n->st.st_mode) && !S_ISDIR(n->st.st_mode))
		return -EINVAL;
	fd = open(fs_path(n), flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* access(2) would ask for our own uid. */
static bool may_execute(const struct node *n)
{
	return !faccessat(AT_FDCWD, fs_path(n), X_OK, AT_EACCESS);
}

/*
 * The client asked for the rights when the file was opened, maybe before a chmod. Whoever may run
 * a program may read it, as a server cannot tell one from the other.
 */
int fs_open_data(const struct node *n, int flags, const struct cred *cred)
{
	int fd;

	as_caller(cred);
	fd = fs_open(n, flags);
	if (fd == -EACCES && (cred->uid == n->st.st_uid ||
			      (flags == O_RDONLY && may_execute(n)))) {
		as_root();
		fd = fs_open(n, flags);
	}
	as_root();
	return fd;
}
