/* channel.webhook: tells a program of a document that has been published, by a signed request.
 *
 * The body is the card as JSON. It is signed with HMAC-SHA256 over the moment, a full stop and the body, so a receiver
 * knows that nobody else wrote it and that it is not an old one again. The effect's key tells a request that is sent
 * again from a new one. */
#include <referat/remote.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static struct json_object *words_of(const char *text)
{
	struct json_object *list = json_object_new_array();
	for (const char *word = text + strspn(text, " "); *word; word += strspn(word, " ")) {
		size_t size = strcspn(word, " ");
		json_object_array_add(list, json_object_new_string_len(word, (int)size));
		word += size;
	}
	return list;
}

static const char *body_of(struct referat_call *call)
{
	static const char *const texts[] = {"key", "id",   "title", "board",      "board_id",
					    "day", "kind", "url",   "short_text", "change_note"};
	struct json_object *body = json_object_new_object();
	json_object_object_add(body, "event", json_object_new_string("published"));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		json_object_object_add(body, texts[i], json_object_new_string(referat_get(call, texts[i])));
	json_object_object_add(body, "revision",
			       json_object_new_int64(strtoll(referat_get(call, "revision"), NULL, 10)));
	json_object_object_add(body, "outcomes", words_of(referat_get(call, "outcomes")));
	json_object_object_add(body, "publisher", json_object_new_string(referat_get(call, "publisher.name")));
	const char *text =
	    json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	const char *copy = referat_copy(call, text, strlen(text));
	json_object_put(body);
	return copy;
}

/* Signed with the moment. A receiver that refuses the signature answers 401 or 403. */
static enum referat_result send_body(struct referat_call *call, const char *url, const char *key, const char *body)
{
	long long moment = (long long)(referat_now(call) / 1000000);
	const char *signature =
	    referat_hmac_sha256(call, referat_option(call, "secret"), referat_format(call, "%lld.%s", moment, body));
	const char *headers[] = {referat_format(call, "Referat-Signature: t=%lld,v1=%s", moment, signature),
				 referat_format(call, "Referat-Key: %s", key), NULL};
	struct referat_answer answer = referat_http(
	    call, (struct referat_http){
		      .method = "POST", .url = url, .type = "application/json", .body = body, .headers = headers});
	if (referat_http_ok(answer))
		return REFERAT_OK;
	if (answer.status == 404 || answer.status == 410)
		return referat_because(call, REFERAT_YIELD, "%s: nobody listens at the option `url`", answer.problem);
	return referat_http_error(call, answer);
}

static enum referat_result put(struct referat_call *call)
{
	const char *key = referat_get(call, "key");
	enum referat_result result = send_body(call, referat_get(call, "recipient"), key, body_of(call));
	return result == REFERAT_OK ? referat_published(call, key, NULL, NULL) : result;
}

/* An event that tells of nothing: only who reads the signature can say whether it is right. */
static enum referat_result probe(struct referat_call *call)
{
	return send_body(call, referat_option(call, "url"), "ping", "{\"event\":\"ping\"}");
}

static enum referat_result recipients(struct referat_call *call)
{
	referat_recipient(call, referat_option(call, "url"));
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "address of the program that is told"},
    {.name = "secret", .type = REFERAT_SECRET, .required = true, .help = "what the requests are signed with"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHANNEL,
    .name = "channel.webhook",
    .version = REFERAT_VERSION,
    .summary = "tells a program by a signed request",
    .accepts = "referat.card/1",
    .capabilities = REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .recipients = recipients,
    .probe = probe,
};
