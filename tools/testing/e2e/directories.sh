#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Large directories: complete, without duplicates, also while they change.
# kernels: 6.1 6.12
# timeout: 240

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

EXT=$MNTS/ext
[[ ${SNFS_KERNEL:-} != uml ]] || : "${ENTRIES:=8000}"
: "${ENTRIES:=100000}"

# names FIRST LAST: creates these on the server, quickly.
names() {
	seq -f 'entry-%07.0f' "$1" "$2" | (cd "$EXP/big" && xargs touch)
}

complete() {
	mkdir "$EXP/big"
	names 1 "$ENTRIES"
	want_eq "entries" "$ENTRIES" "$("$(helper walkdir)" "$MNT/big")"
}

same_names() {
	ls -f "$EXP/big" | sort >/tmp/names.server
	ls -f "$MNT/big" | sort >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

again_after_drop() {
	drop_caches
	ls -f "$MNT/big" | sort >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

with_attributes() {
	local dir

	(cd "$EXP/big" && chmod 600 entry-00001{00..99})
	drop_caches
	for dir in "$EXP" "$MNT"; do
		(cd "$dir/big" && stat -c '%n %a %i %F' entry-00001{00..99}) \
			>"/tmp/attr.${dir##*/}"
	done
	want_eq "files" 100 "$(grep -c ' 600 ' /tmp/attr.main)"
	want_same /tmp/attr.main "/tmp/attr.${MNT##*/}"
}

# (The whole of the large directory may be more than is kept in memory.)
warm_costs_nothing() {
	mkdir "$EXP/warm"
	(cd "$EXP/warm" && seq -f 'warm-%05.0f' 1 5000 | xargs touch)
	want_eq "entries" 5000 "$(ls "$MNT/warm" | wc -l)"
	want_eq "directory calls of a second listing" 0 \
		$(($(count_calls readdirplus ls -f "$MNT/warm") +
		   $(count_calls readdir ls -f "$MNT/warm")))
	rm -r "$EXP/warm"
}

lookups() {
	local n

	for n in 1 777 "$ENTRIES"; do
		want_stat %F 'regular empty file' \
			"$MNT/big/$(printf 'entry-%07d' "$n")"
	done
	want_err ENOENT stat "$MNT/big/entry-9999999"
}

own_changes_seen() {
	want_ok touch "$MNT/big/added"
	want_ok rm "$MNT/big/entry-0000500"
	want_ok mv "$MNT/big/entry-0000501" "$MNT/big/moved"
	ls -f "$EXP/big" | sort >/tmp/names.server
	ls -f "$MNT/big" | sort >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

foreign_changes_seen() {
	sleep 0.1
	touch "$EXP/big/foreign"
	rm "$EXP/big/entry-0000600"
	ls -f "$EXP/big" | sort >/tmp/names.server
	ls -f "$MNT/big" | sort >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

# While others create and remove at both ends, what stays must come exactly
# once in each reading. On ext4, as the cookies of tmpfs before Linux 6.6 count
# entries, and mean others after a change.
changing() {
	local i stop=/tmp/stop stable

	mkdir "$SRV/ext/busy"
	(cd "$SRV/ext/busy" && seq -f 'stable-%.0f' 1 2000 | xargs touch)
	rm -f $stop
	(while [[ ! -e $stop ]]; do
		for i in {1..20}; do
			: >"$SRV/ext/busy/s$i"
		done
		rm $SRV/ext/busy/s? $SRV/ext/busy/s??
	done) &
	(while [[ ! -e $stop ]]; do
		for i in {1..20}; do
			: >"$EXT/busy/c$i"
		done
		rm "$EXT"/busy/c? "$EXT"/busy/c??
	done) &
	for i in {1..4}; do
		want_ok "$(helper walkdir)" -u "$EXT/busy"
		stable=$(ls -f "$EXT/busy" | grep -c '^stable-')
		want_eq "stable names in reading $i" 2000 "$stable"
	done
	touch $stop
	wait
	want_eq "names at the end" 2000 "$(ls "$EXT/busy" | wc -l)"
	want_eq "names at the end" 2000 "$(ls "$SRV/ext/busy" | wc -l)"
}

# rm -r reads and removes at the same time.
removes_all() {
	want_ok rm -r "$EXT/busy"
	want_gone "$SRV/ext/busy"
	if [[ ${SNFS_KERNEL:-} == uml ]]; then
		want_ok rm -r "$MNT/big"
		want_gone "$EXP/big"
	fi
}

long_entries() {
	local pad

	pad=$(printf 'p%.0s' {1..240})
	mkdir "$EXP/long"
	(cd "$EXP/long" && seq -f "$pad-%04.0f" 1 2000 | xargs touch)
	want_eq "entries" 2000 "$("$(helper walkdir)" "$MNT/long")"
	ls "$EXP/long" >/tmp/names.server
	ls "$MNT/long" >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

hashed_cookies() {
	mkdir "$SRV/ext/d"
	(cd "$SRV/ext/d" && seq -f 'hashed-%.0f' 1 3000 | xargs touch)
	want_eq "entries" 3000 "$("$(helper walkdir)" "$EXT/d")"
	ls "$SRV/ext/d" >/tmp/names.server
	ls "$EXT/d" >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
}

e2e_setup "" 400m
export_ext4 ext 64 || bail "no ext4 export"
client_mount ext "$EXT" || bail "the mount of ext4 fails"
t "$ENTRIES entries, none missing, none twice, seekdir" complete
t "the names the server has" same_names
t "the same with cold caches" again_after_drop
t "attributes on the way" with_attributes
t "a second listing asks for no entries" warm_costs_nothing
t "names are found" lookups
t "own changes are seen" own_changes_seen
t "changes on the server are seen" foreign_changes_seen
t "while it changes, what stays comes once" changing
t "rm -r" removes_all
t "2000 names of 245 bytes" long_entries
t "a directory of ext4, with 64-bit cookies" hashed_cookies
e2e_run
