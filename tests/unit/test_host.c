/* plugin/host.h: what goes into a call, what a plugin reaches, what comes out. The functions called are the tests' own;
 * the plugin around them is a script that only describes itself. */
#include "plugin/host.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/folder.h"

#include <referat/document.pb-c.h>
#include <referat/mustache.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <json-c/json.h>

static const char script[] =
    "#!/bin/sh\n"
    "cat <<'END'\n"
    "{\"abi\": \"1.0\", \"kind\": \"check\", \"name\": \"check.test\", \"functions\": [\"run\"], \"options\": [\n"
    " {\"name\": \"wait\", \"type\": \"duration\", \"default\": \"2s\"},\n"
    " {\"name\": \"most\", \"type\": \"size\", \"default\": \"1KiB\"},\n"
    " {\"name\": \"strict\", \"type\": \"boolean\", \"default\": \"true\"},\n"
    " {\"name\": \"greeting\"}, {\"name\": \"token\", \"type\": \"secret\"}]}\n"
    "END\n";

struct world {
	char *folder;
	struct rf_clock clock;
	struct rf_host host;
	struct rf_plugin *plugin;
	struct rf_call *call;
	uint8_t *publisher;
	char *secrets;
	bool intercepted;
};

static struct world world;

static void write_file(const char *name, const char *text, mode_t mode)
{
	struct rf_error error;
	rf_autofree char *path = rf_path_join(world.folder, name);
	rf_autofree char *folder = rf_path_folder(path);
	assert_int_equal(rf_folder_make(folder, &error), 0);
	assert_int_equal(rf_file_write(path, text, strlen(text), false, &error), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static bool intercept(void *context, const struct referat_http *request, struct referat_answer *answer)
{
	(void)request;
	((struct world *)context)->intercepted = true;
	*answer = (struct referat_answer){
	    .status = 503, .retry_after_us = 7000000, .problem = "503", .location = "", .etag = "", .type = ""};
	return true;
}

static int set_up(void **state)
{
	(void)state;
	world = (struct world){.folder = test_folder_make()};
	write_file("lib/referat/plugins/check.test.exec", script, 0755);
	write_file("share/referat/check.test/languages/sv.yaml",
		   "check.test.found: \"{{count}} fel i {{what}} {{\"\n"
		   "host.place.item: \"{{number}}\"\n"
		   "host.place.line: \"rad {{line}}\"\n"
		   "host.place.page: \"sidan {{page}}\"\n"
		   "host.place.file: \"i {{file}}\"\n",
		   0644);
	write_file("share/referat/check.test/page.mustache", "<p>{{title}}</p>{{> end}}", 0644);
	write_file("share/referat/check.test/end.mustache", "!", 0644);
	write_file("secrets/cms", "first\n", 0600);
	Referat__Publisher publisher = REFERAT__PUBLISHER__INIT;
	publisher.name = "Exempelby kommun";
	size_t size = rf_pack(&publisher.base, &world.publisher);
	world.secrets = rf_path_join(world.folder, "secrets");
	world.clock = rf_clock_manual(INT64_C(1713340800000000), 42);
	world.host = (struct rf_host){.clock = &world.clock,
				      .secrets = world.secrets,
				      .language = "sv",
				      .publisher = {world.publisher, size},
				      .context = &world,
				      .intercept = intercept};
	struct rf_plugin_setting settings[] = {{"greeting", "Hej", false}, {"token", "cms", true}};
	rf_autofree char *path = rf_path_join(world.folder, "lib/referat/plugins/check.test.exec");
	struct rf_error error = {0};
	if (rf_plugin_load(path, &world.host, settings, RF_COUNT(settings), &world.plugin, &error))
		fail_msg("%s", error.text);
	world.call = rf_call_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	rf_call_free(world.call);
	rf_plugin_unload(world.plugin);
	free(world.publisher);
	free(world.secrets);
	test_folder_remove(world.folder);
	return 0;
}

static enum referat_result run(referat_function function)
{
	return rf_call_run(world.call, world.plugin, function);
}

/* Gives the message to the call as a part; the caller frees what it returns, after the call. */
static uint8_t *add_message(const char *name, const char *type, const ProtobufCMessage *message)
{
	uint8_t *data = NULL;
	size_t size = rf_pack(message, &data);
	rf_call_add_input(world.call, name, type, (struct referat_bytes){data, size});
	return data;
}

/* ---- what goes in ------------------------------------------------------------------------------------------------ */

static enum referat_result read_options(struct referat_call *call)
{
	assert_string_equal(referat_option(call, "greeting"), "Hej");
	assert_int_equal(referat_option_number(call, "wait"), 2000000);
	assert_int_equal(referat_option_number(call, "most"), 1024);
	assert_true(referat_option_flag(call, "strict"));
	assert_string_equal(referat_option(call, "unknown"), "");
	assert_int_equal(referat_option_number(call, "unknown"), 0);
	return REFERAT_OK;
}

static void options_come_normalised_and_with_defaults(void **state)
{
	(void)state;
	assert_int_equal(run(read_options), REFERAT_OK);
}

static void an_option_that_there_is_not_is_refused(void **state)
{
	(void)state;
	struct rf_plugin_setting setting = {"greting", "Hej", false};
	struct rf_plugin *plugin = NULL;
	struct rf_error error = {0};
	rf_autofree char *path = rf_path_join(world.folder, "lib/referat/plugins/check.test.exec");
	assert_int_equal(rf_plugin_load(path, &world.host, &setting, 1, &plugin, &error), -1);
	assert_string_equal(error.text, "plugin check.test: it has no option 'greting'");
}

static enum referat_result say_token(struct referat_call *call)
{
	return referat_because(call, REFERAT_OK, "%s", referat_option(call, "token"));
}

static void a_secret_is_read_when_it_is_asked_for(void **state)
{
	(void)state;
	assert_int_equal(run(say_token), REFERAT_OK);
	assert_string_equal(rf_call_reason(world.call), "first");
	write_file("secrets/cms", "second", 0600);
	run(say_token);
	assert_string_equal(rf_call_reason(world.call), "second");
}

static enum referat_result ask(struct referat_call *call)
{
	struct referat_answer answer = referat_http(
	    call, (struct referat_http){.url = "https://example.org/", .bearer = referat_option(call, "token")});
	return referat_http_error(call, answer);
}

static void a_secret_that_is_missing_yields_and_sends_nothing(void **state)
{
	(void)state;
	write_file("secrets/cms", "open", 0644);
	assert_int_equal(run(ask), REFERAT_YIELD);
	assert_non_null(strstr(rf_call_reason(world.call), "can be read by others (mode 0644); run: chmod 600"));
	assert_false(world.intercepted);
}

static enum referat_result read_values(struct referat_call *call)
{
	assert_string_equal(referat_get(call, "id"), "abc");
	assert_string_equal(referat_get(call, "title"), "Skolnämnden");
	assert_string_equal(referat_get(call, "board_id"), "skol");
	assert_string_equal(referat_get(call, "outcomes"), "approved referred_back");
	assert_string_equal(referat_get(call, "kind"), "minutes");
	assert_string_equal(referat_get(call, "change_note"), "Rättat datum");
	assert_string_equal(referat_get(call, "publisher.name"), "Exempelby kommun");
	assert_string_equal(referat_get(call, "publisher.home"), "");
	assert_string_equal(referat_get(call, "none"), "");
	return REFERAT_OK;
}

static void values_are_made_from_card_publisher_and_attributes(void **state)
{
	(void)state;
	Referat__Outcome outcomes[] = {REFERAT__OUTCOME__APPROVED, REFERAT__OUTCOME__REFERRED_BACK};
	Referat__Change change = REFERAT__CHANGE__INIT;
	change.note = "Rättat datum";
	Referat__Card card = REFERAT__CARD__INIT;
	card.title = "Skolnämnden";
	card.outcomes = outcomes;
	card.n_outcomes = 2;
	card.has_kind = true;
	card.kind = REFERAT__KIND__MINUTES;
	card.change = &change;
	uint8_t *data = add_message("card", "referat.card/1", &card.base);
	rf_call_set_value(world.call, "id", "abc");
	rf_call_set_value(world.call, "title", "what the card says goes first");
	rf_call_set_value(world.call, "board_id", "skol");
	assert_int_equal(run(read_values), REFERAT_OK);
	free(data);
}

static enum referat_result read_parts(struct referat_call *call)
{
	assert_string_equal(referat_rendition(call, "text/html"), "<p>");
	assert_string_equal(referat_rendition(call, "text/plain"), "");
	assert_int_equal(referat_part(call, "source").size, 3);
	assert_string_equal((const char *)referat_part(call, "source").data, "min");
	assert_null(referat_part(call, "none").data);
	assert_non_null(referat_part(call, "publisher").data);
	return REFERAT_OK;
}

static void parts_end_in_a_nul_that_the_stage_did_not_give(void **state)
{
	(void)state;
	rf_call_add_input(world.call, "source", "text/plain", (struct referat_bytes){(const uint8_t *)"minutes", 3});
	rf_call_add_input(world.call, "rendition/page", "text/html; charset=utf-8",
			  (struct referat_bytes){(const uint8_t *)"<p>xyz", 3});
	assert_int_equal(run(read_parts), REFERAT_OK);
	assert_int_equal(run(read_parts), REFERAT_OK);
}

/* ---- what it reaches --------------------------------------------------------------------------------------------- */

static enum referat_result say_things(struct referat_call *call)
{
	assert_string_equal(referat_say(call, "check.test.found", "count", "3", "what", "{{count}}", NULL),
			    "3 fel i {{count}} {{");
	assert_string_equal(referat_say(call, "no.such.key", NULL), "no.such.key");
	assert_string_equal(referat_json(call, "a", "\"å\"", "b", NULL, NULL), "{\"a\":\"\\\"å\\\"\",\"b\":\"\"}");
	assert_string_equal(referat_format(call, "%d-%s", 7, "x"), "7-x");
	assert_int_equal(referat_now(call), INT64_C(1713340800000000));
	assert_int_equal(referat_monotonic(call), 42);
	assert_false(referat_stopping(call));
	referat_progress(call);
	return REFERAT_OK;
}

static void texts_come_from_the_language_file(void **state)
{
	(void)state;
	assert_int_equal(run(say_things), REFERAT_OK);
}

static enum referat_result render(struct referat_call *call)
{
	struct json_object *context = json_object_new_object();
	json_object_object_add(context, "title", json_object_new_string("A & B"));
	const char *page = referat_render(call, "page.mustache", context);
	assert_string_equal(page, "<p>A &amp; B</p>!");
	assert_null(referat_render(call, "none.mustache", context));
	json_object_put(context);
	return REFERAT_FAIL;
}

static void templates_are_data_files(void **state)
{
	(void)state;
	assert_int_equal(run(render), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call), "template none.mustache is not installed");
}

static enum referat_result reach_out(struct referat_call *call)
{
	assert_null(referat_data_file(call, "../secret").data);
	return REFERAT_OK;
}

static void a_data_file_outside_the_folder_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(reach_out), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call),
			    "plugin check.test broke a rule: it asked for a data file outside its folder");
}

