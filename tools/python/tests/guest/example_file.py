# SPDX-License-Identifier: GPL-2.0
"""The second example of libnfs-python's documentation: a file by its URL."""

import sys
import snfs as libnfs

a = libnfs.open(sys.argv[1], mode='w+')
a.write("Test string")
a.close()
print(libnfs.open(sys.argv[1], mode='r').read())
