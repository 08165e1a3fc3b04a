# SPDX-License-Identifier: GPL-2.0
"""A directory of this machine in place of an export, for tests that need no server."""

import gc
import os
import shutil
import tempfile
import unittest
from unittest import mock

import snfs
from snfs import mount

URL = "nfs://server/export"


class LocalExport(unittest.TestCase):
    """self.nfs is an NFS object whose export is self.directory. Each mount is in self.mounted.

    Nothing is kept for a while that nobody uses; how often it was asked for is len(self.kept).
    """

    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.mounted = []
        self.kept = []
        for thing, name, double in ((mount, "_mount", self._mount),
                                    (mount.recent, "use", lambda _: self.kept.append(1))):
            patch = mock.patch.object(thing, name, double)
            patch.start()
            self.addCleanup(patch.stop)
        self.addCleanup(gc.collect)
        self.nfs = snfs.NFS(URL)
        self.addCleanup(self.nfs.close)

    def _mount(self, location):
        path = self.directory + location.export[len("/export"):]
        fd = os.open(path, os.O_PATH | os.O_DIRECTORY)
        self.mounted.append(fd)
        return fd

    def path(self, name):
        """Where the file is on this machine."""
        return os.path.join(self.directory, name)

    def put(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def get(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
