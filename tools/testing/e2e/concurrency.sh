#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Many at once, on two CPUs where the machine has them: writers, appenders,
# makers and removers of names, stress-ng, a parallel make.
# kernels: uml 6.12
# timeout: 300

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

SECONDS_EACH=2

parallel_dd() {
	local i

	for i in {1..8}; do
		pattern 2000000 "$i" >"/tmp/dd$i"
	done
	for i in {1..8}; do
		dd if="/tmp/dd$i" of="$MNT/dd$i" bs=50000 status=none &
	done
	wait
	for i in {1..8}; do
		want_same "/tmp/dd$i" "$EXP/dd$i"
	done
	drop_caches
	for i in {1..8}; do
		cmp "/tmp/dd$i" "$MNT/dd$i" || fail "file $i differs" &
	done
	wait
	rm /tmp/dd? "$MNT"/dd?
}

# Parts of one file by several processes, no byte by two of them.
one_file_many_writers() {
	local i

	pattern 1600000 5 >/tmp/parts
	for i in {0..7}; do
		dd if=/tmp/parts of="$MNT/parts" bs=10000 skip=$((20 * i)) \
			seek=$((20 * i)) count=20 conv=notrunc status=none &
	done
	wait
	want_same /tmp/parts "$EXP/parts"
	want_same /tmp/parts "$MNT/parts"
}

# Writers of the same page: every other 100 bytes each.
one_page_two_writers() {
	local pids=() i

	head -c 200000 /dev/zero >"$MNT/page"
	(for i in {0..99}; do
		printf 'A%.0s' {1..100} | dd of="$MNT/page" bs=100 \
			seek=$((2 * i)) conv=notrunc status=none
	done) &
	(for i in {0..99}; do
		printf 'B%.0s' {1..100} | dd of="$MNT/page" bs=100 \
			seek=$((2 * i + 1)) conv=notrunc status=none
	done) &
	wait
	want_eq "As" 10000 "$(tr -dc A <"$EXP/page" | wc -c)"
	want_eq "Bs" 10000 "$(tr -dc B <"$EXP/page" | wc -c)"
}

# O_APPEND of one client: each line is whole and there once.
append_writers() {
	local i

	for i in {1..6}; do
		(exec 5>>"$MNT/log"
		for j in {1..100}; do
			echo "writer $i line $j" >&5
		done) &
	done
	wait
	want_eq "lines" 600 "$(wc -l <"$EXP/log")"
	want_eq "distinct whole lines" 600 \
		"$(grep -xE 'writer [1-6] line [0-9]+' "$EXP/log" | sort -u | wc -l)"
	want_same "$MNT/log" "$EXP/log"
}

names_in_one_directory() {
	local i

	mkdir "$MNT/names"
	for i in {1..6}; do
		(for j in {1..15}; do
			echo "$i $j" >"$MNT/names/$i-$j"
			ln "$MNT/names/$i-$j" "$MNT/names/$i=$j"
			rm "$MNT/names/$i-$j"
			[[ $((j % 3)) -ne 0 ]] || rm "$MNT/names/$i=$j"
		done) &
	done
	wait
	want_eq "files" 60 "$(ls "$EXP/names" | wc -l)"
	want_eq "listing" "$(ls "$EXP/names")" "$(ls "$MNT/names")"
	want_eq "content" "$(cat "$EXP"/names/*)" "$(cat "$MNT"/names/*)"
	want_ok rm -r "$MNT/names"
}

# Of many that try to create one name, one succeeds.
one_winner() {
	local i round

	for round in {1..10}; do
		for i in {1..6}; do
			mkdir "$MNT/lock$round" 2>/dev/null &&
				echo "$round" >>/tmp/winners &
		done
		wait
	done
	want_eq "winners" "$(seq 10)" "$(sort -n /tmp/winners)"
}

truncate_and_write() {
	(for i in {1..60}; do
		truncate -s $((i * 777 % 50000)) "$MNT/tw"
	done) &
	(for i in {1..60}; do
		pattern 30000 "$i" | dd of="$MNT/tw" conv=notrunc bs=30000 \
			iflag=fullblock status=none
	done) &
	(for i in {1..60}; do
		cat "$MNT/tw" >/dev/null
	done) &
	wait
	want_same "$MNT/tw" "$EXP/tw"
	drop_caches
	want_same "$MNT/tw" "$EXP/tw"
}

