# SPDX-License-Identifier: GPL-2.0
"""Mounts that nobody else sees, one for each export, shared by all who use it."""

import errno
import os
import socket
import threading
import weakref

from . import kernel, mounted
from .recent import Recent
from .root import Root

# Errors after which another address of the server may do better, as fs/address.c has it
_UNREACHABLE = {
    errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ECONNREFUSED, errno.EHOSTDOWN,
    errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.EPROTONOSUPPORT,
    errno.ETIMEDOUT,
}

# A mount stays as long as somebody uses it: nothing here does, but for a while what was opened
# by its URL.
_mounts = weakref.WeakValueDictionary()
_mounts_lock = threading.Lock()
recent = Recent(seconds=10)


class Mount:
    """A directory of a server in use. Who keeps the object keeps the mount."""

    def __init__(self, location):
        self.root = None
        self.location = location
        self._above = None
        self._lock = threading.Lock()

    def connect(self):
        """Mount it, if nobody has done so yet, nor mounted a directory above it."""
        with self._lock:
            if self.root is None:
                self.root = self._find_above() or Root(_open_export(self.location))
        return self

    def _find_above(self):
        """The Root as the nearest mount above has it, which is kept then, or None."""
        for mount in _nearest_above(self.location):
            path = os.fsencode(self.location.below(mount.location))
            try:
                root = Root(mount.root.open(path, os.O_PATH | os.O_DIRECTORY))
            except OSError:
                continue
            self._above = mount
            return root
        return None


def attach(location):
    """The Mount of a location. OSError says why there is none, ValueError what is no URL."""
    with _mounts_lock:
        mount = _mounts.get(location)
        if mount is None:
            mount = _mounts[location] = Mount(location)
    return mount.connect()


def _after_fork():
    """In a child: who held a lock, or was about to mount, is a thread of the parent."""
    global _mounts, _mounts_lock
    connected = [mount for mount in _mounts.values() if mount.root]
    _mounts_lock = threading.Lock()
    _mounts = weakref.WeakValueDictionary((mount.location, mount) for mount in connected)
    for mount in connected:
        mount._lock = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)


def _nearest_above(location):
    """Mounts of directories above a location, the longest path first."""
    with _mounts_lock:
        above = [mount for mount in _mounts.values()
                 if mount.root and location.below(mount.location) is not None]
    return sorted(above, key=lambda mount: len(mount.location.export), reverse=True)


def _open_export(location):
    """A descriptor of the export's root: of a mount of our own if we may, or of another's."""
    try:
        return _mount(location)
    except OSError as error:
        nameless = isinstance(error, socket.gaierror)
        if error.errno not in (errno.EPERM, errno.ENOSYS) and not nameless:
            raise
        fd = mounted.find(location, lambda: [] if nameless else _look_up(location.server))
        if fd is None:
            error.strerror += ", and nobody else has mounted it here"
            raise
        return fd


def _mount(location):
    """Mount it by the first of the server's addresses that can be reached."""
    first_error = None
    try:
        for address in _addresses(location):
            try:
                return _mount_by(location, address)
            except OSError as error:
                if error.errno not in _UNREACHABLE:
                    raise
                first_error = first_error or error
        raise first_error
    finally:
        # It refers to this frame, and so to itself: the mount would wait for the garbage collector.
        del first_error


def _mount_by(location, address):
    """Mount it; the address is None if the source has it."""
    try:
        context = kernel.fsopen("snfs")
    except OSError as error:
        why = "the kernel has no snfs: modprobe snfs" if error.errno == errno.ENODEV else ""
        raise _failure(location, error, why) from None
    try:
        _set_source(context, location)
        if address:
            kernel.fsconfig(context, "addr", address)
        kernel.fscreate(context)
        return kernel.fsmount(context)
    except OSError as error:
        raise _failure(location, error, kernel.complaints(context)) from None
    finally:
        os.close(context)


def _set_source(context, location):
    """The first option, as a URL brings options along."""
    try:
        kernel.fsconfig(context, "source", location.source)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        why = kernel.complaints(context) or error.strerror
        raise ValueError(f"{location.source}: {why}") from None


def _failure(location, error, why):
    return OSError(error.errno, f"mounting {location.source}: {why or error.strerror}")


def _addresses(location):
    """What to give as addr=, in the order to try: nothing if the source or an option has it."""
    arguments = dict(location.arguments)
    if arguments.get("addr") or _is_address(location.server):
        return [None]
    family = socket.AF_INET6 if arguments.get("proto") in ("tcp6", "udp6") else socket.AF_UNSPEC
    return _look_up(location.server, family)


def _look_up(server, family=socket.AF_UNSPEC):
    found = socket.getaddrinfo(server.encode(), None, family, socket.SOCK_STREAM)
    return list(dict.fromkeys(sockaddr[0] for *_, sockaddr in found))


def _is_address(text):
    """Is it an address, with a scope or without? No name is looked up."""
    try:
        socket.getaddrinfo(text, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True
