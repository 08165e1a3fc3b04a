// SPDX-License-Identifier: GPL-2.0
/*
 * A mount that may take several tries: all addresses of the server, one after the other, and
 * that again for as long as retry= says; with bg, in the background from the second time on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include "mount.h"

/* Minutes, as nfs(5) */
#define RETRY_FOREGROUND	2
#define RETRY_BACKGROUND	10000

/* Seconds between two rounds, from one on, each time twice as long */
#define PAUSE_FOREGROUND	10
#define PAUSE_BACKGROUND	30

/**
 * struct tries - a mount that is being tried
 * @req: the mount
 * @how_mount: makes one
 * @data: for @how_mount
 * @words: what is told about the last round, in lines
 * @waiting: the first round is over
 * @silent: standard error belongs to nobody any more
 */
struct tries {
	const struct request	*req;
	mount_fn		how_mount;
	void			*data;
	char			*words;
	bool			waiting;
	bool			silent;
};

/* Could it be another address's fault that this one is of no use? As fs/address.c has it. */
static bool is_about_address(int err)
{
	switch (err) {
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case ECONNREFUSED:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENETDOWN:
	case ENETUNREACH:
	case EPROTONOSUPPORT:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

/*
 * Could the server be as it should be in a moment? A server that is starting has rpcbind before the
 * others, and who waits in the background may be waiting for a network.
 */
static bool is_temporary(const struct tries *t, int err)
{
	switch (err) {
	case EAGAIN:
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENETDOWN:
	case ENETUNREACH:
	case ESTALE:
	case ETIMEDOUT:
		return true;
	case EADDRNOTAVAIL:
	case EDESTADDRREQ:
		return t->req->background;
	case EPROTONOSUPPORT:
		return t->req->background || t->waiting;
	default:
		return false;
	}
}

/* mountd's address of the same family, if there is one */
static const char *mount_address(const struct address *addrs, int nr, int family)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (addrs[i].family == family)
			return addrs[i].text;
	}
	return nr > 0 ? addrs[0].text : NULL;
}

static int try_address(struct tries *t, const struct address *addr, const struct address *mounts,
		       int nr_mounts, FILE *words)
{
	int family = addr ? addr->family : AF_UNSPEC;

	if (addr && t->req->verbose && !t->silent)
		fprintf(stderr, PROGRAM ": trying %s of %s\n", addr->text, t->req->host);
	return t->how_mount(t->data, addr ? addr->text : NULL,
			    mount_address(mounts, nr_mounts, family), words);
}

static int try_addresses(struct tries *t, FILE *words)
{
	struct address addrs[ADDRESSES_MAX], mounts[ADDRESSES_MAX];
	const struct request *req = t->req;
	int nr = 0, nr_mounts = 0, i, err = EDESTADDRREQ;

	if (req->mounthost)
		nr_mounts = resolve(req->mounthost, req->mount_ipv6, mounts, words);
	if (nr_mounts < 0)
		return -nr_mounts;
	if (!req->host)
		return try_address(t, NULL, mounts, nr_mounts, words);
	nr = resolve(req->host, req->ipv6, addrs, words);
	if (nr < 0)
		return -nr;
	for (i = 0; i < nr; i++) {
		err = try_address(t, &addrs[i], mounts, nr_mounts, words);
		if (!is_about_address(err))
			break;
	}
	return err;
}

/* Leaves what was said in @t->words. Returns an errno. */
static int try_once(struct tries *t)
{
	FILE *words;
	size_t size;
	int err;

	free(t->words);
	t->words = NULL;
	words = open_memstream(&t->words, &size);
	if (!words)
		return ENOMEM;
	err = try_addresses(t, words);
	if (fclose(words))
		return ENOMEM;
	return err;
}

static void say(const struct tries *t, int priority, const char *line)
{
	if (t->silent)
		syslog(priority, "%s: %s", t->req->target, line);
	else
		fprintf(stderr, PROGRAM ": %s\n", line);
}

static void say_words(const struct tries *t, int priority)
{
	char *copy = strdup(t->words ? t->words : ""), *line, *rest = copy;

	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			say(t, priority, line);
	}
	free(copy);
}

static void say_failed(const struct tries *t, int err)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s could not be mounted on %s: %s", t->req->source,
		 t->req->target, strerror(err));
	say_words(t, LOG_ERR);
	say(t, LOG_ERR, text);
}

static long minutes(const struct request *req)
{
	if (req->retry >= 0)
		return req->retry;
	return req->background ? RETRY_BACKGROUND : RETRY_FOREGROUND;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec;
}

/* The rounds behind the first, which came to @err, until @end. Returns an errno. */
static int try_again(struct tries *t, int err, time_t end)
{
	unsigned int most = t->req->background ? PAUSE_BACKGROUND : PAUSE_FOREGROUND;
	unsigned int pause = 1;

	while (is_temporary(t, err) && now() < end) {
		sleep(pause);
		pause = 2 * pause < most ? 2 * pause : most;
		err = try_once(t);
	}
	return err;
}

/* Nobody waits for us any more, and what we say goes to the machine's log. */
static int go_background(struct tries *t)
{
	int null;
	pid_t pid = fork();

	if (pid)
		return pid < 0 ? -1 : 1;
	setsid();
	null = open("/dev/null", O_RDWR);
	if (chdir("/") || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(1);
	if (null > 2)
		close(null);
	openlog(PROGRAM, LOG_PID, LOG_DAEMON);
	t->silent = true;
	return 0;
}

static void announce(const struct tries *t, int err)
{
	long left = minutes(t->req);

	say_words(t, LOG_ERR);
	fprintf(stderr, PROGRAM ": %s: %s; trying again %sfor %ld minute%s (retry=)\n",
		t->req->source, strerror(err), t->req->background ? "in the background " : "", left,
		left == 1 ? "" : "s");
}

/* Returns an errno, or -1 in the parent of who goes on in the background. */
static int run(struct tries *t)
{
	time_t end = now() + 60 * minutes(t->req);
	int err = try_once(t);

	if (is_temporary(t, err) && now() < end) {
		announce(t, err);
		t->waiting = true;
		if (t->req->background && go_background(t))
			return -1;
		err = try_again(t, err, end);
	}
	if (err)
		say_failed(t, err);
	else
		say_words(t, LOG_NOTICE);
	return err;
}

/**
 * mount_with_tries - mount, in as many tries as the options allow
 * @req: the mount
 * @how_mount: makes one
 * @data: for @how_mount
 *
 * What goes wrong is told.
 *
 * Return: 0, an errno, or -1: somebody else goes on in the background.
 */
int mount_with_tries(const struct request *req, mount_fn how_mount, void *data)
{
	struct tries t = {
		.req		= req,
		.how_mount	= how_mount,
		.data		= data,
	};
	int err = run(&t);

	free(t.words);
	return err;
}
