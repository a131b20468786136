#include "tests/support/rig.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "plugin/language.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_LEFT = 64 * 1024 * 1024 };

const char *const rig_names[RIG_STAGES] = {"ingest", "validate", "render", "publish/web", "notify"};

/* ---- set-up ------------------------------------------------------------------------------------------------------ */

static void rig_define(struct rig *rig)
{
	static const enum rf_stage_kind kinds[RIG_STAGES] = {RF_STAGE_INGEST, RF_STAGE_VALIDATE, RF_STAGE_RENDER,
							     RF_STAGE_PUBLISH, RF_STAGE_NOTIFY};
	rig->use = (struct rf_plugin_use){.name = (char *)"target.test", .info = &rig->info};
	for (size_t i = 0; i < RIG_STAGES; i++) {
		rig->from[i] = i ? i - 1 : 0;
		rig->stages[i] = (struct rf_stage){.name = (char *)rig_names[i],
						   .kind = kinds[i],
						   .plugins = &rig->use,
						   .n_plugins = 1,
						   .from = &rig->from[i],
						   .n_from = i ? 1 : 0,
						   .workers = 1,
						   .max_runtime_us = 120 * RF_SECOND,
						   .max_failures = 3,
						   .max_age_us = 86400 * RF_SECOND,
						   .retry_base_us = RF_SECOND,
						   .retry_cap_us = 60 * RF_SECOND};
	}
	rig->pipeline = (struct rf_pipeline){.name = (char *)"test", .stages = rig->stages, .n_stages = RIG_STAGES};
}

void rig_start_core(struct rig *rig)
{
	struct rf_error error = {""};
	if (rf_core_new(&rig->options, &rig->core, &error) < 0)
		fail_msg("%s", error.text);
}

void rig_forget_sent(struct rig *rig)
{
	for (size_t i = 0; i < rig->n_sent; i++)
		rf_message_deinit(&rig->sent[i].message);
	rig->n_sent = 0;
}

void rig_restart(struct rig *rig)
{
	rf_core_free(rig->core);
	rig_forget_sent(rig);
	rig_start_core(rig);
}

static void rig_open_store(struct rig *rig)
{
	struct rf_error error = {""};
	rf_autofree char *url = rf_format("sqlite:%s/referat.db", rig->folder);
	if (rf_store_open(url, &rig->store, &error) != 0)
		fail_msg("%s", error.text);
	rig->options.store = rig->store;
}

/* What a process leaves that ends without a word: the files of its state. */
static const char *const left_files[] = {"referat.db", "referat.db-wal", "started"};

struct left_file {
	char *bytes; /* NULL: there is none */
	size_t size;
};

static void take_left(const struct rig *rig, const char *name, struct left_file *left)
{
	struct rf_error error;
	rf_autofree char *path = rf_path_join(rig->folder, name);
	assert_true(rf_file_read(path, MOST_LEFT, &left->bytes, &left->size, &error) >= 0);
}

static void put_left(const struct rig *rig, const char *name, const struct left_file *left)
{
	struct rf_error error;
	rf_autofree char *path = rf_path_join(rig->folder, name);
	unlink(path);
	if (left->bytes)
		assert_int_equal(rf_file_write(path, left->bytes, left->size, false, &error), 0);
	free(left->bytes);
}

void rig_kill(struct rig *rig)
{
	struct left_file left[RF_COUNT(left_files)] = {{0}};
	for (size_t i = 0; i < RF_COUNT(left_files); i++)
		take_left(rig, left_files[i], &left[i]);
	rf_core_free(rig->core);
	rf_store_close(rig->store);
	for (size_t i = 0; i < RF_COUNT(left_files); i++)
		put_left(rig, left_files[i], &left[i]);
	rig_forget_sent(rig);
	rig_open_store(rig);
	rig_start_core(rig);
}

