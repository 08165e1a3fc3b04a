// SPDX-License-Identifier: GPL-2.0
/*
 * splicefile - copy a file without its bytes passing through user space
 *
 *	splicefile sendfile|splice|copy_file_range SOURCE TARGET
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define CHUNK (1 << 20)

static ssize_t splice_once(int in, int out)
{
	static int pipes[2];
	ssize_t got, put, done = 0;

	if (!pipes[1] && pipe(pipes))
		err(1, "pipe");
	got = splice(in, NULL, pipes[1], NULL, CHUNK, 0);
	while (done < got) {
		put = splice(pipes[0], NULL, out, NULL, got - done, 0);
		if (put <= 0)
			err(1, "splice out");
		done += put;
	}
	return got;
}

int main(int argc, char **argv)
{
	ssize_t got;
	int in, out;

	if (argc != 4)
		errx(2, "usage: splicefile HOW SOURCE TARGET");
	in = open(argv[2], O_RDONLY);
	if (in < 0)
		err(1, "%s", argv[2]);
	out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (out < 0)
		err(1, "%s", argv[3]);
	do {
		if (!strcmp(argv[1], "sendfile"))
			got = sendfile(out, in, NULL, CHUNK);
		else if (!strcmp(argv[1], "splice"))
			got = splice_once(in, out);
		else
			got = copy_file_range(in, NULL, out, NULL, CHUNK, 0);
	} while (got > 0);
	if (got < 0)
		err(1, "%s", argv[1]);
	if (close(out))
		err(1, "close %s", argv[3]);
	return 0;
}
