#include "tests/support/passage.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[PASSAGE_STAGES] = {"ingest", "validate", "summarise", "render", "publish/web", "notify"};

/* The rig's pipeline with a stage more. */
void passage_start(struct passage *passage)
{
	static const enum rf_stage_kind kinds[PASSAGE_STAGES] = {RF_STAGE_INGEST, RF_STAGE_VALIDATE, RF_STAGE_SUMMARISE,
								 RF_STAGE_RENDER, RF_STAGE_PUBLISH,  RF_STAGE_NOTIFY};
	for (size_t i = 0; i < PASSAGE_STAGES; i++) {
		passage->stages[i] = passage->rig->stages[0];
		passage->stages[i].name = (char *)names[i];
		passage->stages[i].kind = kinds[i];
		passage->stages[i].from = &passage->from[i];
		passage->stages[i].n_from = i > 0;
		passage->from[i] = i ? i - 1 : 0;
	}
	passage->rig->pipeline.stages = passage->stages;
	passage->rig->pipeline.n_stages = PASSAGE_STAGES;
	rig_start_core(passage->rig);
	for (rf_peer peer = 0; peer < PASSAGE_STAGES; peer++) {
		rf_autofree char *instance = rf_format("instance-%d", (int)peer);
		struct rf_message hello = rig_hello_message("stage", names[peer], instance);
		rig_receive(passage->rig, peer, &hello);
		rig_credit(passage->rig, peer, 2 * passage->at_a_time);
	}
	rig_flush(passage->rig);
}

static void put_one(const struct passage *passage, unsigned number)
{
	char key[32], *text = rf_alloc(passage->size + 1);
	snprintf(key, sizeof key, "folder:%05u.txt", number);
	for (size_t i = 0; i < passage->size; i++)
		text[i] = (char)('a' + (i * 31 + number) % 26);
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(&put);
	item->source_key = rf_strdup(key);
	rig_add_part(&put, "source", text);
	rig_add_attribute(&put, "name", key + 7);
	rig_receive(passage->rig, 0, &put);
	free(text);
}

/* What a stage was handed it takes in hand and does at once: the round carries all of it out. */
static unsigned work_off(struct rig *rig, rf_peer peer)
{
	unsigned n = 0;
	for (size_t i = 0; i < rig->n_sent; i++) {
		struct rf_message *work = &rig->sent[i].message;
		if (rig->sent[i].taken || rig->sent[i].peer != peer || work->verb != RF_VERB_WORK)
			continue;
		rig->sent[i].taken = true;
		for (size_t j = 0; j < work->header->n_items; j++, n++) {
			struct rig_token token = rig_token_of(work->header->items[j]);
			struct rf_message start = rig_answer(RF_VERB_START, token);
			struct rf_message done = rig_answer(RF_VERB_DONE, token);
			rig_receive(rig, peer, &start);
			rig_receive(rig, peer, &done);
		}
	}
	if (n > 0)
		rig_credit(rig, peer, n);
	return n;
}

/* A round: the source puts a bundle, each stage answers for what it has. */
static unsigned do_round(struct passage *passage)
{
	struct rig *rig = passage->rig;
	unsigned done = 0;
	for (rf_peer peer = 0; peer < PASSAGE_STAGES; peer++)
		done += work_off(rig, peer);
	for (unsigned i = 0; i < passage->at_a_time && passage->put < passage->documents; i++)
		put_one(passage, passage->put++);
	rig_forget_sent(rig);
	rig_flush(rig);
	return done;
}

unsigned passage_run(struct passage *passage, unsigned documents)
{
	unsigned rounds = 0;
	passage->documents = passage->put + documents;
	for (unsigned done = 0; done < documents * PASSAGE_STAGES; rounds++)
		done += do_round(passage);
	return rounds;
}
