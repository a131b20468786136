/* Flat values: what targets and channels ask for by name, made from the card, the publisher and what the stage gave. */
#include "plugin/call.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The values that are made here from parts. */
static const char *const made_values[] = {
    "title",
    "board",
    "board_id",
    "day",
    "path",
    "short_text",
    "received",
    "updated",
    "change_note",
    "change_number",
    "outcomes",
    "kind",
    "url",
    "publisher.name",
    "publisher.short_name",
    "publisher.home",
    "publisher.contact",
    "publisher.language",
    "publisher.time_zone",
    "publisher.documents",
    "publisher.subscribe",
    "publisher.all_decisions",
    "publisher.accessibility",
    "publisher.privacy",
};

static const Referat__Card *card_of(struct rf_call *call)
{
	if (!call->card_read) {
		call->card_read = true;
		const struct rf_input *input = rf_call_input(call, "card");
		ProtobufCMessage *message = NULL;
		if (input &&
		    !rf_unpack(&referat__card__descriptor, input->bytes.data, input->bytes.size, &message, NULL))
			call->card = (Referat__Card *)message;
	}
	return call->card;
}

/* "BOARD_NOTICE" is "board_notice": as it is written in definitions and language files. */
static const char *enum_word(struct rf_call *call, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *entry = value ? protobuf_c_enum_descriptor_get_value(type, value) : NULL;
	char *word = rf_arena_text(&call->arena, entry ? entry->name : "");
	for (char *c = word; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return word;
}

static const char *outcome_words(struct rf_call *call, const Referat__Card *card)
{
	rf_autobuffer struct rf_buffer words = RF_BUFFER_INIT;
	for (size_t i = 0; i < card->n_outcomes; i++) {
		const char *word = enum_word(call, &referat__outcome__descriptor, (int)card->outcomes[i]);
		if (!word[0])
			continue;
		if (words.size)
			rf_buffer_add_char(&words, ' ');
		rf_buffer_add_text(&words, word);
	}
	return rf_arena_copy(&call->arena, words.data, words.size);
}

/* NULL: the card has no value of that name. */
static const char *card_value(struct rf_call *call, const Referat__Card *card, const char *name)
{
	const struct {
		const char *name;
		const char *value;
	} texts[] = {
	    {"title", card->title},
	    {"board", card->board_name},
	    {"board_id", card->board_id},
	    {"day", card->day},
	    {"path", card->path},
	    {"short_text", card->short_text},
	    {"received", card->received},
	    {"updated", card->updated},
	    {"change_note", card->change ? card->change->note : NULL},
	};
	for (size_t i = 0; i < RF_COUNT(texts); i++)
		if (!strcmp(texts[i].name, name))
			return texts[i].value;
	if (!strcmp(name, "outcomes"))
		return outcome_words(call, card);
	if (!strcmp(name, "kind") && card->has_kind)
		return enum_word(call, &referat__kind__descriptor, (int)card->kind);
	if (!strcmp(name, "change_number") && card->change && card->change->has_number)
		return rf_arena_format(&call->arena, "%u", (unsigned)card->change->number);
	return NULL;
}

static const char *publisher_value(const Referat__Publisher *publisher, const char *name)
{
	const struct {
		const char *name;
		const char *value;
	} texts[] = {
	    {"name", publisher->name},
	    {"short_name", publisher->short_name},
	    {"home", publisher->home},
	    {"contact", publisher->contact},
	    {"language", publisher->language},
	    {"time_zone", publisher->time_zone},
	    {"documents", publisher->documents},
	    {"subscribe", publisher->subscribe},
	    {"all_decisions", publisher->all_decisions},
	    {"accessibility", publisher->accessibility},
	    {"privacy", publisher->privacy},
	};
	for (size_t i = 0; i < RF_COUNT(texts); i++)
		if (!strcmp(texts[i].name, name))
			return texts[i].value;
	return NULL;
}

/* Where the document was published, when the stage gave the part and not the value. */
static const char *published_url(struct rf_call *call)
{
	for (size_t i = 0; i < call->n_inputs; i++) {
		const struct rf_input *input = &call->inputs[i];
		ProtobufCMessage *message = NULL;
		if (!rf_text_starts(input->name, "publication/") ||
		    rf_unpack(&referat__publication__descriptor, input->bytes.data, input->bytes.size, &message, NULL))
			continue;
		const char *url = ((Referat__Publication *)message)->url;
		url = url ? rf_arena_text(&call->arena, url) : NULL;
		rf_unpack_free(message);
		if (url)
			return url;
	}
	return NULL;
}

const char *rf_call_value(struct rf_call *call, const char *name)
{
	const char *value = NULL;
	if (rf_text_starts(name, "publisher.")) {
		const Referat__Publisher *publisher = call->plugin->publisher;
		value = publisher ? publisher_value(publisher, name + strlen("publisher.")) : NULL;
		return value ? value : "";
	}
	const Referat__Card *card = card_of(call);
	if (card)
		value = card_value(call, card, name);
	const struct rf_named *given = value ? NULL : rf_names_find(&call->values, name);
	if (given)
		value = given->value;
	if (!value && !strcmp(name, "url"))
		value = published_url(call);
	return value ? value : "";
}

void rf_call_each_value(struct rf_call *call, void (*each)(void *context, const char *name, const char *value),
			void *context)
{
	for (size_t i = 0; i < call->values.n; i++)
		each(context, call->values.list[i].name, rf_call_value(call, call->values.list[i].name));
	for (size_t i = 0; i < RF_COUNT(made_values); i++) {
		const char *value =
		    rf_names_find(&call->values, made_values[i]) ? "" : rf_call_value(call, made_values[i]);
		if (value[0])
			each(context, made_values[i], value);
	}
}

/* ---- renditions -------------------------------------------------------------------------------------------------- */

/* "text/html; charset=utf-8" is text/html. */
static bool same_type(const char *a, const char *b)
{
	size_t size = strcspn(a, "; ");
	return size == strcspn(b, "; ") && !strncasecmp(a, b, size);
}

/* What is written for mails has the same types as a page: it is found when there is nothing else. */
struct referat_bytes rf_call_rendition(struct rf_call *call, const char *type)
{
	const char *found = NULL;
	for (size_t i = 0; i < call->n_inputs; i++) {
		const struct rf_input *input = &call->inputs[i];
		if (!rf_text_starts(input->name, "rendition/") || !same_type(input->type, type))
			continue;
		if (!found || rf_text_starts(found, "rendition/mail-"))
			found = input->name;
	}
	return found ? rf_call_input_bytes(call, found) : (struct referat_bytes){0};
}
