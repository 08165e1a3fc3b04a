# SPDX-License-Identifier: GPL-2.0
"""Where an nfs:// URL is cut: the kernel gets it as it is, and it alone knows what it means.

    nfs://[user@]server[:port]/path[?argument[=value][&...]]

Needed here are the server's name, which the kernel need not be able to look up, the directory of
a file, and what two URLs of one directory have in common.
"""

import os
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

_SCHEME = "nfs://"


@dataclass(frozen=True)
class Location:
    """A directory of a server. Equal locations are one mount."""

    authority: str  # what stands before the path, in lower case
    export: str  # begins with a slash and ends with none, unless it is "/"
    query: str  # what stands behind the "?"
    source: str = field(compare=False)  # the URL

    @property
    def server(self):
        """Name or address, no brackets."""
        host = self.authority.rpartition("@")[2]
        if host.startswith("["):
            return decode(host[1:].partition("]")[0])
        return decode(host.partition(":")[0])

    @property
    def port(self):
        """The NFS server's port, or an empty text."""
        return self.authority.rpartition("@")[2].rpartition("]")[2].partition(":")[2]

    @property
    def arguments(self):
        """Pairs of name and value, which is None without a "="."""
        pairs = (text.partition("=") for text in self.query.split("&") if text)
        return [(decode(name), decode(value) if equals else None) for name, equals, value in pairs]

    def below(self, above):
        """The path from another location to this one, or None if it is not below that one."""
        if (self.authority, self.query) != (above.authority, above.query):
            return None
        return path_below(above.export, self.export)


def is_url(text):
    """Is it an nfs:// URL, rather than a path?"""
    return text[:len(_SCHEME)].lower() == _SCHEME


def parse(url):
    """The Location of a URL whose whole path is the directory. ValueError: it has no server."""
    if not is_url(url):
        raise ValueError(f"{url!r} is no URL: it begins with nfs://")
    place, query = _cut(url)
    authority, _, path = place[len(_SCHEME):].partition("/")
    location = Location(authority.lower(), "/" + decode(path).strip("/"), query, url)
    if not location.server:
        raise ValueError(f"{url!r}: there is no server before the path")
    return location


def split_file(url):
    """The URL of a file as (URL of its directory, name of the file), cut at the last slash.

    Arguments belong to the directory.
    """
    place, query = _cut(url)
    directory, _, name = place[len(_SCHEME):].rpartition("/")
    directory = directory.replace("?", "%3F")  # no longer has a slash behind it
    return place[:len(_SCHEME)] + directory + (f"?{query}" if query else ""), decode(name)


def decode(text):
    """The text without %-escapes, as a file name in Python's way."""
    data = unquote_to_bytes(os.fsencode(text))
    if b"\0" in data:
        raise ValueError(f"{text!r}: no name has a zero byte")
    return os.fsdecode(data)


def path_below(above, export):
    """The path from one directory to another, "." if they are the same, or None.

    Where ".." leads is for the server to say.
    """
    above, export = above.rstrip("/") + "/", export.rstrip("/") + "/"
    path = export[len(above):].rstrip("/")
    if not export.startswith(above) or ".." in path.split("/"):
        return None
    return path or "."


def _cut(url):
    """(server and path, arguments). A "?" with a slash behind it is the path's, as in the kernel."""
    rest = url[len(_SCHEME):]
    slash = rest.find("/")
    mark = rest.find("?")
    if mark >= 0 and 0 <= slash < mark:
        mark = rest.find("?", rest.rfind("/"))
    if mark < 0:
        return url, ""
    return url[:len(_SCHEME) + mark], rest[mark + 1:]
