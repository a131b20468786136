/* Requests to Drupal's JSON:API, and what an answer comes to. */
#include "drupal.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

static const char media_type[] = "application/vnd.api+json";

void reply_deinit(struct reply *reply)
{
	json_object_put(reply->json);
	*reply = (struct reply){0};
}

/* ---- what an answer comes to ---------------------------------------------------------------------------------------
 */

static struct json_object *first_error(struct json_object *json)
{
	struct json_object *errors = NULL;
	bool has = json_object_is_type(json, json_type_object) && json_object_object_get_ex(json, "errors", &errors) &&
		   json_object_is_type(errors, json_type_array);
	return has ? json_object_array_get_idx(errors, 0) : NULL;
}

/* The error's title, and which member it is about; its detail may repeat what was sent. */
static const char *error_words(struct referat_call *call, struct json_object *error)
{
	struct json_object *source = NULL;
	if (json_object_is_type(error, json_type_object))
		json_object_object_get_ex(error, "source", &source);
	const char *title = referat_json_text(error, "title"), *pointer = referat_json_text(source, "pointer");
	if (!title[0])
		return "";
	return referat_format(call, " (%.60s%s%.80s)", title, pointer[0] ? ": " : "", pointer);
}

static enum referat_result failed(struct referat_call *call, enum referat_result result, const char *what,
				  const struct referat_answer *answer, struct json_object *error)
{
	return referat_because(call, result, "%s: %s%s", what, answer->problem, error_words(call, error));
}

/* A person has begun a new version of the node, which is not published yet. */
static bool has_working_copy(struct json_object *error)
{
	return strstr(referat_json_text(error, "detail"), "working copy");
}

static enum referat_result class_of(struct referat_call *call, const struct referat_answer *answer, bool changes,
				    struct json_object *error)
{
	int status = answer->status;
	if (changes && (answer->sent || status >= 500 || status == 408))
		return failed(call, REFERAT_UNKNOWN, "Drupal may have done it", answer, error);
	if (status == 401 || status == 403)
		return referat_refused(call, "Drupal does not let the user %s do that: %s%s",
				       referat_option(call, "user"), answer->problem, error_words(call, error));
	switch (status) {
	case 400:
		if (has_working_copy(error))
			return failed(call, REFERAT_RETRY, "somebody has begun a new version of the page", answer,
				      NULL);
		break;
	case 404:
		return error ? failed(call, REFERAT_NOT_FOUND, "it is not in Drupal", answer, error)
			     : failed(call, REFERAT_YIELD, "there is no JSON:API of Drupal at the option `url`", answer,
				      error);
	case 405:
		return failed(call, REFERAT_YIELD,
			      "Drupal only lets us read: allow all operations under "
			      "/admin/config/services/jsonapi",
			      answer, error);
	case 409:
		return failed(call, REFERAT_RETRY, "somebody else has made the page", answer, error);
	case 413:
		return failed(call, REFERAT_FAIL, "the text is larger than the web server before Drupal takes", answer,
			      error);
	default:
		break;
	}
	if (status < 400 || status == 408 || status == 429 || status >= 500)
		return failed(call, REFERAT_YIELD, "Drupal does not answer as it should", answer, error);
	return failed(call, REFERAT_FAIL, "Drupal refuses it", answer, error);
}

/* ---- requests ------------------------------------------------------------------------------------------------------
 */

enum referat_result drupal_ask(struct referat_call *call, const char *method, const char *path,
			       struct json_object *body, struct reply *reply)
{
	static const char *const headers[] = {"Accept: application/vnd.api+json", NULL};
	const char *root = referat_address(call, referat_option(call, "url"), "jsonapi");
	struct referat_http request = {.method = method,
				       .url = path[0] ? referat_format(call, "%s/%s", root, path) : root,
				       .user = referat_option(call, "user"),
				       .password = referat_option(call, "password"),
				       .headers = headers,
				       .most = REFERAT_JSON_MOST};
	bool changes = strcmp(method, "GET") != 0;
	if (body) {
		request.type = media_type;
		request.body =
		    json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	}
	struct referat_answer answer = referat_http(call, request);
	json_object_put(body);
	referat_progress(call);
	*reply = (struct reply){.status = answer.status, .json = referat_json_of(answer.body)};
	if (!referat_http_ok(answer))
		return class_of(call, &answer, changes, first_error(reply->json));
	if (reply->json || answer.status == 204)
		return REFERAT_OK;
	/* A page of HTML with 200 is a proxy's, or a door that wants a log-in. */
	return referat_because(call, changes ? REFERAT_UNKNOWN : REFERAT_YIELD,
			       "the answer is not Drupal's: something before it answers");
}
