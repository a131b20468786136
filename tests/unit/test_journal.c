/* The journal of started tasks. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "broker/journal.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder;
static char *path;

static struct rf_journal *open_journal(const char *boot_id, int expected)
{
	struct rf_journal *journal = NULL;
	struct rf_error error = {""};
	assert_int_equal(rf_journal_open(path, boot_id, &journal, &error), expected);
	return journal;
}

static void add(struct rf_journal *journal, uint64_t task)
{
	struct rf_journal_entry entry = {.task = task, .lease = 7, .epoch = 3, .pid = 4711, .instance = "abc-1"};
	rf_journal_add(journal, &entry);
}

static size_t count(const struct rf_journal *journal)
{
	size_t n = 0;
	for (const struct rf_journal_entry *entry = NULL; (entry = rf_journal_next(journal, entry));)
		n++;
	return n;
}

static int set_up(void **state)
{
	(void)state;
	folder = test_folder_make();
	path = rf_path_join(folder, "journal");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(path);
	test_folder_remove(folder);
	return 0;
}

static void what_is_in_hand_is_found_again(void **state)
{
	(void)state;
	struct rf_journal *journal = open_journal("one", 0);
	add(journal, 1);
	add(journal, 2);
	rf_journal_remove(journal, 1);
	assert_int_equal(rf_journal_write(journal, NULL), 0);
	rf_journal_close(journal);
	journal = open_journal("one", 0);
	assert_int_equal(count(journal), 1);
	const struct rf_journal_entry *entry = rf_journal_next(journal, NULL);
	assert_int_equal(entry->task, 2);
	assert_int_equal(entry->lease, 7);
	assert_int_equal(entry->epoch, 3);
	assert_int_equal(entry->pid, 4711);
	assert_string_equal(entry->instance, "abc-1");
	rf_journal_close(journal);
}

static void what_was_not_written_is_not_there(void **state)
{
	(void)state;
	struct rf_journal *journal = open_journal("one", 0);
	add(journal, 1);
	rf_journal_close(journal);
	journal = open_journal("one", 0);
	assert_int_equal(count(journal), 0);
	rf_journal_close(journal);
}

static void another_boot_is_noticed(void **state)
{
	(void)state;
	struct rf_journal *journal = open_journal("one", 0);
	add(journal, 1);
	rf_journal_write(journal, NULL);
	rf_journal_close(journal);
	journal = open_journal("two", RF_JOURNAL_REBOOTED);
	assert_int_equal(count(journal), 1);
	rf_journal_close(journal);
	rf_journal_close(open_journal("two", 0));
}

static void torn_and_strange_lines_are_passed_over(void **state)
{
	(void)state;
	static const char text[] = "boot one\n+1 2 3 4 good\n+2 2 3\n+99999999999999999999999 1 1 1 x\n+3 2 3 4 "
				   "99999999999999999999999999999999999999999999999999999999999999999999999\n-\n-x\n\n"
				   "garbage\n+5 2 3 4 tor";
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
	struct rf_journal *journal = open_journal("one", 0);
	assert_int_equal(count(journal), 1);
	assert_string_equal(rf_journal_next(journal, NULL)->instance, "good");
	rf_journal_close(journal);
}

static void it_does_not_grow_for_ever(void **state)
{
	(void)state;
	struct rf_journal *journal = open_journal("one", 0);
	for (uint64_t task = 1; task <= 20000; task++) {
		add(journal, task);
		if (task > 5)
			rf_journal_remove(journal, task);
		assert_int_equal(rf_journal_write(journal, NULL), 0);
	}
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size < 300 * 1024);
	rf_journal_close(journal);
	journal = open_journal("one", 0);
	assert_int_equal(count(journal), 5);
	rf_journal_close(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_in_hand_is_found_again, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_was_not_written_is_not_there, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(another_boot_is_noticed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(torn_and_strange_lines_are_passed_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(it_does_not_grow_for_ever, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
