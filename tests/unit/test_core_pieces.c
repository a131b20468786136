/* Minutes of one meeting that come in several files, in any order: one document, each revision of which has them all.
 */
#include "base/buffer.h"
#include "base/memory.h"
#include "tests/support/rig.h"
#include "tests/support/rig_blob.h"
#include "tests/support/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

static const char meeting[] = "ks/2024-04-17/minutes/1";

/* ---- what happens ------------------------------------------------------------------------------------------------ */

/* What the ingest stage read in its next task: a piece of the meeting (NULL: it does not say which), and more. */
struct reading {
	const char *piece, *correction, *completed, *meeting;
};

static void read_next(struct rig *rig, struct reading reading)
{
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	done.header->items[0]->subject_key = rf_strdup(reading.meeting ? reading.meeting : meeting);
	done.header->items[0]->piece = rf_strdup(reading.piece);
	if (reading.piece)
		rig_add_attribute(&done, "paragraphs", reading.piece);
	if (reading.correction) {
		rig_add_attribute(&done, "correction", "true");
		rig_add_attribute(&done, "correction_id", reading.correction);
	}
	if (reading.completed)
		rig_add_attribute(&done, "completed", reading.completed);
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, INGEST, 1);
}

static void read_as(struct rig *rig, const char *piece)
{
	read_next(rig, (struct reading){.piece = piece});
}

/* A file comes, and is read; where it is another piece of the meeting, it is read there again. */
static char *bring(struct rig *rig, const char *key, const char *bytes, const char *piece)
{
	char *id = rf_strdup(rig_put(rig, key, bytes));
	read_as(rig, piece);
	return id;
}

static void join(struct rig *rig, const char *key, const char *bytes, const char *piece)
{
	rf_autofree char *own = bring(rig, key, bytes, piece);
	assert_int_equal(rig_task(rig, own, 1, INGEST).state, RF_TASK_SUPERSEDED);
	read_as(rig, piece);
}

static struct rf_revision newest_of(struct rig *rig, const char *id)
{
	struct rf_revision revision;
	assert_int_equal(rf_store_get_revision(rig->store, id, 0, &revision, NULL), 0);
	return revision;
}

struct names {
	char *all[8];
	size_t n;
};

static int note_name(void *context, const struct rf_part *part)
{
	struct names *names = context;
	if (strncmp(part->name, "source", 6) == 0)
		names->all[names->n++] = rf_strdup(part->name);
	return 0;
}

/* "source=b source/20=a": which bytes the newest revision has where. */
static void assert_sources(struct rig *rig, const char *id, const char *expected)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	struct names names = {.n = 0};
	uint32_t number = newest_of(rig, id).number;
	assert_int_equal(rf_store_each_part(rig->store, id, number, note_name, &names, NULL), 0);
	for (size_t i = 0; i < names.n; i++) {
		struct rf_part part;
		assert_int_equal(rf_store_get_part(rig->store, id, number, names.all[i], &part, NULL), 0);
		rf_buffer_format(&text, "%s%s=%.*s", i ? " " : "", names.all[i], part.data ? (int)part.size : 4,
				 part.data ? (const char *)part.data : part.blob);
		free(names.all[i]);
	}
	assert_string_equal(text.data, expected);
}

static int find_value(void *context, const char *name, const char *value)
{
	const char **pair = context;
	if (strcmp(name, pair[0]) == 0)
		pair[1] = rf_strdup(value);
	return 0;
}

static void assert_attribute(struct rig *rig, const char *id, const char *name, const char *expected)
{
	const char *pair[2] = {name, NULL};
	uint32_t number = newest_of(rig, id).number;
	assert_int_equal(rf_store_each_attribute(rig->store, id, number, find_value, pair, NULL), 0);
	rf_autofree char *value = (char *)pair[1];
	assert_string_equal(value ? value : "", expected);
}

static void act(struct rig *rig, const char *command, const char *id)
{
	int status = -1;
	rf_autofree char *arguments = rf_format("{\"document\":\"%s\",\"who\":\"Eva\",\"reason\":\"a slip\"}", id);
	const char *answer = rig_ask(rig, command, arguments, &status);
	if (status != EX_OK)
		fail_msg("%s: %s", command, answer);
}

