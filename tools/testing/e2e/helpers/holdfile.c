// SPDX-License-Identifier: GPL-2.0
/*
 * Holds files open, alone, and does with them what it is told: what a shell opens is inherited by
 * every process that it starts, and each that ends flushes it.
 *
 *   holdfile [-a] FILE...	with -a: O_APPEND
 *
 * Commands on standard input, a line each; N counts the files from 0. The answer is a line, too: bytes
 * written, bytes read, 0, or the errno's name.
 *
 *   open FILE			one file more
 *   N write OFFSET TEXT
 *   N nowait OFFSET TEXT	write with RWF_NOWAIT
 *   N dsync OFFSET TEXT	write with RWF_NOWAIT and RWF_DSYNC
 *   N fill BYTES		writes zeroes up to there, in blocks, to the first error
 *   N read OFFSET LENGTH
 *   N peek OFFSET LENGTH	read with RWF_NOWAIT
 *   N map OFFSET LENGTH		read through a mapping of the first 64 KiB, which stays; or SIGBUS
 *   N fsync
 *   N close
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST	16
#define MAPPED	65536

static int fds[MOST], nfds, flags = O_RDWR;
static char *maps[MOST];
static sigjmp_buf bus;

static int add(const char *path)
{
	if (nfds == MOST)
		return -1;
	fds[nfds] = open(path, flags);
	return fds[nfds] < 0 ? -1 : (nfds++, 0);
}

static ssize_t fill(int fd, long long bytes)
{
	static char zeroes[65536];
	ssize_t n;

	while (bytes > 0) {
		n = write(fd, zeroes, sizeof(zeroes));
		if (n < 0)
			return n;
		bytes -= n;
	}
	return 0;
}

static ssize_t put(int fd, long long off, char *text, int how)
{
	struct iovec v = { text, strlen(text) };

	return pwritev2(fd, &v, 1, off, how);
}

/* Prints what was read, and so returns no bytes to print. */
static ssize_t get(int fd, long long off, const char *len, int how)
{
	char buf[4096];
	struct iovec v = { buf, atoi(len) };
	ssize_t got = preadv2(fd, &v, 1, off, how);

	if (got < 0)
		return got;
	printf("%.*s\n", (int)got, buf);
	return -2;
}

static void on_sigbus(int sig)
{
	siglongjmp(bus, sig);
}

static ssize_t look(int n, long long off, const char *len)
{
	char buf[4096];

	if (!maps[n]) {
		maps[n] = mmap(NULL, MAPPED, PROT_READ, MAP_SHARED, fds[n], 0);
		if (maps[n] == MAP_FAILED)
			return -1;
	}
	signal(SIGBUS, on_sigbus);
	if (sigsetjmp(bus, 1)) {
		printf("SIGBUS\n");
	} else {
		memcpy(buf, maps[n] + off, atoi(len));
		printf("%.*s\n", atoi(len), buf);
	}
	return -2;
}

static ssize_t obey(char *line)
{
	char verb[16] = "", text[4096] = "";
	long long off = 0;
	int n = 0;

	line[strcspn(line, "\n")] = 0;
	if (!strncmp(line, "open ", 5))
		return add(line + 5);
	sscanf(line, "%d %15s %lld %4095s", &n, verb, &off, text);
	if (!strcmp(verb, "write"))
		return put(fds[n], off, text, 0);
	if (!strcmp(verb, "nowait"))
		return put(fds[n], off, text, RWF_NOWAIT);
	if (!strcmp(verb, "dsync"))
		return put(fds[n], off, text, RWF_NOWAIT | RWF_DSYNC);
	if (!strcmp(verb, "fill"))
		return fill(fds[n], off);
	if (!strcmp(verb, "read"))
		return get(fds[n], off, text, 0);
	if (!strcmp(verb, "peek"))
		return get(fds[n], off, text, RWF_NOWAIT);
	if (!strcmp(verb, "map"))
		return look(n, off, text);
	if (!strcmp(verb, "fsync"))
		return fsync(fds[n]);
	if (!strcmp(verb, "close"))
		return close(fds[n]);
	errno = ENOSYS;
	return -1;
}

int main(int argc, char **argv)
{
	char line[5000];
	ssize_t ret;
	int i = 1;

	if (i < argc && !strcmp(argv[i], "-a")) {
		flags |= O_APPEND;
		i++;
	}
	for (; i < argc; i++) {
		if (add(argv[i])) {
			printf("%s\n", strerrorname_np(errno));
			return 1;
		}
	}
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "quit\n"))
			break;
		ret = obey(line);
		if (ret >= 0)
			printf("%zd\n", ret);
		else if (ret == -1)
			printf("%s\n", strerrorname_np(errno));
		fflush(stdout);
	}
	return 0;
}
