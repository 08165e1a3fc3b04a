# SPDX-License-Identifier: GPL-2.0
"""What a URL names."""

import unittest

from snfs.url import is_url, parse, split_file


def options(url):
    return list(parse(url).options)


class Places(unittest.TestCase):
    def check(self, url, server, export, source):
        location = parse(url)
        self.assertEqual((location.server, location.export), (server, export), url)
        self.assertEqual(location.source, source, url)

    def test_server_and_export(self):
        self.check("nfs://127.0.0.1/data/tmp", "127.0.0.1", "/data/tmp", "127.0.0.1:/data/tmp")
        self.check("nfs://127.0.0.1/data/tmp/", "127.0.0.1", "/data/tmp", "127.0.0.1:/data/tmp")
        self.check("nfs://h//data/tmp//", "h", "/data/tmp", "h:/data/tmp")
        self.check("NFS://Server.Example/Data", "server.example", "/Data", "server.example:/Data")

    def test_root_export(self):
        self.check("nfs://h/", "h", "/", "h:/")
        self.check("nfs://h", "h", "/", "h:/")
        self.check("nfs://h?ro", "h", "/", "h:/")

    def test_ipv6(self):
        self.check("nfs://[::1]/e", "::1", "/e", "[::1]:/e")
        self.check("nfs://[fe80::1%25eth0]:2050/e", "fe80::1%eth0", "/e", "[fe80::1%eth0]:/e")

    def test_colon_and_at_in_path(self):
        self.check("nfs://h/a:b/c@d", "h", "/a:b/c@d", "h:/a:b/c@d")

    def test_escapes_are_decoded_after_splitting(self):
        self.check("nfs://h/my%3Fpath/%26%25?ro", "h", "/my?path/&%", "h:/my?path/&%")
        self.check("nfs://h/%C3%A4", "h", "/\u00e4", "h:/\u00e4")
        self.check("nfs://h/%E4", "h", "/\udce4", "h:/\udce4")
        self.check("nfs://h/100%", "h", "/100%", "h:/100%")

    def test_user_is_for_kerberos_only(self):
        self.check("nfs://me@h/e", "h", "/e", "h:/e")
        self.assertEqual(options("nfs://me@h/e?sec"), [("sec", None)])
        with self.assertRaisesRegex(ValueError, "user@"):
            parse("nfs://me@h/e?sec=krb5i")

    def test_refused(self):
        for url in ("/etc/passwd", "http://h/e", "nfs:/h/e", "", "nfs:///e", "nfs://", "nfs://?ro",
                    "nfs://:2049/e", "nfs://h:x/e", "nfs://h:0/e", "nfs://h:65536/e", "nfs://::1/e",
                    "nfs://[::1/e", "nfs://[]/e", "nfs://a@b@h/e", "nfs://h/a%00b"):
            with self.assertRaises(ValueError, msg=url):
                parse(url)


class Arguments(unittest.TestCase):
    def test_port(self):
        self.assertEqual(options("nfs://h:2050/e"), [("port", "2050")])
        self.assertEqual(options("nfs://h:/e"), [])
        self.assertEqual(options("nfs://h/e?nfsport=2050"), [("port", "2050")])

    def test_libnfs_names(self):
        self.assertEqual(options("nfs://h/e?version=3&mountport=20048&rsize=4096&uid=7&gid=8"),
                         [("vers", "3"), ("mountport", "20048"), ("rsize", "4096"),
                          ("uid", "7"), ("gid", "8")])
        self.assertEqual(options("nfs://h/e?readonly"), [("ro", None)])
        self.assertEqual(options("nfs://h/e?readonly=1"), [("ro", None)])

    def test_switches(self):
        self.assertEqual(options("nfs://h/e?auto-traverse-mounts=1&dircache=1"), [])
        self.assertEqual(options("nfs://h/e?auto-traverse-mounts=0"), [("notraverse", None)])
        self.assertEqual(options("nfs://h/e?dircache=0"), [("acdirmin", "0"), ("acdirmax", "0")])

    def test_reconnect(self):
        self.assertEqual(options("nfs://h/e?autoreconnect=-1"), [("hard", None)])
        self.assertEqual(options("nfs://h/e?autoreconnect=0"), [("soft", None)])
        self.assertEqual(options("nfs://h/e?autoreconnect=5"), [("soft", None), ("retrans", "5")])

    def test_hints_are_dropped(self):
        self.assertEqual(options("nfs://h/e?debug=2&tcp-syncnt=3&readahead=65536&pagecache=1"
                                 "&readdir-buffer=4096,8192"), [])

    def test_mount_options_pass(self):
        self.assertEqual(options("nfs://h/e?soft&timeo=100&&sec=sys"),
                         [("soft", None), ("timeo", "100"), ("sec", "sys")])

    def test_escapes_in_arguments(self):
        self.assertEqual(options("nfs://h/e?a%3Db=c%26d"), [("a=b", "c&d")])

    def test_refused(self):
        for query in ("if=eth0", "dircache=x", "dircache", "auto-traverse-mounts=-1", "source=a:/b",
                      "autoreconnect=-2", "autoreconnect=", "autoreconnect=99999999999"):
            with self.assertRaises(ValueError, msg=query):
                parse("nfs://h/e?" + query)

    def test_equal_locations(self):
        self.assertEqual(parse("nfs://H/e/?ro"), parse("nfs://h/e?readonly"))
        self.assertEqual(hash(parse("nfs://H/e/")), hash(parse("nfs://h/e")))
        self.assertNotEqual(parse("nfs://h/e"), parse("nfs://h/e?ro"))

    def test_last_option_counts(self):
        self.assertEqual(parse("nfs://h:1/e?port=2").option("port"), "2")
        self.assertIsNone(parse("nfs://h/e").option("port"))


class Files(unittest.TestCase):
    def test_split_at_the_last_slash(self):
        self.assertEqual(split_file("nfs://h/data/tmp/foo-test"), ("nfs://h/data/tmp", "foo-test"))
        self.assertEqual(split_file("nfs://h/foo"), ("nfs://h", "foo"))
        self.assertEqual(split_file("nfs://h/dir/"), ("nfs://h/dir", ""))

    def test_arguments_belong_to_the_directory(self):
        self.assertEqual(split_file("nfs://h/e/foo?a=/b"), ("nfs://h/e?a=/b", "foo"))

    def test_escapes(self):
        self.assertEqual(split_file("nfs://h/a%20b/what%3F"), ("nfs://h/a%20b", "what?"))

    def test_is_url(self):
        self.assertTrue(is_url("nfs://h/e"))
        self.assertTrue(is_url("Nfs://h/e"))
        self.assertFalse(is_url("/nfs://h/e"))
        self.assertFalse(is_url("nfs:/h"))


if __name__ == "__main__":
    unittest.main()
