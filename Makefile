# SPDX-License-Identifier: GPL-2.0
#
# An out-of-tree kernel module and its controller.  `make help` lists the targets.

ifneq ($(words $(CURDIR)),1)
$(error neither make nor the kernel's build can work in a path with spaces)
endif

# KDIR alone says which kernel it is of
ifndef KVER
KVER := $(shell $(if $(KDIR),cat "$(KDIR)/include/config/kernel.release",uname -r))
endif
KDIR ?= /lib/modules/$(KVER)/build
DESTDIR ?=
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
CONFDIR ?= /etc/pmip
COMPDIR ?= $(PREFIX)/share/bash-completion/completions
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Where systemd-sysusers looks, in /usr/local not
SYSUSERSDIR ?= /usr/lib/sysusers.d

top := $(CURDIR)
build := $(top)/build
kout := $(build)/kmod/$(KVER)

CC = gcc
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Ictl -Ictl/io -Iuapi $(NL_CFLAGS)
# One level of "recursive" less: asked once, and only if something is compiled
NL_CFLAGS = $(eval NL_CFLAGS := $$(shell pkg-config --cflags libnl-genl-3.0))$(NL_CFLAGS)

lib_dirs := core mld mh nd multicast peer policy pair flow revocation handover lma mag conf
lib_src := $(foreach d,$(lib_dirs),$(wildcard ctl/$(d)/*.c))
pmipd_src := ctl/pmipd.c $(wildcard ctl/io/*.c)
pmipctl_src := $(wildcard ctl/cli/*.c)
# NAME.c is a tool, NAME_*.c are its other parts
tools_src := $(wildcard selftests/tools/*.c)
load_src := $(wildcard selftests/load/*.c)
tools_main := $(foreach f,$(tools_src),$(if $(findstring _,$(notdir $(f))),,$(f)))

obj = $(patsubst %.c,build/obj/%.o,$(1))
lib := build/libpmip.a
bins := build/ctl/pmipd build/ctl/pmipctl
tools := $(patsubst selftests/tools/%.c,build/tools/%,$(tools_main))

.PHONY: all modules modules_install ctl tools install install-ctl check demo bench \
	check-debug bench-count bench-stock load fuzz setup clean help
.DELETE_ON_ERROR:

all: modules ctl

# The kernel's build writes beside the sources: give each kernel its own place,
# with links to them.
modules:
	@test -e "$(KDIR)/Makefile" || { \
		echo "make: nothing to build against in $(KDIR):" >&2; \
		echo "make: install linux-headers-$(KVER), or say KVER= or KDIR=" >&2; \
		for dir in /lib/modules/*/build/Makefile; do test ! -e "$$dir" || \
			echo "$$dir" | sed 's|/lib/modules/\(.*\)/build.*|make: there is KVER=\1|'; \
		done >&2; exit 1; }
	@mkdir -p "$(kout)/kmod"
	@find "$(kout)" -xtype l -delete
	@ln -sf "$(top)"/kmod/*.[ch] "$(kout)/kmod/"
	@ln -sfn "$(top)/Kbuild" "$(kout)/Kbuild"
	@ln -sfn "$(top)/uapi" "$(kout)/uapi"
	+$(MAKE) -C "$(KDIR)" M="$(kout)" modules

modules_install: modules
	+$(MAKE) -C "$(KDIR)" M="$(kout)" INSTALL_MOD_PATH="$(abspath $(DESTDIR))" modules_install
	# The kernel's own rule wants a System.map, which Debian's headers lack
	$(if $(DESTDIR),,depmod $(KVER))

ctl: $(bins)

tools: $(tools)

build/ctl/pmipd: $(call obj,$(pmipd_src)) $(lib)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lev -lconfig -lhiredis -ljansson -llmdb -lmnl \
		-lpthread -lm

build/ctl/pmipctl: $(call obj,$(pmipctl_src)) $(lib)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -lnl-genl-3 -lnl-3 -lm

build/load/pmip-load: $(call obj,$(load_src)) $(lib)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -lm

.SECONDEXPANSION:
build/tools/%: $$(call obj,selftests/tools/$$*.c $$(wildcard selftests/tools/$$*_*.c)) $(lib)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -lconfig -lmnl -lpthread -lm

$(lib): $(call obj,$(lib_src))
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

build/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(lib_src) $(pmipd_src) $(pmipctl_src) $(tools_src) \
	$(load_src)))

install: modules_install install-ctl

install-ctl: ctl
	install -d "$(DESTDIR)$(SBINDIR)" "$(DESTDIR)$(CONFDIR)" "$(DESTDIR)$(COMPDIR)"
	install -m 755 $(bins) "$(DESTDIR)$(SBINDIR)"
	for page in $$(find Documentation -name '*.[158]'); do \
		install -D -m 644 "$$page" \
			"$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}" || exit 1; \
	done
	for conf in $$(find ctl Documentation -name '*.conf'); do \
		install -m 644 "$$conf" "$(DESTDIR)$(CONFDIR)/$${conf##*/}.sample" || exit 1; \
	done
	for comp in $$(find ctl Documentation -name '*.bash-completion'); do \
		name=$${comp##*/}; install -m 644 "$$comp" \
			"$(DESTDIR)$(COMPDIR)/$${name%.bash-completion}" || exit 1; \
	done
	install -D -m 644 ctl/systemd/pmip.sysusers "$(DESTDIR)$(SYSUSERSDIR)/pmip.conf"
	install -d "$(DESTDIR)$(UNITDIR)"
	sed 's|@SBINDIR@|$(SBINDIR)|' ctl/systemd/pmipd.service.in > \
		"$(DESTDIR)$(UNITDIR)/pmipd.service"

setup:
	selftests/setup.sh check

# T=PATTERN: only tests whose names match
check:
	@selftests/setup.sh check
	@selftests/run $(if $(T),'$(T)')

# T='PATTERN...': only tests whose names match
check-debug:
	@selftests/setup.sh debug
	@selftests/debug/run $(if $(T),'$(T)')

# SECONDS=n: for so long each; T=PATTERN: only those whose names match
fuzz:
	@selftests/setup.sh fuzz
	@selftests/fuzz/run $(or $(SECONDS),60) $(if $(T),'$(T)')

demo:
	@selftests/setup.sh demo
	+@$(MAKE) --no-print-directory KVER="$$(selftests/vm/kernels 6.1)" modules ctl tools
	@SCENARIO="$(SCENARIO)" selftests/demo/run

# B=PATTERN: only cases and figures whose names match
bench:
	@selftests/setup.sh bench
	@selftests/bench/run $(if $(B),'$(B)')

# UPDATE=1: writes what they are into selftests/count/expected.json
bench-count:
	@selftests/setup.sh check
	+@$(MAKE) --no-print-directory KVER="$$(selftests/vm/kernels 6.1)" modules ctl tools
	@selftests/count/run $(if $(UPDATE),update) || test $$? = 4

# What only Debian's own kernel can show
bench-stock:
	@selftests/setup.sh check
	+@$(MAKE) --no-print-directory KVER="$$(selftests/vm/kernels 6.1)" modules ctl tools
	@selftests/stock/run

load_settings := LOAD_RATE LOAD_MAGS LOAD_WINDOW LOAD_DELETE_MS

# N=NODES: another number than a million; KERNEL=1: with the module behind the daemon
load:
	@selftests/setup.sh load
ifdef KERNEL
	@selftests/setup.sh check
	+@$(MAKE) --no-print-directory KVER="$$(selftests/vm/kernels 6.1)" modules ctl \
		build/load/pmip-load
	@mkdir -p build/results
	@PMIP_BUILD="$$PWD/build" selftests/vm/run -k 6.1 --count -m 2G \
		$(foreach v,$(load_settings),$(if $($(v)),-e '$(v)=$($(v))')) \
		selftests/load/guest $(or $(N),5000)
else
	+@$(MAKE) --no-print-directory ctl build/load/pmip-load
	@selftests/load/run $(N)
endif

clean:
	rm -rf build

help:
	@echo 'all (default)    the module for the running kernel, and the controller'
	@echo 'modules          build/kmod/KVER/pmip.ko'
	@echo 'ctl              build/ctl/pmipd and build/ctl/pmipctl'
	@echo 'tools            build/tools/*, which tests and demo use'
	@echo 'install          everything, below DESTDIR and PREFIX ($(PREFIX))'
	@echo 'install-ctl      the controller alone, with unit, manual pages and samples'
	@echo 'modules_install  the module alone'
	@echo 'demo             plays the handover in a virtual machine; SCENARIO=fault:'
	@echo '                 an interface that breaks, with holding and without;'
	@echo '                 SCENARIO=flowmob: a flow that is moved to another gateway;'
	@echo '                 SCENARIO=fast: a node that goes to another, announced or not;'
	@echo '                 SCENARIO=multicast: the same, and it listens to a group;'
	@echo '                 SCENARIO=lma: a node that goes to another anchor'
	@echo 'check            every test on both kernels; T=PATTERN: some, on 6.1'
	@echo 'check-debug      tests on kernels that catch mistakes; T=PATTERN: some'
	@echo 'fuzz             inputs nobody has thought of; SECONDS=n: each harness (60 s),'
	@echo '                 T=PATTERN: some'
	@echo 'bench            speed beside its peers, natively; B=PATTERN: some of it'
	@echo 'bench-count      instructions a packet against what is expected; UPDATE=1'
	@echo 'bench-stock      TCP in bulk, and two processors, on the stock kernel'
	@echo 'load             an anchor and a million mobile nodes, natively; N=NODES'
	@echo '                 KERNEL=1: fewer, in a virtual machine, with the module'
	@echo 'setup            installs what demo and check need, and nothing else'
	@echo 'clean            removes build/, results included'
	@echo
	@echo 'KVER=VERSION     another kernel than the running one'
	@echo 'KDIR=DIRECTORY   its build tree (default /lib/modules/KVER/build)'
	@echo 'W=1 C=1          as for any kernel module'
