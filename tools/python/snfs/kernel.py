# SPDX-License-Identifier: GPL-2.0
"""System calls that the standard library has no name for: fsopen(2) and its like, openat2(2)."""

import ctypes
import errno
import os
import platform

_FSOPEN, _FSCONFIG, _FSMOUNT, _OPENAT2 = 430, 431, 432, 437

_FSOPEN_CLOEXEC = 1
_FSMOUNT_CLOEXEC = 1
_FSCONFIG_SET_FLAG = 0
_FSCONFIG_SET_STRING = 1
_FSCONFIG_CMD_CREATE = 6
_MOUNT_ATTR_NOSUID = 2
_MOUNT_ATTR_NODEV = 4

_RESOLVE_NO_MAGICLINKS = 0x02
_RESOLVE_IN_ROOT = 0x10

# Longest text that fsconfig(2) takes
_CONFIG_MAX = 255

# openat2(2) asks to be called again if a rename elsewhere came between; that ends.
_OPENAT2_TRIES = 1000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _call(number, *arguments):
    """A system call by number; each argument is an int, bytes, None or by reference."""
    if platform.machine().startswith(("alpha", "mips")):
        raise OSError(errno.ENOSYS, "system calls have other numbers on this architecture")
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = _libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


class _OpenHow(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("flags", "mode", "resolve")]


def open_in_root(root, path, flags, mode=0):
    """Open a path (bytes) as if the directory fd were the root: nothing outside is reached."""
    how = _OpenHow(flags | os.O_CLOEXEC, mode, _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS)
    for _ in range(_OPENAT2_TRIES):
        try:
            return _call(_OPENAT2, root, path, ctypes.byref(how), ctypes.sizeof(how))
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EINTR):
                raise
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def fsopen(fstype):
    """A file system context, as a file descriptor."""
    return _call(_FSOPEN, os.fsencode(fstype), _FSOPEN_CLOEXEC)


def fsconfig(context, key, value=None):
    """Set a mount option: a flag if there is no value."""
    if max(len(os.fsencode(text)) for text in (key, value or "")) > _CONFIG_MAX:
        raise OSError(errno.ENAMETOOLONG, f"{key}: more than {_CONFIG_MAX} bytes cannot be passed")
    if value is None:
        _call(_FSCONFIG, context, _FSCONFIG_SET_FLAG, os.fsencode(key), None, 0)
    else:
        _call(_FSCONFIG, context, _FSCONFIG_SET_STRING, os.fsencode(key), os.fsencode(value), 0)


def fscreate(context):
    """Make the file system that the context describes."""
    _call(_FSCONFIG, context, _FSCONFIG_CMD_CREATE, None, None, 0)


def fsmount(context):
    """A mount nobody sees, as a file descriptor of its root: it goes when that is closed."""
    return _call(_FSMOUNT, context, _FSMOUNT_CLOEXEC, _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV)


def complaints(context):
    """What the kernel logged in the context about what went wrong, in one line."""
    lines = []
    while True:
        try:
            line = os.read(context, 8192)
        except OSError:
            return "; ".join(lines)
        kind, _, text = os.fsdecode(line).strip().partition(" ")
        if kind == "e":
            lines.append(text)
