# SPDX-License-Identifier: GPL-2.0
"""An export and the names in it, as libnfs-python has them."""

import errno
import os
import stat

from .attributes import nfs_stat_64, to_dict
from .context import Context
from .file import NFSFH

# Rights of a new directory, of which the process's umask takes away: libnfs gives all of them.
_NEW_DIRECTORY_MODE = 0o755


class NFS:
    """The export that a URL names. Paths are below it, with a slash in front or not.

    What changes names returns 0 or a negative errno; only a missing name is raised (OSError).
    """

    def __init__(self, url):
        self._url = url
        self._nfs = Context(url)

    def close(self):
        """Let go of the export; files that are open stay so."""
        self._nfs.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def error(self):
        """The text of the last error, empty if there was none."""
        return self._nfs.error

    def open(self, path, mode="r", codec=None):
        return NFSFH(self._nfs, path, mode=mode, codec=codec)

    def stat(self, path):
        return to_dict(self._stat(path))

    def lstat(self, path):
        return to_dict(self._stat(path, follow=False))

    def rawstat(self, path):
        """The same as stat, as an object with nfs_dev, nfs_ino ... nfs_mtime_nsec."""
        return nfs_stat_64(self._stat(path))

    def isfile(self, path):
        return self._is(stat.S_ISREG, path)

    def isdir(self, s):
        return self._is(stat.S_ISDIR, s)

    def listdir(self, path):
        """The names in a directory, '.' and '..' among them."""
        with self._nfs.watch():
            return [".", ".."] + self._nfs.root.listdir(path)

    def mkdir(self, path):
        return self._status(self._nfs.root.mkdir, path, _NEW_DIRECTORY_MODE)

    def makedirs(self, path):
        """Make a directory and those above it, as far as they are not there."""
        done = ""
        for name in filter(None, os.fspath(path).split("/")):
            done += "/" + name
            status = self.mkdir(done)
            if status and not self.isdir(done):
                raise OSError(-status, os.strerror(-status), done)

    def rmdir(self, path):
        return self._status(self._nfs.root.rmdir, path)

    def unlink(self, path):
        return self._status(self._nfs.root.unlink, path)

    def rename(self, src, dst):
        return self._status(self._nfs.root.rename, src, dst)

    def _stat(self, path, follow=True):
        with self._nfs.watch():
            return self._nfs.root.stat(path, follow)

    def _is(self, kind, path):
        try:
            return kind(self._stat(path).st_mode)
        except OSError:
            return False

    def _status(self, change, *arguments):
        try:
            with self._nfs.watch():
                change(*arguments)
        except OSError as error:
            if error.errno == errno.ENOENT:
                raise
            return -error.errno
        return 0
