# Referat. `make help` lists what there is.
#
#   build/<variant>/   laid out as an installation: bin, lib/referat/plugins, share/referat; so a program finds its
#                      plugins and texts the same way before and after `make install`
#   variant            release, or the sanitizers: make SANITIZE=address,undefined; `make fuzz` has one with clang

# ---- configuration ---------------------------------------------------------------------------------------------------

PREFIX     ?= /usr/local
DESTDIR    ?=
ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
SANITIZE   ?=
SETUP      ?= yes

comma   := ,
VARIANT := $(if $(SANITIZE),$(subst $(comma),-,$(SANITIZE)),release)
B       := build/$(VARIANT)
OBJ     := $(B)/obj
GEN     := $(B)/gen
Q       := $(if $(V),,@)
say      = $(if $(V),,@echo '  $(1)  $(2)')

# As many jobs as there are processors, unless -j says otherwise; a make below another shares that one's jobs.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

# Set-up comes first, for every goal that needs a package: pkg-config is asked below. Who only builds and runs does not
# wait for what the tests need.
ifneq ($(SETUP),no)
ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),all)),)
setup_for    := $(if $(filter-out all demo install uninstall,$(MAKECMDGOALS)),all,build)
setup_status := $(shell deploy/setup.sh $(setup_for) >&2; echo $$?)
ifneq ($(setup_status),0)
$(error set-up failed)
endif
endif
endif

PACKAGES    := libmicrohttpd libzmq yaml-0.1 libcurl libprotobuf-c sqlite3 libcrypto json-c icu-uc icu-i18n
PKG_CFLAGS  := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PACKAGES) libxml-2.0 libcmark-gfm poppler-glib 2>/dev/null))
PKG_LIBS    := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

WARNINGS    := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef \
               $(if $(findstring clang,$(CC)),,-Wno-format-truncation) # error texts are cut on purpose (base/error.c)
HARDENING   := -fstack-protector-strong -D_FORTIFY_SOURCE=2
SAN_FLAGS   := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
OPTIMISE    := $(if $(SANITIZE),-O1 -g -U_FORTIFY_SOURCE,-O2 -g $(HARDENING))
BASE_CFLAGS := -std=c17 -D_GNU_SOURCE $(WARNINGS) $(OPTIMISE) $(SAN_FLAGS) -pthread $(PKG_CFLAGS) -MMD -MP
VERSION     := 0.1.0
DATE        := November 21, 2026# of the version, for the manual

INTERNAL    := -Ilib -Iinclude -I$(GEN) -I.
PUBLIC      := -Iinclude -I$(GEN)
DEFINES     := -DREFERAT_VERSION='"$(VERSION)"' -DREFERAT_DATE='"$(DATE)"'

# ---- what is built ---------------------------------------------------------------------------------------------------

COMMANDS := run status list held dead show why trace age top tap release retry hold delete withdraw answer submit \
            pause resume plan apply replay drift publish erase backup restore reconcile thaw store check test graph schema
