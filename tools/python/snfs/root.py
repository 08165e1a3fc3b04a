# SPDX-License-Identifier: GPL-2.0
"""A directory that paths do not leave: '..' and absolute links end in it."""

import errno
import os
import weakref
from contextlib import contextmanager

from . import kernel

_O_LARGEFILE = getattr(os, "O_LARGEFILE", 0)


class Root:
    """Names below a directory, by calls relative to its descriptor only.

    Paths are the directory's own, with a slash in front or not. The descriptor is closed with
    the object.
    """

    def __init__(self, fd):
        self.fd = fd
        weakref.finalize(self, os.close, fd)

    def open(self, path, flags, mode=0):
        """A new file descriptor. Only with O_CREAT there is a mode."""
        return kernel.open_in_root(self.fd, _encode(path) or b".", flags | _O_LARGEFILE, mode)

    def stat(self, path, follow=True):
        fd = self.open(_encode(path).rstrip(b"/"), os.O_PATH | (0 if follow else os.O_NOFOLLOW))
        try:
            return os.fstat(fd)
        finally:
            os.close(fd)

    def listdir(self, path):
        """The names in a directory, as the server orders them."""
        fd = self.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            return os.listdir(fd)
        finally:
            os.close(fd)

    def mkdir(self, path, mode):
        with self._parent(path, errno.EEXIST) as (parent, name):
            os.mkdir(name, mode, dir_fd=parent)

    def rmdir(self, path):
        with self._parent(path, errno.EBUSY) as (parent, name):
            os.rmdir(name, dir_fd=parent)

    def unlink(self, path):
        with self._parent(path, errno.EISDIR) as (parent, name):
            os.unlink(name, dir_fd=parent)

    def rename(self, old, new):
        with self._parent(old, errno.EBUSY) as (old_parent, old_name), \
                self._parent(new, errno.EBUSY) as (new_parent, new_name):
            os.rename(old_name, new_name, src_dir_fd=old_parent, dst_dir_fd=new_parent)

    @contextmanager
    def _parent(self, path, nameless):
        """The directory's descriptor and the last name. Without a name: the errno given."""
        head, _, name = _encode(path).rstrip(b"/").rpartition(b"/")
        if name in (b"", b".", b".."):
            raise OSError(nameless, os.strerror(nameless))
        if not head.strip(b"/"):
            yield self.fd, name
            return
        fd = self.open(head, os.O_PATH | os.O_DIRECTORY)
        try:
            yield fd, name
        finally:
            os.close(fd)


def _encode(path):
    path = os.fsencode(path)
    if b"\0" in path:
        raise ValueError("embedded null byte")
    return path
