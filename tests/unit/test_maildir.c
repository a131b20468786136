/* channel.maildir and the composing of mails: golden mail, recipients, lookup, nothing twice. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"
#include "tests/support/golden.h"
#include "tests/support/plugin.h"

#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char key[] = "notify:abcdefghijkl:1:0123456789abcdef";
static const char file_name[] = "notify.abcdefghijkl.1.0123456789abcdef";
static const char subject[] = "Arbetsmarknads- och socialnämnden – aktuella beslut april 2024";
static const char plain[] = "Nämnden beslutade.\n\nLäs mer:\n{{url}}\n\n-- \nEn lång rad som inte ryms på sjuttiosex "
			    "tecken och därför delas: a = b, Å, €, 😀.\n.\nFrom here\nslut på raden \n";
static const char html[] = "<!DOCTYPE html>\n<p><a href=\"{{url}}\">Läs mer</a></p>\n";

struct box {
	struct test_plugin test;
	char *folder;
	char *list;
};

static void open_box(struct box *box)
{
	box->folder = test_folder_make();
	box->list = rf_format("%s/list.txt", box->folder);
	const struct rf_plugin_setting settings[] = {
	    {.name = "path", .value = box->folder},
	    {.name = "from", .value = "beslut@exempelby.example"},
	    {.name = "to", .value = "a@x.example bad <b@x.example> c@x.example"},
	    {.name = "list", .value = box->list},
	};
	test_plugin_init(&box->test);
	test_plugin_load(&box->test, "channel.maildir", settings, RF_COUNT(settings));
}

static void close_box(struct box *box)
{
	test_plugin_unload(&box->test);
	free(box->list);
	test_folder_remove(box->folder);
}

static struct rf_call *new_call(const char *recipient, const char *mail_subject)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", "abcdefghijkl");
	rf_call_set_value(call, "key", key);
	rf_call_set_value(call, "recipient", recipient);
	rf_call_set_value(call, "mail_subject", mail_subject);
	rf_call_set_value(call, "url", "https://exempelby.example/?a=1&b=2");
	rf_call_add_input(call, "rendition/mail-text", "text/plain",
			  (struct referat_bytes){(const uint8_t *)plain, strlen(plain)});
	rf_call_add_input(call, "rendition/mail-html", "text/html",
			  (struct referat_bytes){(const uint8_t *)html, strlen(html)});
	return call;
}

static enum referat_result put(struct box *box, const char *recipient, const char *mail_subject)
{
	struct rf_call *call = new_call(recipient, mail_subject);
	enum referat_result result = rf_call_run(call, box->test.plugin, box->test.descriptor->put);
	rf_call_free(call);
	return result;
}

static enum referat_result look_up(struct box *box)
{
	struct rf_call *call = new_call("anna@mejl.example", subject);
	enum referat_result result = rf_call_run(call, box->test.plugin, box->test.descriptor->lookup);
	rf_call_free(call);
	return result;
}

static char *read_mail(const struct box *box, size_t *size)
{
	rf_autofree char *path = rf_format("%s/new/%s", box->folder, file_name);
	char *data = NULL;
	if (rf_file_read(path, 100000, &data, size, NULL))
		fail_msg("there is no %s", path);
	return data;
}

static void a_mail_is_composed_as_agreed(void **state)
{
	(void)state;
	struct box box;
	size_t size = 0;
	open_box(&box);
	assert_int_equal(put(&box, "anna@mejl.example", subject), REFERAT_OK);
	rf_autofree char *mail = read_mail(&box, &size);
	test_golden("mail.eml", mail, size);
	for (const char *line = mail; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		assert_true(strcspn(line, "\n") <= 78);
	close_box(&box);
}

static void what_was_delivered_is_found_even_when_it_was_read(void **state)
{
	(void)state;
	struct box box;
	open_box(&box);
	assert_int_equal(look_up(&box), REFERAT_NOT_FOUND);
	assert_int_equal(put(&box, "anna@mejl.example", subject), REFERAT_OK);
	assert_int_equal(look_up(&box), REFERAT_OK);
	rf_autofree char *delivered = rf_format("%s/new/%s", box.folder, file_name);
	rf_autofree char *cur = rf_format("%s/cur", box.folder);
	rf_autofree char *seen = rf_format("%s/%s:2,S", cur, file_name);
	assert_int_equal(rf_folder_make(cur, NULL), 0);
	assert_int_equal(rename(delivered, seen), 0);
	assert_int_equal(look_up(&box), REFERAT_OK);
	assert_int_equal(put(&box, "anna@mejl.example", subject), REFERAT_OK); /* and not once more */
	size_t size = 0;
	char *data = NULL;
	assert_int_equal(rf_file_read(delivered, 100000, &data, &size, NULL), RF_FILE_MISSING);
	close_box(&box);
}

