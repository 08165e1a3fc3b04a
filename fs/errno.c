// SPDX-License-Identifier: GPL-2.0
/*
 * What the statuses of NFS and MOUNT mean here. User space sees the numbers below 512 only,
 * so the statuses that Linux has private numbers for get the nearest public one.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <kunit/visibility.h>

#include "snfs.h"
#include "snfs/mount.h"
#include "snfs/nfs2.h"

static const struct {
	u32	status;
	int	err;
} nfsstat_table[] = {
	{ NFS3_OK,		0		},
	{ NFS3ERR_PERM,		-EPERM		},
	{ NFS3ERR_NOENT,	-ENOENT		},
	{ NFS3ERR_IO,		-EIO		},
	{ NFS3ERR_NXIO,		-ENXIO		},
	{ NFS3ERR_ACCES,	-EACCES		},
	{ NFS3ERR_EXIST,	-EEXIST		},
	{ NFS3ERR_XDEV,		-EXDEV		},
	{ NFS3ERR_NODEV,	-ENODEV		},
	{ NFS3ERR_NOTDIR,	-ENOTDIR	},
	{ NFS3ERR_ISDIR,	-EISDIR		},
	{ NFS3ERR_INVAL,	-EINVAL		},
	{ NFS3ERR_FBIG,		-EFBIG		},
	{ NFS3ERR_NOSPC,	-ENOSPC		},
	{ NFS3ERR_ROFS,		-EROFS		},
	{ NFS3ERR_MLINK,	-EMLINK		},
	{ NFS3ERR_NAMETOOLONG,	-ENAMETOOLONG	},
	{ NFS3ERR_NOTEMPTY,	-ENOTEMPTY	},
	{ NFS3ERR_DQUOT,	-EDQUOT		},
	{ NFS3ERR_STALE,	-ESTALE		},
	{ NFS3ERR_REMOTE,	-EREMOTE	},
	/* The server's write cache was flushed, and that failed. */
	{ NFS2ERR_WFLUSH,	-EIO		},
	/* The server gave us the handle: that it is none of its own now makes it stale. */
	{ NFS3ERR_BADHANDLE,	-ESTALE		},
	{ NFS3ERR_NOT_SYNC,	-EBUSY		},
	{ NFS3ERR_BAD_COOKIE,	-EIO		},
	{ NFS3ERR_NOTSUPP,	-EOPNOTSUPP	},
	{ NFS3ERR_TOOSMALL,	-EIO		},
	{ NFS3ERR_SERVERFAULT,	-EIO		},
	/* mknod(2): the file system does not support the type of node */
	{ NFS3ERR_BADTYPE,	-EPERM		},
	{ NFS3ERR_JUKEBOX,	-EAGAIN		},
};

/**
 * snfs_stat_to_errno - what an nfsstat is in Linux
 * @status: as on the wire
 *
 * RFC 1813 section 2.6, RFC 1094 section 2.3.1.
 *
 * Context: Any context. Does not sleep.
 * Return: 0 for NFS3_OK, else a negative errno; -EIO for a status that no RFC defines.
 */
int snfs_stat_to_errno(u32 status)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nfsstat_table); i++)
		if (nfsstat_table[i].status == status)
			return nfsstat_table[i].err;
	return -EIO;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_stat_to_errno);

static const struct {
	u32		status;
	int		err;
	const char	*text;
} mountstat_table[] = {
	{ MNT3_OK,		0,		"no error" },
	{ MNT3ERR_PERM,		-EPERM,		"not permitted (may this client mount it?)" },
	{ MNT3ERR_NOENT,	-ENOENT,	"no such directory on the server" },
	{ MNT3ERR_IO,		-EIO,		"input/output error on the server" },
	{ MNT3ERR_ACCES,	-EACCES,	"access denied (is it exported to this client?)" },
	{ MNT3ERR_NOTDIR,	-ENOTDIR,	"not a directory" },
	{ MNT3ERR_INVAL,	-EINVAL,	"invalid path" },
	{ MNT3ERR_NAMETOOLONG,	-ENAMETOOLONG,	"path too long" },
	{ MNT3ERR_NOTSUPP,	-EOPNOTSUPP,	"not supported by the server" },
	{ MNT3ERR_SERVERFAULT,	-EREMOTEIO,	"the server failed" },
};

/**
 * snfs_mountstat_text - what a mountstat3 means
 * @status: as on the wire
 * @err: OUT: the negative errno of it, 0 for MNT3_OK; -EIO if the RFC does not define it
 *
 * RFC 1813 appendix I section 5.1.5.
 *
 * Context: Any context. Does not sleep.
 * Return: a text for the user, never NULL.
 */
const char *snfs_mountstat_text(u32 status, int *err)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mountstat_table); i++) {
		if (mountstat_table[i].status != status)
			continue;
		*err = mountstat_table[i].err;
		return mountstat_table[i].text;
	}
	*err = -EIO;
	return "unknown error";
}
EXPORT_SYMBOL_IF_KUNIT(snfs_mountstat_text);
