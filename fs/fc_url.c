// SPDX-License-Identifier: GPL-2.0
/*
 * An nfs:// URL as the source of a mount: its arguments are mount options, as if they stood in
 * front of those of -o. So the last one counts, and -o has the last word.
 */
#include <linux/slab.h>
#include "fc.h"
#include "url.h"

static int set_option(void *data, const char *key, const char *value)
{
	struct fs_parameter param = {
		.key	= key,
		.type	= value ? fs_value_is_string : fs_value_is_flag,
	};
	struct fs_context *fc = data;
	int err;

	if (value) {
		param.string = kstrdup(value, GFP_KERNEL);
		if (!param.string)
			return -ENOMEM;
		param.size = strlen(value);
	}
	err = vfs_parse_fs_param(fc, &param);
	kfree(param.string);
	return err;
}

static int take_argument(struct fs_context *fc, const char *name, const char *value)
{
	const char *why = NULL;
	int err = snfs_url_option(name, value, set_option, fc, &why);

	if (!err)
		return 0;
	/* What is wrong with the option was told already, but it may have another name. */
	if (!why)
		why = "refused as the mount option that it stands for";
	errorfc(fc, "argument %s%s%s of the URL: %s", name, value ? "=" : "", value ? value : "",
		why);
	return err;
}

static int take_arguments(struct fs_context *fc, struct snfs_url *url)
{
	const char *name, *value, *why;
	int err, more;

	while ((more = snfs_url_next_arg(url, &name, &value, &why)) > 0) {
		err = take_argument(fc, name, value);
		if (err)
			return err;
	}
	return more ? invalfc(fc, "the URL is wrong: %s", why) : 0;
}

/**
 * snfs_fc_parse_url - take the mount options that a URL has
 * @fc: the context, no option parsed before
 * @source: the URL; snfs_is_url() is true of it
 * @user: OUT: a user stands before the host
 *
 * Host and path are taken later, by snfs_parse_source().
 *
 * Context: May sleep.
 * Return: 0, -EINVAL, -ENOMEM.
 */
int snfs_fc_parse_url(struct fs_context *fc, const char *source, bool *user)
{
	const char *why = NULL;
	struct snfs_url url;
	int err;

	err = snfs_url_parse(&url, source, &why);
	if (err == -EINVAL)
		return invalfc(fc, "source %.100s: %s", source, why);
	if (err)
		return err;
	*user = url.user;
	if (url.user)
		warnfc(fc, "%s@ in the URL is not used: calls are made for the caller, or uid=",
		       url.user);
	if (url.port)
		snfs_fc_options(fc)->port = url.port;
	err = take_arguments(fc, &url);
	snfs_url_free(&url);
	return err;
}
