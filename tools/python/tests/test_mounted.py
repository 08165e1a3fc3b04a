# SPDX-License-Identifier: GPL-2.0
"""Which mount of somebody else's has what a URL names."""

import unittest

from snfs.mounted import candidates, parse_line
from snfs.url import parse

OPTIONS = "rw,vers=3,rsize=1048576,hard,lock,proto=tcp,timeo=600,sec=sys,addr=192.0.2.1"
NUMBERS = iter(range(100, 1000))


def line(source, point, root="/", options=OPTIONS, flags="rw,relatime", optional="shared:7"):
    optional = f" {optional}" if optional else ""
    return f"{next(NUMBERS)} 28 0:50 {root} {point} {flags}{optional} - snfs {source} {options}\n"


def names_of(server):
    return {"server": ["192.0.2.1", "2001:db8::1"]}.get(server, [])


class Lines(unittest.TestCase):
    def test_fields(self):
        mount = parse_line("36 28 0:50 / /mnt/a rw,nosuid shared:7 master:1 - snfs "
                           "Server:/data rw,vers=3,addr=192.0.2.1\n")
        self.assertEqual((mount.number, mount.point), (36, "/mnt/a"))
        self.assertEqual((mount.server, mount.export), ("server", "/data"))
        self.assertEqual(mount.option("addr"), "192.0.2.1")
        self.assertTrue(mount.has("nosuid", None))
        self.assertFalse(mount.has("ro", None))

    def test_escapes(self):
        mount = parse_line(line(r"h:/a\040b", r"/mnt/c\134d\011", optional=""))
        self.assertEqual((mount.export, mount.point), ("/a b", "/mnt/c\\d\t"))

    def test_ipv6(self):
        mount = parse_line(line("[2001:db8::1]:/a:b", "/m"))
        self.assertEqual((mount.server, mount.export), ("2001:db8::1", "/a:b"))

    def test_bind_mount_of_a_part(self):
        self.assertEqual(parse_line(line("h:/data", "/m", root="/sub/dir")).export, "/data/sub/dir")
        self.assertEqual(parse_line(line("h:/", "/m", root="/sub")).export, "/sub")
        self.assertEqual(parse_line(line("h:/", "/m")).export, "/")

    def test_url_as_source(self):
        mount = parse_line(line("nfs://h:2050/data?soft", "/m"))
        self.assertEqual((mount.server, mount.export), ("h", "/data"))
        self.assertTrue(mount.has("port", "2050"))

    def test_others(self):
        self.assertIsNone(parse_line("36 28 0:50 / /mnt rw - nfs h:/data rw\n"))
        self.assertIsNone(parse_line("36 28 0:50 / /mnt rw shared:1 - tmpfs snfs rw\n"))
        self.assertIsNone(parse_line(line("nonsense", "/m")))
        self.assertIsNone(parse_line(line("nfs://:x/", "/m")))


class Choice(unittest.TestCase):
    def found(self, url, *lines):
        """(mount point, path below it) of the mount that is chosen, or None."""
        location = parse(url)
        mounts = [parse_line(text) for text in lines]
        fit = candidates(mounts, location, lambda: names_of(location.server))
        return (fit[0].point, fit[0].below(location)) if fit else None

    def test_the_export_itself(self):
        self.assertEqual(self.found("nfs://h/data/", line("h:/data", "/m")), ("/m", "."))
        self.assertEqual(self.found("nfs://h/", line("h:/", "/m")), ("/m", "."))

    def test_a_directory_below(self):
        self.assertEqual(self.found("nfs://h/data/a/b", line("h:/data", "/m")), ("/m", "a/b"))
        self.assertEqual(self.found("nfs://h/data", line("h:/", "/m")), ("/m", "data"))

    def test_no_other_export(self):
        self.assertIsNone(self.found("nfs://h/data2", line("h:/data", "/m")))
        self.assertIsNone(self.found("nfs://h/", line("h:/data", "/m")))

    def test_the_nearest_wins(self):
        near, far = line("h:/data/a", "/near"), line("h:/data", "/far")
        anything = line("nfs://", "/net")
        for order in ((near, far, anything), (anything, far, near)):
            self.assertEqual(self.found("nfs://h/data/a/b", *order), ("/near", "b"))

    def test_server_by_name_or_address(self):
        mount = line("server:/data", "/m")
        self.assertEqual(self.found("nfs://SERVER/data", mount), ("/m", "."))
        self.assertIsNone(self.found("nfs://other/data", mount))
        mount = line("192.0.2.1:/data", "/m")
        self.assertEqual(self.found("nfs://server/data", mount), ("/m", "."))

    def test_root_of_all_servers(self):
        for source in ("nfs://", "nfs:"):
            root = line(source, "/net")
            self.assertEqual(self.found("nfs://h/data/a", root), ("/net", "h/data/a"))
            self.assertEqual(self.found("nfs://[::1]/", root), ("/net", "::1/"))
        self.assertIsNone(self.found("nfs://h/e", line("nfs://", "/m", root="/h/e")))

    def test_name_that_the_kernel_does_not_know(self):
        root = parse_line(line("nfs://", "/net"))
        self.assertEqual(list(root.paths(parse("nfs://server/e"), lambda: names_of("server"))),
                         ["server/e", "192.0.2.1/e", "2001:db8::1/e"])
        self.assertEqual(list(root.paths(parse("nfs://[::1]/e"), lambda: ["::1"])), ["::1/e"])
        plain = parse_line(line("server:/e", "/m"))
        self.assertEqual(list(plain.paths(parse("nfs://server/e/a"), None)), ["a"])

    def test_port(self):
        plain = line("h:/e", "/plain")
        other = line("h:/e", "/other", options=OPTIONS + ",port=2050")
        self.assertEqual(self.found("nfs://h:2050/e", plain, other), ("/other", "."))
        self.assertEqual(self.found("nfs://h:2049/e", plain), ("/plain", "."))
        self.assertIsNone(self.found("nfs://h:2050/e", plain))
        self.assertIsNone(self.found("nfs://h:2050/e", line("nfs://", "/net")))

    def test_options_have_to_be_there(self):
        mount = line("h:/e", "/m", flags="ro,relatime")
        for query in ("ro", "readonly", "readonly=1", "hard", "autoreconnect=-1", "version=3",
                      "dircache=1", "vers=3", "sec=sys", "addr=192.0.2.1", "nfsport=2049"):
            self.assertIsNotNone(self.found(f"nfs://h/e?{query}", mount), query)
        for query in ("uid=7", "soft", "sec=krb5", "version=2", "dircache=0", "addr=192.0.2.2",
                      "autoreconnect=3", "if=eth0", "nfsport=2050"):
            self.assertIsNone(self.found(f"nfs://h/e?{query}", mount), query)

    def test_tuning_does_not_matter(self):
        query = "rsize=4096&wsize=4096&timeo=10&retrans=1&mountport=20048"
        self.assertIsNotNone(self.found(f"nfs://h/e?{query}", line("h:/e", "/m")))


if __name__ == "__main__":
    unittest.main()
