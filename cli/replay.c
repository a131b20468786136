/* `referat replay`: runs a stage of documents again, and what is behind it.
 *
 * The broker takes documents page by page, when it has room beside what is fresh; so this asks again while it has none,
 * and while a document is in hand. What the broker has taken goes on without this process, and through restarts. */
#include "base/datetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/following.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/rate.h"
#include "cli/weighing.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { PAGE = 64, INTERRUPTED = 130, PATIENCE_SECONDS = 300 };
static const useconds_t pause_us = 200 * 1000;

struct replay {
	struct rf_client_options given;
	const char *from, *board, *since, *rate, *reason;
	bool all, dry_run, force, quiet, wait;
	int64_t interval_us;
	char **named;
	size_t n_named;

	struct rf_client *client;
	struct rf_progress progress;
	json_object *replayed; /* array of ids */
	int64_t pages;         /* what stands of them at the targets that are concerned */
	int64_t since_us;      /* the broker's clock when the first was taken; 0: none was yet */
	struct rf_weighing weighing;
	struct rf_following_sum sum;
	json_object *refused; /* array of {document, reason} */
	json_object *in_hand; /* array of ids, to be asked for again */
};

/* ---- the command line ----------------------------------------------------------------------------------------------
 */

static int check(struct replay *replay, struct rf_error *error)
{
	struct rf_date day;
	if (!replay->from)
		return rf_error_set(error, "which stage? name it with --from; 'referat status' shows those there are");
	if (replay->all == (replay->n_named > 0))
		return rf_error_set(error, "name documents, or say --all");
	if (!replay->all && (replay->board || replay->since))
		return rf_error_set(error, "--board and --since choose among --all");
	if (replay->since && !rf_date_parse(replay->since, &day))
		return rf_error_set(error, "--since %s: expected a day, such as 2024-04-17", replay->since);
	return replay->rate ? rf_rate_read(replay->rate, &replay->interval_us, error) : 0;
}

/* ---- asking --------------------------------------------------------------------------------------------------------
 */

static void add_flag(json_object *arguments, const char *name, bool value)
{
	if (value)
		json_object_object_add(arguments, name, json_object_new_boolean(true));
}

static void add_text(json_object *arguments, const char *name, const char *value)
{
	if (value)
		json_object_object_add(arguments, name, json_object_new_string(value));
}

/* documents: ids, whose reference is taken; NULL: all there are, after the one given. */
static json_object *make_arguments(const struct replay *replay, json_object *documents, const char *after)
{
	json_object *arguments = json_object_new_object();
	rf_client_sign(arguments, replay->reason);
	add_text(arguments, "from", replay->from);
	add_flag(arguments, "dry_run", replay->dry_run);
	add_flag(arguments, "force", replay->force);
	add_flag(arguments, "quiet", replay->quiet);
	json_object_object_add(arguments, "interval_us", json_object_new_int64(replay->interval_us));
	if (documents) {
		json_object_object_add(arguments, "documents", documents);
		return arguments;
	}
	add_flag(arguments, "all", true);
	add_text(arguments, "board", replay->board);
	add_text(arguments, "since", replay->since);
	add_text(arguments, "after", after);
	return arguments;
}

static void take_outcomes(struct replay *replay, json_object *answer)
{
	json_object *documents = NULL;
	json_object_object_get_ex(answer, "documents", &documents);
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(documents, i);
		const char *outcome = rf_answer_text(entry, "outcome");
		json_object *id = json_object_new_string(rf_answer_text(entry, "document"));
		if (strcmp(outcome, "in-hand") == 0) {
			json_object_array_add(replay->in_hand, id);
			continue;
		}
		if (strcmp(outcome, "replayed") == 0)
			json_object_array_add(replay->replayed, json_object_get(id));
		replay->pages += rf_answer_number(entry, "pages");
		if (strcmp(outcome, "refused") == 0) {
			json_object *refused = json_object_new_object();
			json_object_object_add(refused, "document", json_object_get(id));
			add_text(refused, "reason", rf_answer_text(entry, "reason"));
			json_object_array_add(replay->refused, refused);
		}
		json_object_put(id);
	}
}