static void rig_read_language(struct rig *rig)
{
	static const char text[] = "stage.subject-taken: \"{{other_id}} before {{this_id}}\"\n"
				   "stage.piece-unknown: \"{{other_id}} or {{this_id}} does not say\"\n"
				   "stage.piece-published: \"{{this_id}} has a page\"\n"
				   "stage.subject-withdrawn: \"{{other_id}} withdrawn {{day}}\"\n"
				   "stage.was-withdrawn: \"withdrawn {{day}}\"\n"
				   "stage.stopped: \"stopped by {{who}}: {{reason}}\"\n";
	rf_autofree char *path = rf_path_join(rig->folder, "language.yaml");
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
	rig->language = rf_language_new();
	assert_int_equal(rf_language_read(rig->language, path, NULL), 0);
}

/* The definition may be changed before rig_start_core. */
static struct rig *rig_make(char *folder)
{
	struct rig *rig = rf_alloc(sizeof *rig);
	rig->folder = folder;
	rig->clock = rf_clock_manual(INT64_C(1700000000000000), 1000 * RF_SECOND);
	rig_define(rig);
	rig_read_language(rig);
	rig->options = (struct rf_core_options){.pipeline = &rig->pipeline,
						.clock = &rig->clock,
						.language = rig->language,
						.state = rig->folder,
						.boot_id = "boot-1",
						.seed = 1};
	rig->options.blobs = rf_path_join(rig->folder, "blobs");
	rig_open_store(rig);
	return rig;
}

int rig_setup(void **state)
{
	struct rig *rig = rig_make(test_folder_make_in_memory());
	rig_start_core(rig);
	*state = rig;
	return 0;
}

int rig_setup_unstarted(void **state)
{
	*state = rig_make(test_folder_make_in_memory());
	return 0;
}

int rig_setup_in(void **state, const char *folder)
{
	*state = rig_make(rf_strdup(folder));
	return 0;
}

