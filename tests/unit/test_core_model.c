/* The core against a small model of what it promises: random conversations of sources, stages, operators, crashes and
 * restarts of the broker. After each step every task in the store is what the model says, each answer is what the model
 * expects, work is handed out once, and nothing is put outside where it stands already. In the end everything is
 * finished, and the newest revision stands outside.
 *
 * The seed is printed; REFERAT_SEED=N runs it again. A failure is shrunk: steps are left out while it still fails. */
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "tests/support/rig.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

enum { DOCUMENTS = 3, REVISIONS = 40, PEERS = 6, HANDS = 64, ENDED = 8, STEPS = 80, RUNS = 40, CREDIT = 200 };

enum op { PUT, START, DONE, RETRY, YIELD, FAIL, HOLD, CRASH, KILL, LOSE, RESTART, PASS, RELEASE, SEND_ON, LATE, OPS };

static const char *const op_names[OPS] = {"put",  "start", "done",    "retry", "yield",   "fail",    "hold", "crash",
					  "kill", "lose",  "restart", "pass",  "release", "send-on", "late"};
static const unsigned op_weights[OPS] = {6, 14, 16, 3, 1, 1, 2, 2, 2, 2, 2, 5, 2, 2, 3};

struct step {
	enum op op;
	unsigned choice, variant;
};

struct task {
	enum rf_task_state state; /* 0: not made */
	unsigned crashes, kills, failures;
};

struct document {
	char id[16];
	unsigned revisions;
	unsigned variant[REVISIONS]; /* of the bytes, by revision from 1 */
	struct task tasks[REVISIONS][RIG_STAGES];
	/* the effect, as the broker is to know it; 0: nothing */
	bool intended_open;
	unsigned intended, standing;
	unsigned outside;  /* what really stands there */
	unsigned released; /* revision whose publication a person let go as done */
};

struct peer {
	rf_peer number;
	unsigned stage, instance;
};

struct hand {
	bool used, started, superseded, acting, looking, orphan, alone;
	int64_t lost_us; /* of an orphan */
	struct rig_token token;
	unsigned instance, document, revision, stage;
	rf_peer peer;
};

struct model {
	struct rig *rig;
	struct document documents[DOCUMENTS];
	struct peer peers[PEERS];
	struct hand hands[HANDS];
	struct hand ended[ENDED];
	unsigned n_ended, last_instance;
	rf_peer last_peer;
	/* the last answer */
	enum rf_verb verb;
	Referat__Wire__Outcome outcome;
	unsigned answered_revision;
	char problem[256];
};

static void wrong(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void wrong(struct model *model, const char *format, ...)
{
	if (model->problem[0])
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(model->problem, sizeof model->problem, format, args);
	va_end(args);
}

/* ---- what comes from the broker
 * -------------------------------------------------------------------------------------- */

static struct hand *hand_of(struct model *model, const Referat__Wire__Token *token)
{
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].token.task == token->task &&
		    model->hands[i].token.lease == token->lease && model->hands[i].token.epoch == token->epoch)
			return &model->hands[i];
	return NULL;
}

static void let_go(struct model *model, struct hand *hand)
{
	model->ended[model->n_ended++ % ENDED] = *hand;
	hand->used = false;
}

static unsigned hands_of_peer(const struct model *model, rf_peer peer)
{
	unsigned n = 0;
	for (unsigned i = 0; i < HANDS; i++)
		n += model->hands[i].used && !model->hands[i].orphan && model->hands[i].peer == peer;
	return n;
}

static void take_work(struct model *model, rf_peer number, const Referat__Wire__Item *item)
{
	unsigned d = 0, p = 0, h = 0;
	while (d < DOCUMENTS && strcmp(model->documents[d].id, item->document) != 0)
		d++;
	while (p < PEERS && model->peers[p].number != number)
		p++;
	while (h < HANDS && model->hands[h].used)
		h++;
	if (d == DOCUMENTS || p == PEERS || h == HANDS) {
		wrong(model, "work for nobody, or of no document");
		return;
	}
	unsigned stage = model->peers[p].stage;
	const struct task *task = &model->documents[d].tasks[item->revision][stage];
	if (task->state != RF_TASK_READY)
		wrong(model, "%s of %u/%u was handed out in state %d", rig_names[stage], d, item->revision,
		      task->state);
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].document == d && model->hands[i].stage == stage)
			wrong(model, "%s of %u was handed out twice", rig_names[stage], d);
	if (task->crashes > 0 && (!item->alone || hands_of_peer(model, number) > 0))
		wrong(model, "%s of %u crashed and does not run alone", rig_names[stage], d);
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].alone && model->hands[i].peer == number)
			wrong(model, "%s of %u was handed to who has a task alone", rig_names[stage], d);
	model->hands[h] = (struct hand){.used = true,
					.alone = item->alone,
					.token = rig_token_of(item),
					.instance = model->peers[p].instance,
					.peer = number,
					.document = d,
					.revision = item->revision,
					.stage = stage};
}