static enum referat_result count_calls(struct referat_call *call)
{
	if (!call->state)
		call->state = (void *)script;
	return call->state == script ? REFERAT_OK : REFERAT_FAIL;
}

static void the_state_of_a_plugin_stays_from_call_to_call(void **state)
{
	(void)state;
	assert_int_equal(run(count_calls), REFERAT_OK);
	assert_int_equal(run(count_calls), REFERAT_OK);
}

static enum referat_result allocate(struct referat_call *call)
{
	for (size_t size = 0; size < 100000; size = size * 2 + 1) {
		unsigned char *memory = referat_alloc(call, size);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 1, size);
	}
	return REFERAT_OK;
}

static void memory_of_a_call_is_zeroed_and_freed_with_it(void **state)
{
	(void)state;
	assert_int_equal(run(allocate), REFERAT_OK);
}

static void waiting_times_of_an_answer_reach_the_stage(void **state)
{
	(void)state;
	assert_int_equal(run(ask), REFERAT_RETRY);
	assert_true(world.intercepted);
	assert_int_equal(rf_call_retry_after(world.call), 7000000);
}

/* ---- what comes out ---------------------------------------------------------------------------------------------- */

static enum referat_result give_outputs(struct referat_call *call)
{
	char text[] = "first";
	referat_add_part(call, "rendition/page", "text/html", text, 5);
	text[0] = 'F';
	referat_add_part(call, "rendition/mail", "text/plain", "mail", 4);
	referat_add_part(call, "rendition/page", "text/html", text, 5);
	referat_set(call, "kind", "minutes");
	referat_set(call, "kind", "summary");
	referat_recipient(call, "a@example.org");
	referat_recipient(call, "b@example.org");
	return referat_published(call, "17", "https://example.org/17", NULL);
}

