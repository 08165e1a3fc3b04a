// SPDX-License-Identifier: GPL-2.0
/*
 * manylinks - fill a directory with hard links, quickly and with few inodes
 *
 *	manylinks DIR N
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINKS_PER_FILE	60000

int main(int argc, char **argv)
{
	char name[64], first[64];
	long i, nr;
	int dir;

	if (argc != 3)
		errx(2, "usage: manylinks DIR N");
	dir = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		err(1, "%s", argv[1]);
	nr = atol(argv[2]);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "link-%07ld", i);
		if (i % LINKS_PER_FILE == 0) {
			snprintf(first, sizeof(first), "%s", name);
			close(openat(dir, name, O_CREAT | O_WRONLY, 0644));
		} else if (linkat(dir, first, dir, name, 0)) {
			err(1, "link %s", name);
		}
	}
	return 0;
}