static void publish(struct rig *rig, const char *id, const char *digest)
{
	rf_autofree char *key = rf_format("publish/web:%s", id);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, digest, false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, digest, "page"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	for (int stage = VALIDATE; stage <= PUBLISH; stage++)
		rig_credit(rig, (rf_peer)stage, 1);
}

/* ---- pieces join ------------------------------------------------------------------------------------------------- */

static void another_piece_is_the_next_revision_which_has_both_files(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20"), *other = bring(rig, "b", "B", "1-19");
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_SUPERSEDED);
	assert_string_equal(rig_task(rig, other, 1, INGEST).code, "moved");
	assert_int_equal(rig_task(rig, id, 2, INGEST).state, RF_TASK_READY);
	assert_sources(rig, id, "source=B source/20=A");
	assert_attribute(rig, id, "name", "b");
	assert_attribute(rig, id, "name.20", "a");
	read_as(rig, "1-19");
	assert_int_equal(rig_task(rig, id, 2, VALIDATE).state, RF_TASK_READY);
}

static void pieces_come_in_any_order(void **state)
{
	static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	static const char *const pieces[] = {"1-19", "20", "21-40"}, *const bytes[] = {"A", "B", "C"};
	struct rig *rig = *state;
	rig_join_all(rig);
	for (size_t i = 0; i < RF_COUNT(orders); i++) {
		const unsigned *order = orders[i];
		rf_autofree char *day = rf_format("ks/2024-04-0%zu/minutes/1", i + 1), *id = NULL;
		rf_autobuffer struct rf_buffer expected = RF_BUFFER_INIT;
		for (unsigned k = 0; k < 3; k++) {
			const unsigned which = order[k];
			rf_autofree char *key = rf_format("%zu-%u", i, which);
			const char *own = rig_put(rig, key, bytes[which]);
			id = id ? id : rf_strdup(own);
			for (unsigned again = 0; again < (k ? 2 : 1); again++)
				read_next(rig, (struct reading){.piece = pieces[which], .meeting = day});
		}
		rf_buffer_format(&expected, "source=%s", bytes[order[2]]);
		for (unsigned k = 0; k < 3; k++)
			if (k != order[2])
				rf_buffer_format(&expected, " source/%s=%s", pieces[k], bytes[k]);
		assert_sources(rig, id, expected.data);
		rf_autofree char *last = rf_format("source/%s source/%s", pieces[order[1]], pieces[order[0]]);
		assert_attribute(rig, id, "piece.order", last);
		for (unsigned k = 0; k < 3; k++) {
			rf_autofree char *key = rf_format("%zu-%u", i, k);
			assert_int_equal(rig_put_item(rig, key, bytes[k])->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
		}
	}
}

static void changed_bytes_take_the_place_of_their_piece_alone(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	join(rig, "c", "C", "21-40");
	rig_put(rig, "a", "A2");
	assert_sources(rig, id, "source=A2 source/1-19=B source/21-40=C");
	assert_non_null(rig_work(rig, INGEST));
	rig_put(rig, "b", "B2"); /* before A2 was read */
	assert_sources(rig, id, "source=B2 source/20=A2 source/21-40=C");
	read_as(rig, "1-19");
	rig_put(rig, "b", "B3");
	assert_sources(rig, id, "source=B3 source/20=A2 source/21-40=C");
	assert_attribute(rig, id, "name.20", "a");
	assert_attribute(rig, id, "name.21-40", "c");
}

static void a_piece_that_has_other_paragraphs_now_moves_its_part(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	rig_put(rig, "b", "B2");
	read_as(rig, "1-18");
	rig_put(rig, "a", "A2");
	assert_sources(rig, id, "source=A2 source/1-18=B2");
}

static void a_piece_that_waits_for_approval_is_superseded_and_told_once(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, VALIDATE));
	rig_say(rig, VALIDATE, &hold);
	join(rig, "b", "B", "1-19");
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_SUPERSEDED);
	assert_int_equal(newest_of(rig, id).major, 0);
	assert_attribute(rig, id, "piece.added", "");
}

