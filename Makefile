# SPDX-License-Identifier: GPL-2.0
#
# Wraps the kernel's build; what is built is said in Kbuild.
#
#	make			snfs.ko for the running kernel (KVER=, KDIR= for another)
#	make tools		mount.snfs, the mount helper (needs libmount's headers)
#	make install		module, man pages and, if it is built, mount.snfs, as root
#	make check		every test (KERNEL=6.1|6.12|7.2|uml TEST=name)
#	make kunit		the unit tests only
#	make soak		what takes hours (KERNEL=6.12|uml TEST=name SOAK_SECONDS=N)
#	make bench		round trips, CPU cost and memory beside nfs.ko's
#	make demo		a stock kernel, a server, a mount, in two minutes

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
INSTALL_MOD_DIR ?= updates
MANDIR ?= /usr/share/man
TESTING := $(CURDIR)/tools/testing

export INSTALL_MOD_DIR

all: modules

modules modules_install clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

# The kernel's modules_install quietly installs nothing if nothing was built.
modules_install: $(if $(wildcard snfs.ko),,modules)

# The module does without them.
tools:
	$(MAKE) -C tools/mount

install: modules_install install-man $(if $(wildcard tools/mount/mount.snfs),install-tools)
	depmod -b "$(or $(INSTALL_MOD_PATH),/)" $(KVER)

install-tools:
	$(MAKE) -C tools/mount install DESTDIR="$(DESTDIR)"

install-man:
	set -e; for page in $(wildcard Documentation/man/*.[1-8]); do \
		install -D -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; \
	done

check:
	@$(TESTING)/check.sh

kunit:
	@KERNEL=uml TEST=kunit $(TESTING)/check.sh

soak:
	@$(TESTING)/soak.sh

bench:
	@$(TESTING)/bench.sh

demo:
	@$(TESTING)/demo.sh

.PHONY: all modules modules_install clean tools install install-man install-tools check kunit soak bench demo
