# SPDX-License-Identifier: GPL-2.0
"""What libnfs calls a context: an export in use, and the text of the last error there."""

from contextlib import contextmanager

from . import url
from .mount import attach, recent


class Context:
    """Keeps the mount of a URL until it is closed or nobody has it."""

    def __init__(self, text):
        self.error = ""
        self._mount = attach(url.parse(text))

    @property
    def root(self):
        """The export's directory."""
        if self._mount is None:
            raise ValueError("the NFS object is closed")
        return self._mount.root

    def linger(self):
        """Others of the same directory are to come."""
        recent.use(self._mount)

    def close(self):
        """The mount goes if this was its last user."""
        self._mount = None

    @contextmanager
    def watch(self):
        """Keeps the text of an error that passes."""
        try:
            yield
        except OSError as error:
            self.error = error.strerror or str(error)
            raise