static void a_piece_finds_one_whose_reading_died(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	rig_put(rig, "a", "A2");
	struct rf_message fail = rig_answer(RF_VERB_FAIL, rig_begin(rig, INGEST));
	rig_say(rig, INGEST, &fail);
	rig_credit(rig, INGEST, 1);
	join(rig, "b", "B", "1-19");
	assert_sources(rig, id, "source=B source/20=A2");
}

/* ---- the same paragraphs again ----------------------------------------------------------------------------------- */

static void the_same_paragraphs_from_another_file_are_held(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	rf_autofree char *again = bring(rig, "c", "C", "20"), *once = bring(rig, "d", "D", "1-19");
	struct rig_task held = rig_task(rig, again, 1, INGEST);
	assert_int_equal(held.state, RF_TASK_HELD);
	assert_string_equal(held.code, "subject-taken");
	rf_autofree char *note = rf_format("%s before %s", id, again);
	assert_string_equal(held.reason, note);
	assert_int_equal(rig_task(rig, once, 1, INGEST).state, RF_TASK_HELD);
	assert_sources(rig, id, "source=B source/20=A");
}

static void a_correction_takes_the_place_of_its_piece(void **state)
{
	struct rig *rig = *state;
	const struct reading corrected = {.piece = "20", .correction = "april"};
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	rig_put(rig, "c", "C");
	read_next(rig, corrected);
	assert_sources(rig, id, "source=C source/1-19=B");
	read_next(rig, corrected);
	assert_int_equal(newest_of(rig, id).major, 1);
}

static void a_file_that_was_replaced_and_changes_comes_beside_the_other(void **state)
{
	struct rig *rig = *state;
	const struct reading corrected = {.piece = "20", .correction = "april"};
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	rig_put(rig, "c", "C");
	read_next(rig, corrected);
	read_next(rig, corrected);
	rig_put(rig, "a", "A2");
	assert_sources(rig, id, "source=A2 source/1-19=B source/20=C"); /* who reads it sees that they differ */
	read_as(rig, "20");
	rig_put(rig, "b", "B2");
	assert_sources(rig, id, "source=B2 source/20=A2");
}

static void minutes_that_do_not_say_their_paragraphs_are_not_taken_for_a_piece(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20"), *other = bring(rig, "b", "B", NULL);
	rf_autofree char *note = rf_format("%s or %s does not say", id, other);
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, other, 1, INGEST).reason, note);
	assert_sources(rig, id, "source=A");
}

static void a_piece_is_not_put_to_minutes_that_do_not_say_theirs(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", NULL), *other = bring(rig, "b", "B", "20");
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_HELD);
	rig_put(rig, "c", "C");
	read_next(rig, (struct reading){.piece = "1-40", .correction = "april"});
	assert_sources(rig, id, "source=C"); /* a correction of the only file there was */
}

/* ---- what was published, withdrawn, given up, erased ---------------------------------------------------------------
 */

static void what_comes_to_a_page_that_stands_is_a_major_change(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	publish(rig, id, "d1");
	rf_autofree char *other = bring(rig, "b", "B", "1-19");
	assert_int_equal(newest_of(rig, id).major, 1);
	assert_attribute(rig, id, "piece.added", "source");
	read_next(rig, (struct reading){.piece = "1-19", .completed = "§§ 1–19"});
	assert_int_equal(newest_of(rig, id).major, 1);
	rig_put(rig, "a", "A2"); /* nothing new of it */
	assert_attribute(rig, id, "piece.added", "source/1-19");
	read_next(rig, (struct reading){.piece = "20", .completed = "§§ 1–19"});
	assert_int_equal(newest_of(rig, id).major, 1);
	rig_put(rig, "b", "B2");
	assert_attribute(rig, id, "piece.added", "source");
	read_next(rig, (struct reading){.piece = "1-19", .completed = "§§ 1–19"});
	assert_int_equal(newest_of(rig, id).major, 1);
	(void)other;
}

static void what_adds_no_paragraph_is_no_major_change(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "19-20");
	publish(rig, id, "d1");
	join(rig, "b", "B", "20");
	assert_int_equal(newest_of(rig, id).major, 0);
}

