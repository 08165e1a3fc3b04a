// SPDX-License-Identifier: GPL-2.0
/*
 * workload - ordinary work in a mount, its outcome compared with the server's side
 *
 *	workload MOUNT SERVER-DIR [IGNORE]
 *
 * Writes, reads, makes, renames, links and removes in MOUNT/work, and looks at SERVER-DIR/work
 * for what has become of it; then lists both, and "many" beside them. IGNORE has a letter for each
 * attribute that need not agree: i number, u owner, g group, n links, t times below a microsecond.
 * Prints the number of names compared.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE	150001
#define DIRECT	(128 * 1024)
#define FILES	20

static const char *mnt, *srv, *ignore = "";
static char *data, *got;
static long compared;

static void must(int ok, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (!ok)
		verr(1, format, ap);
	va_end(ap);
}

/* A path below MOUNT/work or SERVER-DIR/work; valid until the fourth call after this. */
static const char *in(const char *top, const char *name)
{
	static char paths[4][4096];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/work/%s", top, name);
	return path;
}

static void same_bytes(const char *path, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t i;

	must(fd >= 0, "open %s", path);
	memset(got, 0x55, size + 1);
	for (i = 0; i <= size; ) {
		ssize_t n = read(fd, got + i, size + 1 - i);

		must(n >= 0, "read %s at %zu", path, i);
		if (!n)
			break;
		i += n;
	}
	close(fd);
	if (i != size)
		errx(1, "%s has %zu bytes instead of %zu", path, i, size);
	for (i = 0; i < size; i++)
		if (got[i] != data[i])
			errx(1, "%s is wrong from byte %zu on", path, i);
}

static void forget(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	must(fd >= 0 && write(fd, "3", 1) == 1, "dropping caches");
	close(fd);
}

static void put(const char *name, int flags, size_t from, size_t len)
{
	int fd = open(in(mnt, name), O_WRONLY | flags, 0644);

	must(fd >= 0, "open %s to write", name);
	if (flags & O_APPEND)
		must(write(fd, data + from, len) == (ssize_t)len, "append to %s", name);
	else
		must(pwrite(fd, data + from, len, from) == (ssize_t)len, "write %s", name);
	must(!close(fd), "close %s", name);
}

static void buffered(void)
{
	put("data", O_CREAT | O_EXCL, 0, 70000);
	put("data", 0, 60000, 50000);
	put("data", O_APPEND, 110000, SIZE - 110000 - 9);
	put("data", O_APPEND, SIZE - 9, 9);
	same_bytes(in(srv, "data"), SIZE);
	same_bytes(in(mnt, "data"), SIZE);
	forget();
	same_bytes(in(mnt, "data"), SIZE);
	memset(data + 8547, 'x', 2331);
	put("data", 0, 8547, 2331);
	same_bytes(in(srv, "data"), SIZE);
	same_bytes(in(mnt, "data"), SIZE);
	must(!truncate(in(mnt, "data"), 5000), "truncate");
	same_bytes(in(srv, "data"), 5000);
	same_bytes(in(mnt, "data"), 5000);
}

static void unbuffered(void)
{
	int fd;

	put("direct", O_CREAT | O_DIRECT, 0, DIRECT);
	same_bytes(in(srv, "direct"), DIRECT);
	fd = open(in(mnt, "direct"), O_RDONLY | O_DIRECT);
	must(fd >= 0 && read(fd, got, DIRECT) == DIRECT, "direct read");
	close(fd);
	if (memcmp(got, data, DIRECT))
		errx(1, "a direct read is wrong");
}

static void fails(int ok, int expected, const char *what)
{
	if (ok || errno != expected)
		err(1, "%s: expected errno %d", what, expected);
}

static void names(void)
{
	char name[32];
	int i;

	must(!mkdir(in(mnt, "a"), 0750) && !mkdir(in(mnt, "a/b"), 0700) &&
	     !mkdir(in(mnt, "c"), 0755), "mkdir");
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "a/%d", i);
		put(name, O_CREAT, 0, i);
	}
	must(!link(in(mnt, "a/1"), in(mnt, "a/hard")), "link");
	must(!symlink("a/1", in(mnt, "soft")), "symlink");
	must(!mkfifo(in(mnt, "fifo"), 0600), "mkfifo");
	must(!rename(in(mnt, "a/2"), in(mnt, "c/moved")), "rename");
	must(!rename(in(mnt, "a/3"), in(mnt, "a/4")), "rename over a file");
	must(!rename(in(mnt, "a/b"), in(mnt, "c/b")), "rename of a directory");
	must(!unlink(in(mnt, "a/5")) && !unlink(in(mnt, "a/6")), "unlink");
	must(!rmdir(in(mnt, "c/b")), "rmdir");
	must(!chmod(in(mnt, "a/7"), 04751), "chmod");
	must(!lchown(in(mnt, "a/8"), 12, 34), "chown");
	must(readlink(in(mnt, "soft"), got, 9) == 3 && !memcmp(got, "a/1", 3), "readlink");
	fails(!mkdir(in(mnt, "a"), 0755), EEXIST, "mkdir of what exists");
	fails(!rmdir(in(mnt, "a")), ENOTEMPTY, "rmdir of what is not empty");
	fails(!access(in(mnt, "a/5"), F_OK), ENOENT, "what was removed");
}

/* ------------------------------------------------------------ comparing -- */

