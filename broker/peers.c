/* Who is connected: HELLO and WELCOME, credit, and who has not been heard of for too long. */
#include "base/error.h"
#include "base/log.h"
#include "broker/blobs.h"
#include "broker/state.h"
#include "document/unpack.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATION = 1, MOST_NEEDS = 64 };

struct rf_core_peer *rf_peer_find(struct rf_core *core, rf_peer number)
{
	struct rf_core_peer *peer;
	HASH_FIND(hh, core->peers, &number, sizeof number, peer);
	return peer;
}

struct rf_core_peer *rf_peer_meet(struct rf_core *core, rf_peer number)
{
	struct rf_core_peer *peer = rf_peer_find(core, number);
	if (!peer) {
		peer = rf_alloc(sizeof *peer);
		peer->number = number;
		HASH_ADD(hh, core->peers, number, sizeof peer->number, peer);
	}
	peer->heard_us = core->now_us;
	return peer;
}

static void forget_needs(struct rf_core_peer *peer)
{
	for (size_t i = 0; i < peer->n_needs; i++)
		free(peer->needs[i]);
	free(peer->needs);
	peer->needs = NULL;
	peer->n_needs = 0;
}

static void abandon_leases(struct rf_core *core, struct rf_core_peer *peer)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next)
		if (lease->peer == peer)
			rf_lease_abandon(core, lease);
	rf_looks_abandon(core, peer);
}

void rf_peer_drop(struct rf_core *core, struct rf_core_peer *peer)
{
	abandon_leases(core, peer);
	rf_blobs_drop(core->blobs, peer->number);
	HASH_DEL(core->peers, peer); /* NOLINT(clang-analyzer-unix.Malloc): it loses its way in uthash's list */
	forget_needs(peer);
	free(peer);
}

void rf_peer_refuse(struct rf_core *core, struct rf_core_peer *peer, const char *code, const char *text)
{
	abandon_leases(core, peer);
	peer->role = RF_ROLE_NONE;
	if (peer->told)
		return;
	peer->told = true;
	Referat__Wire__Header *header = rf_outbox_header(core, peer, RF_VERB_ERROR);
	header->error = rf_alloc(sizeof *header->error);
	referat__wire__error__init(header->error);
	header->error->code = rf_strdup(code);
	header->error->text = rf_strdup(text);
	rf_log(RF_LOG_WARNING, NULL, "a peer was refused: %s (%s)", text, code);
}

static bool read_role(const char *word, enum rf_role *role)
{
	static const struct {
		const char *word;
		enum rf_role role;
	} roles[] = {{"stage", RF_ROLE_STAGE}, {"control", RF_ROLE_CONTROL}, {"supervisor", RF_ROLE_SUPERVISOR}};
	for (size_t i = 0; word && i < RF_COUNT(roles); i++)
		if (strcmp(word, roles[i].word) == 0) {
			*role = roles[i].role;
			return true;
		}
	return false;
}

/* It is written into the journal and the log: letters, digits and "-_." only. */
static bool is_instance(const char *text)
{
	size_t length = text ? strlen(text) : 0;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
			return false;
	return length > 0 && length < RF_INSTANCE_SIZE;
}

static Referat__Wire__PluginConfig *plugin_config(const struct rf_plugin_use *use)
{
	Referat__Wire__PluginConfig *config = rf_alloc(sizeof *config);
	referat__wire__plugin_config__init(config);
	config->name = rf_strdup(use->name);
	config->options = rf_alloc(use->n_settings * sizeof(void *));
	for (size_t i = 0; i < use->n_settings; i++) {
		Referat__Wire__PluginOption *option = rf_alloc(sizeof *option);
		referat__wire__plugin_option__init(option);
		option->name = rf_strdup(use->settings[i].name);
		option->value = rf_strdup(use->settings[i].value);
		option->has_secret = true;
		option->secret = use->settings[i].secret;
		config->options[config->n_options++] = option;
	}
	return config;
}

