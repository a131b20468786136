#include "plugin/request.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SECRET_LEAST = 4 }; /* bytes: what is shorter stands everywhere by chance */

static const char masked[] = "(secret)";

static const char *method_of(const struct referat_http *request)
{
	return request->method ? request->method : "GET";
}

static bool is_one_of(const char *method, const char *const *methods, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(method, methods[i]) == 0)
			return true;
	return false;
}

bool rf_request_only_reads(const struct referat_http *request)
{
	static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"};
	return is_one_of(method_of(request), methods, RF_COUNT(methods));
}

struct referat_answer rf_request_done(const struct referat_http *request)
{
	static const char *const makes[] = {"MKCOL", "MOVE", "COPY"}, *const deletes[] = {"DELETE"};
	const char *method = method_of(request);
	return (struct referat_answer){
	    .status = is_one_of(method, makes, RF_COUNT(makes))       ? 201
		      : is_one_of(method, deletes, RF_COUNT(deletes)) ? 204
								      : 200,
	    .location = request->url ? request->url : "",
	    .etag = "\"0\"",
	    .link = "",
	    .type = "",
	    .problem = "",
	};
}

/* ---- what is secret ------------------------------------------------------------------------------------------------
 */

static char *replace_all(char *text, const char *secret)
{
	const char *at = text, *found;
	struct rf_buffer buffer = RF_BUFFER_INIT;
	if (strlen(secret) < SECRET_LEAST || !strstr(text, secret))
		return text;
	for (; (found = strstr(at, secret)); at = found + strlen(secret)) {
		rf_buffer_add(&buffer, at, (size_t)(found - at));
		rf_buffer_add_text(&buffer, masked);
	}
	rf_buffer_add_text(&buffer, at);
	free(text);
	return rf_buffer_take(&buffer);
}

struct masks {
	const char *const *secrets;
	size_t n;
};

/* Takes the text. */
static void add_text(struct json_object *object, const char *name, char *text, struct masks masks)
{
	for (size_t i = 0; i < masks.n; i++)
		text = replace_all(text, masks.secrets[i]);
	if (text[0])
		json_object_object_add(object, name, json_object_new_string(text));
	free(text);
}

static bool names_credential(const char *header)
{
	static const char *const words[] = {"authorization", "cookie",   "token",    "key",
					    "secret",        "password", "signature"};
	rf_autofree char *name = rf_strndup(header, strcspn(header, ":"));
	for (size_t i = 0; i < RF_COUNT(words); i++)
		if (strcasestr(name, words[i]))
			return true;
	return false;
}

/* ---- its parts -----------------------------------------------------------------------------------------------------
 */

/* Of "Authorization: Ghost abc": the scheme says what kind of secret it is. */
static char *header_text(const char *header)
{
	if (!names_credential(header))
		return rf_strdup(header);
	size_t name = strcspn(header, ":");
	const char *value = header + name + (header[name] == ':');
	value += strspn(value, " ");
	size_t scheme = strcspn(value, " ");
	bool has_scheme = value[scheme] == ' ';
	return rf_format("%.*s: %.*s%s%s", (int)name, header, has_scheme ? (int)scheme : 0, value,
			 has_scheme ? " " : "", masked);
}

static void add_headers(struct json_object *object, const struct referat_http *request, struct masks masks)
{
	if (!request->headers || !request->headers[0])
		return;
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; request->headers[i]; i++) {
		struct json_object *holder = json_object_new_object(), *header = NULL;
		add_text(holder, "header", header_text(request->headers[i]), masks);
		if (json_object_object_get_ex(holder, "header", &header))
			json_object_array_add(list, json_object_get(header));
		json_object_put(holder);
	}
	json_object_object_add(object, "headers", list);
}

static const char *authorization_of(const struct referat_http *request)
{
	if (request->bearer && request->bearer[0])
		return "Bearer (secret)";
	if (!request->user || !request->user[0])
		return "";
	return request->s3_region && request->s3_region[0] ? "AWS4-HMAC-SHA256 (signed)" : "Basic (secret)";
}

static char *body_text(const struct referat_http *request)
{
	const char *data = request->body ? request->body : (const char *)request->data.data;
	size_t size = request->body ? strlen(request->body) : request->data.size;
	if (!data)
		return rf_strdup("");
	if (!rf_text_is_utf8(data, size))
		return rf_format("(%zu bytes)", size);
	size_t shown = size;
	if (shown > RF_REQUEST_BODY_MOST)
		for (shown = RF_REQUEST_BODY_MOST; ((unsigned char)data[shown] & 0xC0) == 0x80; shown--)
			;
	return shown < size ? rf_format("%.*s … (%zu bytes)", (int)shown, data, size) : rf_strndup(data, size);
}

struct json_object *rf_request_describe(const struct referat_http *request, const char *const *secrets, size_t n)
{
	struct masks masks = {secrets, n};
	struct json_object *object = json_object_new_object();
	add_text(object, "method", rf_strdup(method_of(request)), masks);
	add_text(object, "url", rf_strdup(request->url ? request->url : ""), masks);
	add_text(object, "authorization", rf_strdup(authorization_of(request)), (struct masks){NULL, 0});
	add_text(object, "type", rf_strdup(request->type ? request->type : ""), masks);
	add_headers(object, request, masks);
	add_text(object, "body", body_text(request), masks);
	return object;
}
