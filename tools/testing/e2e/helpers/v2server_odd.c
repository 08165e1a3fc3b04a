// SPDX-License-Identifier: GPL-2.0
/* v2server: the words that make it odd; the list is in v2server.c */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "shared/words.h"
#include "v2server.h"

struct odd odd;

/* fail=; and what was called since the words changed */
static struct { uint32_t status, nth; } fail[NFS_PROCS];
static uint32_t calls[NFS_PROCS];

static bool flag_word(const char *word)
{
	const struct flag_word flags[] = {
		{ "notype", &odd.notype },	{ "fifotype", &odd.fifotype },
		{ "nulnames", &odd.nulnames },	{ "randomcookies", &odd.randomcookies },
		{ "lateeof", &odd.lateeof },	{ "nocache", &odd.nocache },
		{ "twice", &odd.twice },		{ "rfctype", &odd.rfctype },
		{ "empty", &odd.empty },
		{ "noexport", &odd.noexport },	{ "root", &odd.root },
	};

	return take_flag(word, flags, ARRAY_SIZE(flags));
}

static bool number_word(const char *word)
{
	const struct number_word numbers[] = {
		{ "tsize", &odd.tsize, NULL },	{ "blocksize", &odd.blocksize, NULL },
		{ "uid", &odd.uid, &odd.set_uid },	{ "gid", &odd.gid, &odd.set_gid },
		{ "fsid", &odd.fsid, &odd.set_fsid },	{ "nlink", &odd.nlink, &odd.set_nlink },
		{ "cut", &odd.cut, &odd.set_cut },	{ "entries", &odd.entries, NULL },
		{ "drop", &odd.drop, NULL },	{ "lose", &odd.lose, NULL },
	};

	return take_number(word, numbers, ARRAY_SIZE(numbers));
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
	char *text = words_anew(file), *word, *save;

	if (!text)
		return;
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
