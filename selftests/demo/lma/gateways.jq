# SPDX-License-Identifier: GPL-2.0
# Of addresses
def gateways: {"2001:db8::1": "LMA1", "2001:db8::2": "LMA2", "2001:db8::3": "LMA3",
	"2001:db8::11": "BMAG"};