static void take_message(struct model *model, rf_peer peer, const struct rf_message *message)
{
	const Referat__Wire__Header *header = message->header;
	if (message->verb == RF_VERB_WORK)
		for (size_t i = 0; i < header->n_items; i++)
			take_work(model, peer, header->items[i]);
	if (message->verb == RF_VERB_REVOKE)
		for (size_t i = 0; i < header->n_items; i++) {
			struct hand *hand = hand_of(model, header->items[i]->token);
			if (hand && hand->started)
				wrong(model, "what was started was revoked");
			if (hand)
				let_go(model, hand);
		}
	if (message->verb == RF_VERB_ERROR)
		wrong(model, "a peer was refused: %s", header->error->text);
	if (message->verb == RF_VERB_ACK || (message->verb >= RF_VERB_GO && message->verb <= RF_VERB_LOOKUP)) {
		model->verb = message->verb;
		model->outcome = header->items[0]->outcome;
		model->answered_revision = header->items[0]->revision;
	}
}

static void round_trip(struct model *model)
{
	model->verb = RF_VERB_NONE;
	rig_flush(model->rig);
	/* What is revoked is let go before what takes its place is taken. */
	for (size_t i = 0; i < model->rig->n_sent; i++)
		if (model->rig->sent[i].message.verb == RF_VERB_REVOKE)
			take_message(model, model->rig->sent[i].peer, &model->rig->sent[i].message);
	for (size_t i = 0; i < model->rig->n_sent; i++)
		if (model->rig->sent[i].message.verb != RF_VERB_REVOKE)
			take_message(model, model->rig->sent[i].peer, &model->rig->sent[i].message);
	rig_forget_sent(model->rig);
}

static void expect(struct model *model, const char *what, Referat__Wire__Outcome outcome)
{
	if (model->verb != RF_VERB_ACK || model->outcome != outcome)
		wrong(model, "%s: expected outcome %d, got verb %d outcome %d", what, outcome, model->verb,
		      model->outcome);
}

/* ---- the model's rules
 * ----------------------------------------------------------------------------------------------- */

static struct task *task_of(struct model *model, const struct hand *hand)
{
	return &model->documents[hand->document].tasks[hand->revision][hand->stage];
}

static void make_next(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	if (stage + 1 < RIG_STAGES)
		model->documents[document].tasks[revision][stage + 1] = (struct task){.state = RF_TASK_READY};
}

static void charge(struct model *model, struct hand *hand, bool crash)
{
	struct task *task = task_of(model, hand);
	if (hand->started && !hand->superseded) {
		unsigned *count = crash ? &task->crashes : &task->kills;
		if (++*count >= (crash ? 2 : 10))
			task->state = RF_TASK_DEAD;
	}
	let_go(model, hand);
}

static void supersede(struct model *model, unsigned document)
{
	struct document *doc = &model->documents[document];
	for (unsigned r = 1; r <= doc->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++)
			if (doc->tasks[r][s].state == RF_TASK_READY || doc->tasks[r][s].state == RF_TASK_DELAYED ||
			    doc->tasks[r][s].state == RF_TASK_HELD || doc->tasks[r][s].state == RF_TASK_DEAD)
				doc->tasks[r][s].state = RF_TASK_SUPERSEDED;
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].document == document)
			model->hands[i].superseded = true;
}

/* ---- steps
 * ----------------------------------------------------------------------------------------------------------- */

static void join(struct model *model, unsigned p, bool come_back)
{
	struct peer *peer = &model->peers[p];
	if (!come_back)
		peer->instance = ++model->last_instance;
	peer->number = ++model->last_peer;
	rf_autofree char *instance = rf_format("model-%u", peer->instance);
	struct rf_message hello = rig_hello_message("stage", rig_names[peer->stage], instance);
	for (unsigned i = 0; i < HANDS && come_back; i++)
		if (model->hands[i].used && model->hands[i].instance == peer->instance) {
			RF_WIRE_ADD(hello.header->hello->held, hello.header->hello->n_held,
				    rig_wire_token(model->hands[i].token));
			model->hands[i].peer = peer->number;
			model->hands[i].orphan = false;
		}
	rig_receive(model->rig, peer->number, &hello);
	rig_credit(model->rig, peer->number, CREDIT);
}

