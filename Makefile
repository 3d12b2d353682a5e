# certkiosk - GNU make. The two commands are `make demo` and `make check`; see README.md.
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash
# a half-written file must not look made, and objects on the way to a program are worth keeping
.DELETE_ON_ERROR:
.SECONDARY:

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
SAN ?= 0
B := $(if $(filter 1,$(SAN)),build-san,build)

include make/packages.mk

comma := ,
CC := gcc
AR := ar
WARN := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
	-Wpointer-arith -Wstrict-prototypes -Wconversion
# _FORTIFY_SOURCE hides from ASan what it wants to see
OPT := $(if $(filter 1,$(SAN)),-O1 -fno-omit-frame-pointer,-O2 -D_FORTIFY_SOURCE=2)
SANITIZE := $(if $(filter 1,$(SAN)),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
CPPFLAGS = -D_GNU_SOURCE -Iinclude -Icore -Itui \
	-DCK_LIBDIR='"$(PREFIX)/lib/certkiosk"' -DCK_CONF='"$(SYSCONFDIR)/certkiosk/certkiosk.conf"' \
	-DCK_SHAREDIR='"$(PREFIX)/share/certkiosk"'
# asked once, and only when something is compiled: pkg-config may have to be installed first
P11_CFLAGS = $(eval P11_CFLAGS := $(shell pkg-config --cflags p11-kit-1 libpcsclite))$(P11_CFLAGS)
PAPER_CFLAGS = $(eval PAPER_CFLAGS := $(shell pkg-config --cflags pangocairo))$(PAPER_CFLAGS)
CFLAGS = -std=c11 -g $(OPT) $(SANITIZE) $(WARN) -fstack-protector-strong -fPIC -pthread -MMD -MP
LDFLAGS := -Wl,-z,relro,-z,now -Wl,--as-needed
LIBS_base := -ljansson -lconfig -lunistring -lcrypto
# the screen's
LIBS_kit := -lncursesw -ltinfo -lqrencode -lm
# the print program's
LIBS_paper := -lcups -lpangocairo-1.0 -lpango-1.0 -lgobject-2.0 -lglib-2.0 -lfontconfig -lcairo -lqrencode -lm \
	-lsane -lzbar -lpng -lturbojpeg
LIBS := -lp11 -lpcsclite -lcurl -lsqlite3 -lssl $(LIBS_base) -ldl -lpthread

# ---- rooms: each is an archive, so that what a program links says what it may use ----
ROOMS := base pki policy token ca record walk
FRONT_ROOMS := tui screens words kit
DIR_base := core/base
DIR_pki := core/pki
DIR_policy := core/policy
DIR_token := core/token
DIR_ca := core/ca
DIR_record := core/record
DIR_walk := core/walk
DIR_kit := tui/kit
DIR_words := tui/words
DIR_screens := tui/screens
DIR_tui := tui
DIR_paper := printer
DIR_fake := tests/fake
DIR_sandbox := tests/sandbox
DIR_resume := tests/resume
# files that are programs or modules of their own, not members of their room
ALONE := core/main.c printer/main.c core/token/guard.c tui/main.c tests/fake/shim.c tests/fake/fulldisk.c tests/fake/noavahi.c $(wildcard tests/*/*_main.c)

srcs = $(filter-out $(ALONE),$(wildcard $(addsuffix /*.c,$(DIR_$(1)))))
# plain objects in $(B)/o, those of a test build (fault points, settable clock) in $(B)/t
objs = $(patsubst %.c,$(B)/$(2)/%.o,$(call srcs,$(1)))

define room
$(B)/o/lib$(1).a: $(call objs,$(1),o)
$(B)/t/lib$(1).a: $(call objs,$(1),t)
endef
$(foreach r,$(ROOMS) $(FRONT_ROOMS) paper fake sandbox resume,$(eval $(call room,$(r))))

# what it includes of cairo and pango is its own affair
$(B)/o/printer/%.o $(B)/t/printer/%.o $(B)/t/tests/unit/paper_%.o: P11_CFLAGS = $(PAPER_CFLAGS) -Iprinter

$(B)/%.a:
	@mkdir -p $(@D); rm -f $@
	$(AR) rcs $@ $^

# What was compiled for another PREFIX carries its paths: compiled anew when the flags change.
$(B)/flags: FORCE
	@mkdir -p $(@D); printf '%s\n' "$$FLAGS" | cmp -s - $@ || printf '%s\n' "$$FLAGS" >$@
$(B)/flags: export FLAGS := $(CC) $(CPPFLAGS) $(CFLAGS)
.PHONY: FORCE
FORCE:

$(B)/o/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(P11_CFLAGS) $(CFLAGS) -c -o $@ $<
$(B)/t/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(P11_CFLAGS) -DCK_TEST $(CFLAGS) -c -o $@ $<

# ---- programs ----
ENGINE_ROOMS := walk token pki ca policy record base
$(B)/bin/certkiosk-engine: $(B)/o/core/main.o $(ENGINE_ROOMS:%=$(B)/o/lib%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/bin/certkiosk: $(B)/o/tui/main.o $(patsubst %,$(B)/o/lib%.a,$(FRONT_ROOMS) base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_kit) $(LIBS_base)
$(B)/bin/certkiosk-print: $(B)/o/printer/main.o $(B)/o/libpaper.a $(B)/o/libbase.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_paper) $(LIBS_base)
FORMS := $(wildcard printer/forms/*.conf)
$(B)/bin/forms/%.conf: printer/forms/%.conf
	@mkdir -p $(@D)
	cp $< $@
$(B)/bin/p11guard.so: $(B)/o/core/token/guard.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -ldl
# the systems' rules, where a program that was not installed finds them
SYSTEMS := $(wildcard core/policy/systems/*.conf core/policy/systems/*.txt)
$(B)/bin/systems/%: core/policy/systems/%
	@mkdir -p $(@D)
	cp $< $@
# the same three as the tests run them
$(B)/test/certkiosk-engine: $(B)/t/core/main.o $(ENGINE_ROOMS:%=$(B)/t/lib%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/test/certkiosk: $(B)/t/tui/main.o $(patsubst %,$(B)/t/lib%.a,$(FRONT_ROOMS) base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_kit) $(LIBS_base)
$(B)/test/certkiosk-print: $(B)/t/printer/main.o $(B)/t/libpaper.a $(B)/t/libbase.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_paper) $(LIBS_base)
$(B)/test/p11guard.so: $(B)/bin/p11guard.so
	@mkdir -p $(@D)
	cp $< $@
# test furniture: the shim over SoftHSM2, the sandbox, and whatever tests/*/NAME_main.c there is
# the shim is also loaded into programs that were not built with sanitizers
$(B)/test/shim.so $(B)/test/fulldisk.so $(B)/test/meter.so $(B)/test/noavahi.so: SANITIZE :=
$(B)/o/tests/fake/shim.o $(B)/o/tests/fake/shim_ctl.o $(B)/o/tests/fake/seat.o $(B)/o/tests/fake/fulldisk.o $(B)/o/tests/fake/noavahi.o $(B)/o/tests/bench/meter.o: SANITIZE :=
$(B)/test/shim.so: $(B)/o/tests/fake/shim.o $(B)/o/tests/fake/shim_ctl.o $(B)/o/tests/fake/seat.o
$(B)/test/fulldisk.so: $(B)/o/tests/fake/fulldisk.o
$(B)/test/meter.so: $(B)/o/tests/bench/meter.o
$(B)/test/noavahi.so: $(B)/o/tests/fake/noavahi.o
$(B)/test/shim.so $(B)/test/fulldisk.so $(B)/test/meter.so $(B)/test/noavahi.so:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -ldl
$(B)/test/%: $(B)/o/tests/sandbox/%_main.o $(B)/o/libsandbox.a $(B)/o/libbase.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/test/%: $(B)/t/tests/fake/%_main.o $(B)/t/libfake.a $(ENGINE_ROOMS:%=$(B)/t/lib%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
# interrupted visits (tests/resume): plays person and sandbox, and reads the record as the engine does
$(B)/test/prove: $(B)/o/tests/resume/prove_main.o $(patsubst %,$(B)/o/lib%.a,resume sandbox record base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
# the software smart key library, in the four shapes vendors compile theirs in
SOFTSKF := $(filter-out %_main.c,$(wildcard tests/softskf/*.c))
SKF_u32 := -DSKF_ULONG_BYTES=4
SKF_u64 := -DSKF_ULONG_BYTES=8
SKF_packed :=
SKF_natural := -DSKF_NATURAL
define softskf
$(B)/tests/softskf/$(1)-$(2)/%.o: tests/softskf/%.c $(B)/flags
	@mkdir -p $$(@D)
	$(CC) $(CPPFLAGS) $(SKF_$(1)) $(SKF_$(2)) $(CFLAGS) -fvisibility=hidden -c -o $$@ $$<
$(B)/tests/softskf/libsoftskf-$(1)-$(2).so: $(SOFTSKF:tests/softskf/%.c=$(B)/tests/softskf/$(1)-$(2)/%.o)
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $$@ $$^ -lcrypto
endef
SOFTSKF_LIBS :=
$(foreach u,u32 u64,$(foreach p,packed natural,$(eval $(call softskf,$(u),$(p)))$(eval SOFTSKF_LIBS += $(B)/tests/softskf/libsoftskf-$(u)-$(p).so)))
$(B)/test/softskf-init: $(patsubst tests/softskf/%.c,$(B)/tests/softskf/u64-natural/%.o,$(SOFTSKF) tests/softskf/init_main.c)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcrypto
FURNITURE := $(SOFTSKF_LIBS) $(B)/test/softskf-init $(B)/test/shim.so $(B)/test/fulldisk.so $(B)/test/meter.so $(B)/test/noavahi.so $(patsubst %_main.c,$(B)/test/%,$(notdir $(wildcard tests/sandbox/*_main.c tests/fake/*_main.c tests/resume/*_main.c)))

# ---- unit tests: tests/unit/ROOM_TOPIC.c links ROOM and base only (walk and tui: see below) ----
UNIT := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
needs_walk := $(ENGINE_ROOMS) fake
needs_tui := $(FRONT_ROOMS) base
needs_screens := screens words kit base
needs_policy := policy pki base
needs_ca := ca fake base
# loaded at run time
needs_softskf := base
# who signs the documents a test makes
needs_paper := paper pki base
needs = $(if $(needs_$(1)),$(needs_$(1)),$(1) $(filter-out $(1),base) )
.SECONDEXPANSION:
$(B)/unit/%: $(B)/t/tests/unit/%.o $$(foreach r,$$(call needs,$$(firstword $$(subst _, ,$$*))),$(B)/t/lib$$(r).a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_kit) $(if $(filter paper_%,$*),$(LIBS_paper)) $(LIBS)

# these load the guard and the shim at run time
$(filter $(B)/unit/token_% $(B)/unit/walk_%,$(UNIT)): | $(B)/bin/p11guard.so $(B)/test/shim.so

$(filter $(B)/unit/softskf_%,$(UNIT)): | $(SOFTSKF_LIBS) $(B)/test/softskf-init

# ---- what people call ----
.PHONY: all tests demo check soak bench install uninstall clean format
all: $(B)/bin/certkiosk $(B)/bin/certkiosk-engine $(B)/bin/certkiosk-print $(B)/bin/p11guard.so $(SYSTEMS:core/policy/%=$(B)/bin/%) $(FORMS:printer/%=$(B)/bin/%)
tests: all $(UNIT) $(FURNITURE) $(B)/test/certkiosk $(B)/test/certkiosk-engine $(B)/test/certkiosk-print $(B)/test/p11guard.so

JOBS ?= $(shell nproc)
# a make that was given -j hands its own workers on
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
check: packages
	@$(MAKE) --no-print-directory -s $(PARALLEL) tests
	@tests/run $(B)

soak: packages
	@$(MAKE) --no-print-directory -s $(PARALLEL) tests
	@CK_BUILD=$(abspath $(B)) tests/resume/soak

demo: packages
	@$(MAKE) --no-print-directory -s $(PARALLEL) all $(FURNITURE)
	@tests/sandbox/demo.sh $(B)

bench: packages
	@$(MAKE) --no-print-directory -s $(PARALLEL) tests
	@tests/bench/bench.sh $(B)
	@tests/bench/keys.sh $(B)
	@tests/bench/screens.sh $(B)
	@tests/bench/paper.sh $(B)
	@tests/bench/paid.sh $(B)
	@tests/bench/many.sh $(B)

D = $(DESTDIR)$(PREFIX)
install: all
	install -d $(D)/bin $(D)/lib/certkiosk $(D)/share/certkiosk/systems $(D)/share/certkiosk/forms $(D)/share/man/man1 \
		$(D)/share/man/man5 $(D)/share/man/man8 $(D)/share/doc/certkiosk $(DESTDIR)$(SYSCONFDIR)/certkiosk/keys.d
	install -m 755 $(B)/bin/certkiosk $(D)/bin/
	install -m 755 $(B)/bin/certkiosk-engine $(B)/bin/certkiosk-print $(B)/bin/p11guard.so $(D)/lib/certkiosk/
	install -m 644 core/policy/systems/*.conf core/policy/systems/*.txt $(D)/share/certkiosk/systems/
	install -m 644 $(FORMS) $(D)/share/certkiosk/forms/
	install -m 644 tui/certkiosk.1 $(D)/share/man/man1/
	install -m 644 core/certkiosk.conf.5 printer/certkiosk-forms.5 $(D)/share/man/man5/
	install -m 644 core/certkiosk-engine.8 printer/certkiosk-print.8 $(D)/share/man/man8/
	install -m 644 core/ca/PROTOCOL.desk tui/operator-guide.zh.txt README.md LICENSE $(D)/share/doc/certkiosk/
uninstall:
	rm -f $(D)/bin/certkiosk $(D)/share/man/man1/certkiosk.1 $(D)/share/man/man5/certkiosk.conf.5 \
		$(D)/share/man/man5/certkiosk-forms.5 \
		$(D)/share/man/man8/certkiosk-engine.8 $(D)/share/man/man8/certkiosk-print.8
	rm -rf $(D)/lib/certkiosk $(D)/share/certkiosk $(D)/share/doc/certkiosk
clean:
	rm -rf build build-san
format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

-include $(shell find $(B) -name '*.d' 2>/dev/null)
