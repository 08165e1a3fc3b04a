# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # run.sh sets kernel, cpus, memory, out, qemu_args
# Sourced by run.sh: a stock Debian kernel in QEMU, by emulation only.

# What the guest needs before it has its root.
INITRAMFS_MODULES="virtio_pci 9pnet_virtio 9p overlay"

# The .ko files to insert, in order and once each.
initramfs_order() {
	local modules=$1 module

	for module in $INITRAMFS_MODULES; do
		modprobe -d "${modules%/lib/modules/*}" -S "${modules##*/}" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# make_initramfs MODULES FILE
make_initramfs() {
	local tree file name

	tree=$(mktemp -d "$SNFS_CACHE/initramfs.XXXXXX")
	mkdir -p "$tree"/{bin,dev,proc,modules,lower,upper,root}
	cp "$(command -v busybox)" "$tree/bin/busybox"
	for name in sh mount umount mkdir insmod switch_root poweroff echo; do
		ln -s busybox "$tree/bin/$name"
	done
	cp "$SNFS_TESTING/guest/initramfs-init" "$tree/init"
	chmod +x "$tree/init"
	for file in $(initramfs_order "$1"); do
		name=$(basename "${file%.xz}")
		case $file in
		*.xz) xz -dc "$file" >"$tree/modules/$name" ;;
		*) cp "$file" "$tree/modules/$name" ;;
		esac
		echo "$name" >>"$tree/modules/order"
	done
	(cd "$tree" && find . | cpio -o -H newc --quiet) >"$2.$$"
	mv "$2.$$" "$2"
	rm -rf "$tree"
}

# initramfs: the path of one that fits this kernel and these scripts.
initramfs() {
	local modules key file

	modules=$("$SNFS_TESTING/kernels.sh" path "$kernel" modules)
	key=$({
		echo "$modules $INITRAMFS_MODULES"
		cat "$SNFS_TESTING/guest/initramfs-init" "$SNFS_TESTING/run-qemu.sh"
	} | sha256sum | cut -c 1-12)
	file=$SNFS_CACHE/initramfs/$kernel-$key
	[ -s "$file" ] || {
		mkdir -p "${file%/*}"
		make_initramfs "$modules" "$file"
	}
	echo "$file"
}

start_qemu() {
	local image initrd accel=(-accel 'tcg,thread=multi')

	image=$("$SNFS_TESTING/kernels.sh" path "$kernel" image)
	initrd=$(initramfs)
	case $qemu_args in
	*-accel*) accel=() ;;
	esac
	# shellcheck disable=SC2086 # qemu_args is a list
	exec qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none \
		"${accel[@]}" -cpu max -smp "$cpus" -m "$memory" -serial stdio \
		-kernel "$image" -initrd "$initrd" -device virtio-rng-pci \
		-append "console=ttyS0 panic=-1 oops=panic mitigations=off quiet log_buf_len=4M" \
		-virtfs local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap \
		-virtfs "local,path=$out,mount_tag=job,security_model=none,multidevs=remap" $qemu_args
}
