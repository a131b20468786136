/* Requests to WordPress: where its API is, and what an answer comes to. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>

void reply_deinit(struct reply *reply)
{
	json_object_put(reply->json);
	*reply = (struct reply){.code = ""};
}

/* ---- where the API is ----------------------------------------------------------------------------------------------
 */

/* From headers `<https://…/wp-json/>; rel="https://api.w.org/", <…>; …`; NULL: the API is not among them. */
static const char *root_in(struct referat_call *call, const char *links)
{
	while (links && (links = strchr(links, '<'))) {
		const char *end = strchr(links, '>');
		if (!end)
			return NULL;
		const char *rest = referat_copy(call, end, strcspn(end, "<"));
		if (strstr(rest, "https://api.w.org/"))
			return referat_copy(call, links + 1, (size_t)(end - links - 1));
		links = end;
	}
	return NULL;
}

static enum referat_result find_root(struct referat_call *call, struct wordpress *wordpress)
{
	const char *url = referat_option(call, "url");
	struct referat_answer answer = referat_http(call, (struct referat_http){.url = url, .most = REFERAT_JSON_MOST});
	if (!referat_http_ok(answer))
		return referat_because(call, REFERAT_YIELD, "WordPress does not answer: %s", answer.problem);
	const char *root = root_in(call, answer.link);
	if (!root)
		return referat_because(call, REFERAT_YIELD,
				       "there is no WordPress at %s, or its REST API is switched off: no header Link "
				       "leads to it",
				       url);
	if (!referat_same_origin(root, url))
		return referat_because(call, REFERAT_YIELD, "WordPress calls itself %.*s: set url to that address",
				       (int)referat_origin_size(root), root);
	wordpress->root = strdup(root);
	return wordpress->root ? REFERAT_OK : referat_because(call, REFERAT_RETRY, "out of memory");
}

/* With plain permalinks the root is ".../index.php?rest_route=/", and a query goes on with '&'. */
static const char *url_of(struct referat_call *call, const char *root, const char *path, const char *query)
{
	const char *mark = !query[0] ? "" : strchr(root, '?') ? "&" : "?";
	return referat_format(call, "%s%s%s%s", root, path, mark, query);
}

/* ---- what an answer comes to ---------------------------------------------------------------------------------------
 */

/* The code is WordPress' own word; what its message says may repeat what was sent. */
static enum referat_result failed(struct referat_call *call, enum referat_result result, const char *what,
				  const struct referat_answer *answer, const char *code)
{
	return referat_because(call, result, "%s: %s%s%s%s", what, answer->problem, code[0] ? " (" : "", code,
			       code[0] ? ")" : "");
}

static bool is_gone(const struct reply *reply)
{
	return reply->status == 410 || strcmp(reply->code, "rest_post_invalid_id") == 0 ||
	       strcmp(reply->code, "rest_term_invalid") == 0;
}

/* Whether a refused change may have been made all the same: whoever answered may not be who did it. */
static bool may_be_done(const struct referat_answer *answer, bool changes)
{
	return changes && (answer->sent || answer->status >= 500 || answer->status == 408);
}

static enum referat_result class_of(struct referat_call *call, const struct referat_answer *answer, bool changes,
				    const struct reply *reply)
{
	struct wordpress *wordpress = call->state;
	const char *code = reply->code;
	if (strcmp(code, "rest_upload_sideload_error") == 0)
		return failed(call, REFERAT_FAIL, "WordPress takes no such file", answer, code);
	if (may_be_done(answer, changes))
		return failed(call, REFERAT_UNKNOWN, "WordPress may have done it", answer, code);
	if (is_gone(reply))
		return failed(call, REFERAT_NOT_FOUND, "it is gone from WordPress", answer, code);
	switch (answer->status) {
	case 401:
	case 403:
		return failed(call, REFERAT_YIELD,
			      "WordPress does not let us: the user, its application password or its rights are wrong",
			      answer, code);
	case 404: /* no route: the permalinks or the prefix of the API have changed */
		free(wordpress->root);
		wordpress->root = NULL;
		return failed(call, REFERAT_YIELD, "the API of WordPress is not where it was", answer, code);
	case 413:
		return failed(call, REFERAT_FAIL,
			      "it is larger than the web server before WordPress takes (client_max_body_size)", answer,
			      code);
	case 0:
	case 408:
	case 429:
	case 502:
	case 503:
	case 504:
		return failed(call, REFERAT_YIELD, "WordPress does not answer", answer, code);
	default:
		return failed(call, answer->status >= 500 ? REFERAT_RETRY : REFERAT_FAIL, "WordPress refuses it",
			      answer, code);
	}
}

/* A page of HTML with 200 is a proxy's, or a door that wants a log-in: nobody knows what became of the request. */
static enum referat_result no_json(struct referat_call *call, bool changes)
{
	return referat_because(call, changes ? REFERAT_UNKNOWN : REFERAT_YIELD,
			       "the answer is not WordPress': something before it answers");
}

static enum referat_result ask(struct referat_call *call, struct referat_http request, const char *path,
			       const char *query, struct reply *reply)
{
	struct wordpress *wordpress = call->state;
	*reply = (struct reply){.code = ""};
	if (!wordpress->root) {
		enum referat_result found = find_root(call, wordpress);
		if (found != REFERAT_OK || !wordpress->root)
			return found;
	}
	request.url = url_of(call, wordpress->root, path, query);
	request.user = referat_option(call, "user");
	request.password = referat_option(call, "password");
	request.most = REFERAT_JSON_MOST;
	bool changes = strcmp(request.method, "GET") != 0;
	struct referat_answer answer = referat_http(call, request);
	referat_progress(call);
	reply->status = answer.status;
	reply->json = referat_json_of(answer.body);
	reply->code = referat_format(call, "%.80s", referat_json_text(reply->json, "code"));
	if (!referat_http_ok(answer))
		return class_of(call, &answer, changes, reply);
	return reply->json ? REFERAT_OK : no_json(call, changes);
}

enum referat_result wordpress_get(struct referat_call *call, const char *path, const char *query, struct reply *reply)
{
	return ask(call, (struct referat_http){.method = "GET"}, path, query, reply);
}

enum referat_result wordpress_delete(struct referat_call *call, const char *path, const char *query,
				     struct reply *reply)
{
	return ask(call, (struct referat_http){.method = "DELETE"}, path, query, reply);
}

enum referat_result wordpress_post(struct referat_call *call, const char *path, const char *query,
				   struct json_object *body, struct reply *reply)
{
	size_t size = 0;
	const char *text =
	    json_object_to_json_string_length(body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	struct referat_http request = {
	    .method = "POST", .type = "application/json", .data = {(const uint8_t *)text, size}};
	enum referat_result result = ask(call, request, path, query, reply);
	json_object_put(body);
	return result;
}

enum referat_result wordpress_upload(struct referat_call *call, const char *path, const char *query, const char *name,
				     struct referat_bytes pdf, struct reply *reply)
{
	const char *const headers[] = {referat_format(call, "Content-Disposition: attachment; filename=\"%s\"", name),
				       NULL};
	return ask(call,
		   (struct referat_http){.method = "POST", .type = "application/pdf", .data = pdf, .headers = headers},
		   path, query, reply);
}