int rig_teardown(void **state)
{
	struct rig *rig = *state;
	rf_core_free(rig->core);
	rf_store_close(rig->store);
	rig_forget_sent(rig);
	test_folder_remove(rig->folder);
	rf_language_free(rig->language);
	free((char *)rig->options.blobs);
	free(rig);
	return 0;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

static void rig_sent(void *context, rf_peer peer, struct rf_message *message)
{
	struct rig *rig = context;
	assert_true(rig->n_sent < RIG_MOST);
	rig->sent[rig->n_sent].peer = peer;
	rig->sent[rig->n_sent].taken = false;
	rig->sent[rig->n_sent].next_item = 0;
	rig->sent[rig->n_sent++].message = *message;
}

void rig_flush(struct rig *rig)
{
	struct rf_error error = {""};
	if (rf_core_flush(rig->core, rig_sent, rig, &error) < 0)
		fail_msg("%s", error.text);
}

void rig_pass(struct rig *rig, int64_t time_us)
{
	struct rf_error error = {""};
	int64_t next_us;
	rig->clock.wall_us += time_us;
	rig->clock.monotonic_us += time_us;
	if (rf_core_tick(rig->core, &next_us, &error) < 0)
		fail_msg("%s", error.text);
	assert_true(next_us >= rig->clock.monotonic_us);
	rig_flush(rig);
}

void rig_receive(struct rig *rig, rf_peer peer, struct rf_message *message)
{
	rf_core_receive(rig->core, peer, message);
}

struct rf_message *rig_take(struct rig *rig, rf_peer peer, enum rf_verb verb)
{
	for (size_t i = 0; i < rig->n_sent; i++) {
		if (rig->sent[i].taken || rig->sent[i].peer != peer || rig->sent[i].message.verb != verb)
			continue;
		rig->sent[i].taken = true;
		return &rig->sent[i].message;
	}
	return NULL;
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

Referat__Wire__Token *rig_wire_token(struct rig_token token)
{
	Referat__Wire__Token *wire = rf_alloc(sizeof *wire);
	referat__wire__token__init(wire);
	wire->has_task = wire->has_lease = wire->has_epoch = true;
	wire->task = token.task;
	wire->lease = token.lease;
	wire->epoch = token.epoch;
	return wire;
}

struct rf_message rig_hello_message(const char *role, const char *stage, const char *instance)
{
	struct rf_message message = rf_message_make(RF_VERB_HELLO);
	Referat__Wire__Hello *hello = rf_alloc(sizeof *hello);
	referat__wire__hello__init(hello);
	hello->has_version_min = hello->has_version_max = hello->has_pid = true;
	hello->version_min = hello->version_max = RF_WIRE_VERSION;
	hello->role = rf_strdup(role);
	hello->stage = rf_strdup(stage);
	hello->instance = rf_strdup(instance);
	hello->pid = 4711;
	RF_WIRE_ADD(hello->needs, hello->n_needs, rf_strdup("source"));
	RF_WIRE_ADD(hello->needs, hello->n_needs, rf_strdup("rendition/*"));
	message.header->hello = hello;
	return message;
}

void rig_credit(struct rig *rig, rf_peer peer, uint32_t tasks)
{
	struct rf_message message = rf_message_make(RF_VERB_CREDIT);
	Referat__Wire__Credit *credit = rf_alloc(sizeof *credit);
	referat__wire__credit__init(credit);
	credit->has_tasks = credit->has_bytes = true;
	credit->tasks = tasks;
	credit->bytes = (uint64_t)tasks * 1024 * 1024;
	message.header->credit = credit;
	rig_receive(rig, peer, &message);
}

void rig_join(struct rig *rig, rf_peer peer, uint32_t tasks)
{
	rf_autofree char *instance = rf_format("instance-%d", (int)peer);
	struct rf_message hello = rig_hello_message("stage", rig_names[peer % 10], instance);
	rig_receive(rig, peer, &hello);
	rig_credit(rig, peer, tasks);
	rig_flush(rig);
	assert_non_null(rig_take(rig, peer, RF_VERB_WELCOME));
}

void rig_return(struct rig *rig, rf_peer former, rf_peer peer, const struct rig_token *held, size_t n_held)
{
	rf_autofree char *instance = rf_format("instance-%d", (int)former);
	struct rf_message hello = rig_hello_message("stage", rig_names[former % 10], instance);
	for (size_t i = 0; i < n_held; i++)
		RF_WIRE_ADD(hello.header->hello->held, hello.header->hello->n_held, rig_wire_token(held[i]));
	rig_receive(rig, peer, &hello);
	rig_flush(rig);
	assert_non_null(rig_take(rig, peer, RF_VERB_WELCOME));
}

void rig_join_all(struct rig *rig)
{
	for (rf_peer peer = 0; peer < RIG_STAGES; peer++)
		rig_join(rig, peer, 10);
}

static Referat__Wire__Item *rig_last_item(struct rf_message *message)
{
	return message->header->items[message->header->n_items - 1];
}

struct rf_message rig_answer(enum rf_verb verb, struct rig_token token)
{
	struct rf_message message = rf_message_make(verb);
	rf_message_add_item(&message)->token = rig_wire_token(token);
	return message;
}

void rig_add_attribute(struct rf_message *message, const char *name, const char *value)
{
	Referat__Wire__Item *item = rig_last_item(message);
	Referat__Wire__Attribute *attribute = rf_alloc(sizeof *attribute);
	referat__wire__attribute__init(attribute);
	attribute->name = rf_strdup(name);
	attribute->value = rf_strdup(value);
	RF_WIRE_ADD(item->attributes, item->n_attributes, attribute);
}

Referat__Wire__Effect *rig_add_effect(struct rf_message *message, const char *key, const char *digest)
{
	Referat__Wire__Item *item = rig_last_item(message);
	Referat__Wire__Effect *effect = rf_alloc(sizeof *effect);
	referat__wire__effect__init(effect);
	effect->key = rf_strdup(key);
	effect->digest = rf_strdup(digest);
	RF_WIRE_ADD(item->effects, item->n_effects, effect);
	return effect;
}

void rig_add_reason(struct rf_message *message, const char *code, const char *text)
{
	Referat__Wire__Reason *reason = rf_alloc(sizeof *reason);
	referat__wire__reason__init(reason);
	reason->code = rf_strdup(code);
	reason->text = rf_strdup(text);
	rig_last_item(message)->reason = reason;
}

void rig_add_part(struct rf_message *message, const char *name, const char *bytes)
{
	rf_message_add_part(message, name, "text/plain", rf_frame_copy(bytes, strlen(bytes)));
}

/* ---- conversations ----------------------------------------------------------------------------------------------- */

const Referat__Wire__Item *rig_ack(struct rig *rig, rf_peer peer)
{
	rig_flush(rig);
	struct rf_message *ack = rig_take(rig, peer, RF_VERB_ACK);
	assert_non_null(ack);
	assert_true(ack->header->n_items >= 1);
	return ack->header->items[0];
}

Referat__Wire__Outcome rig_say(struct rig *rig, rf_peer peer, struct rf_message *message)
{
	rig_receive(rig, peer, message);
	return rig_ack(rig, peer)->outcome;
}

const Referat__Wire__Item *rig_put_item(struct rig *rig, const char *key, const char *bytes)
{
	struct rf_message message = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(&message);
	item->source_key = rf_strdup(key);
	item->has_ref = true;
	item->ref = ++rig->ref;
	rig_add_part(&message, "source", bytes);
	rig_add_attribute(&message, "name", key);
	rig_receive(rig, INGEST, &message);
	const Referat__Wire__Item *ack = rig_ack(rig, INGEST);
	assert_int_equal(ack->ref, rig->ref);
	return ack;
}

const char *rig_put(struct rig *rig, const char *key, const char *bytes)
{
	const Referat__Wire__Item *ack = rig_put_item(rig, key, bytes);
	assert_int_equal(ack->outcome, REFERAT__WIRE__OUTCOME__ACCEPTED);
	return ack->document;
}

const Referat__Wire__Item *rig_work(struct rig *rig, rf_peer peer)
{
	rig_flush(rig);
	for (size_t i = 0; i < rig->n_sent; i++) {
		struct rf_message *message = &rig->sent[i].message;
		if (rig->sent[i].taken || rig->sent[i].peer != peer || message->verb != RF_VERB_WORK)
			continue;
		Referat__Wire__Item *item = message->header->items[rig->sent[i].next_item++];
		rig->sent[i].taken = rig->sent[i].next_item == message->header->n_items;
		return item;
	}
	return NULL;
}

struct rig_token rig_token_of(const Referat__Wire__Item *item)
{
	assert_non_null(item);
	return (struct rig_token){item->token->task, item->token->lease, item->token->epoch};
}

struct rig_token rig_begin(struct rig *rig, rf_peer peer)
{
	struct rig_token token = rig_token_of(rig_work(rig, peer));
	struct rf_message start = rig_answer(RF_VERB_START, token);
	rig_receive(rig, peer, &start);
	rig_flush(rig);
	return token;
}

Referat__Wire__Outcome rig_done(struct rig *rig, rf_peer peer, struct rig_token token)
{
	struct rf_message done = rig_answer(RF_VERB_DONE, token);
	Referat__Wire__Outcome outcome = rig_say(rig, peer, &done);
	rig_credit(rig, peer, 1);
	return outcome;
}

void rig_run(struct rig *rig, rf_peer peer)
{
	assert_int_equal(rig_done(rig, peer, rig_begin(rig, peer)), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

enum rf_verb rig_intend(struct rig *rig, rf_peer peer, struct rig_token token, const char *key, const char *digest,
			bool looked_up, const Referat__Wire__Effect **answer)
{
	static const Referat__Wire__Effect none = REFERAT__WIRE__EFFECT__INIT;
	if (answer)
		*answer = &none;
	struct rf_message start = rig_answer(RF_VERB_START, token);
	Referat__Wire__Effect *effect = rig_add_effect(&start, key, digest);
	effect->has_looked_up = effect->looked_up = looked_up;
	rig_receive(rig, peer, &start);
	rig_flush(rig);
	for (enum rf_verb verb = RF_VERB_GO; verb <= RF_VERB_LOOKUP; verb++) {
		struct rf_message *said = rig_take(rig, peer, verb);
		if (!said)
			continue;
		if (answer)
			*answer = said->header->items[0]->effects[0];
		return verb;
	}
	return RF_VERB_NONE;
}

Referat__Wire__Outcome rig_done_effect(struct rig *rig, rf_peer peer, struct rig_token token, const char *key,
				       const char *digest, const char *remote_id)
{
	struct rf_message done = rig_answer(RF_VERB_DONE, token);
	rig_add_effect(&done, key, digest)->remote_id = rf_strdup(remote_id);
	Referat__Wire__Outcome outcome = rig_say(rig, peer, &done);
	rig_credit(rig, peer, 1);
	return outcome;
}

void rig_obituary(struct rig *rig, rf_peer dead, int signal_number)
{
	struct rf_message hello = rig_hello_message("supervisor", NULL, NULL);
	rig_receive(rig, SUPERVISOR, &hello);
	struct rf_message message = rf_message_make(RF_VERB_OBITUARY);
	Referat__Wire__Obituary *obituary = rf_alloc(sizeof *obituary);
	referat__wire__obituary__init(obituary);
	obituary->instance = rf_format("instance-%d", (int)dead);
	obituary->has_signal = true;
	obituary->signal = signal_number;
	obituary->stderr_tail = rf_strdup("last words");
	message.header->obituary = obituary;
	assert_int_equal(rig_say(rig, SUPERVISOR, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

void rig_question(struct rig *rig, const char *command, const char *json)
{
	struct rf_message hello = rig_hello_message("control", NULL, NULL);
	rig_receive(rig, OPERATOR, &hello);
	struct rf_message message = rf_message_make(RF_VERB_CONTROL);
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(command);
	control->json = rf_strdup(json);
	message.header->control = control;
	rig_receive(rig, OPERATOR, &message);
	rig_flush(rig);
}

const char *rig_reply(struct rig *rig, int *status)
{
	rig_flush(rig);
	struct rf_message *reply = rig_take(rig, OPERATOR, RF_VERB_REPLY);
	if (reply && status)
		*status = reply->header->control->status;
	return reply ? reply->header->control->json : NULL;
}

const char *rig_ask(struct rig *rig, const char *command, const char *json, int *status)
{
	rig_question(rig, command, json);
	const char *answer = rig_reply(rig, status);
	assert_non_null(answer);
	return answer;
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

struct rig_task rig_task(struct rig *rig, const char *document, uint32_t revision, int stage)
{
	struct rf_task task;
	struct rf_error error = {""};
	int status = rf_store_find_task(rig->store, document, revision, rig_names[stage], &task, &error);
	if (status < 0)
		fail_msg("%s", error.text);
	struct rig_task seen = {.state = 0};
	if (status != 0)
		return seen;
	seen = (struct rig_task){.state = task.state,
				 .attempts = task.attempts,
				 .failures = task.failures,
				 .crashes = task.crashes,
				 .kills = task.kills,
				 .timeouts = task.timeouts,
				 .due_us = task.due_us};
	snprintf(seen.code, sizeof seen.code, "%s", task.code ? task.code : "");
	snprintf(seen.reason, sizeof seen.reason, "%s", task.reason ? task.reason : "");
	return seen;
}