static Referat__Wire__StageConfig *stage_config(const struct rf_core *core, const struct rf_stage *stage)
{
	static const char *const on_unknown[] = {
	    [RF_UNKNOWN_HOLD] = "hold", [RF_UNKNOWN_RESEND] = "resend", [RF_UNKNOWN_SKIP] = "skip"};
	static const char *const verify[] = {
	    [RF_VERIFY_TEXT] = "text", [RF_VERIFY_TITLE] = "title", [RF_VERIFY_NEVER] = "never"};
	Referat__Wire__StageConfig *config = rf_alloc(sizeof *config);
	referat__wire__stage_config__init(config);
	config->name = rf_strdup(stage->name);
	config->plugins = rf_alloc(stage->n_plugins * sizeof(void *));
	for (size_t i = 0; i < stage->n_plugins; i++)
		config->plugins[config->n_plugins++] = plugin_config(&stage->plugins[i]);
	config->has_max_runtime_us = config->has_once = true;
	config->max_runtime_us = stage->max_runtime_us;
	config->has_max_memory = true;
	config->max_memory = stage->max_memory;
	config->once = core->options.once;
	config->secrets = rf_strdup(core->options.pipeline->secrets);
	config->state = rf_strdup(core->options.state);
	config->on_unknown = rf_strdup(on_unknown[stage->on_unknown]);
	config->verify = rf_strdup(verify[stage->verify]);
	config->has_notify_within_us = true;
	config->notify_within_us = stage->notify_within_us;
	return config;
}

static void welcome(struct rf_core *core, struct rf_core_peer *peer)
{
	Referat__Wire__Welcome *welcome = rf_alloc(sizeof *welcome);
	referat__wire__welcome__init(welcome);
	welcome->has_version = welcome->has_epoch = welcome->has_generation = true;
	welcome->version = RF_WIRE_VERSION;
	welcome->epoch = core->epoch;
	welcome->generation = GENERATION;
	welcome->has_heartbeat_us = true;
	welcome->heartbeat_us = core->options.heartbeat_us;
	welcome->blobs = rf_strdup(core->options.blobs);
	welcome->has_max_part = true;
	welcome->max_part = RF_WIRE_MOST_PART;
	if (peer->stage) {
		welcome->stage = stage_config(core, peer->stage->definition);
		welcome->has_lease_us = true;
		welcome->lease_us = rf_lease_time(core, peer->stage);
		if (core->options.pipeline->publisher) {
			welcome->has_publisher = true;
			welcome->publisher.len =
			    rf_pack(&core->options.pipeline->publisher->base, &welcome->publisher.data);
		}
	}
	rf_outbox_header(core, peer, RF_VERB_WELCOME)->welcome = welcome;
}

/* The same process over a new connection: what it does not name as held, it no longer has. */
static void drop_former_self(struct rf_core *core, const struct rf_core_peer *peer)
{
	struct rf_core_peer *other, *next;
	HASH_ITER (hh, core->peers, other, next)
		if (other != peer && other->role == RF_ROLE_STAGE && strcmp(other->instance, peer->instance) == 0)
			rf_peer_drop(core, other);
}

static int take_back_held(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Hello *hello,
			  struct rf_error *error)
{
	for (size_t i = 0; i < hello->n_held; i++)
		if (rf_lease_adopt(core, peer, hello->held[i], error) < 0)
			return -1;
	/* Started by this process, and not in its hands now: it never got it, or lost it. Nobody is charged. */
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next)
		if (!lease->peer && strcmp(lease->instance, peer->instance) == 0)
			rf_lease_end(core, lease);
	return 0;
}

static const char *find_fault(const Referat__Wire__Hello *hello, enum rf_role role, const char **code)
{
	*code = "malformed";
	if (hello->n_needs > MOST_NEEDS)
		return "HELLO names too many parts";
	if (role == RF_ROLE_STAGE && !is_instance(hello->instance))
		return "HELLO of a stage names its instance: 1 to 64 letters, digits, '-', '_', '.'";
	*code = "version";
	if (hello->version_min > RF_WIRE_VERSION || hello->version_max < RF_WIRE_VERSION)
		return "this broker speaks version 1 of the protocol";
	return NULL;
}

