// SPDX-License-Identifier: GPL-2.0
/*
 * The arguments of an nfs:// URL as mount options. libnfs's arguments become the options that do
 * what they do there, or are refused with the reason; any other one is a mount option already.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "url.h"

/* What libnfs calls by another name, values and units being the same (timeo= included) */
static const struct {
	const char	*name;
	const char	*key;
} snfs_url_renamed[] = {
	{ "nfsport",	"port" },
	{ "version",	"vers" },
};

static const struct {
	const char	*name;
	const char	*why;
} snfs_url_refused[] = {
	{ "if",		"leave it out, and let routes choose the interface" },
	{ "source",	"the URL is the source: leave it out" },
	{ "tcp-syncnt",	"leave it out, and set net.ipv4.tcp_syn_retries" },
};

static int parse_int(const char *value, int *number, const char **why)
{
	if (value && !kstrtoint(value, 10, number))
		return 0;
	*why = "it takes a whole number";
	return -EINVAL;
}

/* -1: for ever. Otherwise: give up after so many tries. */
static int set_autoreconnect(const char *value, snfs_url_set_fn set, void *data, const char **why)
{
	int tries, err = parse_int(value, &tries, why);

	if (err)
		return err;
	if (tries < 0)
		return set(data, "hard", NULL);
	err = set(data, "soft", NULL);
	return err ? err : set(data, "retrans", value);
}

/* No cached listing, and no cached name, is used without asking. */
static int set_dircache(const char *value, snfs_url_set_fn set, void *data, const char **why)
{
	int on, err = parse_int(value, &on, why);

	if (err || on)
		return err;
	err = set(data, "acdirmin", "0");
	if (!err)
		err = set(data, "acdirmax", "0");
	return err ? err : set(data, "lookupcache", "none");
}

static int set_traverse(const char *value, snfs_url_set_fn set, void *data, const char **why)
{
	int on, err = parse_int(value, &on, why);

	return err ? err : set(data, on ? "traverse" : "notraverse", NULL);
}

static int set_debug(const char *value, snfs_url_set_fn set, void *data, const char **why)
{
	int level, err = parse_int(value, &level, why);

	if (err || !level)
		return err;
	*why = "leave it out, and see the tracepoints in /sys/kernel/tracing/events/snfs";
	return -EINVAL;
}

/* A flag in libnfs; a number is understood, too. */
static int set_readonly(const char *value, snfs_url_set_fn set, void *data, const char **why)
{
	int on = 1, err = value ? parse_int(value, &on, why) : 0;

	return err || !on ? err : set(data, "ro", NULL);
}

/* "BYTES" or "BYTES-OF-NAMES,BYTES": the whole reply is what counts. */
static int set_readdir_buffer(const char *value, snfs_url_set_fn set, void *data,
			      const char **why)
{
	const char *comma = value ? strchr(value, ',') : NULL;

	if (!value) {
		*why = "it takes a number of bytes";
		return -EINVAL;
	}
	return set(data, "dtsize", comma ? comma + 1 : value);
}

static const struct {
	const char	*name;
	int		(*set)(const char *value, snfs_url_set_fn set, void *data,
			       const char **why);
} snfs_url_special[] = {
	{ "auto-traverse-mounts",	set_traverse },
	{ "autoreconnect",		set_autoreconnect },
	{ "debug",			set_debug },
	{ "dircache",			set_dircache },
	{ "readdir-buffer",		set_readdir_buffer },
	{ "readonly",			set_readonly },
};

/**
 * snfs_url_option - set the mount options that an argument of a URL stands for
 * @name: the argument
 * @value: its value, or NULL
 * @set: called for each option
 * @data: for @set
 * @why: OUT: what is wrong, on -EINVAL; as it was if @set has failed
 *
 * Return: 0; -EINVAL; what @set returns.
 */
int snfs_url_option(const char *name, const char *value, snfs_url_set_fn set, void *data,
		    const char **why)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(snfs_url_refused); i++) {
		if (!strcmp(snfs_url_refused[i].name, name)) {
			*why = snfs_url_refused[i].why;
			return -EINVAL;
		}
	}
	for (i = 0; i < ARRAY_SIZE(snfs_url_special); i++) {
		if (!strcmp(snfs_url_special[i].name, name))
			return snfs_url_special[i].set(value, set, data, why);
	}
	for (i = 0; i < ARRAY_SIZE(snfs_url_renamed); i++) {
		if (!strcmp(snfs_url_renamed[i].name, name))
			return set(data, snfs_url_renamed[i].key, value);
	}
	return set(data, name, value);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_url_option);
