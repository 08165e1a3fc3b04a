// SPDX-License-Identifier: GPL-2.0
/*
 * Measuring loops for the CPU cost of single system calls. The guest's clock
 * counts instructions (QEMU -icount shift=0: one nanosecond is one), so the
 * difference of two readings is a cost and not a time.
 *
 *	cpu stat FILE		one stat of a cached file
 *	cpu path FILE		the same, FILE having many components
 *	cpu getdents DIR	one entry of a cached directory
 *	cpu open FILE		open, close
 *	cpu read FILE		one MiB, read in 1 MiB pieces from the start
 *	cpu write FILE		one MiB, written so, with fsync and close
 *
 * Prints instructions per unit. The cached ones are done once before they are
 * measured, then in several rounds, of which the cheapest counts: what is
 * above it is a timer or another process.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MIB		(1024 * 1024)
#define ROUNDS		7
#define CALLS		500
#define WRITE_MIB	64

static char buffer[MIB];

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static long stat_calls(const char *path)
{
	struct stat st;
	int i;

	for (i = 0; i < CALLS; i++)
		if (stat(path, &st))
			err(1, "%s", path);
	return CALLS;
}

static long open_calls(const char *path)
{
	int i, fd;

	for (i = 0; i < CALLS; i++) {
		fd = open(path, O_RDONLY);
		if (fd < 0 || close(fd))
			err(1, "%s", path);
	}
	return CALLS;
}

static long getdents_entries(const char *path)
{
	long got, at, entries = 0;
	int fd = open(path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		err(1, "%s", path);
	while ((got = syscall(SYS_getdents64, fd, buffer, 32768)) > 0)
		for (at = 0; at < got; entries++)
			at += ((struct dirent64 *)(buffer + at))->d_reclen;
	if (got < 0 || close(fd))
		err(1, "%s", path);
	return entries;
}

static long read_mib(const char *path)
{
	ssize_t got;
	long sum = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		err(1, "%s", path);
	while ((got = read(fd, buffer, MIB)) > 0)
		sum += got;
	if (got < 0 || close(fd))
		err(1, "%s", path);
	return sum / MIB;
}

static long write_mib(const char *path)
{
	int i, fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0)
		err(1, "%s", path);
	memset(buffer, 'x', MIB);
	for (i = 0; i < WRITE_MIB; i++)
		if (write(fd, buffer, MIB) != MIB)
			err(1, "%s", path);
	if (fsync(fd) || close(fd))
		err(1, "%s", path);
	return WRITE_MIB;
}

struct loop {
	const char *name;
	long (*run)(const char *path);
	int cached;
};

static const struct loop loops[] = {
	{ "stat",	stat_calls,		1 },
	{ "path",	stat_calls,		1 },
	{ "getdents",	getdents_entries,	1 },
	{ "open",	open_calls,		1 },
	{ "read",	read_mib,		0 },
	{ "write",	write_mib,		0 },
};

/* Instructions per unit, of one round. */
static double round_cost(const struct loop *loop, const char *path)
{
	uint64_t from = now();
	long units = loop->run(path);

	if (units <= 0)
		errx(1, "%s: nothing to measure", path);
	return (double)(now() - from) / units;
}

static double cost(const struct loop *loop, const char *path)
{
	double best, one;
	int i;

	if (loop->cached)
		loop->run(path);
	best = round_cost(loop, path);
	for (i = 1; loop->cached && i < ROUNDS; i++) {
		one = round_cost(loop, path);
		if (one < best)
			best = one;
	}
	return best;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 3)
		errx(2, "usage: cpu stat|path|getdents|open|read|write PATH");
	for (i = 0; i < sizeof(loops) / sizeof(*loops); i++)
		if (!strcmp(loops[i].name, argv[1])) {
			printf("%.0f\n", cost(&loops[i], argv[2]));
			return 0;
		}
	errx(2, "no measurement named %s", argv[1]);
}
