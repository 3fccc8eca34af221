# SPDX-License-Identifier: GPL-2.0
# What the guest printed -> count.json.  A path's instructions are those of its
# packets in the run and set-up that had the least, less those of making a packet,
# which "drop" in the same direction has.

def tenths: . * 10 | round / 10;

(map(select(.kernel)) | .[0].kernel) as $kernel
| (map(select(.path)) | to_entries | map(.value + {at: .key})
	| group_by(.path) | sort_by(.[0].at) | map(.[0] + {
	each: (map((.runs | min) / .packets) | min),
	setups: [.[] | .packets as $n | [.runs[] | . / $n | tenths]],
	sent: (map(.sent) | add), delivered: (map(.delivered) | add)
})) as $all
| ($all | map(select(.method == "drop") | {(.direction): .each}) | add) as $generator
| {
	kernel: $kernel, compiler: $compiler, qemu: $qemu,
	paths: [$all[] | select(.method != "drop") | {
		path,
		instructions: (.each - $generator[.direction] | tenths),
		generator: ($generator[.direction] | tenths),
		setups, sent, delivered
	}]
}
