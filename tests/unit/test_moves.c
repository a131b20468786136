/* Stages whose tasks another stage takes over (lib/config/moves.h): how they are written, and what makes sense. */
#include "config/moves.h"

#include "base/error.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rf_stage stages[] = {
    {.name = "render", .kind = RF_STAGE_RENDER},
    {.name = "publish/site", .kind = RF_STAGE_PUBLISH},
    {.name = "publish/cms", .kind = RF_STAGE_PUBLISH},
};
static const struct rf_pipeline pipeline = {.stages = stages, .n_stages = RF_COUNT(stages)};

static void assert_read(const char *text, const char *back)
{
	struct rf_error error;
	struct rf_stage_moves moves;
	assert_int_equal(rf_stage_moves_read(text, &moves, &error), 0);
	rf_autofree char *forth = rf_stage_moves_write(&moves, false), *reverse = rf_stage_moves_write(&moves, true);
	assert_string_equal(forth, text);
	assert_string_equal(reverse, back);
	rf_stage_moves_deinit(&moves);
}

static void assert_refused(const char *text, const char *reason)
{
	struct rf_error error = {""};
	struct rf_stage_moves moves = {.n = 0};
	int status = rf_stage_moves_read(text, &moves, &error);
	if (status == 0)
		status = rf_stage_moves_check(&moves, &pipeline, &error);
	assert_int_equal(status, -1);
	assert_non_null(strstr(error.text, reason));
	rf_stage_moves_deinit(&moves);
}

static void moves_are_read_and_written_in_both_directions(void **state)
{
	(void)state;
	assert_read("publish/web=publish/site", "publish/site=publish/web");
	assert_read("a=b,c=d", "b=a,d=c");
}

static void no_moves_are_no_text(void **state)
{
	(void)state;
	struct rf_error error;
	struct rf_stage_moves moves;
	assert_int_equal(rf_stage_moves_read(NULL, &moves, &error), 0);
	assert_int_equal(moves.n, 0);
	assert_null(rf_stage_moves_write(&moves, false));
}

static void what_is_no_move_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"notify", "=notify", "notify=", "a=b=c", ",a=b"};
	for (size_t i = 0; i < RF_COUNT(wrong); i++)
		assert_refused(wrong[i], "is no move: expected OLD=NEW");
}

static void a_move_is_from_a_stage_that_is_gone_to_one_of_its_kind_that_is_there(void **state)
{
	(void)state;
	struct rf_error error;
	struct rf_stage_moves moves;
	assert_int_equal(rf_stage_moves_read("publish/web=publish/site", &moves, &error), 0);
	assert_int_equal(rf_stage_moves_check(&moves, &pipeline, &error), 0);
	assert_true(rf_stage_moves_has(&moves, "publish/web"));
	assert_false(rf_stage_moves_has(&moves, "publish/site"));
	rf_stage_moves_deinit(&moves);
	assert_refused("publish/cms=publish/site", "still has the stage publish/cms");
	assert_refused("publish/web=publish/ftp", "has no stage publish/ftp");
	assert_refused("publish/web=render", "do not do the same work");
}

static void a_stage_is_moved_once_and_takes_over_from_one(void **state)
{
	(void)state;
	assert_refused("publish/a=publish/site,publish/a=publish/cms", "a stage is moved once");
	assert_refused("publish/a=publish/site,publish/b=publish/site", "takes over from one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(moves_are_read_and_written_in_both_directions),
	    cmocka_unit_test(no_moves_are_no_text),
	    cmocka_unit_test(what_is_no_move_is_refused),
	    cmocka_unit_test(a_move_is_from_a_stage_that_is_gone_to_one_of_its_kind_that_is_there),
	    cmocka_unit_test(a_stage_is_moved_once_and_takes_over_from_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
