// SPDX-License-Identifier: GPL-2.0
/*
 * Which hosts may be contacted below the context-free root (hosts=), and what the name of a host
 * can be. Pure.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <kunit/visibility.h>
#include "netrule.h"
#include "snfs.h"

/* A DNS name has at most 253 letters, and at most 63 between two dots. */
#define SNFS_HOSTNAME_MAX	253
#define SNFS_LABEL_MAX		63

/* IPv4 becomes ::ffff:a.b.c.d: an address is the same in both spellings. */
static bool map_address(const struct sockaddr_storage *addr, struct in6_addr *mapped)
{
	switch (addr->ss_family) {
	case AF_INET:
		ipv6_addr_set_v4mapped(((const struct sockaddr_in *)addr)->sin_addr.s_addr, mapped);
		return true;
	case AF_INET6:
		*mapped = ((const struct sockaddr_in6 *)addr)->sin6_addr;
		return true;
	default:
		return false;
	}
}

static const char *parse_bits(const char *text, size_t len, unsigned int most, unsigned int *bits)
{
	char number[4] = { };

	if (!len || len >= sizeof(number))
		return "behind the slash stands no length of a prefix";
	memcpy(number, text, len);
	if (!isdigit(*number) || kstrtouint(number, 10, bits) || *bits > most)
		return "the prefix is longer than the address";
	return NULL;
}

static const char *add_one(struct snfs_hostfilter *filter, const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len);
	size_t addrlen, textlen = slash ? slash - text : len;
	struct sockaddr_storage addr;
	struct in6_addr mapped;
	unsigned int most, bits;
	const char *why = NULL;

	if (filter->nr == SNFS_HOSTS_MAX)
		return "more than 64 of them";
	if (memchr(text, '%', textlen))
		return "a scope means nothing here";
	if (snfs_parse_addr(&init_net, text, textlen, &addr, &addrlen) ||
	    !map_address(&addr, &mapped))
		return "it takes addresses and prefixes (10.0.0.0/8), with '+' between them";
	most = addr.ss_family == AF_INET ? 32 : 128;
	bits = most;
	if (slash)
		why = parse_bits(slash + 1, len - textlen - 1, most, &bits);
	if (why)
		return why;
	filter->prefix[filter->nr].addr = mapped;
	filter->prefix[filter->nr].bits = bits + 128 - most;
	filter->nr++;
	return NULL;
}

/**
 * snfs_hostfilter_add - allow more hosts
 * @filter: the filter; one without any prefix to begin with
 * @text: addresses and prefixes, with '+' between them
 * @why: OUT: on -EINVAL, what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int snfs_hostfilter_add(struct snfs_hostfilter *filter, const char *text, const char **why)
{
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, "+");
		*why = add_one(filter, text, len);
		if (*why)
			return -EINVAL;
		if (!text[len])
			return 0;
	}
}
EXPORT_SYMBOL_IF_KUNIT(snfs_hostfilter_add);

/**
 * snfs_hostfilter_allows - may a host be contacted?
 * @filter: the filter, or NULL: every host may
 * @addr: its address
 *
 * Context: Any.
 * Return: whether it may.
 */
bool snfs_hostfilter_allows(const struct snfs_hostfilter *filter,
			    const struct sockaddr_storage *addr)
{
	struct in6_addr mapped;
	unsigned int i;

	if (!filter)
		return true;
	if (!map_address(addr, &mapped))
		return false;
	for (i = 0; i < filter->nr; i++) {
		if (ipv6_prefix_equal(&mapped, &filter->prefix[i].addr, filter->prefix[i].bits))
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_hostfilter_allows);

/**
 * snfs_is_hostname - can a host have this name?
 * @name: the name
 * @len: its bytes
 *
 * RFC 1123 section 2.1, and '_', which some have. What programs look for everywhere (.git, .Trash,
 * lost+found) is none, so that nobody is asked for it.
 *
 * Return: whether it can. An IPv4 address can, too.
 */
bool snfs_is_hostname(const char *name, size_t len)
{
	size_t i, label = 0;

	if (len > SNFS_HOSTNAME_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (name[i] == '.') {
			if (!label || name[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!isascii(name[i]) || (!isalnum(name[i]) && name[i] != '_' &&
					  (name[i] != '-' || !label)))
			return false;
		if (++label > SNFS_LABEL_MAX)
			return false;
	}
	return label && name[len - 1] != '-';
}
EXPORT_SYMBOL_IF_KUNIT(snfs_is_hostname);