SUBCOMMANDS := plugins-list plugins-show plugins-why plugins-try secret-set secret-list
STAGES   := ingest validate summarise render publish notify
PLUGINS  := $(sort $(patsubst plugins/%/,%,$(dir $(wildcard plugins/*/*.c))))
SCRIPTS  := $(wildcard plugins/*/*.exec)# plugins that are programs

PROTO_C  := $(GEN)/referat/document.pb-c.c $(GEN)/wire.pb-c.c
PROTO_O  := $(PROTO_C:.c=.o)
LIB_O    := $(patsubst %.c,$(OBJ)/%.o,$(filter-out lib/sdk/%,$(wildcard lib/*/*.c)) lib/sdk/identity_numbers.c lib/sdk/html_article.c lib/sdk/html_lines.c \
            lib/sdk/reading/merge.c)
SDK_O    := $(patsubst %.c,$(OBJ)/%.o,$(wildcard lib/sdk/*.c lib/sdk/*/*.c)) $(OBJ)/sdk-document.pb-c.o
BROKER_O := $(patsubst %.c,$(OBJ)/%.o,$(filter-out broker/main.c,$(wildcard broker/*.c)))
INGEST_O := $(patsubst %.c,$(OBJ)/%.o,$(filter-out stages/ingest/main.c,$(wildcard stages/ingest/*.c)))
CLI_O    := $(patsubst %.c,$(OBJ)/%.o,$(filter-out cli/main.c,$(wildcard cli/*.c)))

LIB      := $(B)/libreferat.a
CLI      := $(B)/libcli.a
SDK      := $(B)/lib/libreferat-plugin.a
PROGRAMS := $(B)/bin/referat $(B)/bin/referat-broker $(B)/bin/referat-alert $(STAGES:%=$(B)/bin/referat-%)
MODULES  := $(PLUGINS:%=$(B)/lib/referat/plugins/%.so) $(addprefix $(B)/lib/referat/plugins/,$(notdir $(SCRIPTS)))
SHARE_IN := $(filter-out %.c %.h %.exec,$(wildcard plugins/*/*)) $(wildcard share/languages/*)
SHARE    := $(patsubst plugins/%,$(B)/share/referat/%,$(filter plugins/%,$(SHARE_IN))) \
            $(patsubst share/%,$(B)/share/referat/%,$(filter share/%,$(SHARE_IN)))
SUPPORT_O := $(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/support/*.c))
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ     := $(patsubst tests/fuzz/fuzz_%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

PLUGIN_LIBS := $(shell $(PKG_CONFIG) --libs libprotobuf-c json-c icu-uc icu-i18n 2>/dev/null)
# What a single plugin needs beyond these.
PLUGIN_LIBS_channel.smtp    := $(shell $(PKG_CONFIG) --libs libcurl 2>/dev/null)
PLUGIN_LIBS_channel.webhook := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_channel.websub  := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.drupal   := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.ghost    := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.http     := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.s3       := $(shell $(PKG_CONFIG) --libs libcrypto libxml-2.0 2>/dev/null)
PLUGIN_LIBS_target.webdav   := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.sitevision := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.wordpress := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_target.municipio := $(shell $(PKG_CONFIG) --libs libcrypto 2>/dev/null)
PLUGIN_LIBS_reader.html     := $(shell $(PKG_CONFIG) --libs libxml-2.0 2>/dev/null)
PLUGIN_LIBS_reader.office   := $(shell $(PKG_CONFIG) --libs libarchive libxml-2.0 2>/dev/null)
PLUGIN_LIBS_reader.pdf      := $(shell $(PKG_CONFIG) --libs poppler-glib 2>/dev/null) -lm
PLUGIN_LIBS_reader.markdown := $(shell $(PKG_CONFIG) --libs libcmark-gfm 2>/dev/null)

MANUALS  := $(patsubst %,$(B)/share/man/man1/referat-%.1,$(COMMANDS) $(SUBCOMMANDS)) $(B)/share/man/man1/referat.1 \
            $(patsubst $(B)/bin/%,$(B)/share/man/man8/%.8,$(filter-out %/referat,$(PROGRAMS)))

.PHONY: all
all: $(PROGRAMS) $(MODULES) $(SHARE) $(MANUALS)

# ---- build -----------------------------------------------------------------------------------------------------------

.SECONDARY:
.DELETE_ON_ERROR:

# Everything depends on the flags: a change of them builds anew.
FLAGS := $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(BASE_CFLAGS) $(VERSION)
$(B)/flags: FORCE
	@mkdir -p $(@D); echo '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(FLAGS))' >$@
.PHONY: FORCE
FORCE:

$(GEN)/referat/document.pb-c.c: include/referat/document.proto
	@mkdir -p $(GEN)
	$(Q)protoc-c --c_out=$(GEN) --proto_path=include $<
$(GEN)/wire.pb-c.c: lib/wire/wire.proto
	@mkdir -p $(GEN)
	$(Q)protoc-c --c_out=$(GEN) --proto_path=lib/wire $<
# The header comes with it: what includes it is built anew in the same run.
$(PROTO_C:.c=.h): %.h: %.c ;
$(GEN)/%.o: $(GEN)/%.c $(B)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_CFLAGS) -w $(PUBLIC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(OBJ)/sdk-document.pb-c.o: $(GEN)/referat/document.pb-c.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_CFLAGS) -w -fPIC -fvisibility=hidden $(PUBLIC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OBJ)/lib/sdk/%.o: lib/sdk/%.c $(B)/flags | $(PROTO_C)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_CFLAGS) -fPIC -fvisibility=hidden $(PUBLIC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(OBJ)/plugins/%.o: plugins/%.c $(B)/flags | $(PROTO_C)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_CFLAGS) -fPIC -fvisibility=hidden $(PUBLIC) $(DEFINES) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(OBJ)/%.o: %.c $(B)/flags | $(PROTO_C)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_CFLAGS) $(INTERNAL) $(DEFINES) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# An archive is made anew: a source that is gone leaves no object behind.
$(LIB): $(LIB_O) $(PROTO_O)
	$(Q)rm -f $@ && ar rcs $@ $^
$(CLI): $(CLI_O)
	$(Q)rm -f $@ && ar rcs $@ $^
$(SDK): $(SDK_O)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

LINK = $(CC) $(SAN_FLAGS) -pthread $(CFLAGS) $(LDFLAGS) -o $@

$(B)/bin/referat: $(OBJ)/cli/main.o $(CLI) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl
$(B)/bin/referat-broker: $(OBJ)/broker/main.o $(BROKER_O) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl

define stage_program
$(B)/bin/referat-$(1): $(patsubst %.c,$(OBJ)/%.o,$(wildcard stages/$(1)/*.c)) $(LIB)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$$(LINK) $$^ $(PKG_LIBS) -ldl
endef
$(foreach stage,$(STAGES) alert,$(eval $(call stage_program,$(stage))))

define plugin_module
$(B)/lib/referat/plugins/$(1).so: $(patsubst %.c,$(OBJ)/%.o,$(wildcard plugins/$(1)/*.c)) $(SDK)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$$(LINK) -shared $(if $(SANITIZE),,-Wl$(comma)-z$(comma)defs) $$^ $(PLUGIN_LIBS) $(PLUGIN_LIBS_$(1))
endef
$(foreach plugin,$(PLUGINS),$(eval $(call plugin_module,$(plugin))))

define script_plugin
$(B)/lib/referat/plugins/$(notdir $(1)): $(1)
	@mkdir -p $$(@D)
	$(Q)install -m 755 $$< $$@
endef
$(foreach script,$(SCRIPTS),$(eval $(call script_plugin,$(script))))

$(B)/share/referat/languages/%: share/languages/%
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(B)/share/referat/%: plugins/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

# A page is what its program says of itself.
$(B)/share/man/man1/referat-%.1: $(B)/bin/referat
	@mkdir -p $(@D)
	$(Q)$< $(subst -, ,$*) --manual >$@
$(B)/share/man/man8/%.8: $(B)/bin/%
	@mkdir -p $(@D)
	$(Q)$< --manual >$@
$(B)/share/man/man1/referat.1: docs/man/referat.1
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(B)/tests/%: $(OBJ)/tests/unit/%.o $(SUPPORT_O) $(BROKER_O) $(INGEST_O) $(CLI) $(LIB) $(SDK)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl -lcmocka -larchive

# With libFuzzer, whose counters the plugins find in the program; elsewhere with a main that takes inputs from files.
FUZZ_MAIN := $(if $(findstring fuzzer,$(SANITIZE)),-fsanitize=fuzzer,$(OBJ)/tests/fuzz/replay.o)
$(B)/fuzz/%: $(OBJ)/tests/fuzz/fuzz_%.o $(OBJ)/tests/fuzz/target.o $(filter %.o,$(FUZZ_MAIN)) $(SUPPORT_O) $(BROKER_O) \
             $(CLI) $(LIB) $(SDK)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -rdynamic $^ $(filter -f%,$(FUZZ_MAIN)) $(PKG_LIBS) -ldl -lcmocka

$(B)/tests/evaluate: $(OBJ)/tests/evaluation/evaluate.o $(SUPPORT_O) $(BROKER_O) $(CLI) $(LIB) $(SDK)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl -lcmocka

include bench/rules.mk

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- use -------------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: all ## build, run the demo's documents through a whole pipeline, show where the result lies
	@pipelines/demo/run $(B)

# ---- test ------------------------------------------------------------------------------------------------------------

.PHONY: test unit process servers evaluate browser restapp picture torture lint format unit-programs thread-programs fuzz fuzz-programs
test: ## set up, build, and pass every test (two variants: release, sanitizers)
	+@tests/run
unit: all $(UNIT) ## unit tests of this variant
	@tests/run-unit $(B)
process: all ## tests with real processes, of this variant
	@tests/run-process $(B)
servers: all ## targets and channels with the real servers of others, of this variant
	@FOLDER=servers tests/run-process $(B)
browser: all ## what residents get, in a browser and by validators
	@tests/run-browser $(B)
unit-programs: $(UNIT)
restapp: ## check, build and test the RESTApp for Sitevision: integrations/sitevision/build/referat.zip
	@tests/npm integrations/sitevision && npm --prefix integrations/sitevision test
picture: demo ## take the picture in README anew
	@tests/browser/setup && mkdir -p docs/images
	$(Q)node tests/browser/picture.mjs build/demo/site docs/images/site.png
# Where threads meet, and what runs beside them: the broker's core, the store, the two threads of a stage.
thread-programs: $(filter $(B)/tests/test_core_% $(B)/tests/test_store% $(B)/tests/test_handover $(B)/tests/test_blobs,$(UNIT))
FUZZ_SECONDS ?= 60
fuzz: ## a minute of libFuzzer for each target of tests/fuzz (FUZZ_SECONDS=60, FUZZ_TARGETS='reader_text …')
	+@$(MAKE) --no-print-directory SETUP=no CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzz-programs
	@tests/run-fuzz build/fuzzer-no-link-address-undefined $(FUZZ_SECONDS) $(FUZZ_TARGETS)
fuzz-programs: $(FUZZ) $(MODULES) $(SHARE)
EVALUATED := $(wildcard tests/evaluation/*/)
build/evaluation/made: tests/evaluation/typist $(wildcard tests/evaluation/*/*)
	$(call say,TYPE,build/evaluation)
	$(Q)rm -rf $(@D) && tests/evaluation/typist $(@D) $(EVALUATED) && touch $@
evaluate: all $(B)/tests/evaluate build/evaluation/made ## how well minutes are read, as text, DOCX, ODT, PDF and HTML: precision and recall per field; VERBOSE=1 lists differences, SUMMARIES=1 puts drafts beside references
	@$(B)/tests/evaluate $(if $(VERBOSE),--verbose) $(if $(SUMMARIES),--summaries) --copies build/evaluation $(EVALUATED) $(if $(REFERAT_SAMPLES),$(REFERAT_SAMPLES)/samples)
torture: ## what takes longer: 1,000 kills while 10,000 documents pass, 1,000 posts with answers lost, random models, valgrind, sanitizers (STEPS='kills posts')
	+@STEPS='$(STEPS)' tests/torture

C_FILES  := $(wildcard lib/*/*.[ch] lib/*/*/*.[ch] broker/*.[ch] stages/*/*.[ch] plugins/*/*.[ch] cli/*.[ch] tests/unit/*.[ch] tests/support/*.[ch] tests/fuzz/*.[ch] include/referat/*.h bench/*.[ch] bench/peers/*.c)
lint: $(PROTO_C) ## clang-format, clang-tidy, clang -Werror, the rule which folder may include which
	@tests/lint $(B) '$(BASE_CFLAGS)' '$(INTERNAL)' '$(PUBLIC)'
format: ## let clang-format rewrite the sources
	$(Q)clang-format -i $(C_FILES)

# ---- install ---------------------------------------------------------------------------------------------------------

.PHONY: install uninstall
install: all $(SDK) ## DESTDIR= PREFIX=/usr/local
	$(Q)deploy/install.sh install '$(B)' '$(DESTDIR)' '$(PREFIX)' '$(VERSION)'
uninstall: ## take away what install put there
	$(Q)deploy/install.sh uninstall '$(B)' '$(DESTDIR)' '$(PREFIX)' '$(VERSION)'

.PHONY: clean help
clean: ## remove build/
	$(Q)rm -rf build
help: ## this list
	@echo 'make [target] [SANITIZE=address,undefined] [V=1] [SETUP=no]'
	@echo
	@printf '  %-12s %s\n' '(none)' 'build everything into build/release'
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile bench/rules.mk | while IFS='|' read -r target text; do \
		printf '  %-12s %s\n' "$$target" "$$text"; done
