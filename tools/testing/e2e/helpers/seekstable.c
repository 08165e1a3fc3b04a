// SPDX-License-Identifier: GPL-2.0
/*
 * seekstable - telldir, seekdir and rewinddir while the directory changes
 *
 *	seekstable DIR CHANGED N ROUNDS
 *
 * Makes N names "stable-NUMBER" in DIR, then reads it ROUNDS times while a child creates and
 * unlinks other names, each once, in CHANGED (DIR, or the same directory by another way). In
 * each reading every stable name must come once and no other twice; after a seek to where a
 * stable name was told to be, that name must be the first stable one to come. d_type must be
 * that of a regular file, where it is known.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVING	60	/* other names that are there at a time */
#define SEEKS	40	/* in a round */

static long nr, *where;
static uint8_t *seen;
static uint8_t temps[1 << 24];

static void make(int dir, const char *kind, long i)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "%s-%ld", kind, i);
	fd = openat(dir, name, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd < 0)
		err(1, "create %s", name);
	close(fd);
}

static void change(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY);
	char name[64];
	long i;

	if (dir < 0)
		err(1, "%s", path);
	for (i = 0; i < (long)sizeof(temps); i++) {
		make(dir, "temp", i);
		snprintf(name, sizeof(name), "temp-%ld", i - LIVING);
		if (i >= LIVING && unlinkat(dir, name, 0))
			err(1, "unlink %s", name);
	}
	exit(0);
}

/* Number of a stable name; -1 for others, which are noted in @reading. */
static long judge(const struct dirent *d, int reading)
{
	long i;

	if (sscanf(d->d_name, "temp-%ld", &i) == 1 && i < (long)sizeof(temps)) {
		if (reading && temps[i] == reading)
			errx(1, "%s comes twice", d->d_name);
		temps[i] = reading;
	} else if (sscanf(d->d_name, "stable-%ld", &i) == 1) {
		if (d->d_type != DT_REG && d->d_type != DT_UNKNOWN)
			errx(1, "%s has d_type %d", d->d_name, d->d_type);
		return i;
	}
	return -1;
}

static void read_all(DIR *dir, int reading)
{
	struct dirent *d;
	long i, pos;

	memset(seen, 0, nr);
	for (;;) {
		pos = telldir(dir);
		errno = 0;
		d = readdir(dir);
		if (!d)
			break;
		i = judge(d, reading);
		if (i < 0)
			continue;
		if (seen[i]++)
			errx(1, "reading %d: %s comes twice", reading, d->d_name);
		where[i] = pos;
	}
	if (errno)
		err(1, "reading %d", reading);
	for (i = 0; i < nr; i++)
		if (!seen[i])
			errx(1, "reading %d: stable-%ld is missing", reading, i);
}

static void seek(DIR *dir, int reading)
{
	long want = random() % nr, i = -1;
	struct dirent *d;

	seekdir(dir, where[want]);
	do {
		d = readdir(dir);
		if (d)
			i = judge(d, 0);
	} while (d && i < 0);
	if (i != want)
		errx(1, "reading %d: stable-%ld at the position of stable-%ld (%ld)", reading, i,
		     want, where[want]);
}

int main(int argc, char **argv)
{
	int rounds, r, i, status;
	pid_t child;
	DIR *dir;

	if (argc != 5)
		errx(2, "usage: seekstable DIR CHANGED N ROUNDS");
	dir = opendir(argv[1]);
	nr = atol(argv[3]);
	rounds = atoi(argv[4]);
	where = calloc(nr, sizeof(*where));
	seen = calloc(nr, 1);
	if (!dir || !where || !seen)
		err(1, "%s", argv[1]);
	for (i = 0; i < nr; i++)
		make(dirfd(dir), "stable", i);
	child = fork();
	if (!child)
		change(argv[2]);
	for (r = 1; r <= rounds; r++) {
		rewinddir(dir);
		read_all(dir, r);
		for (i = 0; i < SEEKS; i++)
			seek(dir, r);
	}
	if (waitpid(child, &status, WNOHANG))
		errx(1, "the child did not change the directory to the end");
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
	return 0;
}
