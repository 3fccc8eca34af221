# SPDX-License-Identifier: GPL-2.0
# count.json -> expected.json

{ kernel, compiler, qemu, instructions: (.paths | map({(.path): .instructions}) | add) }
