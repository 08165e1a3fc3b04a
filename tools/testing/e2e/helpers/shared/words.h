/* SPDX-License-Identifier: GPL-2.0 */
/* words.h - the file whose words make oddproxy and v2server odd */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "name" */
struct flag_word {
	const char *name;
	bool *flag;
};

/* "name=N"; @set: becomes true, if there is such */
struct number_word {
	const char *name;
	uint32_t *value;
	bool *set;
};

/* A copy of the text in @file, to be taken apart; NULL if it is the same as the last time. */
char *words_anew(const char *file);
/* Whether @word is "@name=N" */
bool word_is_number(const char *word, const char *name, uint64_t *value);
/* Takes one of these words, if @word is one. */
bool take_flag(const char *word, const struct flag_word *flags, size_t nr);
bool take_number(const char *word, const struct number_word *numbers, size_t nr);

#endif
