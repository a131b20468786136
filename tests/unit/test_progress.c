/* cli/progress.h: lines now and then where there is no terminal. */
#include "base/clock.h"
#include "cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void lines_are_sparse_and_never_repeated(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct rf_progress progress;
	struct rf_progress_counts counts = {.documents = 2, .ended = 3, .expected = 12, .open = 2};
	rf_progress_init(&progress, out);
	rf_progress_show(&progress, &counts, 0);
	rf_progress_show(&progress, &counts, 6 * RF_SECOND);
	counts.ended = 4;
	rf_progress_show(&progress, &counts, 4 * RF_SECOND);
	rf_progress_show(&progress, &counts, 5 * RF_SECOND);
	rf_progress_hide(&progress);
	fclose(out);
	assert_string_equal(text, "2 documents, 3 tasks done, 2 open, 0 held, 0 dead\n"
				  "2 documents, 4 tasks done, 2 open, 0 held, 0 dead\n");
	free(text);
}

static void before_the_first_document_nothing_is_told(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct rf_progress progress;
	const struct rf_progress_counts none = {0};
	rf_progress_init(&progress, out);
	rf_progress_show(&progress, &none, 0);
	progress.terminal = true;
	rf_progress_show(&progress, &none, 0);
	rf_progress_hide(&progress);
	fclose(out);
	assert_string_equal(text, "");
	free(text);
}

static void on_a_terminal_a_bar_is_drawn_in_place(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct rf_progress progress;
	const struct rf_progress_counts half = {.documents = 2, .ended = 5, .expected = 10, .open = 2};
	rf_progress_init(&progress, out);
	progress.terminal = true;
	rf_progress_show(&progress, &half, 0);
	rf_progress_hide(&progress);
	rf_progress_hide(&progress);
	fclose(out);
	assert_string_equal(text, "\r\033[K[###############...............] "
				  "2 documents, 5 tasks done, 2 open, 0 held, 0 dead\r\033[K");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_sparse_and_never_repeated),
	    cmocka_unit_test(before_the_first_document_nothing_is_told),
	    cmocka_unit_test(on_a_terminal_a_bar_is_drawn_in_place),
	};
	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
