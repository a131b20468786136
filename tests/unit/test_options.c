/* base/options.h: command lines. */
#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	bool once;
	const char *state;
	int64_t workers, drain_us, clock_us;
	struct rf_option_list set;
} given;

static const struct rf_option options[] = {
    {"once", 'o', RF_OPTION_FLAG, NULL, "take what is there, then end", &given.once},
    {"state", 's', RF_OPTION_TEXT, "DIR", "where the store lies; a folder that is made when it is not there yet",
     &given.state},
    {"workers", 'w', RF_OPTION_INTEGER, "N", "processes", &given.workers},
    {"drain", 0, RF_OPTION_DURATION, "D", "how long a stage may finish what it has in hand", &given.drain_us},
    {"clock", 0, RF_OPTION_INSTANT, "T", "time stands still at T", &given.clock_us},
    {"set", 0, RF_OPTION_LIST, "NAME=VALUE", "an option of the plugin", &given.set},
};

static const struct rf_program program = {
    .name = "referat run",
    .synopsis = "referat run PIPELINE [options]",
    .description = "Runs a pipeline.\n\nStarts the broker and its stages, and starts what dies anew, for as long as "
		   "it is not told to end.",
    .examples = "referat run pipelines/demo/pipeline.yaml --once",
    .options = options,
    .n_options = RF_COUNT(options),
    .least_operands = 1,
    .most_operands = 2,
};

static struct rf_error error;

/* Words after the program's name; the copies are writable, as those of main. */
#define READ(...) read_words((char *[]){"run", __VA_ARGS__, NULL})

static int read_words(char **words)
{
	int n = 0;
	while (words[n])
		n++;
	memset(&given, 0, sizeof given);
	error.text[0] = '\0';
	return rf_options_read(&program, n, words, &error);
}

static void values_come_with_a_space_or_an_equals_sign(void **state)
{
	(void)state;
	assert_int_equal(READ("p", "--state", "a", "--workers=-3", "--drain=2s", "--clock", "1970-01-01T00:00:01Z"), 0);
	assert_string_equal(given.state, "a");
	assert_int_equal(given.workers, -3);
	assert_int_equal(given.drain_us, 2000000);
	assert_int_equal(given.clock_us, 1000000);
	assert_false(given.once);
}

static void letters_can_be_written_together(void **state)
{
	(void)state;
	assert_int_equal(READ("-osfolder", "p", "-w", "7"), 0);
	assert_true(given.once);
	assert_string_equal(given.state, "folder");
	assert_int_equal(given.workers, 7);
}

static void operands_are_moved_to_the_front(void **state)
{
	(void)state;
	char *words[] = {"run", "--once", "a", "-w", "1", "--", "--state", NULL};
	assert_int_equal(read_words(words), 0);
	assert_string_equal(words[1], "a");
	assert_string_equal(words[2], "--state");
	assert_null(words[3]);
	assert_null(given.state);
}

static void a_single_dash_is_an_operand(void **state)
{
	(void)state;
	char *words[] = {"run", "-", NULL};
	assert_int_equal(read_words(words), 0);
	assert_string_equal(words[1], "-");
}

static void a_wrong_line_is_refused_with_a_reason(void **state)
{
	(void)state;
	assert_true(READ("p", "--stat", "x") < 0);
	assert_string_equal(error.text, "unknown option '--stat'; did you mean '--state'?");
	assert_true(READ("p", "--zebra") < 0);
	assert_non_null(strstr(error.text, "'referat run --help' lists"));
	assert_true(READ("p", "-ox") < 0);
	assert_non_null(strstr(error.text, "unknown option '-x'"));
	assert_true(READ("p", "--state") < 0);
	assert_string_equal(error.text, "--state needs an argument: DIR");
	assert_true(READ("p", "-s") < 0);
	assert_true(READ("p", "--once=yes") < 0);
	assert_string_equal(error.text, "--once takes no argument");
}

static void a_value_of_the_wrong_kind_is_refused(void **state)
{
	(void)state;
	assert_true(READ("p", "--workers", "two") < 0);
	assert_string_equal(error.text, "--workers: 'two' is not a whole number");
	assert_true(READ("p", "--workers", "99999999999999999999") < 0);
	assert_true(READ("p", "--workers=") < 0);
	assert_true(READ("p", "--drain", "2") < 0);
	assert_true(READ("p", "--clock", "yesterday") < 0);
}

static void the_number_of_operands_is_checked(void **state)
{
	(void)state;
	assert_true(READ("--once") < 0);
	assert_string_equal(error.text, "something is missing; usage: referat run PIPELINE [options]");
	assert_true(READ("a", "b", "c") < 0);
	assert_non_null(strstr(error.text, "too many words"));
}

/* What the call printed on standard output. */
static int shown(char *word, char *text, size_t capacity)
{
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	FILE *file = tmpfile();
	dup2(fileno(file), STDOUT_FILENO);
	int result = READ(word);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(file);
	text[fread(text, 1, capacity - 1, file)] = '\0';
	fclose(file);
	return result;
}

static void help_is_made_of_the_table(void **state)
{
	(void)state;
	char text[4096];
	assert_int_equal(shown("--help", text, sizeof text), RF_OPTIONS_SHOWN);
	assert_string_equal(text, "usage: referat run PIPELINE [options]\n"
				  "\n"
				  "Runs a pipeline.\n"
				  "\n"
				  "Starts the broker and its stages, and starts what dies anew, for as long as it\n"
				  "is not told to end.\n"
				  "\n"
				  "options:\n"
				  "  -o, --once              take what is there, then end\n"
				  "  -s, --state DIR         where the store lies; a folder that is made when it is\n"
				  "                          not there yet\n"
				  "  -w, --workers N         processes\n"
				  "      --drain D           how long a stage may finish what it has in hand\n"
				  "      --clock T           time stands still at T\n"
				  "      --set NAME=VALUE    an option of the plugin\n"
				  "  -h, --help              show this and end\n"
				  "  -V, --version           show the version and end\n"
				  "      --manual            write the manual page, for man(1), and end\n"
				  "\n"
				  "examples:\n"
				  "  referat run pipelines/demo/pipeline.yaml --once\n");
}

static void an_option_of_a_list_may_be_given_again(void **state)
{
	(void)state;
	char *argv[] = {"run", "--set", "a=1", "demo.yaml", "--set=b=2", NULL};
	given.set.n = 0;
	assert_int_equal(rf_options_read(&program, 5, argv, &error), 0);
	assert_int_equal(given.set.n, 2);
	assert_string_equal(given.set.texts[0], "a=1");
	assert_string_equal(given.set.texts[1], "b=2");
}

static void the_version_is_shown(void **state)
{
	(void)state;
	char text[4096];
	assert_int_equal(shown("-V", text, sizeof text), RF_OPTIONS_SHOWN);
	assert_string_equal(text, "referat run " REFERAT_VERSION "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_come_with_a_space_or_an_equals_sign),
	    cmocka_unit_test(letters_can_be_written_together),
	    cmocka_unit_test(operands_are_moved_to_the_front),
	    cmocka_unit_test(a_single_dash_is_an_operand),
	    cmocka_unit_test(a_wrong_line_is_refused_with_a_reason),
	    cmocka_unit_test(a_value_of_the_wrong_kind_is_refused),
	    cmocka_unit_test(an_option_of_a_list_may_be_given_again),
	    cmocka_unit_test(the_number_of_operands_is_checked),
	    cmocka_unit_test(help_is_made_of_the_table),
	    cmocka_unit_test(the_version_is_shown),
	};
	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