/* Asks until the broker has room. The arguments are put. *after: where the next page begins; NULL: nowhere. */
static int ask(struct replay *replay, json_object *arguments, char **after, struct rf_error *error)
{
	int result;
	for (bool full = true; full;) {
		json_object *answer = NULL, *member;
		result = rf_client_ask(replay->client, "replay", arguments, &answer, error);
		if (result)
			break;
		full = json_object_object_get_ex(answer, "full", &member) && json_object_get_boolean(member);
		if (replay->since_us == 0)
			replay->since_us = rf_answer_number(answer, "now_us");
		take_outcomes(replay, answer);
		free(*after);
		*after = rf_strdup(json_object_object_get_ex(answer, "after", &member) ? json_object_get_string(member)
										       : NULL);
		json_object_put(answer);
		if (full)
			usleep(pause_us);
	}
	json_object_put(arguments);
	return result;
}

static int ask_named(struct replay *replay, json_object *ids, struct rf_error *error)
{
	rf_autofree char *after = NULL;
	size_t n = json_object_array_length(ids);
	for (size_t first = 0; first < n; first += PAGE) {
		json_object *page = json_object_new_array();
		for (size_t i = first; i < n && i < first + PAGE; i++)
			json_object_array_add(page, json_object_get(json_object_array_get_idx(ids, i)));
		int result = ask(replay, make_arguments(replay, page, NULL), &after, error);
		if (result)
			return result;
	}
	return 0;
}

static int ask_all(struct replay *replay, struct rf_error *error)
{
	rf_autofree char *after = NULL;
	do {
		int result = ask(replay, make_arguments(replay, NULL, after), &after, error);
		if (result)
			return result;
	} while (after);
	return 0;
}

/* Those in hand are asked for again for as long as an answer may take; then they are refused. */
static int ask_again(struct replay *replay, struct rf_error *error)
{
	for (int64_t waited_us = 0; json_object_array_length(replay->in_hand) > 0; waited_us += pause_us) {
		json_object *ids = replay->in_hand;
		bool is_over = waited_us >= replay->given.limit_us;
		replay->in_hand = json_object_new_array();
		int result = 0;
		for (size_t i = 0; is_over && i < json_object_array_length(ids); i++) {
			json_object *refused = json_object_new_object();
			json_object_object_add(refused, "document", json_object_get(json_object_array_get_idx(ids, i)));
			add_text(refused, "reason", "it is in hand: ask again when that is done");
			json_object_array_add(replay->refused, refused);
		}
		if (!is_over) {
			usleep(pause_us);
			result = ask_named(replay, ids, error);
		}
		json_object_put(ids);
		if (result)
			return result;
	}
	return 0;
}

/* ---- how far it is -------------------------------------------------------------------------------------------------
 */

static const char *volatile interrupted;

/* Whoever ends this command should know what goes on without it. */
static void on_interrupt(int signal)
{
	(void)signal;
	const char *text = interrupted;
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
	_exit(INTERRUPTED);
}

static void tell_when_interrupted(const char *text)
{
	const struct sigaction action = {.sa_handler = on_interrupt};
	interrupted = text;
	sigaction(SIGINT, &action, NULL);
}

static int follow(struct replay *replay, struct rf_error *error)
{
	struct rf_following following = {.client = replay->client,
					 .documents = replay->replayed,
					 .since_us = replay->since_us,
					 .progress = replay->given.json ? NULL : &replay->progress};
	tell_when_interrupted(
	    "\nThe documents run again without this command: 'referat status' says how many are left, "
	    "'referat pause STAGE' stops them before a stage.\n");
	int result = rf_following_wait(&following, error);
	return result ? result : rf_following_sum(&following, &replay->sum, error);
}

static void show_weighed(void *context, int64_t n)
{
	struct replay *replay = context;
	struct rf_clock clock = rf_clock_system();
	int64_t all = (int64_t)json_object_array_length(replay->replayed);
	rf_autofree char *text = rf_format("%" PRId64 " of %" PRId64 " documents made anew", n, all);
	if (!replay->given.json && replay->progress.terminal)
		rf_progress_say(&replay->progress, n, all, text, rf_clock_monotonic(&clock));
}

/* What a publish stage would find at its target is what `referat drift` says. */
static bool is_weighed(const struct replay *replay)
{
	return replay->dry_run && !rf_text_starts(replay->from, "publish");
}

