// SPDX-License-Identifier: GPL-2.0
/*
 * mount.snfs - what mount(8) runs for file systems of type snfs
 *
 *	mount.snfs SOURCE DIRECTORY [-fnrsvwhV] [-o OPTIONS] [-t snfs] [-N NAMESPACE]
 *
 * Options of mount(8), /etc/fstab, the rights of users and /run/mount/utab are libmount's business;
 * names and tries are ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <libmount/libmount.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "mount.h"

static const char usage_text[] =
	"usage: mount.snfs SOURCE DIRECTORY [-fnrsvw] [-o OPTIONS]\n"
	"\n"
	"  SOURCE      SERVER:/PATH, [IPV6]:/PATH or nfs://SERVER/PATH[?OPTION=VALUE&...]\n"
	"  -f          all but the mount itself\n"
	"  -n          no entry in /run/mount/utab\n"
	"  -o OPTIONS  see snfs(5); bg, fg and retry=MINUTES\n"
	"  -r, -w      read-only, writable\n"
	"  -s          ignore options that are not known\n"
	"  -t snfs     the type, which is known\n"
	"  -v          say what is done\n"
	"  -h, -V      this text, the version\n";

/**
 * struct arguments - the command line
 * @source: what; of a user's mount, as /etc/fstab has it
 * @target: where
 * @options: -o, with the flags that are options; NULL: none
 * @in_fstab: memory of such a @source
 * @space: -N: another mount namespace
 * @fake: -f
 * @nomtab: -n
 * @verbose: -v
 */
struct arguments {
	const char	*source;
	const char	*target;
	char		*options;
	char		*in_fstab;
	const char	*space;
	bool		fake;
	bool		nomtab;
	bool		verbose;
};

/* What one mount needs */
struct mounter {
	struct libmnt_context	*cxt;
	const struct request	*req;
	bool			other_space;
};

