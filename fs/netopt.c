// SPDX-License-Identifier: GPL-2.0
/*
 * Mount options that only the context-free root has.
 */
#include <linux/fs_parser.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "fc.h"

/* Seconds */
#define SNFS_IDLE_MAX		(24 * 60 * 60)

static const struct constant_table snfs_allow_choices[] = {
	{ "dev",	SNFS_ALLOW_DEV },
	{ "none",	0 },
	{ "suid",	SNFS_ALLOW_SUID },
	{}
};

/**
 * snfs_netopt_free - free what options own
 * @opt: the options
 */
void snfs_netopt_free(struct snfs_netroot_options *opt)
{
	kfree(opt->hosts);
	kfree(opt->hosts_text);
	opt->hosts = NULL;
	opt->hosts_text = NULL;
}

/* Given again, it allows more. */
static int add_hosts(struct fs_context *fc, struct snfs_netroot_options *opt, const char *value)
{
	const char *why;
	char *text;

	if (!opt->hosts)
		opt->hosts = kzalloc(sizeof(*opt->hosts), GFP_KERNEL);
	if (!opt->hosts)
		return -ENOMEM;
	if (snfs_hostfilter_add(opt->hosts, value, &why))
		return invalfc(fc, "hosts=%s: %s", value, why);
	text = kasprintf(GFP_KERNEL, "%s%s%s", opt->hosts_text ? opt->hosts_text : "",
			 opt->hosts_text ? "+" : "", value);
	if (!text)
		return -ENOMEM;
	kfree(opt->hosts_text);
	opt->hosts_text = text;
	return 0;
}

static int set_allow(struct fs_context *fc, struct snfs_netroot_options *opt, char *value)
{
	unsigned int allow = 0;
	char *word;
	int choice;

	while ((word = strsep(&value, ":"))) {
		choice = snfs_parse_choice(snfs_allow_choices, word);
		if (choice < 0)
			return invalfc(fc, "allow=%s: use suid, dev, suid:dev or none", word);
		allow |= choice;
	}
	opt->allow = allow;
	return 0;
}

/**
 * snfs_netopt_text - take hosts= or allow=
 * @fc: the context
 * @opt: the options
 * @param: the option; its value is changed
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int snfs_netopt_text(struct fs_context *fc, struct snfs_netroot_options *opt,
		     struct fs_parameter *param)
{
	if (!strcmp(param->key, "hosts")) {
		opt->given = "hosts";
		return add_hosts(fc, opt, param->string);
	}
	opt->given = "allow";
	return set_allow(fc, opt, param->string);
}

/**
 * snfs_netopt_idle - take idle=
 * @fc: the context
 * @opt: the options
 * @seconds: its value
 */
void snfs_netopt_idle(struct fs_context *fc, struct snfs_netroot_options *opt,
		      unsigned int seconds)
{
	opt->given = "idle";
	snfs_fc_options(fc)->idle = min_t(unsigned int, seconds, SNFS_IDLE_MAX);
}

/**
 * snfs_netopt_show - print the options
 * @m: where to
 * @opt: the options
 */
void snfs_netopt_show(struct seq_file *m, const struct snfs_netroot_options *opt)
{
	if (opt->hosts_text)
		seq_show_option(m, "hosts", opt->hosts_text);
	if (opt->allow)
		seq_printf(m, ",allow=%s%s%s", opt->allow & SNFS_ALLOW_SUID ? "suid" : "",
			   opt->allow == (SNFS_ALLOW_SUID | SNFS_ALLOW_DEV) ? ":" : "",
			   opt->allow & SNFS_ALLOW_DEV ? "dev" : "");
}
