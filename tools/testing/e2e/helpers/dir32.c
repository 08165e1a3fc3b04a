// SPDX-License-Identifier: GPL-2.0
/*
 * dir32 - list a directory as a 32-bit program would
 *
 *	dir32 DIR
 *
 * Uses the system calls of 32-bit programs (int 0x80, which 64-bit ones may use too if what they
 * point to is below 4 GiB). All positions must fit 31 bits, and lead to the same name again when
 * they are sought. Prints the number of entries.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { OPEN = 5, LSEEK = 19, GETDENTS64 = 220 };

#define BUF	32768
#define STEP	37	/* every so many positions are sought */

struct seen {
	uint32_t before;
	char name[256];
};

static long call32(long nr, long a, long b, long c)
{
	int ret = -EOPNOTSUPP;

#ifdef __x86_64__
	long rax = nr;

	asm volatile("int $0x80" : "+a"(rax) : "b"(a), "c"(b), "d"(c)
		     : "memory", "r8", "r9", "r10", "r11");
	ret = rax;
#endif
	if (ret >= 0)
		return ret;
	errno = -ret;
	err(1, "32-bit system call %ld", nr);
}

static void seek_to(int fd, char *buf, const struct seen *s)
{
	struct dirent64 *d = (struct dirent64 *)buf;

	if (call32(LSEEK, fd, s->before, SEEK_SET) != s->before)
		errx(1, "lseek to %u", s->before);
	if (!call32(GETDENTS64, fd, (long)buf, BUF) || strcmp(d->d_name, s->name))
		errx(1, "%s at %u instead of %s", d->d_name, s->before, s->name);
}

int main(int argc, char **argv)
{
	char *buf = mmap(NULL, BUF, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct seen *seen = calloc(10000, sizeof(*seen));
	uint32_t before = 0, nr = 0, i;
	struct dirent64 *d;
	long fd, len, at;

	if (argc != 2 || buf == MAP_FAILED || !seen)
		errx(2, "usage: dir32 DIR");
	snprintf(buf, BUF, "%s", argv[1]);
	fd = call32(OPEN, (long)buf, O_RDONLY | O_DIRECTORY, 0);
	while ((len = call32(GETDENTS64, fd, (long)buf, BUF)) > 0) {
		for (at = 0; at < len; at += d->d_reclen, nr++) {
			d = (struct dirent64 *)(buf + at);
			if (d->d_off < 0 || d->d_off > INT32_MAX)
				errx(1, "%s has position %lld", d->d_name, (long long)d->d_off);
			if (nr % STEP == 0 && nr / STEP < 10000) {
				seen[nr / STEP].before = before;
				snprintf(seen[nr / STEP].name, sizeof(seen->name), "%s", d->d_name);
			}
			before = d->d_off;
		}
	}
	for (i = 0; i < nr; i += STEP)
		seek_to(fd, buf, &seen[i / STEP]);
	printf("%u\n", nr);
	return 0;
}