static void outputs_are_copied_and_the_last_of_a_name_stands(void **state)
{
	(void)state;
	assert_int_equal(run(give_outputs), REFERAT_OK);
	const struct rf_part_view *parts = NULL;
	assert_int_equal(rf_call_outputs(world.call, &parts), 2);
	assert_string_equal(parts[0].name, "rendition/page");
	assert_string_equal((const char *)parts[0].bytes.data, "First");
	const char *const *names = NULL;
	const char *const *values = NULL;
	assert_int_equal(rf_call_attributes(world.call, &names, &values), 1);
	assert_string_equal(values[0], "summary");
	assert_int_equal(rf_call_recipients(world.call, &names), 2);
	assert_string_equal(names[1], "b@example.org");
	assert_string_equal(rf_call_published(world.call).remote_id, "17");
	assert_string_equal(rf_call_published(world.call).remote_revision, "");
	assert_null(rf_call_findings(world.call).data);
	assert_int_equal(run(count_calls), REFERAT_OK);
	assert_int_equal(rf_call_outputs(world.call, &parts), 0);
	assert_string_equal(rf_call_published(world.call).remote_id, "");
}

static enum referat_result find(struct referat_call *call)
{
	referat_finding(call, "a", REFERAT_ERROR,
			(struct referat_place){.item = 0, .block = 1, .line = -1, .start = 2, .end = 4}, "Fel.");
	referat_finding(call, "b", REFERAT_NOTE, REFERAT_NOWHERE, "Allmänt.");
	referat_finding(call, "c", REFERAT_NOTE, (struct referat_place){.item = 99, .block = 99, .line = -1}, "Var?");
	referat_finding(call, "d", REFERAT_NOTE,
			(struct referat_place){.item = -1, .block = -1, .line = 12, .start = -1, .end = -1, .page = 3},
			"Nämnden.");
	return REFERAT_OK;
}

