// SPDX-License-Identifier: GPL-2.0
/*
 * nfs:// URLs (RFC 2224, RFC 3986), with the arguments of libnfs:
 *
 *	nfs://[user@]host[:port]/path[?name=value[&name=value...]]
 *
 * A URL is split first and decoded then, so an escaped character never separates anything. What
 * libnfs 7 takes is taken here too, with the same meaning; kunit/url_kunit.c lists what it gets
 * wrong. The path is the export's: RFC 2224's difference between one slash and two is not made.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "snfs/compat.h"
#include "url.h"

#define SNFS_URL_SCHEME		"nfs://"
#define SNFS_URL_SCHEME_LEN	(sizeof(SNFS_URL_SCHEME) - 1)
#define SNFS_URL_PORT_MAX	65535

/**
 * snfs_is_url - is the source of a mount a URL
 * @source: the text
 *
 * Return: whether it is.
 */
bool snfs_is_url(const char *source)
{
	return !strncasecmp(source, SNFS_URL_SCHEME, SNFS_URL_SCHEME_LEN);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_is_url);

/*
 * Decode %-escapes in place. A '%' that begins none is left as it is, as libnfs does it. Returns
 * false for a NUL, which would cut the text.
 */
static bool decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		int high = *text == '%' ? hex_to_bin(text[1]) : -1;
		int low = high < 0 ? -1 : hex_to_bin(text[2]);

		if (low < 0) {
			*to++ = *text;
			continue;
		}
		if (!high && !low)
			return false;
		*to++ = high << 4 | low;
		text += 2;
	}
	*to = '\0';
	return true;
}

static bool is_host_text(const char *host)
{
	for (; *host; host++) {
		if (*host == '/' || isspace(*host) || iscntrl(*host))
			return false;
	}
	return true;
}

static const char *parse_port(const char *text, unsigned int *port)
{
	unsigned int value;

	*port = 0;
	if (!*text)
		return NULL;
	if (!isdigit(*text) || kstrtouint(text, 10, &value) || value > SNFS_URL_PORT_MAX)
		return "behind the host's colon stands no port: it is a number from 1 to 65535";
	*port = value;
	return NULL;
}

/* "[IPv6]" and what follows. Returns what is wrong, or NULL. */
static const char *split_brackets(struct snfs_url *url, char *text, char **port)
{
	char *end = strchr(text, ']');

	if (!end || (end[1] && end[1] != ':'))
		return "an IPv6 address stands in brackets, with :PORT or the path behind it";
	if (end == text + 1)
		return "there is no address in the brackets";
	*end = '\0';
	url->host = text + 1;
	*port = end[1] ? end + 2 : end + 1;
	return NULL;
}

static const char *split_host(struct snfs_url *url, char *text)
{
	const char *why = NULL;
	char *port;

	if (*text == '[') {
		why = split_brackets(url, text, &port);
	} else {
		url->host = text;
		port = strchrnul(text, ':');
		if (*port)
			*port++ = '\0';
		if (strchr(port, ':'))
			why = "put the IPv6 address in brackets: nfs://[ADDRESS]/path";
	}
	if (!why)
		why = parse_port(port, &url->port);
	if (!why && !*url->host && (url->port || url->user))
		why = "there is no host before the path";
	if (!why && (!decode(url->host) || !is_host_text(url->host)))
		why = "the host has a character that no host has";
	return why;
}

/* "user@host:port" */
static const char *split_authority(struct snfs_url *url, char *text)
{
	char *host = strrchr(text, '@');

	if (!host)
		return split_host(url, text);
	*host++ = '\0';
	if (strchr(text, ':'))
		return "NFS has no passwords: leave out what is before the @";
	if (!decode(text))
		return "there is a %00 in the user's name";
	url->user = *text ? text : NULL;
	return split_host(url, host);
}

/*
 * A '?' begins the arguments if no slash follows it: then it belongs to the path, as no argument
 * has one. @rest begins with what ended the authority: a slash, a '?', or the end.
 */
static void cut_args(struct snfs_url *url, char *rest)
{
	char *slash = strrchr(rest, '/');
	char *mark = *rest == '?' ? rest : strchr(slash ? slash : rest, '?');

	if (!mark)
		return;
	*mark = '\0';
	url->args = mark + 1;
}

static const char *split(struct snfs_url *url)
{
	char *authority = url->memory + SNFS_URL_SCHEME_LEN;
	char *rest = authority + strcspn(authority, "/?");
	const char *why;
	size_t slashes;

	cut_args(url, rest);
	slashes = strspn(rest, "/");
	url->path = slashes ? rest + slashes - 1 : "/";
	/* Where the scheme was there is room for the byte that ends the authority. */
	memmove(authority - 1, authority, rest - authority);
	rest[-1] = '\0';
	why = split_authority(url, authority - 1);
	if (why)
		return why;
	if (!*url->host && url->path[1])
		return "there is no host before the path";
	return url->path[1] && !decode(url->path) ? "there is a %00 in the path" : NULL;
}

/**
 * snfs_url_parse - take a URL apart
 * @url: OUT: the parts, to be given back with snfs_url_free()
 * @source: the URL; snfs_is_url() is true of it
 * @why: OUT: on -EINVAL, what is wrong with it
 *
 * A URL without host ("nfs://" or "nfs:///", maybe with arguments) is one: @url->host is empty
 * then, and the path is "/".
 *
 * Context: May sleep.
 * Return: 0, -EINVAL, -ENOMEM.
 */
int snfs_url_parse(struct snfs_url *url, const char *source, const char **why)
{
	const char *wrong;

	memset(url, 0, sizeof(*url));
	url->memory = kstrdup(source, GFP_KERNEL);
	if (!url->memory)
		return -ENOMEM;
	wrong = split(url);
	if (!wrong)
		return 0;
	snfs_url_free(url);
	*why = wrong;
	return -EINVAL;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_url_parse);

/**
 * snfs_url_free - give back what snfs_url_parse() has made
 * @url: the URL
 */
void snfs_url_free(struct snfs_url *url)
{
	kfree(url->memory);
	memset(url, 0, sizeof(*url));
}
EXPORT_SYMBOL_IF_KUNIT(snfs_url_free);

/**
 * snfs_url_next_arg - take the next argument of a URL
 * @url: the URL
 * @name: OUT: its name, decoded
 * @value: OUT: its value, decoded; NULL if there is no '='
 * @why: OUT: on -EINVAL, what is wrong
 *
 * Return: 1; 0 if there is none any more; -EINVAL.
 */
int snfs_url_next_arg(struct snfs_url *url, const char **name, const char **value,
		      const char **why)
{
	char *arg, *text;

	do {
		arg = strsep(&url->args, "&");
		if (!arg)
			return 0;
	} while (!*arg);
	text = strchr(arg, '=');
	if (text)
		*text++ = '\0';
	*name = arg;
	*value = text;
	if (*arg && decode(arg) && (!text || decode(text)))
		return 1;
	*why = *arg ? "there is a %00 in an argument" : "there is an argument without a name";
	return -EINVAL;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_url_next_arg);