static int type_of(mode_t mode)
{
	return (mode & S_IFMT) >> 12;
}

static int same_time(const struct timespec *c, const struct timespec *s)
{
	int digit = strchr(ignore, 't') ? 1000 : 1;

	return c->tv_sec == s->tv_sec && c->tv_nsec / digit == s->tv_nsec / digit;
}

static void same_attributes(const char *path, const struct stat *c, const struct stat *s)
{
	if (c->st_mode != s->st_mode || (!S_ISDIR(s->st_mode) && c->st_size != s->st_size) ||
	    !same_time(&c->st_mtim, &s->st_mtim))
		errx(1, "%s: mode %o size %lld mtime %lld, on the server %o %lld %lld", path,
		     c->st_mode, (long long)c->st_size, (long long)c->st_mtime, s->st_mode,
		     (long long)s->st_size, (long long)s->st_mtime);
	if ((!strchr(ignore, 'i') && c->st_ino != s->st_ino) ||
	    (!strchr(ignore, 'u') && c->st_uid != s->st_uid) ||
	    (!strchr(ignore, 'g') && c->st_gid != s->st_gid) ||
	    (!strchr(ignore, 'n') && c->st_nlink != s->st_nlink))
		errx(1, "%s: number %llu owner %u:%u links %u, on the server %llu %u:%u %u", path,
		     (unsigned long long)c->st_ino, c->st_uid, c->st_gid, (unsigned int)c->st_nlink,
		     (unsigned long long)s->st_ino, s->st_uid, s->st_gid,
		     (unsigned int)s->st_nlink);
}

static void compare(const char *client, const char *server)
{
	struct dirent **c, **s;
	char cpath[4096], spath[4096];
	struct stat cst, sst;
	int nc = scandir(client, &c, NULL, alphasort), ns = scandir(server, &s, NULL, alphasort);
	int i;

	must(nc >= 0 && ns >= 0, "list %s", client);
	if (nc != ns)
		errx(1, "%s has %d names, on the server %d", client, nc, ns);
	for (i = 0; i < nc; i++) {
		if (strcmp(c[i]->d_name, s[i]->d_name))
			errx(1, "%s has %s where the server has %s", client, c[i]->d_name,
			     s[i]->d_name);
		if (!strcmp(c[i]->d_name, "..") || !strcmp(c[i]->d_name, "."))
			continue;
		snprintf(cpath, sizeof(cpath), "%s/%s", client, c[i]->d_name);
		snprintf(spath, sizeof(spath), "%s/%s", server, s[i]->d_name);
		must(!lstat(cpath, &cst) && !lstat(spath, &sst), "lstat %s", cpath);
		same_attributes(cpath, &cst, &sst);
		if (c[i]->d_ino != cst.st_ino)
			errx(1, "%s: d_ino %llu", cpath, (unsigned long long)c[i]->d_ino);
		if (c[i]->d_type != DT_UNKNOWN && c[i]->d_type != type_of(cst.st_mode))
			errx(1, "%s: d_type %d", cpath, c[i]->d_type);
		compared++;
		if (S_ISDIR(sst.st_mode))
			compare(cpath, spath);
	}
}

/* All names in MOUNT/many, without a look at each */
static void compare_names(void)
{
	struct dirent **c, **s;
	int nc = scandir(in(mnt, "../many"), &c, NULL, alphasort);
	int ns = scandir(in(srv, "../many"), &s, NULL, alphasort), i;

	must(nc >= 0 && ns >= 0, "list many");
	if (nc != ns)
		errx(1, "many has %d names, on the server %d", nc, ns);
	for (i = 0; i < nc; i++, compared++)
		if (strcmp(c[i]->d_name, s[i]->d_name) ||
		    (c[i]->d_type != DT_UNKNOWN && c[i]->d_type != s[i]->d_type))
			errx(1, "many has %s of type %d, the server %s", c[i]->d_name,
			     c[i]->d_type, s[i]->d_name);
}

static void remove_all(const char *dir)
{
	char path[4096];
	struct dirent **e;
	int n = scandir(dir, &e, NULL, NULL), i;

	must(n >= 0, "list %s", dir);
	for (i = 0; i < n; i++) {
		if (!strcmp(e[i]->d_name, "..") || !strcmp(e[i]->d_name, "."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e[i]->d_name);
		if (unlink(path)) {
			must(errno == EISDIR, "unlink %s", path);
			remove_all(path);
		}
	}
	must(!rmdir(dir), "rmdir %s", dir);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3)
		errx(2, "usage: workload MOUNT SERVER-DIR [IGNORE]");
	mnt = argv[1];
	srv = argv[2];
	if (argc > 3)
		ignore = argv[3];
	umask(022);
	if (posix_memalign((void **)&data, 4096, 1 << 20) ||
	    posix_memalign((void **)&got, 4096, 1 << 20))
		errx(1, "no memory");
	for (i = 0; i < 1 << 20; i++)
		data[i] = i * 2654435761u >> 13;
	must(!mkdir(in(mnt, ""), 0755), "mkdir work");
	buffered();
	unbuffered();
	names();
	compare(in(mnt, ""), in(srv, ""));
	forget();
	compare(in(mnt, ""), in(srv, ""));
	compare_names();
	remove_all(in(mnt, ""));
	if (!access(in(srv, ""), F_OK))
		errx(1, "the server still has it");
	printf("%ld\n", compared);
	return 0;
}
