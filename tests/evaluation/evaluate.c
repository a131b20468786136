/* How well minutes are read: a table of precision and recall for each field, over folders of documents with facts
 * beside them; and how much of their summaries stands in them. Usage: evaluate [--verbose] FOLDER... */
#include "tests/support/evaluation.h"
#include "tests/support/grounding.h"
#include "tests/support/plugin.h"

#include <stdio.h>
#include <string.h>

struct plugins {
	struct test_plugin reader, summariser;
};

static bool evaluate(struct plugins *plugins, const char *folder, FILE *differences)
{
	struct grounding grounding = {.differences = differences};
	struct evaluation evaluation = {.differences = differences,
					.grounding = &grounding,
					.summariser = &plugins->summariser,
					.coarse = strstr(folder, "/samples") != NULL};
	unsigned read = evaluation_run(&evaluation, &plugins->reader, folder);
	unsigned guessed = 0;
	for (int i = 0; i < EVALUATED_FIELDS; i++)
		guessed += evaluation.scores[i].guessed;
	printf("%s: %u documents\n", folder, read);
	evaluation_print(&evaluation, stdout);
	printf("guessed where nothing was to be found: %u\n", guessed);
	printf("summaries: %u of %u sentences grounded; %u of %u held as not grounded\n\n", grounding.grounded,
	       grounding.sentences, grounding.held, grounding.documents);
	return read > 0 && evaluation.broken == 0 && grounding.grounded == grounding.sentences;
}

int main(int argc, char **argv)
{
	struct plugins plugins;
	bool verbose = argc > 1 && strcmp(argv[1], "--verbose") == 0;
	bool good = argc > 1 + verbose;
	test_plugin_start(&plugins.reader, "reader.text");
	test_plugin_start(&plugins.summariser, "summariser.decisions");
	for (int i = 1 + verbose; i < argc; i++)
		good = evaluate(&plugins, argv[i], verbose ? stdout : NULL) && good;
	test_plugin_unload(&plugins.reader);
	test_plugin_unload(&plugins.summariser);
	return good ? 0 : 1;
}
