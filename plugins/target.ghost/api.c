/* Requests to Ghost's Admin API, and what an answer comes to. */
#include "ghost.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>

#include <string.h>

void reply_deinit(struct reply *reply)
{
	json_object_put(reply->json);
	*reply = (struct reply){.code = ""};
}

bool reply_is_collision(const struct reply *reply)
{
	return strcmp(reply->code, "UPDATE_COLLISION") == 0;
}

static const char *address_of(struct referat_call *call, const char *path)
{
	return referat_format(call, "%s%s", referat_address(call, referat_option(call, "url"), "ghost/api/admin/"),
			      path);
}

/* ---- what an answer comes to ---------------------------------------------------------------------------------------
 */

/* Ghost's own word; what its message says may repeat what was sent. */
static const char *code_of(struct referat_call *call, struct json_object *json)
{
	struct json_object *errors = NULL;
	if (!json_object_is_type(json, json_type_object) || !json_object_object_get_ex(json, "errors", &errors) ||
	    !json_object_is_type(errors, json_type_array) || json_object_array_length(errors) == 0)
		return "";
	struct json_object *error = json_object_array_get_idx(errors, 0);
	const char *code = referat_json_text(error, "code"), *type = referat_json_text(error, "type");
	return referat_format(call, "%.80s", code[0] ? code : type);
}

static enum referat_result failed(struct referat_call *call, enum referat_result result, const char *what,
				  const struct referat_answer *answer, const char *code)
{
	return referat_because(call, result, "%s: %s%s%s%s", what, answer->problem, code[0] ? " (" : "", code,
			       code[0] ? ")" : "");
}

/* Whether a change that was refused may have been made all the same: whoever answered may not be who did it. */
static bool may_be_done(const struct referat_answer *answer, bool changes)
{
	return changes && (answer->sent || answer->status >= 500 || answer->status == 408);
}

static bool refuses_key(const struct referat_answer *answer, const char *code)
{
	return answer->status == 401 || answer->status == 403 || strcmp(code, "INVALID_JWT") == 0;
}

static enum referat_result class_of(struct referat_call *call, const struct referat_answer *answer, bool changes,
				    const struct reply *reply)
{
	const char *code = reply->code;
	if (may_be_done(answer, changes))
		return failed(call, REFERAT_UNKNOWN, "Ghost may have done it", answer, code);
	if (refuses_key(answer, code))
		return failed(call, REFERAT_YIELD,
			      "Ghost does not let us: the Admin API key is wrong or was replaced, or the clock of this "
			      "computer is minutes off",
			      answer, code);
	if (answer->status >= 300 && answer->status < 400)
		return failed(call, REFERAT_YIELD, "Ghost is not at this address", answer, code);
	switch (answer->status) {
	case 404:
		if (code[0])
			return failed(call, REFERAT_NOT_FOUND, "it is gone from Ghost", answer, code);
		return failed(call, REFERAT_YIELD, "the API of Ghost is not where it was", answer, code);
	case 409:
		return failed(call, REFERAT_RETRY, "somebody changed the post at the same time", answer, code);
	case 413:
		return failed(call, REFERAT_FAIL, "the text is larger than the web server before Ghost takes", answer,
			      code);
	case 0:
	case 408:
	case 429:
	case 502:
	case 503:
	case 504:
		return failed(call, REFERAT_YIELD, "Ghost does not answer", answer, code);
	default:
		return failed(call, answer->status >= 500 ? REFERAT_RETRY : REFERAT_FAIL, "Ghost refuses it", answer,
			      code);
	}
}

/* ---- asking --------------------------------------------------------------------------------------------------------
 */

static enum referat_result no_ghost(struct referat_call *call, const char *problem)
{
	return referat_because(call, REFERAT_YIELD, "there is no Ghost at %s: %s", referat_option(call, "url"),
			       problem);
}

/* Asks, without the key, whether there is a Ghost; once. One that has moved would be asked without the key for ever. */
static enum referat_result check_address(struct referat_call *call)
{
	struct ghost *ghost = call->state;
	const char *url = address_of(call, "site/");
	struct referat_answer answer = referat_http(call, (struct referat_http){.url = url});
	if (answer.status == 0 || answer.status == 429 || answer.status >= 500)
		return referat_because(call, REFERAT_YIELD, "Ghost does not answer: %s", answer.problem);
	if (!referat_http_ok(answer))
		return no_ghost(call, answer.problem);
	struct json_object *json = referat_json_of(answer.body), *site = NULL;
	bool is_ghost = json_object_object_get_ex(json, "site", &site) && referat_json_text(site, "version")[0];
	json_object_put(json);
	if (!is_ghost)
		return no_ghost(call, "the answer is not Ghost's");
	if (!referat_same_origin(answer.location, url))
		return referat_because(call, REFERAT_YIELD, "Ghost answers at %.*s: set url to that address",
				       (int)referat_origin_size(answer.location), answer.location);
	ghost->is_checked = true;
	return REFERAT_OK;
}

/* A page of HTML with 200 is a proxy's, or a door that wants a log-in: nobody knows what became of the request. */
static enum referat_result no_json(struct referat_call *call, bool changes)
{
	return referat_because(call, changes ? REFERAT_UNKNOWN : REFERAT_YIELD,
			       "the answer is not Ghost's: something before it answers");
}

static enum referat_result ask(struct referat_call *call, struct referat_http request, struct reply *reply)
{
	struct ghost *ghost = call->state;
	enum referat_result checked = ghost->is_checked ? REFERAT_OK : check_address(call);
	if (checked != REFERAT_OK)
		return checked;
	const char *headers[] = {token_header(call), "Accept-Version: v5.0", NULL};
	if (!headers[0])
		return referat_because(
		    call, REFERAT_YIELD,
		    "the key is not an Admin API key of Ghost: 24 characters, a colon, 64 characters");
	request.headers = headers;
	request.most = REFERAT_JSON_MOST;
	bool changes = strcmp(request.method, "GET") != 0;
	struct referat_answer answer = referat_http(call, request);
	referat_progress(call);
	reply->status = answer.status;
	reply->json = referat_json_of(answer.body);
	reply->code = code_of(call, reply->json);
	if (!referat_http_ok(answer))
		return class_of(call, &answer, changes, reply);
	return reply->json || answer.status == 204 ? REFERAT_OK : no_json(call, changes);
}

enum referat_result ghost_ask(struct referat_call *call, const char *method, const char *path, struct json_object *body,
			      struct reply *reply)
{
	struct referat_http request = {.method = method, .url = address_of(call, path)};
	if (body) {
		request.type = "application/json";
		request.body =
		    json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	}
	*reply = (struct reply){.code = ""};
	enum referat_result result = ask(call, request, reply);
	json_object_put(body);
	return result;
}
