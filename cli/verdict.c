#include "cli/verdict.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 16 * 1024 * 1024, LINE_SHOWN = 200 };

/* Takes the texts over. */
static void add_difference(struct rf_verdict *verdict, struct rf_difference difference)
{
	verdict->differences =
	    rf_realloc_array(verdict->differences, verdict->n_differences + 1, sizeof *verdict->differences);
	verdict->differences[verdict->n_differences++] = difference;
}

/* ---- what became of it ------------------------------------------------------------------------------------------- */

static const char *or_nothing(const char *text)
{
	return text && *text ? text : "nothing";
}

static char *fate(const char *status, const char *code, const char *reason)
{
	if (!*code)
		return rf_strdup(status);
	return *reason ? rf_format("%s (%s): %s", status, code, reason) : rf_format("%s (%s)", status, code);
}

static void judge_fate(const struct rf_test *test, const struct rf_rehearsal *rehearsal, struct rf_verdict *verdict)
{
	const char *status = test->held ? "held" : test->dead ? "dead" : "done";
	const char *code = test->held ? test->held : test->dead ? test->dead : "";
	if (strcmp(rehearsal->status, status) == 0 && (!*code || strcmp(rehearsal->code, code) == 0))
		return;
	add_difference(verdict, (struct rf_difference){rf_strdup("status"), fate(status, code, ""),
						       fate(rehearsal->status, rehearsal->code, rehearsal->reason)});
}

static void judge_text(struct rf_verdict *verdict, const char *key, const char *expected, const char *got)
{
	if (expected && strcmp(expected, got ? got : "") != 0)
		add_difference(verdict,
			       (struct rf_difference){rf_strdup(key), rf_strdup(expected), rf_strdup(or_nothing(got))});
}

static void judge_count(struct rf_verdict *verdict, const char *key, int64_t expected, size_t got)
{
	if (expected != RF_TEST_ANY && (uint64_t)expected != got)
		add_difference(verdict, (struct rf_difference){rf_strdup(key), rf_format("%lld", (long long)expected),
							       rf_format("%zu", got)});
}

