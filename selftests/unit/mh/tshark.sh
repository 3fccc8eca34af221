#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows: issue §3: a second reader of RFC 6275 §6.1 and RFC 5213 §8, Wireshark,
# agrees with the encoder on every field that it knows, of the MH types up to 18, but for
# options 60 and 61, whose length it takes for bytes.
#
# Needs neither root nor a virtual machine.  Exit status: 0 pass, 1 fail, 4 skip.
set -eu

for tool in tshark text2pcap; do
	if ! command -v "$tool" >/dev/null; then
		echo "skip: $tool is not installed"
		exit 4
	fi
done

root=$(cd "$(dirname "$0")/../../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"${CC:-cc}" -std=gnu11 -O1 -I"$root/ctl" -I"$root/uapi" -o "$dir/dump" \
	"$root/selftests/unit/mh/dump.c" "$root"/ctl/mh/*.c "$root"/ctl/core/*.c
"$dir/dump" >"$dir/packets.txt"
text2pcap -q -l 101 "$dir/packets.txt" "$dir/packets.pcap" 2>"$dir/text2pcap.log" || {
	cat "$dir/text2pcap.log"
	exit 1
}

# All fields that any message names, in one order for both readers
grep '^# ' "$dir/packets.txt" | sed 's/^# //' >"$dir/ours.txt"
tr ' ' '\n' <"$dir/ours.txt" | sed 's/=.*//' | sort -u >"$dir/fields"
args=()
while read -r field; do
	args+=(-e "$field")
done <"$dir/fields"

tshark -r "$dir/packets.pcap" -T fields -E separator=/t -E aggregator=, "${args[@]}" \
	2>/dev/null | awk -F'\t' -v names="$(tr '\n' ' ' <"$dir/fields")" '
	BEGIN { split(names, name, " ") }
	{
		line = ""
		for (i = 1; i <= NF; i++)
			if ($i != "")
				line = line " " name[i] "=" $i
		print substr(line, 2)
	}' >"$dir/theirs.txt"
while read -r line; do
	tr ' ' '\n' <<<"$line" | sort | paste -sd' '
done <"$dir/ours.txt" >"$dir/ours.sorted"
while read -r line; do
	tr ' ' '\n' <<<"$line" | sort | paste -sd' '
done <"$dir/theirs.txt" >"$dir/theirs.sorted"

n=$(wc -l <"$dir/ours.sorted")
if ! diff "$dir/ours.sorted" "$dir/theirs.sorted" >"$dir/diff"; then
	echo "fail: tshark (>) does not agree with the encoder (<)"
	head -n 20 "$dir/diff"
	exit 1
fi
# tshark 4.0 wants 16 as the length of option 51, where RFC 6705 §11.1 says 18
# "MUST be set"; it reads the address at the right place all the same.  Of option
# 45 it knows the name only.
bad=$(tshark -r "$dir/packets.pcap" -Y '_ws.malformed || _ws.expert.severity >= warning' \
	-T fields -E aggregator=, -e _ws.malformed -e _ws.expert.message 2>/dev/null |
	tr ',' '\n' | grep -cv -e '^[[:space:]]*MAG IPv6 Address (with option length = 18 ' \
		-e '^[[:space:]]*IE data not dissected yet$' || :)
if [ "$bad" -ne 0 ] || [ "$n" -lt 100 ]; then
	echo "fail: $n messages, of which tshark finds $bad things malformed"
	exit 1
fi
echo "pass: tshark agrees on $(wc -l <"$dir/fields") fields of $n messages"
