# SPDX-License-Identifier: GPL-2.0
"""Attributes of files in the two shapes of libnfs-python."""

_PLAIN = ("dev", "ino", "mode", "nlink", "uid", "gid", "rdev", "size", "blksize", "blocks")
_TIMES = ("atime", "ctime", "mtime")
_NSEC_PER_SEC = 10**9


class nfs_stat_64:
    """nfs_dev ... nfs_blocks, and nfs_atime, nfs_atime_nsec and so on."""

    __slots__ = [f"nfs_{name}" for name in _PLAIN + _TIMES]
    __slots__ += [f"nfs_{name}_nsec" for name in _TIMES]

    def __init__(self, result):
        for name in _PLAIN:
            setattr(self, f"nfs_{name}", getattr(result, f"st_{name}"))
        for name in _TIMES:
            sec, nsec = divmod(getattr(result, f"st_{name}_ns"), _NSEC_PER_SEC)
            setattr(self, f"nfs_{name}", sec)
            setattr(self, f"nfs_{name}_nsec", nsec)


def to_dict(result):
    """An os.stat_result as {'dev': ..., 'atime': {'sec': ..., 'nsec': ...}, ...}."""
    attributes = {name: getattr(result, f"st_{name}") for name in _PLAIN}
    for name in _TIMES:
        sec, nsec = divmod(getattr(result, f"st_{name}_ns"), _NSEC_PER_SEC)
        attributes[name] = {"sec": sec, "nsec": nsec}
    return attributes
