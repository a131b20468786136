/* How well minutes are read: a table of precision and recall for each field, over folders of documents with facts
 * beside them. Usage: evaluate [--verbose] FOLDER... */
#include "tests/support/evaluation.h"
#include "tests/support/plugin.h"

#include <stdio.h>
#include <string.h>

static bool evaluate(struct test_plugin *reader, const char *folder, FILE *differences)
{
	struct evaluation evaluation = {.differences = differences, .coarse = strstr(folder, "/samples") != NULL};
	unsigned read = evaluation_run(&evaluation, reader, folder);
	printf("%s: %u documents\n", folder, read);
	evaluation_print(&evaluation, stdout);
	printf("\n");
	return read > 0 && evaluation.broken == 0;
}

int main(int argc, char **argv)
{
	struct test_plugin reader;
	bool verbose = argc > 1 && strcmp(argv[1], "--verbose") == 0;
	bool good = argc > 1 + verbose;
	test_plugin_start(&reader, "reader.text");
	for (int i = 1 + verbose; i < argc; i++)
		good = evaluate(&reader, argv[i], verbose ? stdout : NULL) && good;
	test_plugin_unload(&reader);
	return good ? 0 : 1;
}
