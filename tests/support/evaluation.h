/* How well documents are read: what a reader finds in them against facts that a person wrote beside them.
 *
 * Facts are JSON: {"kind": "minutes", "municipality": …, "board": …, "date": …, "items": [{"number", "case", "heading",
 * "weight", "decisions": [["outcome", "text"], …], "proposals": ["text", …], "motions", "votes": [[yes, no], …],
 * "reservations", "conflicts"}]}. A field that is absent is to be absent in what is read: null beats a guess. An
 * outcome of null is to be null. */
#ifndef TESTS_SUPPORT_EVALUATION_H
#define TESTS_SUPPORT_EVALUATION_H

#include <referat/document.pb-c.h>
#include <stdbool.h>
#include <stdio.h>

struct grounding;
struct references;
struct test_plugin;

enum evaluation_field {
	EVALUATED_KIND,
	EVALUATED_MUNICIPALITY,
	EVALUATED_BOARD,
	EVALUATED_DATE,
	EVALUATED_ITEMS,
	EVALUATED_HEADINGS,
	EVALUATED_CASES,
	EVALUATED_WEIGHTS,
	EVALUATED_DECISIONS,
	EVALUATED_OUTCOMES,
	EVALUATED_PROPOSALS, /* kept apart: they are read as proposals, and none of them as a decision */
	EVALUATED_MOTIONS,
	EVALUATED_VOTES,
	EVALUATED_RESERVATIONS,
	EVALUATED_CONFLICTS,
	EVALUATED_FIELDS,
};

struct evaluation_score {
	unsigned right, wrong, missed; /* found and so; found and not so; not found */
	unsigned guessed;              /* of the wrong ones: there was nothing to find */
};

struct evaluation {
	struct evaluation_score scores[EVALUATED_FIELDS];
	unsigned documents, broken;
	FILE *differences;              /* NULL: they are not told */
	struct grounding *grounding;    /* of the summaries; NULL: none is written */
	struct references *references;  /* that summaries are compared with; NULL: they are not */
	struct test_plugin *summariser; /* that writes them */
	const char *copies;             /* folder of copies in another format, which are read in place of the texts */
	const char *ending;             /* of these: "docx" */
	struct test_plugin *copy_reader;
	unsigned same; /* of the copies: read as their texts are */
	bool coarse;   /* the facts are another project's: names of fields differ, decisions have no texts */
};

const char *evaluation_name(enum evaluation_field field);
double evaluation_precision(const struct evaluation_score *score); /* 1 when nothing was found */
double evaluation_recall(const struct evaluation_score *score);    /* 1 when there was nothing to find */

/* Reads every <name>.txt of a folder that has <name>.facts.json beside it, and adds up. Where there are copies, these
 * of them count that have one. Returns how many it read. */
unsigned evaluation_run(struct evaluation *evaluation, struct test_plugin *reader, const char *folder);

void evaluation_print(const struct evaluation *evaluation, FILE *out);

#endif
