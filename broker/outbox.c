/* What is sent after the commit: messages in order per peer, items bundled. */
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

Referat__Wire__Header *rf_outbox_header(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb)
{
	struct rf_outbox *outbox = &core->outbox;
	if (outbox->n == outbox->capacity) {
		outbox->capacity = outbox->capacity ? outbox->capacity * 2 : 16;
		outbox->messages = rf_realloc_array(outbox->messages, outbox->capacity, sizeof *outbox->messages);
	}
	Referat__Wire__Header *header = rf_alloc(sizeof *header);
	referat__wire__header__init(header);
	outbox->messages[outbox->n].peer = peer->number;
	outbox->messages[outbox->n].message = (struct rf_message){.verb = verb, .header = header};
	outbox->messages[outbox->n].bytes = 0;
	peer->last_message = ++outbox->n;
	return header;
}

/* The peer's last message, when it has the same verb and room (bundles); else a new one. */
static Referat__Wire__Header *bundle(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb)
{
	if (peer->last_message) {
		size_t last = peer->last_message - 1;
		const struct rf_message *message = &core->outbox.messages[last].message;
		if (message->verb == verb && message->header->n_items < RF_WIRE_MOST_ITEMS &&
		    core->outbox.messages[last].bytes < RF_WIRE_BUNDLE)
			return message->header;
	}
	return rf_outbox_header(core, peer, verb);
}

Referat__Wire__Item *rf_outbox_item(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb)
{
	Referat__Wire__Header *header = bundle(core, peer, verb);
	Referat__Wire__Item *item = rf_alloc(sizeof *item);
	referat__wire__item__init(item);
	RF_WIRE_ADD(header->items, header->n_items, item);
	return item;
}

void rf_outbox_append(struct rf_core *core, struct rf_core_peer *peer, struct rf_message *message)
{
	Referat__Wire__Header *header = bundle(core, peer, message->verb), *from = message->header;
	for (size_t i = 0; i < from->n_items; i++)
		RF_WIRE_ADD(header->items, header->n_items, from->items[i]);
	from->n_items = 0;
	for (size_t i = 0; i < message->n_frames; i++)
		rf_outbox_frame(core, peer, message->frames[i]);
	message->n_frames = 0;
	rf_message_deinit(message);
}

void rf_outbox_frame(struct rf_core *core, struct rf_core_peer *peer, struct rf_frame frame)
{
	struct rf_message *message = &core->outbox.messages[peer->last_message - 1].message;
	rf_message_add_frame(message, frame);
	core->outbox.messages[peer->last_message - 1].bytes += frame.size;
}

Referat__Wire__Token *rf_token_wire(struct rf_token token)
{
	Referat__Wire__Token *wire = rf_alloc(sizeof *wire);
	referat__wire__token__init(wire);
	wire->has_task = wire->has_lease = wire->has_epoch = true;
	wire->task = token.task;
	wire->lease = token.lease;
	wire->epoch = token.epoch;
	return wire;
}

Referat__Wire__Item *rf_outbox_ack(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
				   Referat__Wire__Outcome outcome, const char *code, const char *text)
{
	Referat__Wire__Item *ack = rf_outbox_item(core, peer, RF_VERB_ACK);
	if (item->token)
		ack->token =
		    rf_token_wire((struct rf_token){item->token->task, item->token->lease, item->token->epoch});
	ack->has_ref = item->has_ref;
	ack->ref = item->ref;
	ack->has_outcome = true;
	ack->outcome = outcome;
	if (code) {
		ack->reason = rf_alloc(sizeof *ack->reason);
		referat__wire__reason__init(ack->reason);
		ack->reason->code = rf_strdup(code);
		ack->reason->text = rf_strdup(text);
	}
	return ack;
}

void rf_outbox_deinit(struct rf_outbox *outbox)
{
	for (size_t i = 0; i < outbox->n; i++)
		rf_message_deinit(&outbox->messages[i].message);
	free(outbox->messages);
}
