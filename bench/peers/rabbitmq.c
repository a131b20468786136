/* RabbitMQ: a quorum queue for each stage; what a stage took is acknowledged when what it published is confirmed. One
 * connection takes, another gives. SERVER is a port. */
#include "bench/client.h"

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static amqp_connection_state_t taking, giving;
static char from[8], to[8];
static unsigned stage;
static uint64_t published, settled; /* delivery tags: the last one, the last of a batch that was confirmed */

static void check(amqp_rpc_reply_t reply, const char *what)
{
	if (reply.reply_type != AMQP_RESPONSE_NORMAL)
		bench_fail("rabbitmq", what);
}

static amqp_connection_state_t connect_to(int port)
{
	amqp_connection_state_t connection = amqp_new_connection();
	amqp_socket_t *socket = amqp_tcp_socket_new(connection);
	if (!socket || amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK)
		bench_fail("rabbitmq", "no connection");
	check(amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "login");
	amqp_channel_open(connection, 1);
	check(amqp_get_rpc_reply(connection), "channel");
	return connection;
}

static void declare(const char *queue)
{
	amqp_table_entry_t entry = {
	    .key = amqp_cstring_bytes("x-queue-type"),
	    .value = {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = amqp_cstring_bytes("quorum")}};
	amqp_table_t arguments = {.num_entries = 1, .entries = &entry};
	amqp_queue_declare(giving, 1, amqp_cstring_bytes(queue), 0, 1, 0, 0, arguments);
	check(amqp_get_rpc_reply(giving), "queue");
}

static void open_rabbitmq(const char *server, unsigned number)
{
	int port = atoi(server);
	stage = number;
	snprintf(from, sizeof from, "s%u", stage);
	snprintf(to, sizeof to, "s%u", stage + 1);
	giving = connect_to(port);
	amqp_confirm_select(giving, 1);
	check(amqp_get_rpc_reply(giving), "confirm");
	if (stage == 0)
		return;
	declare(from);
	taking = connect_to(port);
	amqp_basic_qos(taking, 1, 0, BENCH_BATCH * 2, 0);
	amqp_basic_consume(taking, 1, amqp_cstring_bytes(from), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
	check(amqp_get_rpc_reply(taking), "consume");
}

static void publish(const char *queue, const void *data, size_t size)
{
	amqp_basic_properties_t durable = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
	amqp_bytes_t body = {.len = size, .bytes = (void *)data};
	if (amqp_basic_publish(giving, 1, amqp_empty_bytes, amqp_cstring_bytes(queue), 0, 0, &durable, body) != 0)
		bench_fail("rabbitmq", "publish");
	published++;
}

/* An acknowledgement is of one message, in any order, or of all up to it. */
static void await_confirms(void)
{
	bool confirmed[BENCH_BATCH] = {false};
	for (size_t missing = (size_t)(published - settled); missing > 0;) {
		amqp_frame_t frame;
		if (amqp_simple_wait_frame(giving, &frame) != AMQP_STATUS_OK)
			bench_fail("rabbitmq", "confirms");
		if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
			continue;
		const amqp_basic_ack_t *ack = frame.payload.method.decoded;
		uint64_t first = ack->multiple ? settled + 1 : ack->delivery_tag;
		for (uint64_t tag = first; tag <= ack->delivery_tag; tag++) {
			missing -= !confirmed[tag - settled - 1];
			confirmed[tag - settled - 1] = true;
		}
		amqp_maybe_release_buffers(giving);
	}
	settled = published;
}

static void put_documents(const struct bench_document *documents, size_t n)
{
	for (size_t i = 0; i < n; i++)
		publish("s1", documents[i].data, documents[i].size);
	await_confirms();
}

static size_t move(void)
{
	size_t n = 0;
	uint64_t last = 0;
	struct timeval wait = {1, 0};
	while (n < BENCH_BATCH) {
		amqp_envelope_t envelope;
		amqp_rpc_reply_t reply = amqp_consume_message(taking, &envelope, &wait, 0);
		if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT)
			break;
		check(reply, "consume");
		if (stage < BENCH_STAGES)
			publish(to, envelope.message.body.bytes, envelope.message.body.len);
		last = envelope.delivery_tag;
		amqp_destroy_envelope(&envelope);
		wait = (struct timeval){0, 0};
		n++;
	}
	await_confirms();
	if (n > 0)
		amqp_basic_ack(taking, 1, last, 1);
	amqp_maybe_release_buffers(taking);
	return n;
}

int main(int argc, char **argv)
{
	static const struct bench_client client = {open_rabbitmq, put_documents, move};
	return bench_main(&client, argc, argv);
}
