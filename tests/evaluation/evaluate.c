/* How well minutes are read: a table of precision and recall for each field, over folders of documents with facts
 * beside them; how much of their summaries stands in them, and how many edits these need; and the same table for copies
 * of the documents in other formats. Usage: evaluate [--verbose] [--summaries] [--copies FOLDER] FOLDER... */
#include "tests/support/evaluation.h"
#include "tests/support/grounding.h"
#include "tests/support/plugin.h"
#include "tests/support/reference.h"

#include <stdio.h>
#include <string.h>

struct tools {
	struct test_plugin reader, summariser;
	struct references references;
};

static bool evaluate(struct tools *tools, const char *folder, FILE *differences)
{
	struct grounding grounding = {.differences = differences};
	struct evaluation evaluation = {.differences = differences,
					.grounding = &grounding,
					.references = &tools->references,
					.summariser = &tools->summariser,
					.coarse = strstr(folder, "/samples") != NULL};
	unsigned read = evaluation_run(&evaluation, &tools->reader, folder);
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

/* One table for the copies of all folders in one format. */
static void evaluate_copies(struct tools *tools, const char *copies, const char *ending, const char *name,
			    char **folders, FILE *differences)
{
	struct test_plugin reader;
	struct evaluation evaluation = {
	    .differences = differences, .copies = copies, .ending = ending, .copy_reader = &reader};
	test_plugin_start(&reader, name);
	for (char **folder = folders; *folder; folder++)
		evaluation_run(&evaluation, &tools->reader, *folder);
	test_plugin_unload(&reader);
	printf("%s by %s: %u documents, %u read as their texts are\n", ending, name, evaluation.documents,
	       evaluation.same);
	evaluation_print(&evaluation, stdout);
	printf("\n");
}

int main(int argc, char **argv)
{
	struct tools tools = {.references = {.out = NULL}};
	FILE *differences = NULL;
	const char *copies = NULL;
	int first = 1;
	for (; first < argc && argv[first][0] == '-'; first++)
		if (strcmp(argv[first], "--verbose") == 0)
			differences = stdout;
		else if (strcmp(argv[first], "--summaries") == 0)
			tools.references.out = stdout;
		else if (strcmp(argv[first], "--copies") == 0 && first + 1 < argc)
			copies = argv[++first];
	bool good = first < argc;
	test_plugin_start(&tools.reader, "reader.text");
	test_plugin_start(&tools.summariser, "summariser.decisions");
	for (int i = first; i < argc; i++)
		good = evaluate(&tools, argv[i], differences) && good;
	const struct references *references = &tools.references;
	printf("summaries beside references: %u; edits: median %u, most %u; ready with at most %d edits: %u\n",
	       references->documents, references_median(&tools.references), references_most(references), READY_EDITS,
	       references->ready);
	if (copies) {
		evaluate_copies(&tools, copies, "docx", "reader.office", argv + first, differences);
		evaluate_copies(&tools, copies, "odt", "reader.office", argv + first, differences);
		evaluate_copies(&tools, copies, "pdf", "reader.pdf", argv + first, differences);
		evaluate_copies(&tools, copies, "html", "reader.html", argv + first, differences);
	}
	test_plugin_unload(&tools.reader);
	test_plugin_unload(&tools.summariser);
	return good ? 0 : 1;
}