__attribute__((format(printf, 2, 3)))
static int fail(int status, const char *format, ...)
{
	va_list list;

	fputs(PROGRAM ": ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	return status;
}

static int add_option(struct arguments *args, const char *option)
{
	return mnt_optstr_append_option(&args->options, option, NULL) ?
	       fail(MNT_EX_SYSERR, "out of memory") : 0;
}

/* The list of an -o, behind those before it */
static int add_list(struct arguments *args, const char *list)
{
	char *all;

	if (!*list)
		return 0;
	if (asprintf(&all, "%s%s%s", args->options ? args->options : "",
		     args->options ? "," : "", list) < 0)
		return fail(MNT_EX_SYSERR, "out of memory");
	free(args->options);
	args->options = all;
	return 0;
}

static int usage(int status)
{
	fputs(usage_text, status ? stderr : stdout);
	return status;
}

static int take_type(const char *type)
{
	return strcmp(type, FSTYPE) ? fail(MNT_EX_USAGE, "-t %s: this is for " FSTYPE, type) : 0;
}

/* Returns a status of mount(8). */
static int take_flag(struct arguments *args, int flag)
{
	switch (flag) {
	case 'f':
		args->fake = true;
		return 0;
	case 'n':
		args->nomtab = true;
		return 0;
	case 'v':
		args->verbose = true;
		return 0;
	case 'r':
		return add_option(args, "ro");
	case 'w':
		return add_option(args, "rw");
	case 's':
		return add_option(args, "sloppy");
	case 'o':
		return add_list(args, optarg);
	case 't':
		return take_type(optarg);
	case 'N':
		args->space = optarg;
		return 0;
	default:
		return usage(MNT_EX_USAGE);
	}
}

static int take_arguments(struct arguments *args, int argc, char **argv)
{
	int flag, status = 0;

	while (!status && (flag = getopt(argc, argv, "fno:rst:vwN:hV")) != -1) {
		if (flag == 'h')
			exit(usage(0));
		if (flag == 'V') {
			puts(PROGRAM " of snfs " SNFS_VERSION);
			exit(0);
		}
		status = take_flag(args, flag);
	}
	if (status)
		return status;
	if (argc - optind != 2)
		return usage(MNT_EX_USAGE);
	args->source = argv[optind];
	args->target = argv[optind + 1];
	return 0;
}

static int explain_libmount(struct libmnt_context *cxt, int err)
{
	char text[1024] = "";
	int status = mnt_context_get_excode(cxt, err, text, sizeof(text));

	return fail(status ? status : MNT_EX_FAIL, "%s", *text ? text : strerror(abs(err)));
}

/*
 * A user may mount what /etc/fstab allows, as it stands there: libmount sees to both. But fstab
 * has other types, too, and libmount takes the source for a path later: it would follow links that
 * the user has made.
 */
static int prepare_as_user(struct libmnt_context *cxt, struct arguments *args)
{
	const char *type;

	if (geteuid())
		return fail(MNT_EX_USAGE, "only root may mount (or fstab's users, after chmod u+s %s)",
			    "/sbin/" PROGRAM);
	/* What is in utab decides who may unmount: it shall say what is so. */
	if (args->space || args->fake || args->nomtab)
		return fail(MNT_EX_USAGE, "-f, -n and -N are for root");
	if (mnt_context_apply_fstab(cxt))
		return fail(MNT_EX_USAGE, "%s on %s: only root may mount what is not in /etc/fstab",
			    args->source, args->target);
	type = mnt_context_get_fstype(cxt);
	if (!type || strcmp(type, FSTYPE))
		return fail(MNT_EX_USAGE, "%s on %s is not of type " FSTYPE " in /etc/fstab",
			    args->source, args->target);
	args->in_fstab = strdup(mnt_fs_get_source(mnt_context_get_fs(cxt)) ?: "");
	if (!args->in_fstab)
		return fail(MNT_EX_SYSERR, "out of memory");
	args->source = args->in_fstab;
	return 0;
}

static int prepare_as_root(struct libmnt_context *cxt, const struct arguments *args)
{
	int err = mnt_context_set_fstype(cxt, FSTYPE);

	if (!err && args->options)
		err = mnt_context_set_options(cxt, args->options);
	if (!err && args->space)
		err = mnt_context_set_target_ns(cxt, args->space);
	return err ? explain_libmount(cxt, err) : 0;
}

static int prepare(struct libmnt_context *cxt, struct arguments *args)
{
	int status, err;

	mnt_context_disable_helpers(cxt, true);
	mnt_context_disable_mtab(cxt, args->nomtab);
	mnt_context_enable_fake(cxt, args->fake);
	if (mnt_context_set_source(cxt, args->source) || mnt_context_set_target(cxt, args->target))
		return fail(MNT_EX_SYSERR, "out of memory");
	status = mnt_context_is_restricted(cxt) ? prepare_as_user(cxt, args) :
						  prepare_as_root(cxt, args);
	if (status)
		return status;
	err = mnt_context_prepare_mount(cxt);
	if (err == -EPERM && mnt_context_is_restricted(cxt))
		return fail(MNT_EX_USAGE, "%s on %s: /etc/fstab does not let users mount it (user)",
			    args->source, args->target);
	return err ? explain_libmount(cxt, err) : 0;
}

static int mount_there(void *data, const char *addr, const char *mountaddr, FILE *words)
{
	const struct mounter *m = data;
	struct libmnt_ns *old = NULL;
	int err;

	if (m->other_space) {
		old = mnt_context_switch_target_ns(m->cxt);
		if (!old)
			return EINVAL;
	}
	err = m->req->flags & MS_REMOUNT ? kernel_remount(m->req, words) :
					   kernel_mount(m->req, addr, mountaddr, words);
	if (old && !mnt_context_switch_ns(m->cxt, old))
		return EINVAL;
	return err;
}

static int fill_request(struct request *req, struct libmnt_context *cxt)
{
	struct libmnt_fs *fs = mnt_context_get_fs(cxt);
	int err;

	req->target = mnt_context_get_target(cxt);
	mnt_context_get_mflags(cxt, &req->flags);
	err = request_read_options(req, mnt_fs_get_fs_options(fs));
	if (req->flags & MS_REMOUNT) {
		req->background = false;
		req->retry = 0;
		free(req->host);
		req->host = NULL;
	}
	if (err == -ENOMEM)
		return fail(MNT_EX_SYSERR, "out of memory");
	return err ? MNT_EX_USAGE : 0;
}

/*
 * mount(8) follows a source that is there as a file, unless it knows the type as that of a network
 * file system. Where that leads is not for us to undo: links may be anybody's.
 */
static int check_source(const struct request *req)
{
	if (*req->source != '/')
		return 0;
	return fail(MNT_EX_USAGE, "%s is a path, but the source is SERVER:/PATH or a URL: if a file "
		    "in this directory has its name, go elsewhere (cd /)", req->source);
}

/* Before the server is asked. In another namespace the kernel will tell. */
static int check_target(const struct request *req)
{
	struct stat st;

	if (stat(req->target, &st))
		return fail(MNT_EX_FAIL, "%s: %s%s", req->target, strerror(errno),
			    errno == ENOENT ? ": make it first (mkdir)" : "");
	if (!S_ISDIR(st.st_mode))
		return fail(MNT_EX_FAIL, "%s: a mount point has to be a directory", req->target);
	return 0;
}

/* The status of mount(8) for an errno of mount_with_tries() */
static int finish(struct libmnt_context *cxt, int err)
{
	mnt_context_set_syscall_status(cxt, err ? -err : 0);
	if (!err && mnt_context_finalize_mount(cxt))
		return fail(MNT_EX_FILEIO, "mounted, but /run/mount/utab could not be written");
	return err ? MNT_EX_FAIL : 0;
}

static int do_mount(struct libmnt_context *cxt, const struct arguments *args)
{
	struct request req = {
		.source		= args->source,
		.verbose	= args->verbose,
	};
	struct mounter m = {
		.cxt		= cxt,
		.req		= &req,
		.other_space	= args->space,
	};
	int status = fill_request(&req, cxt), err = 0;

	if (!status)
		status = check_source(&req);
	if (!status && !args->space)
		status = check_target(&req);
	if (!status && !args->fake)
		err = mount_with_tries(&req, mount_there, &m);
	/* Whoever goes on in the background writes utab. */
	if (!status && err >= 0)
		status = finish(cxt, err);
	request_free(&req);
	return status;
}

int main(int argc, char **argv)
{
	struct arguments args = { };
	struct libmnt_context *cxt;
	int status;

	umask(022);
	/* Whoever reads what we say may be gone before we are done. */
	signal(SIGPIPE, SIG_IGN);
	mnt_init_debug(0);
	status = take_arguments(&args, argc, argv);
	if (status)
		return status;
	cxt = mnt_new_context();
	if (!cxt)
		return fail(MNT_EX_SYSERR, "out of memory");
	status = prepare(cxt, &args);
	if (!status)
		status = do_mount(cxt, &args);
	mnt_free_context(cxt);
	free(args.options);
	free(args.in_fstab);
	return status;
}
