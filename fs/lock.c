// SPDX-License-Identifier: GPL-2.0
/*
 * Locks: fcntl and flock, by the kernel's lockd, or local ones as the options say.
 *
 * lockd is started at the first lock of a mount: who locks nothing needs neither rpcbind nor
 * rpc.statd. It keeps the VFS's record of a lock itself, asks the server, waits for its GRANTED,
 * and claims the locks again when the server has restarted. flock over the network is a lock of
 * all bytes of the file, owned by the open file.
 *
 * Under a network lock two clients see each other's bytes: what is dirty goes to the server
 * before a lock is taken or given back, and what is cached is read anew after one was granted.
 */
#include <linux/fs.h>
#include <linux/lockd/bind.h>
#include "snfs.h"

/* Errors of nlmclnt_proc() that say what is wrong by themselves */
static bool is_plain(int err)
{
	return !err || err == -EAGAIN || err == -EINTR || err == -ERESTARTSYS || err == -EDEADLK ||
	       err == -ESTALE || err == -ENOMEM;
}

static struct nlm_host *start_lockd(struct snfs_server *server)
{
	const struct nlmclnt_initdata init = {
		.hostname	= server->opt.hostname,
		.address	= (struct sockaddr *)&server->opt.addr,
		.addrlen	= server->opt.addrlen,
		.protocol	= server->opt.proto,
		.nfs_version	= server->proto->version,
		.noresvport	= !!(server->opt.flags & SNFS_OPT_NORESVPORT),
		.net		= server->net,
		.cred		= server->cred,
	};
	struct nlm_host *host = nlmclnt_init(&init);

	if (!IS_ERR(host))
		return host;
	snfs_err(server, "no locks, as lockd does not start (error %ld): start rpcbind and rpc.statd on this client, or mount with nolock",
		 PTR_ERR(host));
	return ERR_PTR(-ENOLCK);
}

static struct nlm_host *get_lockd(struct snfs_server *server)
{
	/* Pairs with smp_store_release() below. */
	struct nlm_host *host = smp_load_acquire(&server->nlm);

	if (host)
		return host;
	if (mutex_lock_killable(&server->nlm_mutex))
		return ERR_PTR(-ERESTARTSYS);
	host = server->nlm;
	if (!host) {
		host = start_lockd(server);
		if (!IS_ERR(host))
			/* Pairs with smp_load_acquire() above. */
			smp_store_release(&server->nlm, host);
	}
	mutex_unlock(&server->nlm_mutex);
	return host;
}

/**
 * snfs_lock_stop - end what locks of a mount have started
 * @server: the mount; its files are closed
 *
 * Context: May sleep: lockd tells rpc.statd and rpcbind, but not the server.
 */
void snfs_lock_stop(struct snfs_server *server)
{
	if (!server->nlm)
		return;
	nlmclnt_done(server->nlm);
	server->nlm = NULL;
}

/* One call to lockd: lock, unlock or test */
static int call_lockd(struct file *file, int cmd, struct file_lock *fl)
{
	struct snfs_server *server = snfs_server(file_inode(file));
	struct nlm_host *host;
	int err;

	if (READ_ONCE(server->dead))
		return -EIO;
	host = get_lockd(server);
	if (IS_ERR(host))
		return PTR_ERR(host);
	err = nlmclnt_proc(host, cmd, fl, NULL);
	/* A lock that would be waited for cannot be taken already: the call itself failed. */
	if (err == -EAGAIN && snfs_fl_flags(fl) & FL_SLEEP)
		err = -ENOLCK;
	if (!is_plain(err))
		snfs_err(server, "no lock (error %d): is rpc.statd running on this client, and lockd on the server? Else mount with nolock",
			 err);
	return err;
}

/*
 * A granted lock says that others may have changed the file until now. The version is moved in
 * any case: two changes within one tick of the server's clock look alike to a GETATTR.
 */
static void begin_anew(struct inode *inode)
{
	snfs_attr_distrust(inode);
	/* Nobody asks us before memory is read. */
	if (mapping_mapped(inode->i_mapping))
		snfs_revalidate_mapping(inode);
}

static int take_lock(struct file *file, int cmd, struct file_lock *fl)
{
	int err = snfs_writeback_flush(file_inode(file));

	if (!err)
		err = call_lockd(file, cmd, fl);
	if (!err)
		begin_anew(file_inode(file));
	return err;
}

/*
 * Locks go in any case when a file is closed. lockd alone may take them off its lists, so it is
 * asked after umount -f, too; without it nothing was ever locked at the server.
 */
static int drop_lock(struct file *file, int cmd, struct file_lock *fl)
{
	struct snfs_server *server = snfs_server(file_inode(file));
	int err = snfs_writeback_flush(file_inode(file));
	struct nlm_host *host;

	if (err && !(snfs_fl_flags(fl) & FL_CLOSE))
		return err;
	/* As in get_lockd(). The mount's first lock may have come meanwhile. */
	host = smp_load_acquire(&server->nlm);
	return host ? nlmclnt_proc(host, cmd, fl, NULL) : locks_lock_file_wait(file, fl);
}

static int test_lock(struct file *file, int cmd, struct file_lock *fl)
{
	unsigned char type = snfs_fl_type(fl);

	/* The server cannot tell our own processes apart by the numbers that they have here. */
	posix_test_lock(file, fl);
	if (snfs_fl_type(fl) != F_UNLCK)
		return 0;
	snfs_fl_type(fl) = type;
	return call_lockd(file, cmd, fl);
}

static int change_lock(struct file *file, int cmd, struct file_lock *fl, unsigned int local)
{
	struct snfs_server *server = snfs_server(file_inode(file));

	/* Programs of one client share its page cache. */
	if (server->opt.flags & local)
		return locks_lock_file_wait(file, fl);
	return snfs_fl_type(fl) == F_UNLCK ? drop_lock(file, cmd, fl) : take_lock(file, cmd, fl);
}

/**
 * snfs_file_lock - lock method: fcntl(2) locks
 * @file: the open file
 * @cmd: F_GETLK, F_SETLK or F_SETLKW
 * @fl: the lock; for F_GETLK also the answer
 *
 * Context: May sleep; ended by a signal.
 * Return: 0; -EAGAIN on a conflict; -ENOLCK if there is nobody to ask; a negative errno.
 */
int snfs_file_lock(struct file *file, int cmd, struct file_lock *fl)
{
	struct snfs_server *server = snfs_server(file_inode(file));

	snfs_count(server, SNFS_EV_LOCK);
	if (!IS_GETLK(cmd))
		return change_lock(file, cmd, fl, SNFS_OPT_LOCAL_POSIX);
	if (!(server->opt.flags & SNFS_OPT_LOCAL_POSIX))
		return test_lock(file, cmd, fl);
	posix_test_lock(file, fl);
	return 0;
}

/**
 * snfs_file_flock - flock method
 * @file: the open file
 * @cmd: F_SETLK or F_SETLKW
 * @fl: the lock
 *
 * Context: May sleep; ended by a signal.
 * Return: 0; -EAGAIN on a conflict; -ENOLCK if there is nobody to ask; a negative errno.
 */
int snfs_file_flock(struct file *file, int cmd, struct file_lock *fl)
{
	if (!(snfs_fl_flags(fl) & FL_FLOCK))
		return -ENOLCK;
	snfs_count(snfs_server(file_inode(file)), SNFS_EV_LOCK);
	return change_lock(file, cmd, fl, SNFS_OPT_LOCAL_FLOCK);
}
