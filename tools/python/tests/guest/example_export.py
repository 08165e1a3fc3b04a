# SPDX-License-Identifier: GPL-2.0
"""The first example of libnfs-python's documentation: an export, and a file in it."""

import sys
import snfs as libnfs

nfs = libnfs.NFS(sys.argv[1])
a = nfs.open('/foo-test', mode='w+')
a.write("Test string")
a.close()
print(nfs.open('/foo-test', mode='r').read())
