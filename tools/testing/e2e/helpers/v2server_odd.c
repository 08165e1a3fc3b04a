// SPDX-License-Identifier: GPL-2.0
/* v2server: the words that make it odd; the list is in v2server.c */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "v2server.h"

struct odd odd;

static char odd_text[1024];

/* fail=; and what was called since the words changed */
static struct { uint32_t status, nth; } fail[NFS_PROCS];
static uint32_t calls[NFS_PROCS];

static bool flag_word(const char *word)
{
	struct { const char *name; bool *flag; } flags[] = {
		{ "notype", &odd.notype },	{ "fifotype", &odd.fifotype },
		{ "nulnames", &odd.nulnames },	{ "randomcookies", &odd.randomcookies },
		{ "lateeof", &odd.lateeof },	{ "nocache", &odd.nocache },
		{ "twice", &odd.twice },		{ "rfctype", &odd.rfctype },
		{ "empty", &odd.empty },
		{ "noexport", &odd.noexport },	{ "root", &odd.root },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!strcmp(word, flags[i].name)) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

static bool number_word(const char *word)
{
	struct { const char *name; uint32_t *value; bool *set; } numbers[] = {
		{ "tsize", &odd.tsize, NULL },	{ "blocksize", &odd.blocksize, NULL },
		{ "uid", &odd.uid, &odd.set_uid },	{ "gid", &odd.gid, &odd.set_gid },
		{ "fsid", &odd.fsid, &odd.set_fsid },	{ "nlink", &odd.nlink, &odd.set_nlink },
		{ "cut", &odd.cut, &odd.set_cut },	{ "entries", &odd.entries, NULL },
		{ "drop", &odd.drop, NULL },	{ "lose", &odd.lose, NULL },
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		len = strlen(numbers[i].name);
		if (strncmp(word, numbers[i].name, len) || word[len] != '=')
			continue;
		*numbers[i].value = strtoul(word + len + 1, NULL, 0);
		if (numbers[i].set)
			*numbers[i].set = true;
		return true;
	}
	return false;
}

static void take_word(const char *word)
{
	uint32_t proc, status, nth = 0;

	if (flag_word(word) || number_word(word))
		return;
	if (sscanf(word, "fail=%u:%u:%u", &proc, &status, &nth) >= 2 && proc < NFS_PROCS) {
		fail[proc].status = status;
		fail[proc].nth = nth;
	} else if (sscanf(word, "slow=%u:%u", &odd.slow, &odd.slow_nth) < 1) {
		errx(1, "unknown word %s", word);
	}
}

void odd_read(const char *file)
{
	char text[sizeof(odd_text)] = "", *word, *save;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0 || !strcmp(text, odd_text))
		return;
	memcpy(odd_text, text, sizeof(text));
	memset(&odd, 0, sizeof(odd));
	odd.slow_nth = 1;
	memset(fail, 0, sizeof(fail));
	memset(calls, 0, sizeof(calls));
	for (word = strtok_r(text, "\n ", &save); word; word = strtok_r(NULL, "\n ", &save))
		take_word(word);
}

uint32_t odd_failure(uint32_t proc)
{
	calls[proc]++;
	if (fail[proc].nth && fail[proc].nth != calls[proc])
		return NFS_OK;
	return fail[proc].status;
}

bool odd_turn(uint32_t nth, uint32_t *counter)
{
	return nth && ++*counter % nth == 0;
}
