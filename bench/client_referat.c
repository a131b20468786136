/* Puts documents to a running broker, as `referat submit` does, many at a time. SERVER is the pipeline's state folder;
 * the stages are its own processes (bench/empty_stage.c). */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "bench/client.h"
#include "wire/link.h"

#include <string.h>

enum { PATIENCE_US = 60 * RF_SECOND };

static struct rf_link *connection;

static void await_message(enum rf_verb verb, struct rf_message *message)
{
	struct rf_error error = {""};
	for (;;) {
		int status = rf_link_wait(connection, PATIENCE_US, &error);
		if (status == 0)
			status = rf_link_receive(connection, message, &error);
		if (status != 0)
			bench_fail("the broker", status < 0 ? error.text : "no answer");
		if (message->verb == verb)
			return;
		if (message->verb == RF_VERB_ERROR)
			bench_fail("the broker", message->header->error->text);
		rf_message_deinit(message);
	}
}

static void open_referat(const char *server, unsigned stage)
{
	(void)stage;
	struct rf_error error = {""};
	rf_autofree char *endpoint = NULL;
	if (rf_link_endpoint(server, &endpoint, &error) < 0 || rf_link_open(endpoint, &connection, &error) < 0)
		bench_fail(server, error.text);
	struct rf_message hello = rf_message_make(RF_VERB_HELLO);
	hello.header->hello = rf_alloc(sizeof *hello.header->hello);
	referat__wire__hello__init(hello.header->hello);
	hello.header->hello->has_version_min = hello.header->hello->has_version_max = true;
	hello.header->hello->version_min = hello.header->hello->version_max = RF_WIRE_VERSION;
	hello.header->hello->role = rf_strdup("control");
	hello.header->hello->instance = rf_strdup("bench");
	struct rf_message welcome;
	if (rf_link_send(connection, &hello, &error) != 0)
		bench_fail("HELLO", error.text);
	await_message(RF_VERB_WELCOME, &welcome);
	rf_message_deinit(&welcome);
}

static void add_document(struct rf_message *put, const struct bench_document *document)
{
	Referat__Wire__Item *item = rf_message_add_item(put);
	item->has_ref = true;
	item->ref = document->number;
	item->source_key = rf_format("submit:%lu.txt", document->number);
	Referat__Wire__Attribute *name = rf_alloc(sizeof *name);
	referat__wire__attribute__init(name);
	name->name = rf_strdup("name");
	name->value = rf_format("%lu.txt", document->number);
	RF_WIRE_ADD(item->attributes, item->n_attributes, name);
	rf_message_add_part(put, "source", "text/plain", rf_frame_copy(document->data, document->size));
}

static void await_acknowledgements(size_t n)
{
	while (n > 0) {
		struct rf_message ack;
		await_message(RF_VERB_ACK, &ack);
		for (size_t i = 0; i < ack.header->n_items; i++, n--)
			if (ack.header->items[i]->outcome != REFERAT__WIRE__OUTCOME__ACCEPTED)
				bench_fail("PUT", "a document was not accepted");
		rf_message_deinit(&ack);
	}
}

static void put_documents(const struct bench_document *documents, size_t n)
{
	struct rf_error error = {""};
	for (size_t i = 0; i < n;) {
		struct rf_message put = rf_message_make(RF_VERB_PUT);
		for (size_t bundle = 0; bundle < RF_WIRE_MOST_ITEMS && i < n; bundle++)
			add_document(&put, &documents[i++]);
		if (rf_link_send(connection, &put, &error) != 0)
			bench_fail("PUT", error.text);
	}
	await_acknowledgements(n);
}

int main(int argc, char **argv)
{
	static const struct bench_client client = {.open = open_referat, .put = put_documents};
	return bench_main(&client, argc, argv);
}
