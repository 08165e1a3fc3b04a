/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What fs/url.c takes from the kernel, for programs: the parser of URLs is the kernel's own.
 */
#ifndef _SNFS_SHIM_KERNEL_H
#define _SNFS_SHIM_KERNEL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GFP_KERNEL		0
#define kstrdup(text, gfp)	strdup(text)
#define kfree(memory)		free(memory)

static inline int hex_to_bin(unsigned char digit)
{
	if (isdigit(digit))
		return digit - '0';
	return isxdigit(digit) ? tolower(digit) - 'a' + 10 : -1;
}

static inline int kstrtouint(const char *text, int base, unsigned int *value)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, base);
	if (errno || *end || end == text || number > ~0U)
		return -EINVAL;
	*value = number;
	return 0;
}

#endif /* _SNFS_SHIM_KERNEL_H */