static void forget_role(struct rf_core *core, struct rf_core_peer *peer)
{
	abandon_leases(core, peer);
	forget_needs(peer);
	peer->role = RF_ROLE_NONE;
	peer->told = peer->draining = peer->caught_up = false;
	peer->stage = NULL;
	peer->credit_tasks = 0;
	peer->credit_bytes = 0;
}

/* A program knows what its kind of stage needs; that a plugin wants the file as it came is known from the plugin. */
static bool takes_source(const struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info && (stage->plugins[i].info->capabilities & REFERAT_TAKES_SOURCE))
			return true;
	return false;
}

int rf_peer_hello(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Hello *hello,
		  struct rf_error *error)
{
	forget_role(core, peer);
	enum rf_role role;
	const char *code, *fault;
	if (!hello || !read_role(hello->role, &role)) {
		rf_peer_refuse(core, peer, "malformed", "HELLO needs a role: stage, control or supervisor");
		return 0;
	}
	if ((fault = find_fault(hello, role, &code))) {
		rf_peer_refuse(core, peer, code, fault);
		return 0;
	}
	if (role == RF_ROLE_STAGE) {
		peer->stage = rf_stage_named(core, hello->stage);
		if (!peer->stage) {
			rf_peer_refuse(core, peer, "unknown-stage", "the definition has no stage of that name");
			return 0;
		}
		strcpy(peer->instance, hello->instance);
	}
	peer->role = role;
	peer->pid = hello->pid;
	peer->needs = rf_alloc((hello->n_needs + 1) * sizeof *peer->needs);
	for (size_t i = 0; i < hello->n_needs; i++)
		peer->needs[peer->n_needs++] = rf_strdup(hello->needs[i]);
	if (peer->stage && takes_source(peer->stage->definition))
		peer->needs[peer->n_needs++] = rf_strdup("source");
	welcome(core, peer);
	if (role != RF_ROLE_STAGE)
		return 0;
	drop_former_self(core, peer);
	if (core->draining)
		rf_outbox_header(core, peer, RF_VERB_DRAIN);
	return take_back_held(core, peer, hello, error);
}

void rf_peer_credit(struct rf_core_peer *peer, const Referat__Wire__Credit *credit)
{
	if (!credit)
		return;
	uint64_t tasks = (uint64_t)peer->credit_tasks + credit->tasks;
	peer->credit_tasks = tasks > RF_MOST_CREDIT ? RF_MOST_CREDIT : (uint32_t)tasks;
	int64_t room = INT64_MAX / 2 - peer->credit_bytes;
	peer->credit_bytes += credit->bytes > (uint64_t)room ? room : (int64_t)credit->bytes;
}

bool rf_peer_needs(const struct rf_core_peer *peer, const char *part)
{
	for (size_t i = 0; i < peer->n_needs; i++) {
		const char *need = peer->needs[i];
		size_t length = strlen(need);
		if (length >= 2 && strcmp(need + length - 2, "/*") == 0) {
			if (strncmp(part, need, length - 1) == 0)
				return true;
		} else if (strcmp(part, need) == 0) {
			return true;
		}
	}
	return false;
}

void rf_peers_expire(struct rf_core *core)
{
	struct rf_core_peer *peer, *next;
	HASH_ITER (hh, core->peers, peer, next) {
		if (core->now_us - peer->heard_us <= RF_SILENT_HEARTBEATS * core->options.heartbeat_us)
			continue;
		if (peer->role == RF_ROLE_STAGE)
			rf_log(RF_LOG_WARNING, NULL, "%s (process %u) has not been heard of for %d heartbeats",
			       peer->stage->definition->name, peer->pid, RF_SILENT_HEARTBEATS);
		rf_peer_drop(core, peer);
	}
}

bool rf_peers_caught_up(const struct rf_core *core)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		if (core->stages[i].definition->kind != RF_STAGE_INGEST)
			continue;
		bool said = false;
		for (const struct rf_core_peer *peer = core->peers; peer && !said; peer = peer->hh.next)
			said = peer->stage == &core->stages[i] && peer->caught_up;
		if (!said)
			return false;
	}
	return true;
}
