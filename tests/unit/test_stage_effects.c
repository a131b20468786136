/* What a stage asks before it acts outside, with a real channel. */
#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/stand_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Gives a task that acts, and hears the START that asks. The channel is not there when only this test was built. */
static struct rf_message begin_to_act(struct stand_in *broker)
{
	rf_autofree char *path = rf_path_join(rf_install_prefix(), "lib/referat/plugins/channel.maildir.so");
	if (access(path, R_OK))
		skip();
	stand_in_pass_over(broker, RF_VERB_HELLO);
	struct rf_message message;
	Referat__Wire__Welcome *welcome = stand_in_make_welcome(&message);
	welcome->stage->max_runtime_us = PATIENCE_MS * RF_MILLISECOND;
	stand_in_add_channel(welcome->stage, broker->folder);
	stand_in_say(broker, &message);
	stand_in_give(broker, 1, "act");
	for (;;) {
		message = stand_in_hear(broker, RF_VERB_START);
		if (message.header->items[0]->n_effects > 0)
			return message;
		rf_message_deinit(&message);
	}
}

/* The channel has no rendition to send: it fails for certain, and the stage says so. */
static void after_go_the_plugin_acts_and_nothing_done_is_withdrawn(void **state)
{
	struct stand_in *broker = *state;
	struct rf_message message = begin_to_act(broker);
	assert_string_equal(message.header->items[0]->effects[0]->key, "notify:doc:0:1");
	assert_string_equal(message.header->items[0]->effects[0]->digest, "d1");
	stand_in_answer(broker, RF_VERB_GO, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_RESULT);
	assert_true(message.header->items[0]->effects[0]->looked_up);
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	stand_in_pass_over(broker, RF_VERB_FAIL);
}

static void what_is_there_already_is_not_done_again(void **state)
{
	struct stand_in *broker = *state;
	struct rf_message message = begin_to_act(broker);
	stand_in_answer(broker, RF_VERB_ALREADY, message.header->items[0], "mail-7");
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_RESULT);
	assert_string_equal(message.header->items[0]->effects[0]->remote_id, "mail-7");
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_DONE);
	assert_string_equal(message.header->items[0]->attributes[0]->value, "mail-7");
	rf_message_deinit(&message);
}

static void what_is_looked_up_and_not_found_is_asked_for_again(void **state)
{
	struct stand_in *broker = *state;
	struct rf_message message = begin_to_act(broker);
	assert_false(message.header->items[0]->effects[0]->looked_up);
	stand_in_answer(broker, RF_VERB_LOOKUP, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_START);
	assert_true(message.header->items[0]->effects[0]->looked_up);
	stand_in_answer(broker, RF_VERB_GO, message.header->items[0], NULL);
	rf_message_deinit(&message);
	stand_in_pass_over(broker, RF_VERB_RESULT);
}

static void an_act_waits_through_a_lost_connection(void **state)
{
	struct stand_in *broker = *state;
	struct rf_message message = begin_to_act(broker);
	rf_message_deinit(&message);
	broker->deaf = true;
	stand_in_pass_over(broker, RF_VERB_HELLO);
	broker->deaf = false;
	stand_in_welcome(broker);
	message = stand_in_hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->n_effects, 1);
	stand_in_answer(broker, RF_VERB_ALREADY, message.header->items[0], "mail-7");
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_RESULT);
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	stand_in_pass_over(broker, RF_VERB_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STAND_IN_TEST(after_go_the_plugin_acts_and_nothing_done_is_withdrawn),
	    STAND_IN_TEST(what_is_there_already_is_not_done_again),
	    STAND_IN_TEST(what_is_looked_up_and_not_found_is_asked_for_again),
	    STAND_IN_TEST(an_act_waits_through_a_lost_connection),
	};
	return cmocka_run_group_tests_name("stage-effects", tests, NULL, NULL);
}
