# SPDX-License-Identifier: GPL-2.0
"""Who shares a mount, how it is made, and what is done without privilege."""

import errno
import gc
import os
import pathlib
import re
import signal
import socket
import threading
import time
import unittest
from unittest import mock

import snfs
from snfs import kernel, mount, mounted
from snfs.recent import Recent
from snfs.url import parse
from .local import URL, LocalExport, is_open

IPV4, IPV6 = "192.0.2.1", "2001:db8::1"
TREE = pathlib.Path(__file__).parents[3]


class Sharing(LocalExport):
    """No mount waits for the garbage collector."""

    def setUp(self):
        super().setUp()
        gc.disable()
        self.addCleanup(gc.enable)

    def test_one_mount_for_an_export(self):
        others = [snfs.NFS(URL + "/"), snfs.NFS("nfs://SERVER/export")]
        self.put("foo", b"x")
        self.assertEqual(snfs.open(URL + "/foo").read(), "x")
        self.assertEqual(len(self.mounted), 1)
        with snfs.NFS(URL + "?ro"):
            self.assertEqual(len(self.mounted), 2)
        del others

    def test_goes_with_the_last(self):
        second = snfs.NFS(URL)
        file = self.nfs.open("foo", "w")
        self.nfs.close()
        self.nfs.close()
        second.close()
        self.assertFalse(is_open(self.mounted[0]))
        self.assertIsNone(file.close())
        self.assertRaises(ValueError, self.nfs.stat, "/")

    def test_open_file_of_an_object_that_is_gone(self):
        self.put("foo", b"x")
        file = snfs.NFS(URL + "?soft").open("foo")
        self.assertTrue(is_open(self.mounted[1]))
        self.assertEqual(file.read(), "x")
        file.close()
        self.assertFalse(is_open(self.mounted[1]))

    def test_file_by_url(self):
        self.put("foo", b"x")
        file = snfs.open(URL + "/foo?soft")
        self.assertTrue(is_open(self.mounted[1]))
        file.close()
        self.assertFalse(is_open(self.mounted[1]))

    def test_files_by_url_one_after_the_other(self):
        self.put("foo", b"x")
        recent = Recent(seconds=1000)
        with mock.patch.object(mount.recent, "use", recent.use):
            for _ in range(3):
                self.assertEqual(snfs.open(URL + "/foo?soft").read(), "x")
        self.assertEqual(len(self.mounted), 2)
        self.assertTrue(is_open(self.mounted[1]))
        recent._forget()
        self.assertFalse(is_open(self.mounted[1]))

    def test_only_files_by_url_keep_it(self):
        self.nfs.open("foo", "w").close()
        snfs.NFS(URL + "?soft").close()
        self.assertEqual(len(self.kept), 0)
        snfs.open(URL + "/foo?soft").close()
        self.assertEqual(len(self.kept), 1)

    def test_below_what_is_mounted(self):
        os.makedirs(self.path("dir/sub"))
        self.put("dir/sub/foo", b"x")
        file = snfs.open(URL + "/dir/sub/foo")
        sub = snfs.NFS(URL + "/dir/sub")
        self.assertEqual((file.read(), sub.listdir("/"), len(self.mounted)),
                         ("x", [".", "..", "foo"], 1))
        self.nfs.close()
        file.close()
        self.assertTrue(is_open(self.mounted[0]))
        sub.close()
        self.assertFalse(is_open(self.mounted[0]))

    def test_not_below_with_other_arguments_or_names(self):
        for name in ("dir", "dir2"):
            os.mkdir(self.path(name))
        first = snfs.NFS(URL + "/dir?soft")
        for url in (URL + "/dir?hard", URL + "/dir2?soft", "nfs://other/export/dir?soft"):
            before = len(self.mounted)
            snfs.NFS(url).close()
            self.assertEqual(len(self.mounted), before + 1, url)
        first.close()

    def test_what_cannot_be_opened_below_is_mounted(self):
        os.symlink("none", self.path("dir"))
        self.assertRaises(FileNotFoundError, snfs.NFS, URL + "/dir")
        double = mock.patch.object(mount, "_mount", lambda _: os.open("/", os.O_PATH))
        with double, snfs.NFS(URL + "/dir") as nfs:
            self.assertTrue(nfs.isdir("/"))

    def test_goes_when_the_file_cannot_be_opened(self):
        os.mkdir(self.path("dir"))
        for name in ("none", "dir"):
            with self.assertRaises((OSError, ValueError)):
                snfs.open(f"{URL}/{name}?soft")
            self.assertFalse(is_open(self.mounted.pop()), name)

    def test_threads_that_come_together(self):
        found = []

        def slow(location):
            time.sleep(0.1)
            return self._mount(location)

        threads = [threading.Thread(target=lambda: found.append(snfs.NFS(URL + "?soft")))
                   for _ in range(8)]
        with mock.patch.object(mount, "_mount", slow):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual((len(found), len(self.mounted)), (8, 2))

    def test_child_of_a_process_that_mounts_meanwhile(self):
        def child():
            signal.alarm(60)  # ends it if it waits for a thread that it does not have
            with mock.patch.object(mount, "_mount", self._mount):
                snfs.NFS(URL + "?soft")
            return snfs.NFS(URL)._nfs.root is self.nfs._nfs.root

        def slow(location):
            pid = os.fork()
            if not pid:
                os._exit(0 if child() else 1)
            status.append(os.waitpid(pid, 0)[1])
            return self._mount(location)

        status = []
        with mock.patch.object(mount, "_mount", slow):
            snfs.NFS(URL + "?soft")
        self.assertEqual(status, [0])

    def test_failure_is_not_kept(self):
        self.assertRaises(FileNotFoundError, snfs.NFS, URL + "/later")
        os.mkdir(self.path("later"))
        self.assertTrue(snfs.NFS(URL + "/later").isdir("/"))