static void a_piece_with_a_page_of_its_own_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *own = rf_strdup(rig_put(rig, "b", "B"));
	rig_run(rig, INGEST); /* as minutes of a day that was not known */
	rig_credit(rig, INGEST, 1);
	publish(rig, own, "d1");
	rf_autofree char *id = bring(rig, "a", "A", "20");
	rig_put(rig, "b", "B2");
	read_as(rig, "1-19");
	rf_autofree char *note = rf_format("%s has a page", own);
	assert_int_equal(rig_task(rig, own, 2, INGEST).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, own, 2, INGEST).reason, note);
	assert_sources(rig, id, "source=A");
}

static void a_piece_of_a_withdrawn_document_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	join(rig, "b", "B", "1-19");
	act(rig, "withdraw", id);
	rf_autofree char *other = bring(rig, "c", "C", "21-40");
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_HELD);
	rig_put(rig, "a", "A2");
	assert_int_equal(rig_task(rig, id, 4, INGEST).state, RF_TASK_HELD);
	assert_sources(rig, id, "source=A2 source/1-19=B"); /* whole, when a person lets it go */
}

static void a_document_that_was_given_up_is_no_longer_the_meetings(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, VALIDATE));
	rig_say(rig, VALIDATE, &hold);
	act(rig, "delete", id);
	rf_autofree char *other = bring(rig, "b", "B", "1-19");
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_DONE);
	join(rig, "c", "C", "21-40");
	assert_sources(rig, other, "source=C source/1-19=B");
	assert_sources(rig, id, "source=A");
}

static void erasing_takes_every_file_of_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "Amanda Hemlig", "20");
	join(rig, "b", "Bertil Hemlig", "1-19");
	join(rig, "c", "C", "21-40");
	act(rig, "erase", id);
	assert_int_equal(search_folder(rig->folder, "Amanda Hemlig"), 0);
	assert_int_equal(search_folder(rig->folder, "Bertil Hemlig"), 0);
	assert_int_equal(rig_put_item(rig, "a", "Amanda Hemlig")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
	assert_int_equal(rig_put_item(rig, "b", "Bertil Hemlig")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void a_large_file_is_shared_and_not_copied(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *blob = rig_blob_make(rig, "large");
	rf_autofree char *id = rig_blob_put(rig, "a", blob);
	read_as(rig, "20");
	join(rig, "b", "B", "1-19");
	rf_autofree char *expected = rf_format("source=B source/20=%.4s", blob);
	assert_sources(rig, id, expected);
	rf_autofree char *path = rig_blob_path(rig, blob);
	assert_int_equal(access(path, F_OK), 0);
	act(rig, "erase", id);
	assert_int_equal(access(path, F_OK), -1);
}

static void nobody_writes_a_source_but_who_brings_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "A"));
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	rig_add_part(&done, "source/20", "B");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__REFUSED);
	assert_sources(rig, id, "source=A");
}

static void a_piece_whose_name_is_no_name_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "A"));
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	done.header->items[0]->subject_key = rf_strdup(meeting);
	done.header->items[0]->piece = rf_strdup("20 ../21");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__REFUSED);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DEAD);
}

static void nobody_says_of_pieces_what_the_broker_says(void **state)
{
	static const char *const names[] = {"piece", "piece.added", "name.20"};
	struct rig *rig = *state;
	rig_join_all(rig);
	for (size_t i = 0; i < RF_COUNT(names); i++) {
		rig_put(rig, names[i], "A");
		struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
		rig_add_attribute(&done, names[i], "x");
		assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__REFUSED);
		rig_credit(rig, INGEST, 1);
	}
}

static void a_file_that_went_on_elsewhere_is_not_replayed(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20"), *other = bring(rig, "b", "B", "1-19");
	read_as(rig, "1-19");
	rf_autofree char *replay = rf_format("{\"documents\":[\"%s\",\"%s\"],\"from\":\"ingest\"}", id, other);
	const char *answer = rig_ask(rig, "replay", replay, NULL);
	assert_non_null(strstr(answer, "\"outcome\":\"replayed\""));
	assert_non_null(strstr(answer, "went on as a revision of another document"));
	assert_int_equal(rig_task(rig, id, 2, INGEST).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, RF_TASK_SUPERSEDED);
}

