# SPDX-License-Identifier: GPL-2.0
# From runs, one object each, to ratios: each run has the figure and its peer.
def median: sort | if length % 2 == 1 then .[(length - 1) / 2]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
[group_by(.figure)[] | map(.rate / .peer) as $ratios | {
	figure: .[0].figure,
	wanted: .[0].wanted,
	ratio: ($ratios | median),
	least: ($ratios | min),
	most: ($ratios | max),
	runs: length,
	rate: (map(.rate) | median),
	peer: (map(.peer) | median)
}]