static void a_half_written_mail_is_written_again(void **state)
{
	(void)state;
	struct box box;
	open_box(&box);
	rf_autofree char *folder = rf_format("%s/tmp", box.folder);
	rf_autofree char *half = rf_format("%s/%s", folder, file_name);
	assert_int_equal(rf_folder_make(folder, NULL), 0);
	assert_int_equal(rf_file_write(half, "From:", 5, false, NULL), 0);
	assert_int_equal(look_up(&box), REFERAT_NOT_FOUND);
	assert_int_equal(put(&box, "anna@mejl.example", subject), REFERAT_OK);
	char *data = NULL;
	size_t size = 0;
	assert_int_equal(rf_file_read(half, 100000, &data, &size, NULL), RF_FILE_MISSING);
	close_box(&box);
}

static void a_title_starts_no_header_of_its_own(void **state)
{
	(void)state;
	struct box box;
	size_t size = 0;
	open_box(&box);
	assert_int_equal(put(&box, "anna@mejl.example", "Hej\r\nBcc: x@y.example\n\nbody"), REFERAT_OK);
	rf_autofree char *mail = read_mail(&box, &size);
	assert_non_null(strstr(mail, "\nSubject: Hej  Bcc: x@y.example  body\n"));
	close_box(&box);
}

static void who_has_no_address_is_refused(void **state)
{
	(void)state;
	struct box box;
	open_box(&box);
	static const char *const bad[] = {
	    "", "anna", "a b@x.example", "<a@x.example>", "a@x.example\nBcc: b@x.example", "@x"};
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_int_equal(put(&box, bad[i], subject), REFERAT_FAIL);
	close_box(&box);
}

static void recipients_come_from_option_and_list(void **state)
{
	(void)state;
	static const char list[] = "# subscribers\nd@x.example\r\n\n  e@x.example # a friend\nno address\nf@å.example";
	static const char *const expected[] = {"a@x.example", "c@x.example", "d@x.example", "e@x.example",
					       "f@å.example"};
	struct box box;
	const char *const *addresses = NULL;
	open_box(&box);
	assert_int_equal(rf_file_write(box.list, list, strlen(list), false, NULL), 0);
	struct rf_call *call = rf_call_new();
	assert_int_equal(rf_call_run(call, box.test.plugin, box.test.descriptor->recipients), REFERAT_OK);
	assert_int_equal(rf_call_recipients(call, &addresses), RF_COUNT(expected));
	for (size_t i = 0; i < RF_COUNT(expected); i++)
		assert_string_equal(addresses[i], expected[i]);
	rf_call_free(call);
	close_box(&box);
}

static void a_list_that_is_missing_charges_no_document(void **state)
{
	(void)state;
	struct box box;
	open_box(&box);
	struct rf_call *call = rf_call_new();
	assert_int_equal(rf_call_run(call, box.test.plugin, box.test.descriptor->recipients), REFERAT_YIELD);
	rf_call_free(call);
	close_box(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mail_is_composed_as_agreed),
	    cmocka_unit_test(what_was_delivered_is_found_even_when_it_was_read),
	    cmocka_unit_test(a_half_written_mail_is_written_again),
	    cmocka_unit_test(a_title_starts_no_header_of_its_own),
	    cmocka_unit_test(who_has_no_address_is_refused),
	    cmocka_unit_test(recipients_come_from_option_and_list),
	    cmocka_unit_test(a_list_that_is_missing_charges_no_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
