// SPDX-License-Identifier: GPL-2.0
/*
 * Random reads, writes, maps, truncations and syncs of one file against a model in memory.
 *
 *   iomix [-d] [-k] [-v] [-S SEED] [-n OPERATIONS | -t SECONDS] [-l MAXLEN] [-s SERVERFILE] FILE
 *
 * The file is open three times; with -d, the second time with O_DIRECT, the third time always with
 * O_APPEND. With -k it stays mapped all the time, across truncations and closes. SERVERFILE is the
 * same file as the server sees it: it is compared each time that the file has been closed. -v says
 * what is done. Exit status 1 and a line on stderr at the first difference; it names the seed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static unsigned char *model, *buf, *kept;
static size_t size, maxlen = 300000;
static const char *path, *server;
static int fd = -1, dfd = -1, afd = -1, direct, verbose, keep;
static unsigned int seed = 1;
static unsigned long op;

static void die(const char *what)
{
	fprintf(stderr, "iomix: seed %u op %lu: %s: %s\n", seed, op, what, strerror(errno));
	exit(1);
}

static size_t rnd(size_t n)
{
	return n ? (size_t)random() % n : 0;
}

static void compare(const char *what, const unsigned char *got, size_t off, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (got[i] != model[off + i]) {
			fprintf(stderr, "iomix: seed %u op %lu: %s: byte %zu (of %zu+%zu, size %zu) is %02x, want %02x\n",
				seed, op, what, off + i, off, len, size, got[i], model[off + i]);
			exit(1);
		}
	}
}

static void map_all(void)
{
	if (kept && munmap(kept, maxlen))
		die("munmap");
	kept = mmap(NULL, maxlen, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (kept == MAP_FAILED)
		die("mmap of all");
}

static void open_files(int flags)
{
	fd = open(path, O_RDWR | O_CREAT | flags, 0644);
	if (fd < 0)
		die("open");
	dfd = open(path, O_RDWR | (direct ? O_DIRECT : 0));
	if (dfd < 0)
		die("open direct");
	afd = open(path, O_WRONLY | O_APPEND);
	if (afd < 0)
		die("open for append");
	/* The mapping of earlier is as good: it holds on to an open file that is not ours any more. */
	if (keep && (!kept || !(random() & 3)))
		map_all();
}

static void check_server(void)
{
	struct stat st;
	int sfd;

	if (!server)
		return;
	sfd = open(server, O_RDONLY);
	if (sfd < 0 || fstat(sfd, &st))
		die("server open");
	if ((size_t)st.st_size != size) {
		fprintf(stderr, "iomix: seed %u op %lu: server size %zu, want %zu\n", seed, op, (size_t)st.st_size, size);
		exit(1);
	}
	if (pread(sfd, buf, size, 0) != (ssize_t)size)
		die("server read");
	close(sfd);
	compare("server", buf, 0, size);
}

static void reopen(void)
{
	if (close(fd) || close(dfd) || close(afd))
		die("close");
	check_server();
	open_files(0);
}

static void put(size_t off, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = random();
	if (off > size)
		memset(model + size, 0, off - size);
	memcpy(model + off, buf, len);
	if (off + len > size)
		size = off + len;
}

static size_t pick_len(void)
{
	switch (rnd(4)) {
	case 0: return 1 + rnd(100);
	case 1: return 1 + rnd(5000);
	case 2: return 4096 * (1 + rnd(8));
	default: return 1 + rnd(60000);
	}
}

static void do_write(int f)
{
	size_t len = pick_len(), off = rnd(4) ? rnd(maxlen) : rnd(maxlen) & ~4095ul;

	if (off + len > maxlen)
		len = maxlen - off;
	if (!rnd(5))
		off = size, len = off + len > maxlen ? maxlen - off : len;
	if (!len)
		return;
	put(off, len);
	if (verbose)
		printf("%lu write%d %zu+%zu\n", op, f == dfd, off, len);
	if (rnd(2)) {
		size_t cut = rnd(len);
		struct iovec v[2] = { { buf, cut }, { buf + cut, len - cut } };

		if (pwritev(f, v, 2, off) != (ssize_t)len)
			die("pwritev");
		return;
	}
	if (pwrite(f, buf, len, off) != (ssize_t)len)
		die("pwrite");
}

static void do_append(void)
{
	size_t len = pick_len();

	if (size + len > maxlen)
		len = maxlen - size;
	if (!len)
		return;
	if (verbose)
		printf("%lu append %zu+%zu\n", op, size, len);
	put(size, len);
	if (write(afd, buf, len) != (ssize_t)len)
		die("append");
}

static void do_read(int f)
{
	size_t len = pick_len(), off = rnd(maxlen);
	ssize_t want = off >= size ? 0 : off + len > size ? size - off : len;
	ssize_t got;

	if (verbose)
		printf("%lu read%d %zu+%zu\n", op, f == dfd, off, len);
	got = pread(f, buf, len, off);
	if (got != want) {
		fprintf(stderr, "iomix: seed %u op %lu: read %zu+%zu of %zu got %zd\n", seed, op, off, len, size, got);
		exit(1);
	}
	compare("read", buf, off, got);
}

