// SPDX-License-Identifier: GPL-2.0
/* words.c - reads the words that make a server odd */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "words.h"

char *words_anew(const char *file)
{
	static char last[1024], copy[sizeof(last)];
	char text[sizeof(last)] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0 || !strcmp(text, last))
		return NULL;
	memcpy(last, text, sizeof(text));
	memcpy(copy, text, sizeof(text));
	return copy;
}

bool word_is_number(const char *word, const char *name, uint64_t *value)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len) || word[len] != '=')
		return false;
	*value = strtoull(word + len + 1, NULL, 0);
	return true;
}

bool take_flag(const char *word, const struct flag_word *flags, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(word, flags[i].name)) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

bool take_number(const char *word, const struct number_word *numbers, size_t nr)
{
	uint64_t value;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!word_is_number(word, numbers[i].name, &value))
			continue;
		*numbers[i].value = value;
		if (numbers[i].set)
			*numbers[i].set = true;
		return true;
	}
	return false;
}
