/* Redis Streams: a stream and a consumer group for each stage; a move is one MULTI. SERVER is a socket's path. */
#include "bench/client.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static redisContext *redis;
static char from[8], to[8];

static redisReply *get_reply(void)
{
	void *reply = NULL;
	if (redisGetReply(redis, &reply) != REDIS_OK)
		bench_fail("redis", redis->errstr);
	redisReply *got = reply;
	if (got->type == REDIS_REPLY_ERROR && !strstr(got->str, "BUSYGROUP"))
		bench_fail("redis", got->str);
	return got;
}

static void skip_replies(size_t n)
{
	while (n-- > 0)
		freeReplyObject(get_reply());
}

static void open_redis(const char *server, unsigned stage)
{
	redis = redisConnectUnix(server);
	if (!redis || redis->err)
		bench_fail(server, redis ? redis->errstr : NULL);
	snprintf(from, sizeof from, "s%u", stage);
	snprintf(to, sizeof to, "s%u", stage + 1);
	if (stage == 0)
		return;
	redisAppendCommand(redis, "XGROUP CREATE %s g 0 MKSTREAM", from);
	skip_replies(1);
}

static void put_documents(const struct bench_document *documents, size_t n)
{
	for (size_t i = 0; i < n; i++)
		redisAppendCommand(redis, "XADD s1 * d %b", documents[i].data, documents[i].size);
	skip_replies(n);
}

static size_t move(void)
{
	redisAppendCommand(redis, "XREADGROUP GROUP g c COUNT %d BLOCK 1000 STREAMS %s >", BENCH_BATCH, from);
	redisReply *reply = get_reply();
	if (reply->type != REDIS_REPLY_ARRAY) {
		freeReplyObject(reply);
		return 0;
	}
	const redisReply *entries = reply->element[0]->element[1];
	size_t n = entries->elements, commands = 2;
	redisAppendCommand(redis, "MULTI");
	for (size_t i = 0; i < n; i++) {
		const char *id = entries->element[i]->element[0]->str;
		const redisReply *value = entries->element[i]->element[1]->element[1];
		if (to[1] - '0' <= BENCH_STAGES) {
			redisAppendCommand(redis, "XADD %s * d %b", to, value->str, value->len);
			commands++;
		}
		redisAppendCommand(redis, "XACK %s g %s", from, id);
		redisAppendCommand(redis, "XDEL %s %s", from, id);
		commands += 2;
	}
	redisAppendCommand(redis, "EXEC");
	skip_replies(commands);
	freeReplyObject(reply);
	return n;
}

int main(int argc, char **argv)
{
	static const struct bench_client client = {open_redis, put_documents, move};
	return bench_main(&client, argc, argv);
}
