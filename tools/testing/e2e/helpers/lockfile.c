// SPDX-License-Identifier: GPL-2.0
/*
 * Takes and tests locks of one open file, step by step:
 *
 *	lockfile posix|ofd|flock FILE STEP...
 *
 *	rd:S:L wr:S:L un:S:L	set a lock of L bytes at S (0: to the end), do not wait
 *	wrd:S:L wwr:S:L		likewise, but wait for it
 *	get:S:L			who hinders a write lock? "free", or type, start and length
 *	say:TEXT		print TEXT
 *	hold			wait until killed
 *	line			wait for a line on standard input
 *	count:N			N times: lock all to write, add one to the number there, unlock
 *	reads:N			N times: lock all to read, unlock
 *	put:TEXT		write TEXT at the begin
 *	show			print the first bytes
 *
 * The first step that fails ends it: errno's text on standard error, status 1.
 * With LOCKFILE_POLL in the environment, waiting for a lock is asking for it again and again.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static enum { POSIX, OFD, FLOCK } kind;
static int fd;

static int set_flock(short type, int wait)
{
	int how = type == F_RDLCK ? LOCK_SH : type == F_WRLCK ? LOCK_EX : LOCK_UN;

	return flock(fd, how | (wait ? 0 : LOCK_NB));
}

static int set_once(short type, long start, long len, int wait)
{
	struct flock fl = { .l_type = type, .l_start = start, .l_len = len };

	if (kind == FLOCK)
		return set_flock(type, wait);
	if (kind == OFD)
		return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &fl);
	return fcntl(fd, wait ? F_SETLKW : F_SETLK, &fl);
}

static int set(short type, long start, long len, int wait)
{
	const char *poll = getenv("LOCKFILE_POLL");
	int err;

	if (!wait || !poll || !*poll)
		return set_once(type, start, len, wait);
	while ((err = set_once(type, start, len, 0)) && errno == EAGAIN)
		usleep(20000);
	return err;
}

static void get(long start, long len)
{
	struct flock fl = { .l_type = F_WRLCK, .l_start = start, .l_len = len };

	if (fcntl(fd, kind == OFD ? F_OFD_GETLK : F_GETLK, &fl))
		err(1, "get");
	if (fl.l_type == F_UNLCK)
		puts("free");
	else
		printf("%s %ld %ld\n", fl.l_type == F_RDLCK ? "read" : "write",
		       (long)fl.l_start, (long)fl.l_len);
}

static void add_one(void)
{
	char text[32] = "";

	if (set(F_WRLCK, 0, 0, 1))
		err(1, "lock");
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		err(1, "read");
	snprintf(text, sizeof(text), "%08ld\n", atol(text) + 1);
	if (pwrite(fd, text, 9, 0) != 9)
		err(1, "write");
	if (set(F_UNLCK, 0, 0, 0))
		err(1, "unlock");
}

static void show(void)
{
	char text[65] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		err(1, "read");
	puts(text);
}

static void wait_line(void)
{
	int c;

	do {
		c = getchar();
	} while (c != '\n' && c != EOF);
}

static int is(const char *step, const char *name)
{
	return !strncmp(step, name, strlen(name));
}

static void do_range(const char *step)
{
	const char *range = strchr(step, ':');
	long start = 0, len = 0;
	int wait = step[0] == 'w' && step[1] != 'r';
	short type;

	/* "wr:" is a write lock, "wrd:" and "wwr:" wait. */
	if (is(step, "wrd:"))
		wait = 1;
	type = is(step, "un:") ? F_UNLCK : is(step, "rd:") || is(step, "wrd:") ? F_RDLCK : F_WRLCK;
	if (!range || sscanf(range, ":%ld:%ld", &start, &len) != 2)
		errx(2, "bad step %s", step);
	if (is(step, "get:"))
		get(start, len);
	else if (set(type, start, len, wait))
		err(1, "%s", step);
}

static void do_step(const char *step)
{
	const char *value = strchr(step, ':') ? strchr(step, ':') + 1 : "";
	long n = atol(value);

	if (is(step, "say:")) {
		puts(value);
	} else if (is(step, "put:")) {
		if (pwrite(fd, value, strlen(value), 0) != (ssize_t)strlen(value))
			err(1, "put");
	} else if (is(step, "count:")) {
		while (n-- > 0)
			add_one();
	} else if (is(step, "reads:")) {
		while (n-- > 0)
			if (set(F_RDLCK, 0, 0, 1) || set(F_UNLCK, 0, 0, 0))
				err(1, "reads");
	} else if (is(step, "show")) {
		show();
	} else if (is(step, "line")) {
		wait_line();
	} else if (is(step, "hold")) {
		for (;;)
			pause();
	} else {
		do_range(step);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 4)
		errx(2, "usage: lockfile posix|ofd|flock FILE STEP...");
	kind = is(argv[1], "posix") ? POSIX : is(argv[1], "ofd") ? OFD : FLOCK;
	fd = open(argv[2], O_RDWR | O_CREAT, 0644);
	if (fd < 0)
		err(1, "%s", argv[2]);
	for (i = 3; i < argc; i++)
		do_step(argv[i]);
	return 0;
}
