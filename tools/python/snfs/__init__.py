# SPDX-License-Identifier: GPL-2.0
"""Files of NFS servers by nfs:// URLs, through the snfs kernel module, as libnfs-python does it.

    import snfs as libnfs

README.md says what is different.
"""

from .attributes import nfs_stat_64
from .file import NFSFH
from .nfs import NFS

__all__ = ["NFS", "NFSFH", "nfs_stat_64", "open"]


def open(url, mode="r", codec=None):
    """The file of a URL, whose directory is mounted as long as it is open."""
    return NFSFH(None, url, mode=mode, codec=codec)
