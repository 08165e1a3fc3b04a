// SPDX-License-Identifier: GPL-2.0
/*
 * Of the mount options those that a helper acts on: where the server is, and how often to try.
 *
 * A URL has options, too, which stand in front of those of -o. It is taken apart by fs/url.c, the
 * kernel's parser. What is wrong with source or options is left for the kernel to say.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <libmount/libmount.h>
#include <stdlib.h>
#include <string.h>
#include "mount.h"
#include "../../fs/url.h"

/* What is read on the way, besides the request */
struct reading {
	struct request	*req;
	bool		addr;
	bool		mountaddr;
};

static int replace(char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static bool is_ipv6_proto(const char *value)
{
	return !strcmp(value, "tcp6") || !strcmp(value, "udp6");
}

/* Two years are as good as for ever, and no number of seconds overflows. */
#define RETRY_MOST	1000000

static int read_retry(struct request *req, const char *value)
{
	char *end;

	errno = 0;
	req->retry = strtol(value, &end, 10);
	if (req->retry > RETRY_MOST)
		req->retry = RETRY_MOST;
	if ((!errno || errno == ERANGE) && *value && !*end && req->retry >= 0)
		return 0;
	fprintf(stderr, PROGRAM ": retry=%s: it takes a number of minutes\n", value);
	return -EINVAL;
}

/* Options for the helper alone; 1: it is not one of them. */
static int read_own(struct request *req, const char *name, const char *value)
{
	if (!strcmp(name, "bg") || !strcmp(name, "fg")) {
		req->background = *name == 'b';
		return 0;
	}
	return strcmp(name, "retry") ? 1 : read_retry(req, value ? value : "");
}

static int read_option(struct reading *r, const char *name, const char *value)
{
	struct request *req = r->req;

	if (!value)
		return 0;
	if (!strcmp(name, "addr"))
		r->addr = true;
	else if (!strcmp(name, "mountaddr"))
		r->mountaddr = true;
	else if (!strcmp(name, "proto"))
		req->ipv6 = is_ipv6_proto(value);
	else if (!strcmp(name, "mountproto"))
		req->mount_ipv6 = is_ipv6_proto(value);
	else if (!strcmp(name, "mounthost"))
		return replace(&req->mounthost, value);
	return 0;
}

/* SERVER:PATH, where the kernel splits it too */
static int read_plain_source(struct request *req)
{
	const char *host = req->source, *end;
	bool brackets = *host == '[';

	host += brackets;
	end = strchr(host, brackets ? ']' : ':');
	if (!end || end == host)
		return 0;
	/* An IPv6 address without brackets, of which this would be a part: the kernel says so. */
	if (!brackets && end[1 + strcspn(end + 1, ":/")] == ':')
		return 0;
	req->host = strndup(host, end - host);
	return req->host ? 0 : -ENOMEM;
}

static int read_arguments(struct reading *r, struct snfs_url *url)
{
	const char *name, *value, *why;
	int err;

	while (snfs_url_next_arg(url, &name, &value, &why) > 0) {
		err = read_own(r->req, name, value);
		if (err > 0)
			err = read_option(r, name, value);
		if (err)
			return err;
	}
	return 0;
}

static int read_source(struct reading *r)
{
	struct request *req = r->req;
	struct snfs_url url;
	const char *why;
	int err;

	if (!snfs_is_url(req->source))
		return read_plain_source(req);
	err = snfs_url_parse(&url, req->source, &why);
	if (err)
		return err == -ENOMEM ? err : 0;
	if (*url.host)
		err = replace(&req->host, url.host);
	if (!err)
		err = read_arguments(r, &url);
	snfs_url_free(&url);
	return err;
}

/* Reads one option, and keeps it for the kernel unless it is the helper's. */
static int take_option(struct reading *r, const char *name, const char *value)
{
	int err = read_own(r->req, name, value);

	if (err <= 0)
		return err;
	err = mnt_optstr_append_option(&r->req->options, name, value);
	return err ? err : read_option(r, name, value);
}

static int read_list(struct reading *r, char *list)
{
	char *name, *value;
	size_t namelen, valuelen;
	int err = 0;

	while (!err && mnt_optstr_next_option(&list, &name, &namelen, &value, &valuelen) == 0) {
		char *own_name = strndup(name, namelen);
		char *own_value = value ? strndup(value, valuelen) : NULL;

		err = own_name && (own_value || !value) ? take_option(r, own_name, own_value) :
							  -ENOMEM;
		free(own_name);
		free(own_value);
	}
	return err;
}

/**
 * request_read_options - read source and options
 * @req: the request, its source known; OUT: the rest
 * @options: what is neither a flag of the VFS nor for mount(8); may be NULL
 *
 * Return: 0; -EINVAL, told; -ENOMEM.
 */
int request_read_options(struct request *req, const char *options)
{
	struct reading r = { .req = req };
	char *list = strdup(options ? options : "");
	int err;

	req->retry = -1;
	if (!list)
		return -ENOMEM;
	err = read_source(&r);
	if (!err)
		err = read_list(&r, list);
	free(list);
	if (r.addr || (req->host && is_address(req->host))) {
		free(req->host);
		req->host = NULL;
	}
	if (r.mountaddr) {
		free(req->mounthost);
		req->mounthost = NULL;
	}
	return err;
}

/**
 * request_free - give back what request_read_options() has made
 * @req: the request
 */
void request_free(struct request *req)
{
	free(req->options);
	free(req->host);
	free(req->mounthost);
}