static void put(struct model *model, unsigned document, unsigned variant)
{
	struct document *doc = &model->documents[document];
	if (doc->revisions + 1 >= REVISIONS)
		return;
	rf_autofree char *key = rf_format("key-%u", document), *bytes = rf_format("bytes %u", variant);
	struct rf_message message = rf_message_make(RF_VERB_PUT);
	rf_message_add_item(&message)->source_key = rf_strdup(key);
	rig_add_part(&message, "source", bytes);
	rig_receive(model->rig, model->peers[0].number, &message);
	bool same = doc->revisions && doc->variant[doc->revisions] == variant;
	if (!same) {
		supersede(model, document);
		doc->variant[++doc->revisions] = variant;
		doc->tasks[doc->revisions][INGEST] = (struct task){.state = RF_TASK_READY};
	}
	/* The id is needed to know the work that comes with the answer. */
	if (!doc->id[0]) {
		rf_autofree char *text = rf_format("test\n%s", key);
		struct rf_digest digest = rf_digest_of(text, strlen(text));
		for (unsigned i = 0; i < 12; i++)
			doc->id[i] = "abcdefghijklmnopqrstuvwxyz234567"[digest.bytes[i] & 31];
	}
	round_trip(model);
	expect(model, "put", same ? REFERAT__WIRE__OUTCOME__DUPLICATE : REFERAT__WIRE__OUTCOME__ACCEPTED);
	if (model->answered_revision != doc->revisions)
		wrong(model, "put: revision %u, expected %u", model->answered_revision, doc->revisions);
}

static unsigned digest_of(const struct model *model, const struct hand *hand)
{
	return model->documents[hand->document].variant[hand->revision];
}

static void add_effect(struct model *model, const struct hand *hand, struct rf_message *message, bool looked_up)
{
	rf_autofree char *key = rf_format("publish/web:%s", model->documents[hand->document].id);
	rf_autofree char *digest = rf_format("digest-%u", digest_of(model, hand));
	Referat__Wire__Effect *effect = rig_add_effect(message, key, digest);
	effect->has_looked_up = effect->looked_up = looked_up;
}

static enum rf_verb expected_answer(const struct model *model, const struct hand *hand, bool looked_up)
{
	const struct document *doc = &model->documents[hand->document];
	if (doc->intended_open)
		return looked_up ? RF_VERB_GO : RF_VERB_LOOKUP;
	return doc->standing == digest_of(model, hand) ? RF_VERB_ALREADY : RF_VERB_GO;
}

static void start(struct model *model, struct hand *hand, bool looked_up)
{
	struct rf_message message = rig_answer(RF_VERB_START, hand->token);
	bool effect = hand->stage == PUBLISH;
	enum rf_verb answer = expected_answer(model, hand, looked_up);
	if (effect)
		add_effect(model, hand, &message, looked_up);
	rig_receive(model->rig, hand->peer, &message);
	struct hand before = *hand;
	if (hand->superseded)
		let_go(model, hand);
	round_trip(model);
	if (before.superseded) {
		expect(model, "start of a superseded task", REFERAT__WIRE__OUTCOME__STALE);
		return;
	}
	hand->started = true;
	if (!effect)
		return;
	if (model->verb != answer)
		wrong(model, "start of an effect: expected verb %d, got %d", answer, model->verb);
	struct document *doc = &model->documents[hand->document];
	hand->looking = answer == RF_VERB_LOOKUP;
	if (answer != RF_VERB_GO)
		return;
	if (!looked_up && doc->outside == digest_of(model, hand))
		wrong(model, "go, although it stands there already");
	hand->acting = true;
	doc->intended_open = true;
	doc->intended = digest_of(model, hand);
}

static void act(struct model *model, struct hand *hand)
{
	model->documents[hand->document].outside = digest_of(model, hand);
}

/* Returns whether the task is to be done once more: what was found is older than what is to stand there. */
static bool record_result(struct model *model, const struct hand *hand)
{
	struct document *doc = &model->documents[hand->document];
	unsigned found = doc->intended;
	doc->standing = found;
	doc->intended_open = false;
	return found != digest_of(model, hand);
}

