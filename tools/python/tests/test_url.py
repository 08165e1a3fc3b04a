# SPDX-License-Identifier: GPL-2.0
"""Where a URL is cut."""

import unittest

from snfs.url import is_url, parse, split_file


class Places(unittest.TestCase):
    def check(self, url, server, export):
        location = parse(url)
        self.assertEqual((location.server, location.export), (server, export), url)
        self.assertEqual(location.source, url)

    def test_server_and_export(self):
        self.check("nfs://127.0.0.1/data/tmp", "127.0.0.1", "/data/tmp")
        self.check("nfs://127.0.0.1/data/tmp/", "127.0.0.1", "/data/tmp")
        self.check("nfs://h//data/tmp//", "h", "/data/tmp")
        self.check("NFS://Server.Example/Data", "server.example", "/Data")
        self.check("nfs://me@h:2050/e", "h", "/e")

    def test_root_export(self):
        for url in ("nfs://h/", "nfs://h", "nfs://h?ro", "nfs://h/?ro", "nfs://h?a=/b"):
            self.check(url, "h", "/")

    def test_ipv6(self):
        self.check("nfs://[::1]/e", "::1", "/e")
        self.check("nfs://[fe80::1%25eth0]:2050/e", "fe80::1%eth0", "/e")

    def test_port(self):
        for url, port in (("nfs://h:2050/e", "2050"), ("nfs://h/e", ""), ("nfs://h:/e", ""),
                          ("nfs://[::1]:7/e", "7"), ("nfs://[::1]/e", ""), ("nfs://a:b@h/", "")):
            self.assertEqual(parse(url).port, port, url)

    def test_colon_and_at_in_path(self):
        self.check("nfs://h/a:b/c@d", "h", "/a:b/c@d")

    def test_question_mark_in_path(self):
        self.check("nfs://h/what?/now?ro", "h", "/what?/now")
        self.check("nfs://h/what?/", "h", "/what?")

    def test_escapes_are_decoded_after_splitting(self):
        self.check("nfs://h/my%3Fpath/%26%25?ro", "h", "/my?path/&%")
        self.check("nfs://h/%C3%A4", "h", "/\u00e4")
        self.check("nfs://h/%E4", "h", "/\udce4")
        self.check("nfs://h/100%", "h", "/100%")

    def test_refused(self):
        for url in ("/etc/passwd", "http://h/e", "nfs:/h/e", "", "nfs:///e", "nfs://", "nfs://?ro",
                    "nfs://:2049/e", "nfs://::1/e", "nfs://[]/e", "nfs://me@/e", "nfs://h/a%00b"):
            with self.assertRaises(ValueError, msg=url):
                parse(url)

    def test_arguments(self):
        self.assertEqual(parse("nfs://h/e?soft&timeo=100&&a%3Db=c%26d&x=").arguments,
                         [("soft", None), ("timeo", "100"), ("a=b", "c&d"), ("x", "")])
        self.assertEqual(parse("nfs://h/e").arguments, [])

    def test_equal_locations(self):
        self.assertEqual(parse("nfs://H/e/?ro"), parse("nfs://h//e?ro"))
        self.assertEqual(hash(parse("nfs://H/e/")), hash(parse("nfs://h/%65")))
        for url in ("nfs://h/e?ro", "nfs://h:7/e", "nfs://h/f", "nfs://me@h/e"):
            self.assertNotEqual(parse("nfs://h/e"), parse(url))

    def test_below(self):
        def below(url, above="nfs://h/a/b?ro"):
            return parse(url).below(parse(above))

        self.assertEqual(below("nfs://H/a/b/c/d?ro"), "c/d")
        self.assertEqual(below("nfs://h/a/b?ro"), ".")
        self.assertEqual(below("nfs://h/a", "nfs://h"), "a")
        for url in ("nfs://h/a/bc?ro", "nfs://h/a?ro", "nfs://h/a/b/c", "nfs://i/a/b/c?ro",
                    "nfs://h/a/b/../c?ro", "nfs://h/a/b/c/%2e%2e?ro"):
            self.assertIsNone(below(url), url)


class Files(unittest.TestCase):
    def test_split_at_the_last_slash(self):
        self.assertEqual(split_file("nfs://h/data/tmp/foo-test"), ("nfs://h/data/tmp", "foo-test"))
        self.assertEqual(split_file("nfs://h/foo"), ("nfs://h", "foo"))
        self.assertEqual(split_file("nfs://h/dir/"), ("nfs://h/dir", ""))

    def test_arguments_belong_to_the_directory(self):
        self.assertEqual(split_file("nfs://h/e/foo?a=b&c"), ("nfs://h/e?a=b&c", "foo"))
        self.assertEqual(split_file("nfs://h/e?/foo?a"), ("nfs://h/e%3F?a", "foo"))
        self.assertEqual(split_file("nfs://h/e/foo?a=/b"), ("nfs://h/e/foo%3Fa=", "b"))

    def test_escapes(self):
        self.assertEqual(split_file("nfs://h/a%20b/what%3F"), ("nfs://h/a%20b", "what?"))

    def test_no_file(self):
        self.assertRaises(ValueError, parse, split_file("nfs://h")[0])

    def test_is_url(self):
        self.assertTrue(is_url("nfs://h/e"))
        self.assertTrue(is_url("Nfs://h/e"))
        self.assertFalse(is_url("/nfs://h/e"))
        self.assertFalse(is_url("nfs:/h"))


if __name__ == "__main__":
    unittest.main()