class Making(unittest.TestCase):
    """The calls that mount, with the kernel's side played."""

    def setUp(self):
        self.calls = []
        self.outcome = {}  # of an address: the errno of the mount
        for name in ("fsopen", "fsconfig", "fscreate", "fsmount", "complaints"):
            patch = mock.patch.object(kernel, name, getattr(self, name))
            patch.start()
            self.addCleanup(patch.stop)
        for module, name, double in ((socket, "getaddrinfo", self.getaddrinfo),
                                     (mounted, "find", lambda *_: None)):
            patch = mock.patch.object(module, name, double)
            patch.start()
            self.addCleanup(patch.stop)

    def fsopen(self, fstype):
        self.calls.append([fstype])
        return os.open("/dev/null", os.O_RDONLY)

    def fsconfig(self, _, key, value=None):
        self.calls[-1].append(key if value is None else f"{key}={value}")

    def fscreate(self, _):
        addresses = [call[5:] for call in self.calls[-1][1:] if call.startswith("addr=")]
        code = self.outcome.get(addresses[-1] if addresses else None)
        if code:
            raise OSError(code, os.strerror(code))

    def fsmount(self, _):
        return os.open("/", os.O_PATH)

    def complaints(self, _):
        return "snfs: what the kernel says"

    def getaddrinfo(self, server, _, family=0, type=0, flags=0):
        server = server.decode() if isinstance(server, bytes) else server
        if re.fullmatch(r"[0-9.]+|.*:.*", server):
            return [(None, None, None, "", (server, 0))]
        if flags or server != "name":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = (IPV6,) if family == socket.AF_INET6 else (IPV4, IPV4, IPV6)
        return [(None, None, None, "", (text, 0)) for text in addresses]

    def test_by_address(self):
        mount.attach(parse("nfs://192.0.2.7:2050/e?mountport=7&ro"))
        self.assertEqual(self.calls, [["snfs", "source=nfs://192.0.2.7:2050/e?mountport=7&ro"]])

    def test_by_ipv6_address(self):
        mount.attach(parse("nfs://[2001:db8::7]/e"))
        self.assertEqual(self.calls, [["snfs", "source=nfs://[2001:db8::7]/e"]])

    def test_by_name(self):
        mount.attach(parse("nfs://name/e?soft"))
        self.assertEqual(self.calls, [["snfs", "source=nfs://name/e?soft", "addr=192.0.2.1"]])

    def test_by_name_over_ipv6(self):
        mount.attach(parse("nfs://name/e?proto=tcp6"))
        self.assertEqual([call[2] for call in self.calls], [f"addr={IPV6}"])

    def test_the_next_address(self):
        for code in (errno.ECONNREFUSED, errno.EPROTONOSUPPORT):
            self.calls = []
            self.outcome = {"192.0.2.1": code}
            mount.attach(parse("nfs://name/e"))
            self.assertEqual([call[2] for call in self.calls], [f"addr={IPV4}", f"addr={IPV6}"])
            self.assertEqual(len(mount._mounts), 0)

    def test_no_next_address_when_the_server_refuses(self):
        self.outcome = {"192.0.2.1": errno.EACCES}
        with self.assertRaises(OSError) as caught:
            mount.attach(parse("nfs://name/e"))
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(caught.exception.errno, errno.EACCES)
        self.assertIn("mounting nfs://name/e: snfs: what the kernel says", str(caught.exception))

    def test_no_address_can_be_reached(self):
        self.outcome = {"192.0.2.1": errno.ETIMEDOUT, "2001:db8::1": errno.ECONNREFUSED}
        with self.assertRaises(OSError) as caught:
            mount.attach(parse("nfs://name/e"))
        self.assertEqual(caught.exception.errno, errno.ETIMEDOUT)

    def test_unknown_name(self):
        with self.assertRaisesRegex(OSError, "Name or service not known"):
            mount.attach(parse("nfs://unknown/e"))
        mount.attach(parse("nfs://unknown/e?addr=192.0.2.1"))
        self.assertEqual(self.calls, [["snfs", "source=nfs://unknown/e?addr=192.0.2.1"]])

    def test_the_kernel_says_what_is_wrong_with_a_url(self):
        refused = OSError(errno.EINVAL, "Invalid argument")
        with mock.patch.object(kernel, "fsconfig", side_effect=refused):
            with self.assertRaisesRegex(ValueError, "^nfs://192.0.2.7:x/e: snfs: what the kernel"):
                mount.attach(parse("nfs://192.0.2.7:x/e"))

    def test_module_not_there(self):
        missing = OSError(errno.ENODEV, "No such device")
        with mock.patch.object(kernel, "fsopen", side_effect=missing):
            with self.assertRaisesRegex(OSError, "modprobe snfs"):
                mount.attach(parse("nfs://192.0.2.7/e"))

    def test_without_privilege(self):
        refused = OSError(errno.EPERM, "Operation not permitted")
        with mock.patch.object(kernel, "fsopen", side_effect=refused):
            with self.assertRaisesRegex(PermissionError, "nobody else has mounted it"):
                mount.attach(parse("nfs://192.0.2.7/e"))
            fd = os.open("/", os.O_PATH)
            with mock.patch.object(mounted, "find", return_value=fd) as find:
                self.assertEqual(mount.attach(parse("nfs://name/e")).root.fd, fd)
            location, addresses = find.call_args[0]
            self.assertEqual((location.source, addresses()), ("nfs://name/e", [IPV4, IPV6]))

    def test_refused_by_the_server_is_not_looked_for_elsewhere(self):
        self.outcome = {None: errno.EACCES}
        with mock.patch.object(mounted, "find") as find:
            self.assertRaises(PermissionError, mount.attach, parse("nfs://192.0.2.7/e"))
        find.assert_not_called()


class Kernel(unittest.TestCase):
    def test_long_texts(self):
        with self.assertRaises(OSError) as caught:
            kernel.fsconfig(-1, "source", "h:/" + "x" * 253)
        self.assertEqual(caught.exception.errno, errno.ENAMETOOLONG)
        with self.assertRaises(OSError) as caught:
            kernel.fsconfig(-1, "source", "h:/" + "x" * 252)
        self.assertNotEqual(caught.exception.errno, errno.ENAMETOOLONG)

    def test_complaints(self):
        messages = [b"e snfs: one\n", b"w snfs: careful\n", b"e snfs: two",
                    OSError(errno.ENODATA, "No data available")]
        with mock.patch("os.read", side_effect=messages):
            self.assertEqual(kernel.complaints(3), "snfs: one; snfs: two")


class Package(unittest.TestCase):
    def test_version_is_that_of_the_module(self):
        header = (TREE / "include/snfs/version.h").read_text(encoding="ascii")
        project = (TREE / "tools/python/pyproject.toml").read_text(encoding="ascii")
        version = re.search(r'SNFS_VERSION "(.+)"', header)[1]
        self.assertIn(f'\nversion = "{version}"\n', project)


if __name__ == "__main__":
    unittest.main()
