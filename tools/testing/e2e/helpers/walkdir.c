// SPDX-License-Identifier: GPL-2.0
/*
 * walkdir - read a directory every way readdir(3) offers
 *
 *	walkdir [-u|-t] DIR
 *
 * Reads all names with their telldir positions; no name may come twice and
 * none may be missing on a second reading after rewinddir (-u: the directory
 * is being changed, so that only duplicates count; -t: no entry's type may
 * be DT_UNKNOWN). Then seeks back to a
 * sample of positions, which must give the same names again. Prints the
 * number of entries, without "." and "..".
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct entry {
	char *name;
	long where;	/* the position before this entry */
};

static struct entry *entries;
static size_t nr, room;
static int typed;

static void add(const char *name, long where)
{
	if (nr == room) {
		room = room ? 2 * room : 1024;
		entries = realloc(entries, room * sizeof(*entries));
		if (!entries)
			err(1, "realloc");
	}
	entries[nr].name = strdup(name);
	entries[nr++].where = where;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void read_all(DIR *dir)
{
	struct dirent *d;
	long where;

	for (;;) {
		where = telldir(dir);
		errno = 0;
		d = readdir(dir);
		if (!d)
			break;
		if (typed && d->d_type == DT_UNKNOWN)
			errx(1, "the type of %s is not told", d->d_name);
		add(d->d_name, where);
	}
	if (errno)
		err(1, "readdir after %zu entries", nr);
}

static void count_again(DIR *dir)
{
	size_t again = 0;

	rewinddir(dir);
	while (readdir(dir))
		again++;
	if (again != nr)
		errx(1, "%zu entries, after rewinddir %zu", nr, again);
}

static void seek_back(DIR *dir)
{
	size_t step = nr / 37 + 1, i;
	struct dirent *d;

	for (i = nr; i-- > 0;) {
		if (i % step)
			continue;
		seekdir(dir, entries[i].where);
		d = readdir(dir);
		if (!d || strcmp(d->d_name, entries[i].name))
			errx(1, "seekdir to entry %zu (position %ld): got %s instead of %s",
			     i, entries[i].where, d ? d->d_name : "the end",
			     entries[i].name);
	}
}

int main(int argc, char **argv)
{
	int unstable = argc == 3 && !strcmp(argv[1], "-u");
	DIR *dir = opendir(argv[argc - 1]);
	size_t i, dots = 0;

	typed = argc == 3 && !strcmp(argv[1], "-t");
	if (!dir)
		err(1, "%s", argv[argc - 1]);
	read_all(dir);
	if (!unstable) {
		count_again(dir);
		seek_back(dir);
	}
	qsort(entries, nr, sizeof(*entries), by_name);
	for (i = 0; i < nr; i++) {
		dots += !strcmp(entries[i].name, ".") ||
			!strcmp(entries[i].name, "..");
		if (i && !strcmp(entries[i - 1].name, entries[i].name))
			errx(1, "%s comes twice", entries[i].name);
	}
	if (dots != 2)
		errx(1, "%zu of . and ..", dots);
	printf("%zu\n", nr - dots);
	return 0;
}
