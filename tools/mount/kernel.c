// SPDX-License-Identifier: GPL-2.0
/*
 * The system calls: a mount or a remount through a context of the kernel, whose log says in words
 * what is wrong.
 *
 * fsconfig(2) takes strings of 255 bytes; with longer ones mount(2) does it, and the words are in
 * the kernel's log. No libmount here: its header and the kernel's do not go together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "mount.h"

#define FSCONFIG_STRING_MAX	255

static const struct {
	unsigned long	flag;
	const char	*set;
	const char	*clear;
} super_flags[] = {
	{ MS_RDONLY,		"ro",		"rw" },
	{ MS_SYNCHRONOUS,	"sync",		"async" },
	{ MS_DIRSYNC,		"dirsync",	NULL },
	{ MS_MANDLOCK,		"mand",		"nomand" },
	{ MS_LAZYTIME,		"lazytime",	"nolazytime" },
};

static const struct {
	unsigned long	flag;
	unsigned int	attr;
} mount_attrs[] = {
	{ MS_RDONLY,		MOUNT_ATTR_RDONLY },
	{ MS_NOSUID,		MOUNT_ATTR_NOSUID },
	{ MS_NODEV,		MOUNT_ATTR_NODEV },
	{ MS_NOEXEC,		MOUNT_ATTR_NOEXEC },
	{ MS_NODIRATIME,	MOUNT_ATTR_NODIRATIME },
	{ MS_NOSYMFOLLOW,	MOUNT_ATTR_NOSYMFOLLOW },
	{ MS_NOATIME,		MOUNT_ATTR_NOATIME },
	{ MS_STRICTATIME,	MOUNT_ATTR_STRICTATIME },
};

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Of a remount that names none of these, they stay. */
#define ATIME_FLAGS	(MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME)

static unsigned int attrs_of(unsigned long flags)
{
	unsigned int attrs = 0, i;

	for (i = 0; i < ARRAY_SIZE(mount_attrs); i++) {
		if (flags & mount_attrs[i].flag)
			attrs |= mount_attrs[i].attr;
	}
	return attrs;
}

/* "e snfs: text", with w or i for e. What is only to know is for -v. */
static void read_log(int fd, bool verbose, FILE *words)
{
	static const char prefix[] = FSTYPE ": ";
	char text[8192], *start = text + 2;
	ssize_t len;

	for (;;) {
		len = read(fd, text, sizeof(text) - 1);
		if (len <= 0)
			return;
		while (len && text[len - 1] == '\n')
			len--;
		text[len] = '\0';
		if (len <= 2 || text[1] != ' ' || (*text == 'i' && !verbose))
			continue;
		fprintf(words, "%s\n", start + (strncmp(start, prefix, strlen(prefix)) ? 0 :
						strlen(prefix)));
	}
}

static int config(int fd, unsigned int command, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fd, command, key, value, 0) ? errno : 0;
}

static int set(int fd, const char *key, const char *value)
{
	return config(fd, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, key, value);
}

/* In place */
static void take_off_quotes(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || *value != '"' || value[len - 1] != '"')
		return;
	memmove(value, value + 1, len - 2);
	value[len - 2] = '\0';
}

/* "name,name=value,name=\"with,commas\"": as libmount has it. Returns the next, or NULL. */
static char *next_option(char **list, char **value)
{
	char *name = *list, *p;
	bool quoted = false;

	if (!name || !*name)
		return NULL;
	*value = NULL;
	for (p = name; *p && (quoted || *p != ','); p++) {
		quoted ^= *p == '"';
		if (*p == '=' && !*value) {
			*p = '\0';
			*value = p + 1;
		}
	}
	*list = *p ? p + 1 : p;
	*p = '\0';
	if (*value)
		take_off_quotes(*value);
	return name;
}

static int set_options(int fd, const char *options)
{
	char *copy = strdup(options ? options : ""), *list = copy, *name, *value;
	int err = copy ? 0 : ENOMEM;

	while (!err && (name = next_option(&list, &value))) {
		if (*name)
			err = set(fd, name, value);
	}
	free(copy);
	return err;
}

static int set_flags(int fd, unsigned long flags, bool clear_others)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(super_flags); i++) {
		if (flags & super_flags[i].flag)
			err = set(fd, super_flags[i].set, NULL);
		else if (clear_others && super_flags[i].clear)
			err = set(fd, super_flags[i].clear, NULL);
	}
	return err;
}