/* The file that joins is in one document or in the other, whenever the broker dies. */
static void a_broker_that_is_killed_leaves_a_piece_in_one_place(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "a", "A", "20");
	rf_autofree char *other = rf_strdup(rig_put(rig, "b", "B"));
	rig_kill(rig);
	rig_join_all(rig);
	if (rig_task(rig, id, 1, INGEST).state == RF_TASK_READY)
		read_as(rig, "20"); /* a step that nobody promised is done again */
	read_as(rig, "1-19");
	rig_kill(rig);
	rig_join_all(rig);
	bool moved = newest_of(rig, id).number == 2;
	assert_int_equal(rig_task(rig, other, 1, INGEST).state, moved ? RF_TASK_SUPERSEDED : RF_TASK_READY);
	assert_sources(rig, id, moved ? "source=B source/20=A" : "source=A");
	read_as(rig, "1-19");
	if (!moved)
		read_as(rig, "1-19");
	assert_sources(rig, id, "source=B source/20=A");
	assert_int_equal(newest_of(rig, id).number, 2);
}

/* ---- stores from before --------------------------------------------------------------------------------------------
 */

static void minutes_that_stood_apart_stay_so_and_a_new_piece_joins_the_first(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *first = bring(rig, "a", "A", "20");
	rf_autofree char *second = rf_strdup(rig_put(rig, "b", "B"));
	rig_run(rig, INGEST);
	rig_credit(rig, INGEST, 1);
	rf_autofree char *key = rf_format("%s/1-19", meeting);
	assert_int_equal(rf_store_begin(rig->store, RF_DURABLE, NULL), 0);
	assert_int_equal(rf_store_bind_subject(rig->store, key, second, NULL), 0);
	assert_int_equal(rf_store_commit(rig->store, NULL), 0);
	rig_put(rig, "b", "B2");
	read_as(rig, "1-19");
	assert_int_equal(rig_task(rig, second, 2, INGEST).state, RF_TASK_DONE);
	join(rig, "c", "C", "21-40");
	assert_sources(rig, first, "source=C source/20=A");
	assert_sources(rig, second, "source=B2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(another_piece_is_the_next_revision_which_has_both_files),
	    TEST(pieces_come_in_any_order),
	    TEST(changed_bytes_take_the_place_of_their_piece_alone),
	    TEST(a_piece_that_has_other_paragraphs_now_moves_its_part),
	    TEST(a_piece_that_waits_for_approval_is_superseded_and_told_once),
	    TEST(a_piece_finds_one_whose_reading_died),
	    TEST(the_same_paragraphs_from_another_file_are_held),
	    TEST(a_correction_takes_the_place_of_its_piece),
	    TEST(a_file_that_was_replaced_and_changes_comes_beside_the_other),
	    TEST(minutes_that_do_not_say_their_paragraphs_are_not_taken_for_a_piece),
	    TEST(a_piece_is_not_put_to_minutes_that_do_not_say_theirs),
	    TEST(what_comes_to_a_page_that_stands_is_a_major_change),
	    TEST(what_adds_no_paragraph_is_no_major_change),
	    TEST(a_piece_with_a_page_of_its_own_waits_for_a_person),
	    TEST(a_piece_of_a_withdrawn_document_waits_for_a_person),
	    TEST(a_document_that_was_given_up_is_no_longer_the_meetings),
	    TEST(erasing_takes_every_file_of_it),
	    TEST(a_large_file_is_shared_and_not_copied),
	    TEST(nobody_writes_a_source_but_who_brings_it),
	    TEST(a_piece_whose_name_is_no_name_is_refused),
	    TEST(nobody_says_of_pieces_what_the_broker_says),
	    TEST(a_file_that_went_on_elsewhere_is_not_replayed),
	    TEST(a_broker_that_is_killed_leaves_a_piece_in_one_place),
	    TEST(minutes_that_stood_apart_stay_so_and_a_new_piece_joins_the_first),
	};
	return cmocka_run_group_tests_name("core pieces", tests, NULL, NULL);
}