/* BOARD_NOTICE is "board-notice", as in `when:`. The caller frees. */
static char *kind_word(const Referat__Document *document)
{
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(&referat__kind__descriptor, (int)document->kind);
	char *word = rf_strdup(document->has_kind && value ? value->name : "");
	for (char *c = word; *c; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return word;
}

static void judge_document(const struct rf_test *test, const struct rf_rehearsal *rehearsal, struct rf_verdict *verdict)
{
	static const Referat__Document none = REFERAT__DOCUMENT__INIT;
	const Referat__Document *document = rehearsal->document ? rehearsal->document : &none;
	const Referat__Day *day = document->meeting ? document->meeting->day : NULL;
	rf_autofree char *kind = kind_word(document);
	size_t n_decisions = 0;
	for (size_t i = 0; i < document->n_items; i++)
		n_decisions += document->items[i]->n_decisions;
	judge_text(verdict, "title", test->title, document->title);
	judge_text(verdict, "kind", test->kind, kind);
	judge_text(verdict, "board", test->board, rehearsal->board_id);
	judge_text(verdict, "day", test->day, day ? day->date : NULL);
	judge_count(verdict, "items", test->items, document->n_items);
	judge_count(verdict, "decisions", test->decisions, n_decisions);
}

/* ---- what was rendered ------------------------------------------------------------------------------------------- */

/* The first rendition in which the words stand, or NULL. */
static const struct rf_rendition *find_words(const struct rf_rehearsal *rehearsal, const char *words)
{
	for (size_t i = 0; i < rehearsal->n_renditions; i++)
		if (memmem(rehearsal->renditions[i].data, rehearsal->renditions[i].size, words, strlen(words)))
			return &rehearsal->renditions[i];
	return NULL;
}

static void judge_words(const struct rf_test *test, const struct rf_rehearsal *rehearsal, struct rf_verdict *verdict)
{
	for (size_t i = 0; i < test->n_contains; i++)
		if (!find_words(rehearsal, test->contains[i]))
			add_difference(verdict, (struct rf_difference){
						    rf_strdup("contains"), rf_strdup(test->contains[i]),
						    rf_format("%zu renditions without it", rehearsal->n_renditions)});
	for (size_t i = 0; i < test->n_lacks; i++) {
		const struct rf_rendition *found = find_words(rehearsal, test->lacks[i]);
		if (found)
			add_difference(verdict, (struct rf_difference){rf_strdup("lacks"),
								       rf_format("nowhere: %s", test->lacks[i]),
								       rf_format("it stands in %s", found->name)});
	}
}

static const struct rf_rendition *find_rendition(const struct rf_rehearsal *rehearsal, const char *name)
{
	for (size_t i = 0; i < rehearsal->n_renditions; i++)
		if (strcmp(rehearsal->renditions[i].name, name) == 0)
			return &rehearsal->renditions[i];
	return NULL;
}

/* The first line that differs. The texts go up to their NUL. */
static void add_line(struct rf_verdict *verdict, const struct rf_test_file *file, const char *expected, const char *got)
{
	size_t line = 1;
	const char *expected_line = expected;
	const char *got_line = got;
	for (size_t i = 0; expected[i] && expected[i] == got[i]; i++)
		if (expected[i] == '\n') {
			line++;
			expected_line = expected + i + 1;
			got_line = got + i + 1;
		}
	int expected_size = (int)strcspn(expected_line, "\n");
	int got_size = (int)strcspn(got_line, "\n");
	add_difference(verdict,
		       (struct rf_difference){
			   rf_format("%s, line %zu", file->rendition, line),
			   rf_format("%.*s", expected_size < LINE_SHOWN ? expected_size : LINE_SHOWN, expected_line),
			   rf_format("%.*s", got_size < LINE_SHOWN ? got_size : LINE_SHOWN, got_line)});
}

static int judge_file(const struct rf_test_file *file, const struct rf_rehearsal *rehearsal, bool update,
		      struct rf_verdict *verdict, struct rf_error *error)
{
	const struct rf_rendition *rendition = find_rendition(rehearsal, file->rendition);
	if (!rendition) {
		add_difference(verdict,
			       (struct rf_difference){rf_strdup(file->rendition), rf_strdup("a rendition of that name"),
						      rf_strdup("none")});
		return 0;
	}
	rf_autofree char *data = NULL;
	size_t size = 0;
	int status = rf_file_read(file->path, FILE_MOST, &data, &size, error);
	if (status < 0)
		return -1;
	if (status == 0 && size == rendition->size && memcmp(data, rendition->data, size) == 0)
		return 0;
	if (update) {
		verdict->n_written++;
		return rf_file_write(file->path, rendition->data, rendition->size, false, error);
	}
	if (status)
		add_difference(verdict, (struct rf_difference){rf_strdup(file->rendition), rf_strdup(file->path),
							       rf_strdup("there is no such file; --update writes it")});
	else
		add_line(verdict, file, data, rendition->data);
	return 0;
}

int rf_judge(const struct rf_test *test, const struct rf_rehearsal *rehearsal, bool update, struct rf_verdict *verdict,
	     struct rf_error *error)
{
	*verdict = (struct rf_verdict){0};
	judge_fate(test, rehearsal, verdict);
	judge_document(test, rehearsal, verdict);
	judge_words(test, rehearsal, verdict);
	for (size_t i = 0; i < test->n_equals; i++)
		if (judge_file(&test->equals[i], rehearsal, update, verdict, error)) {
			rf_verdict_deinit(verdict);
			return -1;
		}
	return 0;
}

void rf_verdict_deinit(struct rf_verdict *verdict)
{
	for (size_t i = 0; i < verdict->n_differences; i++) {
		free(verdict->differences[i].what);
		free(verdict->differences[i].expected);
		free(verdict->differences[i].got);
	}
	free(verdict->differences);
	*verdict = (struct rf_verdict){0};
}
