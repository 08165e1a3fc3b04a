// SPDX-License-Identifier: GPL-2.0
/*
 * Texts of the mount command: the source, addresses, choices and sizes. Pure parsing, with no
 * mount context and no network.
 */
#include <linux/fs_parser.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/sunrpc/addr.h>
#include <kunit/visibility.h>
#include "snfs.h"
#include "url.h"

/* Longest server name: a DNS name has at most 255 bytes */
#define SNFS_MAXHOSTLEN	255

/* "[IPv6]:/path": the colon behind the bracket; else the first colon */
static const char *find_colon(const char *source, const char **host, size_t *hostlen)
{
	const char *end;

	if (*source != '[') {
		end = strchr(source, ':');
		*host = source;
		*hostlen = end ? end - source : 0;
		return end;
	}
	end = strchr(source, ']');
	if (!end || end[1] != ':')
		return NULL;
	*host = source + 1;
	*hostlen = end - *host;
	return end + 1;
}

/* An IPv6 address without brackets would be cut at its first colon. */
static bool is_bare_ipv6(const char *source)
{
	const char *slash = strchr(source, '/');
	struct sockaddr_storage addr;
	size_t len;

	if (*source == '[' || !slash || slash == source || slash[-1] != ':')
		return false;
	return !snfs_parse_addr(&init_net, source, slash - 1 - source, &addr, &len) &&
	       addr.ss_family == AF_INET6;
}

/* Trailing slashes of the path are dropped, as servers export "/a" and not "/a/". */
static int take_names(struct snfs_options *opt, const char *host, size_t hostlen,
		      const char *path, const char **why)
{
	size_t pathlen = strlen(path);

	if (hostlen > SNFS_MAXHOSTLEN) {
		*why = "the server's name is longer than 255 bytes";
		return -ENAMETOOLONG;
	}
	while (pathlen > 1 && path[pathlen - 1] == '/')
		pathlen--;
	if (pathlen > MNTPATHLEN) {
		*why = "the path is longer than 1024 bytes";
		return -ENAMETOOLONG;
	}
	opt->hostname = kmemdup_nul(host, hostlen, GFP_KERNEL);
	opt->export = kmemdup_nul(path, pathlen, GFP_KERNEL);
	return opt->hostname && opt->export ? 0 : -ENOMEM;
}

static int parse_url(struct snfs_options *opt, const char *source, const char **why)
{
	struct snfs_url url;
	int err = snfs_url_parse(&url, source, why);

	if (err)
		return err;
	if (*url.host) {
		err = take_names(opt, url.host, strlen(url.host), url.path, why);
	} else {
		*why = "there is no host in it: give nfs://HOST/PATH";
		err = -EINVAL;
	}
	snfs_url_free(&url);
	return err;
}

/**
 * snfs_parse_source - split SERVER:PATH, or nfs://SERVER/PATH
 * @opt: OUT: @opt->hostname and @opt->export, to be freed with kfree()
 * @source: the text; an IPv6 address stands in brackets
 * @why: OUT: on -EINVAL and -ENAMETOOLONG, what is wrong with it
 *
 * Context: May sleep.
 * Return: 0, -EINVAL, -ENAMETOOLONG, -ENOMEM.
 */
int snfs_parse_source(struct snfs_options *opt, const char *source, const char **why)
{
	const char *host, *colon;
	size_t hostlen;

	if (snfs_is_url(source))
		return parse_url(opt, source, why);
	if (is_bare_ipv6(source)) {
		*why = "put the IPv6 address in brackets: [ADDRESS]:/path";
		return -EINVAL;
	}
	colon = find_colon(source, &host, &hostlen);
	if (!colon) {
		*why = "it must be SERVER:/path";
		return -EINVAL;
	}
	if (!hostlen) {
		*why = "there is no server before the colon";
		return -EINVAL;
	}
	if (!colon[1]) {
		*why = "there is no path behind the colon";
		return -EINVAL;
	}
	return take_names(opt, host, hostlen, colon + 1, why);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_parse_source);

/**
 * snfs_parse_addr - read an IPv4 or IPv6 address literal
 * @net: where a scope ("fe80::1%eth0") is looked up
 * @text: the literal, in brackets or not
 * @len: bytes of @text
 * @addr: OUT: the address, port 0
 * @addrlen: OUT: bytes of @addr
 *
 * Return: 0; -EINVAL if it is no literal.
 */
int snfs_parse_addr(struct net *net, const char *text, size_t len,
		    struct sockaddr_storage *addr, size_t *addrlen)
{
	memset(addr, 0, sizeof(*addr));
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	*addrlen = rpc_pton(net, text, len, (struct sockaddr *)addr, sizeof(*addr));
	if (!*addrlen) {
		addr->ss_family = AF_UNSPEC;
		return -EINVAL;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_parse_addr);

/**
 * snfs_parse_choice - find a word in a list
 * @choices: the list, ended by a NULL name
 * @text: the word
 *
 * Return: its value, 0 or more; -EINVAL.
 */
int snfs_parse_choice(const struct constant_table *choices, const char *text)
{
	for (; choices->name; choices++) {
		if (!strcmp(choices->name, text))
			return choices->value;
	}
	return -EINVAL;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_parse_choice);

/**
 * snfs_io_size - make a transfer size one that can be used
 * @bytes: what was asked for or offered
 *
 * Return: whole pages up to SNFS_IOSIZE_MAX; below a page a power of two, at least SNFS_IOSIZE_MIN.
 */
u32 snfs_io_size(u32 bytes)
{
	bytes = clamp_t(u32, bytes, SNFS_IOSIZE_MIN, SNFS_IOSIZE_MAX);
	if (bytes < PAGE_SIZE)
		return rounddown_pow_of_two(bytes);
	return round_down(bytes, PAGE_SIZE);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_io_size);