mapped_and_written() {
	fio --name=w --filename="$MNT/both" --size=2m --rw=randwrite --bs=4k \
		--time_based --runtime=$SECONDS_EACH --fallocate=none \
		--minimal >/tmp/fio1 2>&1 &
	fio --name=m --filename="$MNT/both" --size=2m --rw=randwrite --bs=4k \
		--ioengine=mmap --time_based --runtime=$SECONDS_EACH \
		--fallocate=none --minimal >/tmp/fio2 2>&1 &
	fio --name=d --filename="$MNT/both" --size=2m --rw=randrw --bs=4k \
		--direct=1 --time_based --runtime=$SECONDS_EACH \
		--fallocate=none --minimal >/tmp/fio3 2>&1 &
	wait
	sync "$MNT/both"
	drop_caches
	want_same "$MNT/both" "$EXP/both"
}

# stress-ng looks for contradictions itself; --verify makes it say them.
stress() { # STRESSOR...
	local args=() s out

	for s; do
		args+=("--$s" 2 "--$s-ops" 200)
	done
	mkdir -p "$MNT/stress"
	out=$(cd "$MNT/stress" && limit $((SECONDS_EACH * 12 + 60)) stress-ng \
		"${args[@]}" --temp-path "$MNT/stress" --timeout $SECONDS_EACH \
		--hdd-bytes 4m --verify --oomable \
		--no-rand-seed 2>&1) || fail "stress-ng $*: $out"
	want_unlike "stress-ng's words" 'fail:' "$out"
	# A directory may stay: of a file that a second process has open,
	# unlink leaves the .nfs name, and the first one's rmdir fails.
	want_eq "files left behind" "" \
		"$(cd "$EXP/stress" && find . -mindepth 1 ! -type d)"
	want_ok rm -r "$MNT/stress"
	want_gone "$EXP/stress"
}

parallel_make() {
	local i

	mkdir "$MNT/make"
	{
		echo 'all: prog'
		printf 'prog:'
		printf ' obj/f%d.o' {1..24}
		printf '\n\tcat obj/*.o > $@\n'
		printf 'obj/%%.o: src/%%.c src/common.h | obj\n'
		printf '\tcp $< $@.tmp && cat src/common.h >> $@.tmp && mv $@.tmp $@\n'
		printf 'obj:\n\tmkdir $@\n'
	} >"$MNT/make/Makefile"
	mkdir "$MNT/make/src"
	echo common >"$MNT/make/src/common.h"
	for i in {1..24}; do
		echo "source $i" >"$MNT/make/src/f$i.c"
	done
	want_ok make -s -j 6 -C "$MNT/make"
	want_eq "lines of the product" 48 "$(wc -l <"$EXP/make/prog")"
	want_eq "nothing to do" "make: Nothing to be done for 'all'." \
		"$(make --no-print-directory -C "$MNT/make" 2>&1 | tail -n 1)"
	sleep 1.1
	echo changed >"$MNT/make/src/f7.c"
	want_eq "rebuilt" 2 "$(make -C "$MNT/make" -j 6 2>&1 | grep -cE '^(cp|cat) ')"
	want_ok grep -q changed "$EXP/make/prog"
}

# Readers of a tree that is being replaced see old or new, never a mixture.
rename_into_place() {
	local i got

	echo "version 0 version 0" >"$MNT/atomic"
	(for i in {1..40}; do
		echo "version $i version $i" >"$MNT/atomic.new"
		mv "$MNT/atomic.new" "$MNT/atomic"
	done) &
	for i in {1..60}; do
		got=$(cat "$MNT/atomic")
		want_like "content" '^version ([0-9]+) version ([0-9]+)$' "$got"
		want_eq "halves" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	done
	wait
	want_eq "last" "version 40 version 40" "$(<"$EXP/atomic")"
}

umount_under_load() {
	want_ok client_mount main $MNTS/load nosharecache || return
	(for i in {1..2000}; do
		ls $MNTS/load/names || break
	done >/dev/null 2>&1; exit 0) &
	wait_until 20 umount $MNTS/load || fail "always busy"
	kill $! 2>/dev/null
	wait
}

e2e_setup nolock
t "eight files in parallel" parallel_dd
t "one file in eight parts" one_file_many_writers
t "one page, two writers" one_page_two_writers
t "O_APPEND writers" append_writers
t "names of one directory" names_in_one_directory
t "one winner of mkdir" one_winner
t "truncate, write and read one file" truncate_and_write
t "write, mmap and O_DIRECT on one file" mapped_and_written
t "rename into place" rename_into_place
t "stress-ng: access chmod chown" stress access chmod chown
t "stress-ng: dentry dir dirdeep" stress dentry dir dirdeep
t "stress-ng: dirmany getdent filename" stress dirmany getdent filename
t "stress-ng: fstat utime" stress fstat utime
t "stress-ng: rename open touch" stress rename open touch
t "stress-ng: hdd seek" stress hdd seek
t "stress-ng: fallocate readahead sync-file" stress fallocate readahead sync-file
t "stress-ng: flock fcntl" stress flock fcntl
t "parallel make" parallel_make
t "unmount under load" umount_under_load
e2e_run
