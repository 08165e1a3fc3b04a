// SPDX-License-Identifier: GPL-2.0
/* v2server: fattr and sattr of RFC 1094 sections 2.3.5 and 2.3.6, and what Unix made of them */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "v2server.h"

/* ftype; RFC 1094 ends with links, what follows is of later servers */
enum { NFNON, NFREG, NFDIR, NFBLK, NFCHR, NFLNK, NFSOCK, NFBAD, NFFIFO };

#define UNSET		0xffffffffu
/* The device number that makes a character device a named pipe */
#define FIFO_DEV	0xffffffffu
/* The number of microseconds that means the server's time */
#define SERVER_TIME	1000000

/* ------------------------------------------------------------ attributes -- */

uint32_t wire_ino(uint64_t ino)
{
	return ino ^ ino >> 32;
}

/* 16 bits for what fits into them, as of old; 32 as Linux encodes them for the rest */
static uint32_t wire_rdev(dev_t dev)
{
	return (minor(dev) & 0xff) | major(dev) << 8 | (minor(dev) & ~0xffu) << 12;
}

uint64_t wire_dev(uint32_t rdev)
{
	return makedev((rdev & 0xfff00) >> 8, (rdev & 0xff) | (rdev >> 12 & 0xfff00));
}

static uint32_t file_type(mode_t mode)
{
	if (odd.rfctype && (S_ISSOCK(mode) || S_ISFIFO(mode)))
		return NFNON;
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NFREG;
	case S_IFDIR:
		return NFDIR;
	case S_IFBLK:
		return NFBLK;
	case S_IFCHR:
		return NFCHR;
	case S_IFLNK:
		return NFLNK;
	case S_IFSOCK:
		return NFSOCK;
	case S_IFIFO:
		return odd.fifotype ? NFFIFO : NFCHR;
	}
	return NFBAD;
}

static uint32_t file_rdev(const struct stat *st)
{
	if (S_ISFIFO(st->st_mode))
		return odd.fifotype ? 0 : FIFO_DEV;
	return S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode) ? wire_rdev(st->st_rdev) : 0;
}

static uint32_t file_mode(mode_t mode)
{
	return odd.notype ? mode & ~S_IFMT : mode;
}

static void put_time(struct call *c, const struct timespec *time)
{
	put32(c, time->tv_sec);
	put32(c, time->tv_nsec / 1000);
}

void put_fattr(struct call *c, const struct stat *st)
{
	put32(c, file_type(st->st_mode));
	put32(c, file_mode(st->st_mode));
	put32(c, odd.set_nlink ? odd.nlink : st->st_nlink);
	put32(c, odd.set_uid ? odd.uid : st->st_uid);
	put32(c, odd.set_gid ? odd.gid : st->st_gid);
	put32(c, st->st_size > UINT32_MAX ? UINT32_MAX : st->st_size);
	put32(c, odd.blocksize ? odd.blocksize : (uint32_t)st->st_blksize);
	put32(c, file_rdev(st));
	put32(c, st->st_blocks);
	put32(c, odd.set_fsid ? odd.fsid : wire_rdev(st->st_dev));
	put32(c, wire_ino(st->st_ino));
	put_time(c, &st->st_atim);
	put_time(c, &st->st_mtim);
	put_time(c, &st->st_ctim);
}

/* --------------------------------------------------------------- setting -- */

static bool get_time(struct call *c, struct timespec *time)
{
	uint32_t sec = get32(c), usec = get32(c);

	time->tv_sec = sec;
	time->tv_nsec = usec * 1000l;
	if (sec == UNSET || usec == UNSET)
		time->tv_nsec = UTIME_OMIT;
	else if (usec == SERVER_TIME)
		time->tv_nsec = UTIME_NOW;
	else if (usec > SERVER_TIME)
		c->bad = true;
	return time->tv_nsec == UTIME_NOW;
}

void get_sattr(struct call *c, struct sattr *sattr)
{
	sattr->mode = get32(c);
	sattr->uid = get32(c);
	sattr->gid = get32(c);
	sattr->size = get32(c);
	/* Some clients of old meant a 16-bit -1. */
	sattr->set_mode = sattr->mode != UNSET && sattr->mode != 0xffff;
	sattr->set_uid = sattr->uid != UNSET;
	sattr->set_gid = sattr->gid != UNSET;
	sattr->set_size = sattr->size != UNSET;
	get_time(c, &sattr->times[0]);
	/* With mtime Sun's convention is about both, so that who may write may do it. */
	if (get_time(c, &sattr->times[1]))
		sattr->times[0].tv_nsec = UTIME_NOW;
}

static int set_size(const struct node *n, uint32_t size, const struct cred *cred)
{
	int fd, error = 0;

	if (S_ISDIR(n->st.st_mode))
		return EISDIR;
	fd = fs_open_data(n, O_WRONLY, cred);
	if (fd < 0)
		return -fd;
	if (ftruncate(fd, size) || fsync(fd))
		error = errno;
	close(fd);
	return error;
}

/* Owner before mode: chown takes the set-id bits away. */
static int set_others(const struct node *n, const struct sattr *sattr)
{
	uid_t uid = sattr->set_uid ? sattr->uid : (uid_t)-1;
	gid_t gid = sattr->set_gid ? sattr->gid : (gid_t)-1;
	const struct timespec *times = sattr->times;

	if ((sattr->set_uid || sattr->set_gid) && fchownat(n->fd, "", uid, gid, AT_EMPTY_PATH))
		return errno;
	if (sattr->set_mode && chmod(fs_path(n), sattr->mode & 07777))
		return errno;
	if ((times[0].tv_nsec != UTIME_OMIT || times[1].tv_nsec != UTIME_OMIT) &&
	    utimensat(n->fd, "", times, AT_EMPTY_PATH))
		return errno;
	return 0;
}

uint32_t set_attributes(const struct node *n, const struct sattr *sattr, const struct cred *cred)
{
	int error = sattr->set_size ? set_size(n, sattr->size, cred) : 0;

	if (!error) {
		as_caller(cred);
		error = set_others(n, sattr);
		as_root();
	}
	return fs_status(error);
}
