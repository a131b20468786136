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

/* Floors that copies made by programs may not fall below. What is read off pictures has none: it has mistakes. */
static bool is_above_floors(const struct evaluation *evaluation)
{
	static const struct {
		enum evaluation_field field;
		double floor;
	} floors[] = {{EVALUATED_ITEMS, 0.99},     {EVALUATED_HEADINGS, 0.98}, {EVALUATED_CASES, 0.98},
		      {EVALUATED_DECISIONS, 0.98}, {EVALUATED_OUTCOMES, 0.97}, {EVALUATED_VOTES, 0.98}};
	bool above = true;
	for (size_t i = 0; i < sizeof(floors) / sizeof(*floors); i++) {
		const struct evaluation_score *score = &evaluation->scores[floors[i].field];
		if (evaluation_precision(score) >= floors[i].floor && evaluation_recall(score) >= floors[i].floor)
			continue;
		printf("%s: below the floor of %.2f\n", evaluation_name(floors[i].field), floors[i].floor);
		above = false;
	}
	return above;
}

/* One table for the copies of all folders in one format. False: it is below the floors. */
static bool evaluate_copies(struct tools *tools, const char *copies, const char *ending, const char *name,
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
	bool above = strcmp(ending, "ocr") == 0 || is_above_floors(&evaluation);
	printf("\n");
	return above;
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
		good = evaluate_copies(&tools, copies, "docx", "reader.office", argv + first, differences) && good;
		good = evaluate_copies(&tools, copies, "odt", "reader.office", argv + first, differences) && good;
		good = evaluate_copies(&tools, copies, "pdf", "reader.pdf", argv + first, differences) && good;
		good = evaluate_copies(&tools, copies, "html", "reader.html", argv + first, differences) && good;
		good = evaluate_copies(&tools, copies, "ocr", "reader.text", argv + first, differences) && good;
	}
	test_plugin_unload(&tools.reader);
	test_plugin_unload(&tools.summariser);
	return good ? 0 : 1;
}
