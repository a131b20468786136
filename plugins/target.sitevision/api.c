/* Requests to the RESTApp, and what an answer comes to. */
#include "sitevision.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

void reply_deinit(struct reply *reply)
{
	json_object_put(reply->json);
	*reply = (struct reply){.code = ""};
}

/* ---- what an answer comes to ---------------------------------------------------------------------------------------
 */

/* The code is the RESTApp's; its detail is for operators, and never repeats what an article says. */
static enum referat_result failed(struct referat_call *call, enum referat_result result, const char *what,
				  const struct referat_answer *answer, const struct reply *reply)
{
	const char *detail = referat_json_text(reply->json, "detail");
	return referat_because(call, result, "%s: %s%s%.200s", what, answer->problem, detail[0] ? ": " : "", detail);
}

static const struct {
	const char *code;
	enum referat_result result;
	const char *what;
} codes[] = {
    {"unknown-article", REFERAT_NOT_FOUND, "there is no page of the document"},
    {"erased", REFERAT_NOT_FOUND, "the page was erased"},
    {"has-pages", REFERAT_HOLD, "there are pages below it"},
    {"removed", REFERAT_NOT_FOUND, "the page has been deleted for good"},
    {"forbidden", REFERAT_YIELD, "Sitevision does not let the user do that"},
    {"not-configured", REFERAT_YIELD, "the RESTApp is not set up"},
    {"not-published", REFERAT_YIELD, "Sitevision does not show the page"},
    {"changed", REFERAT_RETRY, "the page has changed in the meantime"},
    {"busy", REFERAT_RETRY, "somebody else is making the page"},
    {"locked", REFERAT_RETRY, "the page can't be changed now"},
    {"too-large", REFERAT_FAIL, "the text is larger than the RESTApp takes"},
    {"text-lost", REFERAT_HOLD, "Sitevision has not kept all the words"},
    {"failed", REFERAT_UNKNOWN, "Sitevision failed in the middle of it"},
};

static enum referat_result class_by_code(struct referat_call *call, const struct referat_answer *answer,
					 const struct reply *reply, bool changes)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		bool read = !changes && codes[i].result == REFERAT_UNKNOWN;
		if (strcmp(reply->code, codes[i].code) == 0)
			return failed(call, read ? REFERAT_RETRY : codes[i].result, codes[i].what, answer, reply);
	}
	return failed(call, REFERAT_FAIL, "the RESTApp refuses it", answer, reply);
}

/* What answers instead of the RESTApp: Sitevision itself, a proxy, nobody. */
static enum referat_result class_by_status(struct referat_call *call, const struct referat_answer *answer,
					   const struct reply *reply, bool changes)
{
	bool blank = answer->status == 404 && reply->json;
	if (blank && !changes) /* what is sent next is refused, if it is the wrong address */
		return failed(call, REFERAT_NOT_FOUND, "there is nothing at the option `url`", answer, reply);
	switch (answer->status) {
	case 401:
	case 403:
		return failed(call, REFERAT_YIELD,
			      "Sitevision does not let us: the user, its password or the RESTApp's rights are wrong",
			      answer, reply);
	case 404:
	case 405:
		return failed(call, REFERAT_YIELD, "there is no RESTApp at the option `url`", answer, reply);
	case 413:
		return failed(call, REFERAT_FAIL, "the text is larger than the web server before Sitevision takes",
			      answer, reply);
	case 429:
		return failed(call, REFERAT_YIELD, "Sitevision wants fewer requests", answer, reply);
	default:
		break;
	}
	if (changes && (answer->sent || answer->status == 408 || answer->status >= 500))
		return failed(call, REFERAT_UNKNOWN, "Sitevision may have done it", answer, reply);
	if (answer->status == 0 || answer->status == 408 || answer->status >= 500)
		return failed(call, REFERAT_YIELD, "Sitevision does not answer", answer, reply);
	return failed(call, REFERAT_FAIL, "Sitevision refuses it", answer, reply);
}

/* A page of HTML with 200 is a proxy's, or a door that wants a log-in: nobody knows what became of the request. */
static enum referat_result no_json(struct referat_call *call, bool changes)
{
	return referat_because(call, changes ? REFERAT_UNKNOWN : REFERAT_YIELD,
			       "the answer is not the RESTApp's: something before it answers");
}

/* ---- requests ------------------------------------------------------------------------------------------------------
 */

static const char *condition_of(struct referat_call *call, const char *etag)
{
	if (!etag)
		return NULL;
	return etag[0] ? referat_format(call, "If-Match: %s", etag) : "If-None-Match: *";
}

enum referat_result sitevision_ask(struct referat_call *call, struct request request, struct reply *reply)
{
	const char *address = referat_address(call, referat_option(call, "url"), request.path);
	const char *headers[] = {condition_of(call, request.etag), NULL};
	bool changes = request.method != NULL;
	struct referat_answer answer = referat_http(
	    call, (struct referat_http){
		      .method = request.method,
		      .url = request.query ? referat_format(call, "%s?%s", address, request.query) : address,
		      .type = request.body ? "application/json" : NULL,
		      .body = request.body,
		      .user = referat_option(call, "user"),
		      .password = referat_option(call, "password"),
		      .headers = headers,
		      .most = REFERAT_JSON_MOST,
		  });
	referat_progress(call);
	*reply = (struct reply){.status = answer.status, .json = referat_json_of(answer.body), .code = ""};
	if (referat_http_ok(answer))
		return reply->json ? REFERAT_OK : no_json(call, changes);
	reply->code = referat_format(call, "%.40s", referat_json_text(reply->json, "code"));
	return reply->code[0] ? class_by_code(call, &answer, reply, changes)
			      : class_by_status(call, &answer, reply, changes);
}
