/* source.folder: what is taken, when, once; what is left out and why. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct inbox {
	struct test_plugin test;
	char *folder;
	char *taken;                /* keys, each with a blank behind it; an unreadable one's with the reason */
	enum referat_result answer; /* of the store */
};

static enum referat_result on_submit(void *context, const struct referat_submission *submission)
{
	struct inbox *inbox = context;
	if (inbox->answer == REFERAT_OK) {
		bool unreadable = strcmp(submission->type, REFERAT_UNREADABLE) == 0;
		char *more = rf_format("%s%s%s%s ", inbox->taken, submission->key, unreadable ? ": " : "",
				       unreadable ? (const char *)submission->data.data : "");
		free(inbox->taken);
		inbox->taken = more;
	}
	return inbox->answer;
}

static void open_inbox(struct inbox *inbox)
{
	inbox->folder = test_folder_make();
	inbox->taken = rf_strdup("");
	inbox->answer = REFERAT_OK;
	const struct rf_plugin_setting settings[] = {{.name = "path", .value = inbox->folder},
						     {.name = "settle", .value = "2000000"},
						     {.name = "max_size", .value = "1000"}};
	test_plugin_init(&inbox->test);
	inbox->test.host.context = inbox;
	inbox->test.host.submit = on_submit;
	test_plugin_load(&inbox->test, "source.folder", settings, RF_COUNT(settings));
}

static void close_inbox(struct inbox *inbox)
{
	test_plugin_unload(&inbox->test);
	free(inbox->taken);
	test_folder_remove(inbox->folder);
}

static void drop_file(const struct inbox *inbox, const char *name, const char *text)
{
	rf_autofree char *path = rf_format("%s/%s", inbox->folder, name);
	rf_autofree char *folder = rf_path_folder(path);
	assert_int_equal(rf_folder_make(folder, NULL), 0);
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
}

/* A look, some time after the one before; what it took. */
static void assert_look(struct inbox *inbox, int64_t seconds, enum referat_result result, const char *taken)
{
	inbox->test.clock.monotonic_us += seconds * RF_SECOND;
	inbox->taken[0] = '\0';
	struct rf_call *call = rf_call_new();
	assert_int_equal(rf_call_run(call, inbox->test.plugin, inbox->test.descriptor->run), result);
	assert_string_equal(inbox->taken, taken);
	rf_call_free(call);
}

static void a_file_is_taken_once_when_it_has_settled(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	assert_look(&inbox, 0, REFERAT_OK, "");
	drop_file(&inbox, "b.txt", "b");
	drop_file(&inbox, "a.txt", "a");
	drop_file(&inbox, "under/c.txt", "c");
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	assert_look(&inbox, 1, REFERAT_RETRY, "");
	assert_look(&inbox, 1, REFERAT_OK, "a.txt b.txt under/c.txt ");
	assert_look(&inbox, 100, REFERAT_OK, "");
	close_inbox(&inbox);
}

static void a_file_that_changes_waits_and_is_taken_again(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	drop_file(&inbox, "a.txt", "a");
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	drop_file(&inbox, "a.txt", "ab");
	assert_look(&inbox, 2, REFERAT_RETRY, "");
	assert_look(&inbox, 2, REFERAT_OK, "a.txt ");
	drop_file(&inbox, "a.txt", "abc");
	assert_look(&inbox, 2, REFERAT_RETRY, "");
	assert_look(&inbox, 2, REFERAT_OK, "a.txt ");
	close_inbox(&inbox);
}

static void a_full_store_is_asked_again(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	drop_file(&inbox, "a.txt", "a");
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	inbox.answer = REFERAT_RETRY;
	assert_look(&inbox, 2, REFERAT_RETRY, "");
	inbox.answer = REFERAT_OK;
	assert_look(&inbox, 0, REFERAT_OK, "a.txt ");
	close_inbox(&inbox);
}

