// SPDX-License-Identifier: GPL-2.0
/*
 * fsmount - mount through fsopen(2), showing what the context's log says
 *
 *	fsmount TYPE SOURCE DIRECTORY [KEY[=VALUE]]...
 *
 * Each message of the log goes to standard output as the kernel has it:
 * "e text", "w text" or "i text". Status 32 when the mount fails.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fs_fd;

static void show_log(void)
{
	char text[8192];
	ssize_t len;

	for (;;) {
		len = read(fs_fd, text, sizeof(text) - 1);
		if (len <= 0)
			break;
		printf("%.*s\n", (int)len, text);
	}
	fflush(stdout);
}

static void give_up(const char *what)
{
	int saved = errno;

	show_log();
	errno = saved;
	err(32, "%s", what);
}

static void config(unsigned int cmd, const char *key, const char *value)
{
	if (syscall(SYS_fsconfig, fs_fd, cmd, key, value, 0))
		give_up(key ? key : "create");
}

int main(int argc, char **argv)
{
	int mnt_fd, i;
	char *value;

	if (argc < 4)
		errx(2, "usage: fsmount TYPE SOURCE DIRECTORY [KEY[=VALUE]]...");
	fs_fd = syscall(SYS_fsopen, argv[1], 0);
	if (fs_fd < 0)
		err(32, "fsopen %s", argv[1]);
	config(FSCONFIG_SET_STRING, "source", argv[2]);
	for (i = 4; i < argc; i++) {
		value = strchr(argv[i], '=');
		if (value)
			*value++ = '\0';
		config(value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
		       argv[i], value);
	}
	config(FSCONFIG_CMD_CREATE, NULL, NULL);
	mnt_fd = syscall(SYS_fsmount, fs_fd, 0, 0);
	if (mnt_fd < 0)
		give_up("fsmount");
	if (syscall(SYS_move_mount, mnt_fd, "", AT_FDCWD, argv[3],
		    MOVE_MOUNT_F_EMPTY_PATH))
		give_up("move_mount");
	show_log();
	return 0;
}