static void done(struct model *model, struct hand *hand)
{
	struct document *doc = &model->documents[hand->document];
	if (hand->looking && doc->outside != doc->intended) {
		start(model, hand, true); /* the target has nothing */
		return;
	}
	struct rf_message message = rig_answer(RF_VERB_DONE, hand->token);
	bool effect = hand->acting || hand->looking, again = false;
	if (hand->acting)
		act(model, hand);
	if (effect)
		add_effect(model, hand, &message, false);
	if (effect && (!hand->superseded || doc->intended == digest_of(model, hand)))
		again = record_result(model, hand);
	rig_receive(model->rig, hand->peer, &message);
	struct hand before = *hand;
	let_go(model, hand);
	if (!before.superseded && !again) {
		task_of(model, &before)->state = RF_TASK_DONE;
		make_next(model, before.document, before.revision, before.stage);
	}
	round_trip(model);
	expect(model, "done", before.superseded ? REFERAT__WIRE__OUTCOME__STALE : REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void give_up(struct model *model, struct hand *hand, enum op op)
{
	static const enum rf_verb verbs[OPS] = {
	    [RETRY] = RF_VERB_RETRY, [YIELD] = RF_VERB_RETRY, [FAIL] = RF_VERB_FAIL, [HOLD] = RF_VERB_HOLD};
	struct rf_message message = rig_answer(verbs[op], hand->token);
	message.header->items[0]->has_yield = message.header->items[0]->yield = op == YIELD;
	if (hand->acting && op == RETRY) /* "it may have happened" */
		act(model, hand);
	rig_receive(model->rig, hand->peer, &message);
	struct hand before = *hand;
	let_go(model, hand);
	struct task *task = task_of(model, &before);
	if (!before.superseded && op == RETRY)
		task->state = ++task->failures > 3 ? RF_TASK_DEAD : RF_TASK_DELAYED;
	else if (!before.superseded && op != YIELD)
		task->state = op == FAIL ? RF_TASK_DEAD : RF_TASK_HELD;
	round_trip(model);
	expect(model, op_names[op],
	       before.superseded ? REFERAT__WIRE__OUTCOME__STALE : REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void die(struct model *model, unsigned p, bool crash)
{
	struct rf_message hello = rig_hello_message("supervisor", NULL, NULL);
	rig_receive(model->rig, SUPERVISOR + 1000000, &hello);
	struct rf_message message = rf_message_make(RF_VERB_OBITUARY);
	Referat__Wire__Obituary *obituary = rf_alloc(sizeof *obituary);
	referat__wire__obituary__init(obituary);
	obituary->instance = rf_format("model-%u", model->peers[p].instance);
	obituary->has_signal = true;
	obituary->signal = crash ? SIGSEGV : SIGKILL;
	message.header->obituary = obituary;
	rig_receive(model->rig, SUPERVISOR + 1000000, &message);
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].instance == model->peers[p].instance) {
			/* Death may come before the act or after it. */
			if (model->hands[i].acting && model->last_instance % 2)
				act(model, &model->hands[i]);
			charge(model, &model->hands[i], crash);
		}
	join(model, p, false);
	round_trip(model);
}

/* The connection, or the broker, is gone: what was not started goes back, unless its peer comes back at once. */
static void lose_hands(struct model *model, unsigned instance, bool come_back)
{
	for (unsigned i = 0; i < HANDS; i++) {
		struct hand *hand = &model->hands[i];
		if (!hand->used || hand->instance != instance)
			continue;
		hand->orphan = true;
		hand->lost_us = model->rig->clock.monotonic_us;
		if (!hand->started && !come_back)
			let_go(model, hand);
	}
}

static void lose(struct model *model, unsigned p, bool come_back)
{
	unsigned instance = model->peers[p].instance;
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && model->hands[i].acting && model->hands[i].instance == instance)
			come_back = true; /* else its whole max_runtime would have to pass */
	rf_core_lost(model->rig->core, model->peers[p].number);
	lose_hands(model, instance, come_back);
	join(model, p, come_back);
	round_trip(model);
}

static void restart(struct model *model, unsigned choice)
{
	rig_restart(model->rig);
	for (unsigned i = 0; i < HANDS; i++)
		model->hands[i].lost_us = model->rig->clock.monotonic_us;
	for (unsigned p = 0; p < PEERS; p++) {
		bool come_back = choice % (p + 2) != 0;
		lose_hands(model, model->peers[p].instance, come_back);
		join(model, p, come_back);
	}
	round_trip(model);
}

static void wake(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	struct document *doc = &model->documents[document];
	if (doc->tasks[revision][stage].state == RF_TASK_DELAYED &&
	    rig_task(model->rig, doc->id, revision, (int)stage).due_us <= model->rig->clock.wall_us)
		doc->tasks[revision][stage].state = RF_TASK_READY;
}

/* Delayed tasks come due; what nobody came back for is charged as killed. */
static void pass(struct model *model)
{
	struct rig *rig = model->rig;
	for (unsigned p = 0; p < PEERS; p++) {
		struct rf_message ping = rf_message_make(RF_VERB_PING);
		rig_receive(rig, model->peers[p].number, &ping);
	}
	struct rf_error error;
	int64_t next_us;
	rig->clock.wall_us += 4 * RF_SECOND;
	rig->clock.monotonic_us += 4 * RF_SECOND;
	assert_int_equal(rf_core_tick(rig->core, &next_us, &error), 0);
	for (unsigned i = 0; i < HANDS; i++) {
		struct hand *hand = &model->hands[i];
		if (hand->used && hand->orphan && rig->clock.monotonic_us - hand->lost_us > 5 * RF_SECOND)
			charge(model, hand, false);
	}
	for (unsigned d = 0; d < DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				wake(model, d, r, s);
	round_trip(model);
}

static void operate(struct model *model, unsigned document, bool release)
{
	struct document *doc = &model->documents[document];
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", doc->id);
	struct rf_message hello = rig_hello_message("control", NULL, NULL);
	rig_receive(model->rig, OPERATOR + 1000000, &hello);
	struct rf_message message = rf_message_make(RF_VERB_CONTROL);
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(release ? "release" : "retry");
	control->json = rf_strdup(which);
	message.header->control = control;
	rig_receive(model->rig, OPERATOR + 1000000, &message);
	struct task *tasks = doc->tasks[doc->revisions];
	for (unsigned s = 0; s < RIG_STAGES; s++) {
		if (release && tasks[s].state == RF_TASK_HELD) {
			tasks[s].state = RF_TASK_DONE;
			if (s == PUBLISH)
				doc->released = doc->revisions;
			make_next(model, document, doc->revisions, s);
		} else if (!release && (tasks[s].state == RF_TASK_HELD || tasks[s].state == RF_TASK_DEAD)) {
			tasks[s] = (struct task){.state = RF_TASK_READY};
		}
	}
	round_trip(model);
}

static void answer_late(struct model *model, const struct hand *ended)
{
	struct rf_message message = rig_answer(RF_VERB_DONE, ended->token);
	rig_receive(model->rig, model->peers[ended->stage].number, &message);
	round_trip(model);
	expect(model, "a late answer", REFERAT__WIRE__OUTCOME__STALE);
}

static struct hand *choose_hand(struct model *model, unsigned choice)
{
	struct hand *free_hands[HANDS];
	unsigned n = 0;
	for (unsigned i = 0; i < HANDS; i++)
		if (model->hands[i].used && !model->hands[i].orphan)
			free_hands[n++] = &model->hands[i];
	return n ? free_hands[choice % n] : NULL;
}

static void take_hand_step(struct model *model, enum op op, struct hand *hand)
{
	if (!hand->started && (op == START || hand->stage == PUBLISH))
		start(model, hand, false);
	else if (op == DONE)
		done(model, hand);
	else if (op != START)
		give_up(model, hand, op);
}

static void take_step(struct model *model, const struct step *step)
{
	unsigned document = step->choice % DOCUMENTS;
	struct hand *hand = choose_hand(model, step->choice);
	switch (step->op) {
	case PUT:
		put(model, document, 1 + step->variant % 3);
		break;
	case CRASH:
	case KILL:
		die(model, step->choice % PEERS, step->op == CRASH);
		break;
	case LOSE:
		lose(model, step->choice % PEERS, step->variant % 3 != 0);
		break;
	case RESTART:
		restart(model, step->choice);
		break;
	case PASS:
		pass(model);
		break;
	case RELEASE:
	case SEND_ON:
		if (model->documents[document].revisions)
			operate(model, document, step->op == RELEASE);
		break;
	case LATE:
		if (model->n_ended >= ENDED)
			answer_late(model, &model->ended[step->choice % ENDED]);
		break;
	default:
		if (hand)
			take_hand_step(model, step->op, hand);
	}
}

/* ---- what must hold after each step
 * ---------------------------------------------------------------------------------- */

struct sums {
	uint64_t n[RIG_STAGES][RF_TASK_STATES];
};

static int add_sum(void *context, const struct rf_count *count)
{
	struct sums *sums = context;
	for (unsigned s = 0; s < RIG_STAGES; s++)
		if (strcmp(rig_names[s], count->stage) == 0)
			sums->n[s][count->state] = count->n;
	return 0;
}

static void compare_task(struct model *model, unsigned d, unsigned r, unsigned s, struct sums *expected)
{
	const struct task *task = &model->documents[d].tasks[r][s];
	struct rig_task seen = rig_task(model->rig, model->documents[d].id, r, (int)s);
	if (seen.state != task->state)
		wrong(model, "%s of %u/%u is in state %d, expected %d", rig_names[s], d, r, seen.state, task->state);
	else if (seen.crashes != task->crashes || seen.kills != task->kills || seen.failures != task->failures)
		wrong(model, "%s of %u/%u: crashes %u/%u, kills %u/%u, failures %u/%u", rig_names[s], d, r,
		      seen.crashes, task->crashes, seen.kills, task->kills, seen.failures, task->failures);
	if (task->state)
		expected->n[s][task->state]++;
}

static void compare(struct model *model)
{
	struct sums expected = {0}, counted = {0};
	for (unsigned d = 0; d < DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				compare_task(model, d, r, s, &expected);
	assert_int_equal(rf_store_each_count(model->rig->store, add_sum, &counted, NULL), 0);
	if (memcmp(&expected, &counted, sizeof expected) != 0)
		wrong(model, "the counts are not exact");
}

static bool is_open(const struct model *model)
{
	for (unsigned d = 0; d < DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++) {
				enum rf_task_state state = model->documents[d].tasks[r][s].state;
				if (state == RF_TASK_READY || state == RF_TASK_DELAYED)
					return true;
			}
	return false;
}

/* Everything that can be finished is, and what is published is the newest. */
static void finish(struct model *model)
{
	for (unsigned i = 0; i < 1000 && is_open(model) && !model->problem[0]; i++) {
		struct hand *hand = choose_hand(model, 0);
		if (hand)
			take_hand_step(model, DONE, hand);
		else
			pass(model);
		compare(model);
	}
	if (is_open(model))
		wrong(model, "something is never finished");
	for (unsigned d = 0; d < DOCUMENTS; d++) {
		const struct document *doc = &model->documents[d];
		if (doc->revisions && doc->tasks[doc->revisions][PUBLISH].state == RF_TASK_DONE &&
		    doc->released != doc->revisions && doc->outside != doc->variant[doc->revisions])
			wrong(model, "document %u: revision %u is done, but something else stands outside", d,
			      doc->revisions);
	}
}

/* ---- runs
 * ------------------------------------------------------------------------------------------------------------ */

/* Returns whether all was right; else problem says what was not. */
static bool run(const struct step *steps, size_t n, char problem[256])
{
	void *state;
	rig_setup(&state);
	struct model *model = rf_alloc(sizeof *model);
	model->rig = state;
	model->last_peer = 1000;
	for (unsigned p = 0; p < PEERS; p++) {
		model->peers[p].stage = p < RIG_STAGES ? p : PUBLISH;
		join(model, p, false);
	}
	round_trip(model);
	for (size_t i = 0; i < n && !model->problem[0]; i++) {
		take_step(model, &steps[i]);
		compare(model);
	}
	if (!model->problem[0])
		finish(model);
	bool right = !model->problem[0];
	memcpy(problem, model->problem, sizeof model->problem);
	free(model);
	rig_teardown(&state);
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

static enum op random_op(void)
{
	unsigned total = 0;
	for (unsigned i = 0; i < OPS; i++)
		total += op_weights[i];
	unsigned choice = random_below(total);
	enum op op = PUT;
	while (choice >= op_weights[op])
		choice -= op_weights[op++];
	return op;
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
			steps[j] = (struct step){random_op(), random_below(1000), random_below(1000)};
		char problem[256];
		if (run(steps, STEPS, problem))
			continue;
		size_t n = shrink(steps, STEPS, problem);
		for (size_t j = 0; j < n; j++)
			print_message("  %-8s %3u %3u\n", op_names[steps[j].op], steps[j].choice, steps[j].variant);
		fail_msg("run %u: %s", i, problem);
	}
}

int main(void)
{
	rf_log_open("test_core_model", RF_LOG_ERROR);
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_core_does_what_the_model_says)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
