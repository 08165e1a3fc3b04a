// SPDX-License-Identifier: GPL-2.0
/*
 * mapfile - write and read a file through memory mappings
 *
 *	mapfile read FILE OFFSET LENGTH		prints the bytes of a mapping
 *	mapfile hold FILE OFFSET LENGTH		the same, file closed, after
 *						standard input ends
 *	mapfile shared FILE OFFSET TEXT		stores TEXT, msync, munmap
 *	mapfile private FILE OFFSET TEXT	stores TEXT, prints what the
 *						mapping then shows
 *	mapfile coherent FILE OFFSET TEXT	a mapping sees write(2), and
 *						read(2) sees the mapping
 *	mapfile beyond FILE			touches the first page after
 *						the end: SIGBUS expected
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static sigjmp_buf bus;

static void on_sigbus(int sig)
{
	siglongjmp(bus, sig);
}

/* Maps the pages around [offset, offset + len) and returns offset's address. */
static char *map(int fd, int prot, int flags, off_t offset, size_t len)
{
	size_t lead = offset % sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, len + lead, prot, flags, fd, offset - lead);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p + lead;
}

static void sync_map(char *p, size_t len)
{
	size_t lead = (unsigned long)p % sysconf(_SC_PAGESIZE);

	if (msync(p - lead, len + lead, MS_SYNC))
		err(1, "msync");
}

static void coherent(int fd, off_t offset, const char *text, size_t len)
{
	char *p = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED, offset, len);
	char back[4096] = "";

	if (len > sizeof(back))
		errx(1, "text too long");
	if (pwrite(fd, text, len, offset) != (ssize_t)len)
		err(1, "pwrite");
	if (memcmp(p, text, len))
		errx(1, "the mapping does not show what write wrote");
	memset(p, 'm', len);
	if (pread(fd, back, len, offset) != (ssize_t)len)
		err(1, "pread");
	if (memcmp(back, p, len))
		errx(1, "read does not see what the mapping holds");
	sync_map(p, len);
}

static void beyond(int fd)
{
	long page = sysconf(_SC_PAGESIZE);
	struct stat st;
	char *p;

	if (fstat(fd, &st))
		err(1, "fstat");
	p = map(fd, PROT_READ, MAP_SHARED, 0, st.st_size + 2 * page);
	signal(SIGBUS, on_sigbus);
	if (sigsetjmp(bus, 1))
		return;
	*(volatile char *)(p + (st.st_size + page - 1) / page * page);
	errx(1, "no SIGBUS behind the end of the file");
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	off_t offset = argc > 3 ? atoll(argv[3]) : 0;
	const char *text = argc > 4 ? argv[4] : "";
	size_t len = strlen(text);
	int fd, reads;
	char *p;

	reads = !strcmp(mode, "read") || !strcmp(mode, "hold") ||
		!strcmp(mode, "beyond") || !strcmp(mode, "private");
	fd = argc > 2 ? open(argv[2], reads ? O_RDONLY : O_RDWR) : -1;
	if (fd < 0)
		err(1, "%s", argc > 2 ? argv[2] : "usage");

	if (!strcmp(mode, "read")) {
		len = atoll(text);
		p = map(fd, PROT_READ, MAP_SHARED, offset, len);
		fwrite(p, 1, len, stdout);
	} else if (!strcmp(mode, "hold")) {
		len = atoll(text);
		p = map(fd, PROT_READ, MAP_SHARED, offset, len);
		close(fd);
		while (getchar() != EOF)
			;
		fwrite(p, 1, len, stdout);
		return 0;
	} else if (!strcmp(mode, "shared")) {
		p = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED, offset, len);
		memcpy(p, text, len);
		sync_map(p, len);
	} else if (!strcmp(mode, "private")) {
		p = map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, offset, len);
		memcpy(p, text, len);
		fwrite(p, 1, len, stdout);
	} else if (!strcmp(mode, "coherent")) {
		coherent(fd, offset, text, len);
	} else if (!strcmp(mode, "beyond")) {
		beyond(fd);
	} else {
		errx(2, "unknown mode %s", mode);
	}
	if (close(fd))
		err(1, "close");
	return 0;
}
