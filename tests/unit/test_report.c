/* cli/report.h: what a run ends with. */
#include "base/memory.h"
#include "cli/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char four[] =
    "[{\"document\":\"aaa\",\"name\":\"april.txt\",\"title\":\"Nämndens beslut\",\"status\":\"published\","
    "\"url\":\"site/april.html\"},"
    "{\"document\":\"bbb\",\"name\":\"maj.txt\",\"title\":\"Beslut i maj\",\"status\":\"held\","
    "\"reason\":\"Ett personnummer\\tstår i § 3\"},"
    "{\"document\":\"ccc\",\"name\":\"juni.txt\",\"status\":\"dead\",\"code\":\"crash\",\"reason\":\"two crashes\"},"
    "{\"document\":\"ddd\",\"name\":\"juli.txt\",\"title\":\"T\",\"status\":\"superseded\"}]";

static char *print(const char *documents, enum rf_report_style style)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_object *list = json_tokener_parse(documents);
	rf_report_print(list, style, "var/x", out);
	json_object_put(list);
	fclose(out);
	return text;
}

static int exit_status(const char *documents)
{
	json_object *list = json_tokener_parse(documents);
	int status = rf_report_exit_status(list);
	json_object_put(list);
	return status;
}

static void each_group_says_why_and_where_to_look(void **state)
{
	(void)state;
	rf_autofree char *text = print(four, RF_REPORT_TABLE);
	assert_string_equal(text,
			    "\n"
			    "Published (1)\n"
			    "  NAME       TITLE            WHERE TO LOOK\n"
			    "  april.txt  Nämndens beslut  site/april.html\n"
			    "\n"
			    "Held: a person decides (1)\n"
			    "  NAME     TITLE         WHERE TO LOOK                   REASON\n"
			    "  maj.txt  Beslut i maj  referat show bbb --state var/x  Ett personnummer står i § 3\n"
			    "\n"
			    "Dead: given up (1)\n"
			    "  NAME      TITLE  WHERE TO LOOK                   REASON\n"
			    "  juni.txt  -      referat show ccc --state var/x  two crashes\n"
			    "\n"
			    "Replaced or erased (1)\n"
			    "  NAME      TITLE  WHERE TO LOOK                   REASON\n"
			    "  juli.txt  T      referat show ddd --state var/x\n"
			    "\n"
			    "4 documents: 1 published, 1 held, 1 dead, 1 replaced or erased\n");
}

static void plain_is_a_line_per_document(void **state)
{
	(void)state;
	rf_autofree char *text = print(four, RF_REPORT_PLAIN);
	assert_non_null(strstr(text, "held\tbbb\tmaj.txt\tBeslut i maj\tEtt personnummer står i § 3\treferat show bbb "
				     "--state var/x\n"));
	assert_true(strncmp(text, "published\taaa\tapril.txt\tNämndens beslut\t\tsite/april.html\n", 30) == 0);
}

static void json_counts_and_lists(void **state)
{
	(void)state;
	rf_autofree char *text = print("[{\"document\":\"a\",\"status\":\"done\"}]", RF_REPORT_JSON);
	assert_string_equal(text, "{\"published\":1,\"held\":0,\"dead\":0,"
				  "\"documents\":[{\"document\":\"a\",\"status\":\"done\"}]}\n");
}

static void the_exit_status_tells_the_worst(void **state)
{
	(void)state;
	assert_int_equal(exit_status("[]"), 0);
	assert_int_equal(exit_status("[{\"status\":\"published\"}]"), 0);
	assert_int_equal(exit_status("[{\"status\":\"held\"},{\"status\":\"published\"}]"), 1);
	assert_int_equal(exit_status(four), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_group_says_why_and_where_to_look),
	    cmocka_unit_test(plain_is_a_line_per_document),
	    cmocka_unit_test(json_counts_and_lists),
	    cmocka_unit_test(the_exit_status_tells_the_worst),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