static void do_map(int store)
{
	size_t off, len, page;
	unsigned char *map;

	if (!size)
		return;
	off = rnd(size);
	len = 1 + rnd(size - off);
	if (len > 40000)
		len = 40000;
	page = off & ~4095ul;
	if (verbose)
		printf("%lu map%d %zu+%zu\n", op, store, off, len);
	map = mmap(NULL, off - page + len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page);
	if (map == MAP_FAILED)
		die("mmap");
	if (store) {
		put(off, len);
		memcpy(map + (off - page), buf, len);
		/* Bytes behind the end of the file must never get into it. */
		if (off + len == size && (size & 4095) && rnd(2))
			memset(map + (off - page) + len, 0xee, 4096 - (size & 4095));
		if (!rnd(3) && msync(map, off - page + len, MS_SYNC))
			die("msync");
	} else {
		compare("map", map + (off - page), off, len);
	}
	munmap(map, off - page + len);
}

/* The same through the mapping that is always there. */
static void do_kept(int store)
{
	size_t off, len;

	if (!keep || !size)
		return;
	off = rnd(size);
	len = 1 + rnd(size - off < 40000 ? size - off : 40000);
	if (verbose)
		printf("%lu kept map%d %zu+%zu\n", op, store, off, len);
	if (!store) {
		compare("kept map", kept + off, off, len);
		return;
	}
	put(off, len);
	memcpy(kept + off, buf, len);
}

/* What is clean leaves the cache; it must come back as it was. */
static void do_forget(void)
{
	if (verbose)
		printf("%lu forget\n", op);
	if (rnd(2) && fdatasync(fd))
		die("fdatasync");
	posix_fadvise(fd, rnd(size + 1), rnd(maxlen), POSIX_FADV_DONTNEED);
}

/* Never waits, and never tells anything but what is there. */
static void do_nowait(void)
{
	size_t len = pick_len(), off = rnd(maxlen);
	ssize_t got, most = off >= size ? 0 : off + len > size ? size - off : len;
	struct iovec v = { buf, len };

	got = preadv2(fd, &v, 1, off, RWF_NOWAIT);
	if (verbose)
		printf("%lu read without waiting %zu+%zu: %zd\n", op, off, len, got);
	if (got < 0 && (errno == EAGAIN || errno == EOPNOTSUPP))
		return;
	if (got < 0)
		die("preadv2");
	if (got > most || (!got && most)) {
		fprintf(stderr, "iomix: seed %u op %lu: read %zu+%zu of %zu without waiting got %zd\n",
			seed, op, off, len, size, got);
		exit(1);
	}
	compare("read without waiting", buf, off, got);
}

static void do_truncate(void)
{
	size_t to = rnd(3) ? rnd(maxlen) : rnd(maxlen) & ~4095ul;

	if (verbose)
		printf("%lu truncate %zu\n", op, to);
	if (to > size)
		memset(model + size, 0, to - size);
	if (ftruncate(fd, to))
		die("ftruncate");
	size = to;
}

static void check_size(void)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat");
	if ((size_t)st.st_size != size) {
		fprintf(stderr, "iomix: seed %u op %lu: size %zu, want %zu\n", seed, op, (size_t)st.st_size, size);
		exit(1);
	}
}

static void one(void)
{
	switch (rnd(20)) {
	case 0: case 1: case 2: case 3: do_write(fd); break;
	case 4: case 5: do_write(dfd); break;
	case 6: case 7: case 8: do_read(fd); break;
	case 9: do_read(dfd); break;
	case 10: do_map(0); break;
	case 11: case 12: do_map(1); break;
	case 13: do_truncate(); break;
	case 14: do_append(); break;
	case 15: do_kept(rnd(2)); break;
	case 16: do_forget(); break;
	case 17: do_nowait(); break;
	case 18:
		if (rnd(2) ? fsync(fd) : fdatasync(fd))
			die("fsync");
		break;
	default:
		if (rnd(2))
			reopen();
		else
			check_size();
	}
}

int main(int argc, char **argv)
{
	unsigned long n = 1000;
	time_t end = 0;
	int c;

	while ((c = getopt(argc, argv, "dkS:n:t:l:s:v")) != -1) {
		switch (c) {
		case 'd': direct = 1; break;
		case 'k': keep = 1; break;
		case 't': end = time(NULL) + atoi(optarg); break;
		case 'S': seed = atoi(optarg); break;
		case 'n': n = atol(optarg); break;
		case 'l': maxlen = atol(optarg); break;
		case 's': server = optarg; break;
		case 'v': verbose = 1; break;
		default: return 2;
		}
	}
	if (optind != argc - 1)
		return 2;
	path = argv[optind];
	srandom(seed);
	model = calloc(1, maxlen + 100000);
	buf = calloc(1, maxlen + 100000);
	open_files(O_TRUNC);
	for (op = 0; end ? time(NULL) < end : op < n; op++)
		one();
	reopen();
	compare("end", (pread(fd, buf, size, 0), buf), 0, size);
	printf("%lu operations\n", op);
	return 0;
}