static void the_place_of_a_finding_is_put_into_words(void **state)
{
	(void)state;
	Referat__Place place = REFERAT__PLACE__INIT;
	place.has_line = true;
	place.line = 31;
	Referat__Block blocks[] = {REFERAT__BLOCK__INIT, REFERAT__BLOCK__INIT};
	blocks[1].place = &place;
	Referat__Block *block_list[] = {&blocks[0], &blocks[1]};
	Referat__Item item = REFERAT__ITEM__INIT;
	item.number = "§ 54";
	item.blocks = block_list;
	item.n_blocks = 2;
	Referat__Item *items[] = {&item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.items = items;
	document.n_items = 1;
	uint8_t *data = add_message("document", "referat.document/1", &document.base);
	assert_int_equal(run(find), REFERAT_OK);
	struct referat_bytes packed = rf_call_findings(world.call);
	ProtobufCMessage *message = NULL;
	assert_int_equal(rf_unpack(&referat__findings__descriptor, packed.data, packed.size, &message, NULL), 0);
	const Referat__Findings *findings = (Referat__Findings *)message;
	assert_int_equal(findings->n_findings, 4);
	assert_string_equal(findings->findings[0]->text, "Fel. (§ 54, rad 31)");
	assert_int_equal(findings->findings[0]->severity, REFERAT__SEVERITY__ERROR);
	assert_int_equal(findings->findings[0]->place->line, 31);
	assert_int_equal(findings->findings[0]->place->end, 4);
	assert_string_equal(findings->findings[1]->text, "Allmänt.");
	assert_null(findings->findings[1]->place);
	assert_string_equal(findings->findings[2]->text, "Var?");
	assert_string_equal(findings->findings[3]->text, "Nämnden. (sidan 3, rad 12)");
	assert_int_equal(findings->findings[3]->place->page, 3);
	rf_unpack_free(message);
	free(data);
}

static enum referat_result find_in_item(struct referat_call *call)
{
	referat_finding(call, "a", REFERAT_ERROR,
			(struct referat_place){.item = 0, .block = -1, .line = -1, .start = -1, .end = -1}, "Fel.");
	return REFERAT_OK;
}

static void of_several_files_a_finding_says_the_one(void **state)
{
	(void)state;
	Referat__Place place = REFERAT__PLACE__INIT;
	place.part = (char *)"source/20";
	Referat__Item item = REFERAT__ITEM__INIT;
	item.number = "§ 20";
	item.heading_place = &place;
	Referat__Item *items[] = {&item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.items = items;
	document.n_items = 1;
	uint8_t *data = add_message("document", "referat.document/1", &document.base);
	rf_call_set_value(world.call, "piece.order", "source/20");
	rf_call_set_value(world.call, "name.20", "omedelbar.pdf");
	assert_int_equal(run(find_in_item), REFERAT_OK);
	struct referat_bytes packed = rf_call_findings(world.call);
	ProtobufCMessage *message = NULL;
	assert_int_equal(rf_unpack(&referat__findings__descriptor, packed.data, packed.size, &message, NULL), 0);
	assert_string_equal(((Referat__Findings *)message)->findings[0]->text, "Fel. (§ 20, i omedelbar.pdf)");
	rf_unpack_free(message);
	free(data);
}

static enum referat_result find_much(struct referat_call *call)
{
	for (int i = 0; i < 2000; i++)
		referat_finding(call, "much", REFERAT_NOTE, REFERAT_NOWHERE, "Mycket.");
	referat_finding(call, "last", REFERAT_FORBIDDEN, REFERAT_NOWHERE, "Värst.");
	return REFERAT_OK;
}

static void of_too_many_findings_the_worst_stays(void **state)
{
	(void)state;
	assert_int_equal(run(find_much), REFERAT_OK);
	struct referat_bytes packed = rf_call_findings(world.call);
	ProtobufCMessage *message = NULL;
	assert_int_equal(rf_unpack(&referat__findings__descriptor, packed.data, packed.size, &message, NULL), 0);
	const Referat__Findings *findings = (Referat__Findings *)message;
	assert_int_equal(findings->n_findings, 1000);
	assert_string_equal(findings->findings[999]->rule, "last");
	rf_unpack_free(message);
}

static enum referat_result give_too_much(struct referat_call *call)
{
	for (int i = 0; i < 65; i++)
		referat_add_part(call, referat_format(call, "rendition/%d", i), "text/plain", "", 0);
	return REFERAT_OK;
}

static enum referat_result give_bad_text(struct referat_call *call)
{
	referat_set(call, "title", "\xff");
	return REFERAT_OK;
}

static enum referat_result give_no_result(struct referat_call *call)
{
	(void)call;
	return (enum referat_result)77;
}

static void a_plugin_that_breaks_a_rule_fails_in_words(void **state)
{
	(void)state;
	assert_int_equal(run(give_too_much), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call), "plugin check.test broke a rule: it gave more than 64 parts");
	assert_int_equal(run(give_bad_text), REFERAT_FAIL);
	assert_int_equal(run(give_no_result), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call),
			    "plugin check.test broke a rule: it returned 77, which is no result");
}

