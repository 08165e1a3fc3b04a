// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that all beat on the same file, each in its own way. There is nothing to compare:
 * every call must succeed, and the kernel must survive.
 *
 *   iorace ROUNDS FILE [OTHER-NAME-OF-IT]
 *
 * With two names (of two mounts), every second process uses the second one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPAN	400000
#define MOST	100000

static char buf[MOST + 1];
static const char *path;

static void need(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		_exit(1);
	}
}

static void writes(int fd, off_t off, size_t len)
{
	need(pwrite(fd, buf, len, off) >= 0, "write");
}

static void reads(int fd, off_t off, size_t len)
{
	need(pread(fd, buf, len, off) >= 0, "read");
}

static void direct(int fd, off_t off, size_t len)
{
	if (random() & 1)
		need(pwrite(fd, buf, len, off) >= 0, "direct write");
	else
		need(pread(fd, buf, len, off) >= 0, "direct read");
}

static void truncates(int fd, off_t off, size_t len)
{
	(void)len;
	need(ftruncate(fd, off) == 0, "truncate");
}

/* What is behind the end by now: that is what SIGBUS is for. */
static void leave(int sig)
{
	(void)sig;
	_exit(0);
}

static void store(char *map, size_t size)
{
	int i;

	signal(SIGBUS, leave);
	for (i = 0; i < 20; i++)
		map[random() % size]++;
	_exit(0);
}

static void maps(int fd, off_t off, size_t len)
{
	struct stat st;
	pid_t child;
	char *map;

	(void)off;
	(void)len;
	need(fstat(fd, &st) == 0, "stat");
	if (!st.st_size)
		return;
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	need(map != MAP_FAILED, "mmap");
	child = fork();
	if (!child)
		store(map, st.st_size);
	waitpid(child, NULL, 0);
	munmap(map, st.st_size);
}

static void syncs(int fd, off_t off, size_t len)
{
	(void)off;
	(void)len;
	need(fsync(fd) == 0, "fsync");
	usleep(1000);
}

static void reopens(int fd, off_t off, size_t len)
{
	int again = open(path, O_RDWR);

	(void)fd;
	need(again >= 0, "open again");
	reads(again, off, len);
	need(close(again) == 0, "close");
}

static void appends(int fd, off_t off, size_t len)
{
	int again = open(path, O_WRONLY | O_APPEND);

	(void)fd;
	(void)off;
	need(again >= 0, "open for append");
	need(write(again, buf, len % 5000) >= 0, "append");
	need(close(again) == 0, "close");
}

static void (*const ways[])(int fd, off_t off, size_t len) = {
	writes, reads, direct, truncates, maps, syncs, reopens, appends,
};

static void beat(unsigned int way, int rounds)
{
	int fd = open(path, O_RDWR | O_CREAT | (ways[way] == direct ? O_DIRECT : 0), 0644);

	need(fd >= 0, "open");
	srandom(way + 77);
	while (rounds--)
		ways[way](fd, random() % SPAN, 1 + random() % MOST);
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned int way;
	int status, bad = 0;

	if (argc != 3 && argc != 4)
		return 2;
	for (way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
		path = argv[argc == 4 && way % 2 ? 3 : 2];
		if (!fork())
			beat(way, atoi(argv[1]));
	}
	while (wait(&status) > 0)
		bad |= status;
	return !!bad;
}