static int set_address(int fd, const char *addr, const char *mountaddr)
{
	int err = addr ? set(fd, "addr", addr) : 0;

	return err || !mountaddr ? err : set(fd, "mountaddr", mountaddr);
}

/* The source is first: a URL brings options, and -o has the last word. */
static int make_super(int fd, const struct request *req, const char *addr, const char *mountaddr)
{
	int err = set(fd, "source", req->source);

	if (!err)
		err = set_flags(fd, req->flags, false);
	if (!err)
		err = set_options(fd, req->options);
	if (!err)
		err = set_address(fd, addr, mountaddr);
	return err ? err : config(fd, FSCONFIG_CMD_CREATE, NULL, NULL);
}

static int attach(int fd, const struct request *req)
{
	int mnt = syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC, attrs_of(req->flags));
	int err = 0;

	if (mnt < 0)
		return errno;
	if (syscall(SYS_move_mount, mnt, "", AT_FDCWD, req->target, MOVE_MOUNT_F_EMPTY_PATH))
		err = errno;
	close(mnt);
	return err;
}

static bool is_long(const struct request *req)
{
	const char *p, *comma;

	if (strlen(req->source) > FSCONFIG_STRING_MAX)
		return true;
	for (p = req->options; p; p = comma ? comma + 1 : NULL) {
		comma = strchr(p, ',');
		if ((comma ? (size_t)(comma - p) : strlen(p)) > FSCONFIG_STRING_MAX)
			return true;
	}
	return false;
}

static int old_mount(const struct request *req, const char *addr, const char *mountaddr,
		     FILE *words)
{
	char *data;
	int err = 0;

	if (asprintf(&data, "%s%s%s%s%s", req->options ? req->options : "",
		     addr ? ",addr=" : "", addr ? addr : "",
		     mountaddr ? ",mountaddr=" : "", mountaddr ? mountaddr : "") < 0)
		return ENOMEM;
	if (syscall(SYS_mount, req->source, req->target, FSTYPE, req->flags, data))
		err = errno;
	free(data);
	if (err)
		fprintf(words, "the kernel's log may say more (dmesg)\n");
	return err;
}

static int no_context(int err, FILE *words)
{
	if (err == ENODEV)
		fprintf(words, "the kernel has no file system " FSTYPE ": modprobe " FSTYPE
			", or install the module\n");
	else if (err == EPERM)
		fprintf(words, "only root may mount\n");
	return err;
}

/**
 * kernel_mount - mount
 * @req: what, and where
 * @addr: the server's address, NULL: as source and options have it
 * @mountaddr: the same of mountd
 * @words: what the kernel says
 *
 * Return: 0 or an errno.
 */
int kernel_mount(const struct request *req, const char *addr, const char *mountaddr, FILE *words)
{
	int fd, err;

	if (is_long(req))
		return old_mount(req, addr, mountaddr, words);
	fd = syscall(SYS_fsopen, FSTYPE, FSOPEN_CLOEXEC);
	if (fd < 0)
		return no_context(errno, words);
	err = make_super(fd, req, addr, mountaddr);
	if (!err)
		err = attach(fd, req);
	read_log(fd, req->verbose, words);
	close(fd);
	return err;
}

static int change_attrs(const struct request *req)
{
	struct mount_attr attr = {
		.attr_set	= attrs_of(req->flags),
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mount_attrs); i++) {
		if (!(mount_attrs[i].flag & (MS_NOATIME | MS_NODIRATIME | MS_STRICTATIME)))
			attr.attr_clr |= mount_attrs[i].attr;
	}
	if (req->flags & ATIME_FLAGS)
		attr.attr_clr |= MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME;
	if (syscall(SYS_mount_setattr, AT_FDCWD, req->target, 0, &attr, sizeof(attr)))
		return errno;
	return 0;
}

/**
 * kernel_remount - change the options of a mount
 * @req: the mount
 * @words: what the kernel says
 *
 * Return: 0 or an errno.
 */
int kernel_remount(const struct request *req, FILE *words)
{
	int fd, err;

	if (is_long(req))
		return old_mount(req, NULL, NULL, words);
	fd = syscall(SYS_fspick, AT_FDCWD, req->target, FSPICK_CLOEXEC);
	if (fd < 0)
		return no_context(errno, words);
	err = set_flags(fd, req->flags, true);
	if (!err)
		err = set_options(fd, req->options);
	if (!err)
		err = config(fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL);
	if (!err)
		err = change_attrs(req);
	read_log(fd, req->verbose, words);
	close(fd);
	return err;
}