static enum referat_result fail_silently(struct referat_call *call)
{
	(void)call;
	return REFERAT_FAIL;
}

static enum referat_result talk_long(struct referat_call *call)
{
	char *text = referat_alloc(call, 4003);
	memset(text, 'x', 3999);
	memcpy(text + 3999, "åå", 3);
	memcpy(text + 4001, "", 1);
	call->host->reason(call, text);
	return REFERAT_HOLD;
}

static void there_is_always_a_reason_and_it_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(run(fail_silently), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call), "plugin check.test gave no reason");
	assert_int_equal(run(NULL), REFERAT_FAIL);
	assert_string_equal(rf_call_reason(world.call), "plugin check.test does not do this");
	assert_int_equal(run(talk_long), REFERAT_HOLD);
	assert_int_equal(strlen(rf_call_reason(world.call)), 3999);
}

static enum referat_result submit_nothing(struct referat_call *call)
{
	return referat_submit(call, (struct referat_submission){.key = "a.txt"});
}

static void a_submission_without_content_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(submit_nothing), REFERAT_FAIL);
	assert_non_null(strstr(rf_call_reason(world.call), "without data and path"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(options_come_normalised_and_with_defaults),
	    TEST(an_option_that_there_is_not_is_refused),
	    TEST(a_secret_is_read_when_it_is_asked_for),
	    TEST(a_secret_that_is_missing_yields_and_sends_nothing),
	    TEST(values_are_made_from_card_publisher_and_attributes),
	    TEST(parts_end_in_a_nul_that_the_stage_did_not_give),
	    TEST(texts_come_from_the_language_file),
	    TEST(templates_are_data_files),
	    TEST(a_data_file_outside_the_folder_is_refused),
	    TEST(the_state_of_a_plugin_stays_from_call_to_call),
	    TEST(memory_of_a_call_is_zeroed_and_freed_with_it),
	    TEST(waiting_times_of_an_answer_reach_the_stage),
	    TEST(outputs_are_copied_and_the_last_of_a_name_stands),
	    TEST(the_place_of_a_finding_is_put_into_words),
	    TEST(of_several_files_a_finding_says_the_one),
	    TEST(of_too_many_findings_the_worst_stays),
	    TEST(a_plugin_that_breaks_a_rule_fails_in_words),
	    TEST(there_is_always_a_reason_and_it_is_bounded),
	    TEST(a_submission_without_content_is_refused),
	};
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
