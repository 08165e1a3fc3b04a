# SPDX-License-Identifier: GPL-2.0
"""Mounts that nobody else sees, one for each export, shared by all who use it."""

import errno
import os
import socket
import threading
import weakref

from . import kernel, mounted
from .root import Root

# Errors after which another address of the server may do better
_UNREACHABLE = {
    errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ECONNREFUSED, errno.ECONNRESET,
    errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH,
    errno.EPFNOSUPPORT, errno.ETIMEDOUT,
}

# A mount stays as long as somebody uses it: nothing here does.
_mounts = weakref.WeakValueDictionary()
_mounts_lock = threading.Lock()


class Mount:
    """An export in use. Who keeps the object keeps the mount."""

    def __init__(self, location):
        self.root = None
        self._location = location
        self._lock = threading.Lock()

    def connect(self):
        """Mount it, if nobody has done so yet."""
        with self._lock:
            if self.root is None:
                self.root = Root(_open_export(self._location))
        return self


def attach(location):
    """The Mount of a location. OSError says why there is none."""
    with _mounts_lock:
        mount = _mounts.get(location)
        if mount is None:
            mount = _mounts[location] = Mount(location)
    return mount.connect()


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
        kernel.fsconfig(context, "source", location.source)
        if address:
            kernel.fsconfig(context, "addr", address)
        for key, value in location.options:
            kernel.fsconfig(context, key, value)
        kernel.fscreate(context)
        return kernel.fsmount(context)
    except OSError as error:
        raise _failure(location, error, kernel.complaints(context)) from None
    finally:
        os.close(context)


def _failure(location, error, why):
    return OSError(error.errno, f"mounting {location.source}: {why or error.strerror}")


def _addresses(location):
    """What to give as addr=, in the order to try: nothing if the source or an option has it."""
    if location.option("addr") or _is_address(location.server):
        return [None]
    return _look_up(location.server)


def _look_up(server):
    found = socket.getaddrinfo(server.encode(), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(sockaddr[0] for *_, sockaddr in found))


def _is_address(text):
    """Is it an address, with a scope or without? No name is looked up."""
    try:
        socket.getaddrinfo(text, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True
