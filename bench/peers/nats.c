/* NATS JetStream: one stream in files, a subject and a durable consumer for each stage; what a stage took is
 * acknowledged when what it published is. SERVER is an address. */
#include "bench/client.h"

#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static natsConnection *connection;
static jsCtx *stream;
static natsSubscription *taking;
static char from[8], to[8];
static unsigned stage;

static void check(natsStatus status, const char *what)
{
	if (status != NATS_OK)
		bench_fail(what, natsStatus_GetText(status));
}

static void open_nats(const char *server, unsigned number)
{
	jsErrCode code = 0;
	stage = number;
	snprintf(from, sizeof from, "s.%u", stage);
	snprintf(to, sizeof to, "s.%u", stage + 1);
	check(natsConnection_ConnectTo(&connection, server), server);
	check(natsConnection_JetStream(&stream, connection, NULL), "jetstream");
	jsStreamConfig config;
	jsStreamConfig_Init(&config);
	const char *subjects[] = {"s.*"};
	config.Name = "S";
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Retention = js_WorkQueuePolicy;
	config.Storage = js_FileStorage;
	if (stage == 0)
		return;
	natsStatus status = js_AddStream(NULL, stream, &config, NULL, &code);
	if (status != NATS_OK && code != JSStreamNameExistErr)
		check(status, "stream");
	jsSubOptions options;
	jsSubOptions_Init(&options);
	options.Stream = "S";
	options.ManualAck = true;
	options.Config.AckPolicy = js_AckExplicit;
	options.Config.MaxAckPending = BENCH_BATCH * 2;
	check(js_SubscribeSync(&taking, stream, from, NULL, &options, NULL), "subscribe");
}

static void publish(const char *subject, const void *data, size_t size)
{
	check(js_PublishAsync(stream, subject, data, (int)size, NULL), "publish");
}

static void put_documents(const struct bench_document *documents, size_t n)
{
	for (size_t i = 0; i < n; i++)
		publish("s.1", documents[i].data, documents[i].size);
	check(js_PublishAsyncComplete(stream, NULL), "publish");
}

static size_t move(void)
{
	natsMsg *taken[BENCH_BATCH];
	size_t n = 0;
	while (n < BENCH_BATCH) {
		natsStatus status = natsSubscription_NextMsg(&taken[n], taking, n > 0 ? 0 : 1000);
		if (status == NATS_TIMEOUT)
			break;
		check(status, "take");
		if (stage < BENCH_STAGES)
			publish(to, natsMsg_GetData(taken[n]), (size_t)natsMsg_GetDataLength(taken[n]));
		n++;
	}
	if (n > 0 && stage < BENCH_STAGES)
		check(js_PublishAsyncComplete(stream, NULL), "publish");
	for (size_t i = 0; i < n; i++) {
		check(natsMsg_Ack(taken[i], NULL), "acknowledge");
		natsMsg_Destroy(taken[i]);
	}
	return n;
}

int main(int argc, char **argv)
{
	static const struct bench_client client = {open_nats, put_documents, move};
	return bench_main(&client, argc, argv);
}
