/* The core against a small model of what it promises (tests/support/model.h): random conversations of sources, stages,
 * operators, crashes and restarts of the broker. After each step every task in the store is what the model says, each
 * answer is what the model expects, work is handed out once, and nothing is put outside where it stands already. In the
 * end everything is finished, and the newest revision stands outside.
 *
 * The seed is printed; REFERAT_SEED=N runs it again. A failure is shrunk: steps are left out while it still fails. */
#include "base/log.h"
#include "base/memory.h"
#include "tests/support/model.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

enum { STEPS = 80, RUNS = 40 };

static const struct {
	const char *name;
	unsigned weight;
	model_verb *take;
} verbs[] = {
    {"put", 6, model_put},       {"start", 14, model_start},     {"done", 16, model_done},
    {"retry", 3, model_retry},   {"yield", 1, model_yield},      {"fail", 1, model_fail},
    {"hold", 2, model_hold},     {"late", 3, model_answer_late}, {"crash", 2, model_crash},
    {"kill", 2, model_kill},     {"lose", 2, model_lose},        {"restart", 2, model_restart},
    {"pass", 5, model_pass},     {"release", 2, model_release},  {"send-on", 2, model_send_on},
    {"replay", 3, model_replay}, {"stop", 2, model_stop},        {"withdraw", 2, model_withdraw},
    {"delete", 2, model_delete}, {"erase", 1, model_erase},      {"outage", 3, model_outage},
};

struct step {
	size_t verb;
	unsigned choice, variant;
};

/* Returns whether all was right; else problem says what was not. */
static bool run(const struct step *steps, size_t n, char problem[256])
{
	struct model *model = model_new();
	for (size_t i = 0; i < n && !model->problem[0]; i++) {
		verbs[steps[i].verb].take(model, steps[i].choice, steps[i].variant);
		model_compare(model);
	}
	if (!model->problem[0])
		model_finish(model);
	bool right = !model->problem[0];
	memcpy(problem, model->problem, sizeof model->problem);
	model_free(model);
	return right;
}

/* Leaves out what the failure does not need. */
static size_t shrink(struct step *steps, size_t n, char problem[256])
{
	struct step shorter[STEPS];
	for (size_t piece = n / 2; piece > 0; piece /= 2)
		for (size_t at = 0; at + piece <= n;) {
			memcpy(shorter, steps, at * sizeof *steps);
			memcpy(shorter + at, steps + at + piece, (n - at - piece) * sizeof *steps);
			char other[256];
			if (run(shorter, n - piece, other)) {
				at += piece;
				continue;
			}
			n -= piece;
			memcpy(steps, shorter, n * sizeof *steps);
			memcpy(problem, other, sizeof other);
		}
	return n;
}

static uint64_t random_state;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 11) % limit;
}

static size_t random_verb(void)
{
	unsigned total = 0;
	for (size_t i = 0; i < RF_COUNT(verbs); i++)
		total += verbs[i].weight;
	unsigned choice = random_below(total);
	size_t verb = 0;
	while (choice >= verbs[verb].weight)
		choice -= verbs[verb++].weight;
	return verb;
}

static void the_core_does_what_the_model_says(void **state)
{
	(void)state;
	const char *given = getenv("REFERAT_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 10) : 0;
	if (!seed)
		assert_int_equal(getrandom(&seed, sizeof seed, 0), sizeof seed);
	random_state = seed;
	print_message("REFERAT_SEED=%" PRIu64 "\n", seed);
	for (unsigned i = 0; i < RUNS; i++) {
		struct step steps[STEPS];
		for (size_t j = 0; j < STEPS; j++)
			steps[j] = (struct step){random_verb(), random_below(1000), random_below(1000)};
		char problem[256];
		if (run(steps, STEPS, problem))
			continue;
		size_t n = shrink(steps, STEPS, problem);
		for (size_t j = 0; j < n; j++)
			print_message("  %-8s %3u %3u\n", verbs[steps[j].verb].name, steps[j].choice, steps[j].variant);
		fail_msg("run %u: %s", i, problem);
	}
}

int main(void)
{
	rf_log_open("test_core_model", RF_LOG_ERROR);
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_core_does_what_the_model_says)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