/* To make some documents anew takes longer than to be told of the broker. */
static int weigh(struct replay *replay, struct rf_error *error)
{
	struct rf_client_options patient = replay->given;
	struct rf_client *client;
	if (patient.limit_us < PATIENCE_SECONDS * RF_SECOND)
		patient.limit_us = PATIENCE_SECONDS * RF_SECOND;
	if (rf_client_open(&patient, &client, error) < 0)
		return -1;
	replay->weighing.from = replay->from;
	replay->weighing.force = replay->force;
	int result = rf_weighing_ask(&replay->weighing, client, replay->replayed, show_weighed, replay, error);
	rf_progress_hide(&replay->progress);
	rf_client_close(client);
	return result;
}

/* ---- telling -------------------------------------------------------------------------------------------------------
 */

static void add_sum(const struct replay *replay, json_object *answer)
{
	const struct rf_following_sum *sum = &replay->sum;
	const struct {
		const char *name;
		int64_t n;
	} numbers[] = {{"put", sum->put}, {"held", sum->held}, {"dead", sum->dead}, {"open", sum->open}};
	for (size_t i = 0; i < RF_COUNT(numbers); i++)
		json_object_object_add(answer, numbers[i].name, json_object_new_int64(numbers[i].n));
}

static void print_json(const struct replay *replay)
{
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "from", json_object_new_string(replay->from));
	json_object_object_add(answer, "dry_run", json_object_new_boolean(replay->dry_run));
	json_object_object_add(answer, "replayed",
			       json_object_new_int64((int64_t)json_object_array_length(replay->replayed)));
	json_object_object_add(answer, "pages", json_object_new_int64(replay->pages));
	json_object_object_add(answer, "refused", json_object_get(replay->refused));
	if (is_weighed(replay))
		rf_weighing_add(&replay->weighing, answer);
	if (replay->wait && !replay->dry_run)
		add_sum(replay, answer);
	rf_answer_print(answer);
	json_object_put(answer);
}

static void print_words(const struct replay *replay)
{
	size_t n = json_object_array_length(replay->replayed), n_refused = json_object_array_length(replay->refused);
	for (size_t i = 0; i < n_refused; i++) {
		json_object *refused = json_object_array_get_idx(replay->refused, i);
		fprintf(stderr, "document %s: %s\n", rf_answer_text(refused, "document"),
			rf_answer_text(refused, "reason"));
	}
	printf("%zu document%s %s again from %s", n, n == 1 ? "" : "s",
	       replay->dry_run ? "would run"
	       : n == 1        ? "runs"
			       : "run",
	       replay->from);
	if (replay->dry_run && is_weighed(replay))
		printf(", and nobody is mailed");
	else if (replay->dry_run)
		printf("; %" PRId64 " page%s would be looked at, and put where they are missing ('referat drift' "
		       "says which are), and nobody is mailed",
		       replay->pages, replay->pages == 1 ? "" : "s");
	if (n_refused > 0)
		printf("; %zu left as %s", n_refused, n_refused == 1 ? "it is" : "they are");
	putchar('\n');
	if (is_weighed(replay))
		rf_weighing_print(&replay->weighing);
	fflush(stdout);
}

/* From a publish stage on, pages that were only looked at count as well. */
static void print_sum(const struct replay *replay)
{
	const struct rf_following_sum *sum = &replay->sum;
	bool put = !rf_text_starts(replay->from, "publish") || replay->force;
	printf("all are through: %" PRId64 " page%s %s", sum->put, sum->put == 1 ? "" : "s",
	       put ? "put anew" : "looked at, and put where missing");
	if (sum->held > 0)
		printf(", %" PRId64 " document%s held", sum->held, sum->held == 1 ? "" : "s");
	if (sum->dead > 0)
		printf(", %" PRId64 " dead", sum->dead);
	if (sum->open > 0)
		printf(", %" PRId64 " on the way again", sum->open);
	putchar('\n');
}

static int take_all(struct replay *replay, struct rf_error *error)
{
	json_object *named = json_object_new_array();
	for (size_t i = 0; i < replay->n_named; i++)
		json_object_array_add(named, json_object_new_string(replay->named[i]));
	int result = replay->all ? ask_all(replay, error) : ask_named(replay, named, error);
	json_object_put(named);
	return result ? result : ask_again(replay, error);
}

