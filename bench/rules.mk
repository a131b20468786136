# `make bench`: Referat beside other systems on the same job (docs/speed.md). Included by the Makefile; nothing here is
# built by anything else. What a system needs is installed by bench/setup; one that is not there is said and left out.

BENCH_PEERS  := redis postgres rabbitmq nats
BENCH_PREFIX := $(B)/bench/empty
BENCH        := $(B)/bench/client_referat $(BENCH_PREFIX)/made $(BENCH_PEERS:%=$(B)/bench/%)

BENCH_LIBS_redis    := -lhiredis
BENCH_LIBS_postgres := -lpq
BENCH_LIBS_rabbitmq := -lrabbitmq
BENCH_LIBS_nats     := -lnats

$(B)/bench/client_referat: $(OBJ)/bench/client_referat.o $(OBJ)/bench/client.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS)
$(B)/bench/empty_stage: $(OBJ)/bench/empty_stage.o $(OBJ)/bench/client.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl
$(B)/bench/read: $(OBJ)/bench/read.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl
# An installation whose stages are all the empty one.
$(BENCH_PREFIX)/made: all $(B)/bench/empty_stage
	$(Q)rm -rf $(@D) && mkdir -p $(@D)/bin $(@D)/lib
	$(Q)cp $(B)/bin/referat $(B)/bin/referat-broker $(@D)/bin
	$(Q)for stage in $(STAGES); do cp $(B)/bench/empty_stage $(@D)/bin/referat-$$stage; done
	$(Q)cp -r $(B)/lib/referat $(@D)/lib && cp -r $(B)/share $(@D)/share && touch $@
# The broker's core and its store, as the unit tests have them.
$(B)/bench/growth: $(OBJ)/bench/growth.o $(SUPPORT_O) $(BROKER_O) $(CLI) $(LIB) $(SDK)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(PKG_LIBS) -ldl -lcmocka -larchive
$(B)/bench/%: bench/peers/%.c bench/client.c bench/client.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -I. -I/usr/include/postgresql -o $@ $< bench/client.c \
		$(BENCH_LIBS_$*)

.PHONY: bench growth
growth: $(B)/bench/growth ## measure what a document costs among a thousand to a million others (minutes)
	@$< $(B)/bench/store 1000 10000 100000 300000 1000000
bench: ## measure Referat beside other systems, in turns; installs them (BENCH_OPTIONS='--turns 5 --systems referat,redis')
	@bench/setup
	+@$(MAKE) --no-print-directory SETUP=no $(BENCH)
	@bench/run $(B) $(BENCH_OPTIONS)