static void files_of_programs_are_left_out(void **state)
{
	(void)state;
	static const char *const names[] = {".hidden", "~$a.docx", "Thumbs.db", "thumbs.DB",  "a.part",
					    "a.TMP",   "b.txt~",   ".git/x",    "desktop.ini"};
	struct inbox inbox;
	open_inbox(&inbox);
	for (size_t i = 0; i < RF_COUNT(names); i++)
		drop_file(&inbox, names[i], "x");
	drop_file(&inbox, "tmp.txt", "x");
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	assert_look(&inbox, 2, REFERAT_OK, "tmp.txt ");
	close_inbox(&inbox);
}

static void what_is_no_file_or_too_large_is_handed_over_unread(void **state)
{
	(void)state;
	struct inbox inbox;
	char large[1002];
	open_inbox(&inbox);
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	drop_file(&inbox, "large.txt", large);
	rf_autofree char *fifo = rf_format("%s/fifo", inbox.folder);
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	assert_look(
	    &inbox, 2, REFERAT_OK,
	    "fifo: Det här är ingen vanlig fil, så det går inte att läsa. Spara referatet som en fil i mappen. "
	    "large.txt: Filen är större än 1000 byte och har inte lästs. Ett referat är mycket mindre: kontrollera "
	    "att det är rätt fil. ");
	assert_look(&inbox, 2, REFERAT_OK, "");
	close_inbox(&inbox);
}

static void links_are_followed_inside_the_folder_only(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	drop_file(&inbox, "a.txt", "a");
	drop_file(&inbox, "under/c.txt", "c");
	static const struct {
		const char *name, *target;
	} links[] = {
	    {"in.txt", "a.txt"},     {"out.txt", "/etc/passwd"}, {"up.txt", "../../../../../../../../etc/passwd"},
	    {"dead.txt", "nowhere"}, {"loop.txt", "loop.txt"},   {"folder", "under"}};
	for (size_t i = 0; i < RF_COUNT(links); i++) {
		rf_autofree char *path = rf_format("%s/%s", inbox.folder, links[i].name);
		assert_int_equal(symlink(links[i].target, path), 0);
	}
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	assert_look(&inbox, 2, REFERAT_OK,
		    "a.txt "
		    "dead.txt: Genvägen leder till en fil som inte finns. Lägg själva filen i mappen. "
		    "folder: Genvägen leder inte till en fil. Lägg själva filen i mappen. "
		    "in.txt "
		    "loop.txt: Genvägen leder till en fil som inte finns. Lägg själva filen i mappen. "
		    "out.txt: Genvägen leder till en fil utanför mappen. Lägg själva filen i mappen. "
		    "under/c.txt "
		    "up.txt: Genvägen leder till en fil utanför mappen. Lägg själva filen i mappen. ");
	close_inbox(&inbox);
}

static void a_key_is_in_nfc_whoever_wrote_the_name(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	drop_file(&inbox, "na\xcc\x88mnd.txt", "x");
	drop_file(&inbox, "broken\xff.txt", "x");
	assert_look(&inbox, 0, REFERAT_RETRY, "");
	assert_look(&inbox, 2, REFERAT_OK, "nämnd.txt ");
	close_inbox(&inbox);
}

static void a_folder_that_is_gone_charges_no_document(void **state)
{
	(void)state;
	struct inbox inbox;
	open_inbox(&inbox);
	assert_int_equal(rmdir(inbox.folder), 0);
	assert_look(&inbox, 0, REFERAT_YIELD, "");
	assert_int_equal(mkdir(inbox.folder, 0755), 0);
	assert_look(&inbox, 0, REFERAT_OK, "");
	close_inbox(&inbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_is_taken_once_when_it_has_settled),
	    cmocka_unit_test(a_file_that_changes_waits_and_is_taken_again),
	    cmocka_unit_test(a_full_store_is_asked_again),
	    cmocka_unit_test(files_of_programs_are_left_out),
	    cmocka_unit_test(what_is_no_file_or_too_large_is_handed_over_unread),
	    cmocka_unit_test(links_are_followed_inside_the_folder_only),
	    cmocka_unit_test(a_key_is_in_nfc_whoever_wrote_the_name),
	    cmocka_unit_test(a_folder_that_is_gone_charges_no_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