static int run(struct replay *replay, struct rf_error *error)
{
	if (rf_client_open(&replay->given, &replay->client, error) < 0)
		return -1;
	if (!replay->dry_run)
		tell_when_interrupted("\nWhat was taken so far runs again; the same command takes the rest.\n");
	int result = take_all(replay, error);
	if (result == 0 && is_weighed(replay))
		result = weigh(replay, error);
	if (result == 0 && !replay->given.json)
		print_words(replay);
	bool follows = replay->wait && !replay->dry_run;
	if (result == 0 && follows)
		result = follow(replay, error);
	if (result == 0 && follows && !replay->given.json)
		print_sum(replay);
	rf_client_close(replay->client);
	return result;
}

static int carry_out(struct replay *replay)
{
	struct rf_error error;
	if (check(replay, &error) < 0)
		return rf_command_fail("replay", EX_USAGE, &error);
	rf_progress_init(&replay->progress, stderr);
	rf_weighing_init(&replay->weighing);
	replay->replayed = json_object_new_array();
	replay->refused = json_object_new_array();
	replay->in_hand = json_object_new_array();
	int status = EX_OK;
	if (run(replay, &error))
		status = rf_command_fail("replay", EX_UNAVAILABLE, &error);
	else if (replay->given.json)
		print_json(replay);
	if (status == EX_OK && !replay->all && json_object_array_length(replay->refused) > 0)
		status = EX_UNAVAILABLE;
	rf_weighing_deinit(&replay->weighing);
	json_object_put(replay->replayed);
	json_object_put(replay->refused);
	json_object_put(replay->in_hand);
	return status;
}

int rf_command_replay(int argc, char **argv)
{
	struct replay replay = {.given = RF_CLIENT_INIT, .weighing = {.most_shown = 1}};
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(replay.given),
	    {"from", 0, RF_OPTION_TEXT, "STAGE", "the stage that runs again, with all behind it", &replay.from},
	    {"all", 0, RF_OPTION_FLAG, NULL, "all documents that have come so far", &replay.all},
	    {"board", 0, RF_OPTION_TEXT, "BOARD", "of all, only this board's: its id or name", &replay.board},
	    {"since", 0, RF_OPTION_TEXT, "DAY", "of all, only those of meetings on that day or later", &replay.since},
	    {"dry-run", 'n', RF_OPTION_FLAG, NULL, "only say how many pages would come out otherwise, and how",
	     &replay.dry_run},
	    {"show", 0, RF_OPTION_INTEGER, "N", "with --dry-run: how so many documents differ; default: 1",
	     &replay.weighing.most_shown},
	    {"rate", 0, RF_OPTION_TEXT, "N/min", "begin no more than so many a minute (/s, /h)", &replay.rate},
	    {"force", 0, RF_OPTION_FLAG, NULL, "publish even what has come out as it was", &replay.force},
	    {"quiet", 0, RF_OPTION_FLAG, NULL, "tell nobody of those that nobody has been told of yet, either",
	     &replay.quiet},
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept in the documents' history with your name",
	     &replay.reason},
	    {"wait", 0, RF_OPTION_FLAG, NULL, "until all have been through, and say what has become of them",
	     &replay.wait},
	};
	const struct rf_program program = {
	    .name = "referat replay",
	    .synopsis = "referat replay DOC... --from STAGE [options]\n"
			"referat replay --all --from STAGE [--board BOARD] [--since DAY] [options]",
	    .description =
		"Runs a stage of documents again, and all behind it, from the parts that were there before: after a "
		"template has changed, a board has a new name, a plugin was mended.\n\n"
		"Nobody is mailed of what has been through. What comes out as it was is not published again, but from "
		"a publish stage on the target is looked at, and gets what it lacks. Fresh documents always go first. "
		"A document that is in hand is asked for again for as long as --timeout says.\n\n"
		"--dry-run has the running stages make all of them anew, keeps nothing of it, and says how many pages "
		"would be put at which target, with the difference of one: 'referat publish --dry-run DOC --from "
		"STAGE' "
		"shows it of any other.\n\n"
		"What was taken goes on without this command, and through restarts: Ctrl-C ends the waiting alone, and "
		"'referat status' says how many are left.",
	    .examples = "referat replay 3kz5ngw2q7ba --from render --reason 'the page was cut off'\n"
			"referat replay --all --from render --board ks --dry-run\n"
			"referat replay --all --from publish/web --rate 60/min --wait",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .most_operands = SIZE_MAX,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	replay.named = argv + 1;
	while (replay.named[replay.n_named])
		replay.n_named++;
	return carry_out(&replay);
}
