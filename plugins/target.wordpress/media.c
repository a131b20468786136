/* The document's file, where it is a PDF: in WordPress' media, once for the same bytes, and gone when nothing leads to
 * it any more.
 *
 * A file's name ends with the first digits of its SHA-256, so one that went up before an answer was lost is found; its
 * description is the document's claim, so it is found when its post is gone, and what editors have attached is left. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/remote.h>
#include <referat/view.h>

#include <json-c/json.h>
#include <string.h>

enum { DIGITS_SHOWN = 12 };

#define MEDIA       "wp/v2/media"
#define FILE_FIELDS "_fields=id,source_url,description&context=edit"

/* The bytes that are to be attached; none when the option or the document does not ask for it. Of minutes that came in
 * several files the last is not the whole document. */
static struct referat_bytes wanted_file(struct referat_call *call)
{
	bool is_pdf = strcmp(referat_get(call, "type"), "application/pdf") == 0;
	bool is_whole = !referat_get(call, "piece.order")[0];
	bool attach = strcmp(referat_option(call, "attach"), "pdf") == 0;
	return attach && is_pdf && is_whole ? referat_part(call, "source") : (struct referat_bytes){NULL, 0};
}

static const char *name_of(struct referat_call *call, struct referat_bytes file)
{
	return referat_format(call, "%s-%.*s", claim_slug(call), DIGITS_SHOWN,
			      referat_sha256(call, file.data, file.size));
}

static const char *media_path(struct referat_call *call, long long id)
{
	return referat_format(call, MEDIA "/%lld", id);
}

/* Of the document, and no editor's. */
static bool is_own(struct referat_call *call, struct json_object *file)
{
	struct json_object *description = NULL;
	json_object_object_get_ex(file, "description", &description);
	return strcmp(referat_json_text(description, "raw"), claim_name(call)) == 0;
}

/* Files of the document, as a list; the search may find others, too. */
static enum referat_result list_files(struct referat_call *call, struct reply *reply)
{
	const char *query = referat_format(call, "search=%s&per_page=100&" FILE_FIELDS, claim_name(call));
	enum referat_result result = wordpress_get(call, MEDIA, query, reply);
	bool is_list = result == REFERAT_OK && json_object_is_type(reply->json, json_type_array);
	return result == REFERAT_OK && !is_list
		   ? referat_because(call, REFERAT_RETRY, "WordPress lists its media in a way that is not known")
		   : result;
}

static const char *address_in(struct referat_call *call, struct json_object *file)
{
	const char *url = referat_json_text(file, "source_url");
	return referat_is_link(url) ? referat_copy(call, url, strlen(url)) : "";
}

/* Where the bytes are already; "": nowhere. */
static enum referat_result find_file(struct referat_call *call, const char *name, const char **url)
{
	REPLY reply = {.code = ""};
	enum referat_result result = list_files(call, &reply);
	const char *digits = name + strlen(name) - DIGITS_SHOWN;
	for (size_t i = 0; result == REFERAT_OK && i < json_object_array_length(reply.json) && !(*url)[0]; i++) {
		struct json_object *file = json_object_array_get_idx(reply.json, i);
		if (is_own(call, file) && strstr(referat_json_text(file, "source_url"), digits))
			*url = address_in(call, file);
	}
	return result;
}

static enum referat_result send_file(struct referat_call *call, const struct post *post, struct referat_bytes bytes,
				     const char *name, const char **url)
{
	REPLY reply = {.code = ""};
	const char *query = referat_format(call, "post=%lld&title=%s&description=%s&" FILE_FIELDS, post->id,
					   referat_percent(call, referat_get(call, "title")), claim_name(call));
	enum referat_result result =
	    wordpress_upload(call, MEDIA, query, referat_format(call, "%s.pdf", name), bytes, &reply);
	if (result == REFERAT_OK)
		*url = address_in(call, reply.json);
	return result;
}

enum referat_result media_find(struct referat_call *call, struct attachment *file)
{
	struct referat_bytes bytes = wanted_file(call);
	*file = (struct attachment){.url = "", .size = bytes.size};
	return bytes.data ? find_file(call, name_of(call, bytes), &file->url) : REFERAT_OK;
}

enum referat_result media_put(struct referat_call *call, const struct post *post, struct attachment *file)
{
	if (file->size == 0 || file->url[0])
		return REFERAT_OK;
	struct referat_bytes bytes = wanted_file(call);
	enum referat_result result = send_file(call, post, bytes, name_of(call, bytes), &file->url);
	return result == REFERAT_OK && !file->url[0]
		   ? referat_because(call, REFERAT_RETRY, "WordPress does not say where the file stands")
		   : result;
}

/* Without the option nobody looks, unless it may have been set before, when what it left may not be kept. */
static bool may_have_files(struct referat_call *call)
{
	return strcmp(referat_option(call, "attach"), "none") != 0 || referat_get(call, "purge")[0];
}

static bool is_other(struct referat_call *call, struct json_object *file, const char *kept_url)
{
	return is_own(call, file) && strcmp(referat_json_text(file, "source_url"), kept_url) != 0;
}

enum referat_result media_find_other(struct referat_call *call, const char *kept_url, bool *any)
{
	*any = false;
	if (!may_have_files(call))
		return REFERAT_OK;
	REPLY reply = {.code = ""};
	enum referat_result result = list_files(call, &reply);
	for (size_t i = 0; result == REFERAT_OK && i < json_object_array_length(reply.json); i++)
		*any |= is_other(call, json_object_array_get_idx(reply.json, i), kept_url);
	return result;
}

enum referat_result media_move(struct referat_call *call, const struct post *from, const struct post *to)
{
	REPLY reply = {.code = ""};
	enum referat_result result =
	    wordpress_get(call, MEDIA, referat_format(call, "parent=%lld&per_page=100&_fields=id", from->id), &reply);
	size_t n = json_object_is_type(reply.json, json_type_array) ? json_object_array_length(reply.json) : 0;
	for (size_t i = 0; result == REFERAT_OK && i < n; i++) {
		REPLY moved = {.code = ""};
		struct json_object *body = json_object_new_object();
		json_object_object_add(body, "post", json_object_new_int64(to->id));
		long long id = referat_json_number(json_object_array_get_idx(reply.json, i), "id");
		result = wordpress_post(call, media_path(call, id), "_fields=id", body, &moved);
	}
	return result;
}

enum referat_result media_remove(struct referat_call *call, const char *kept_url)
{
	if (!may_have_files(call))
		return REFERAT_OK;
	REPLY reply = {.code = ""};
	enum referat_result result = list_files(call, &reply);
	for (size_t i = 0; result == REFERAT_OK && i < json_object_array_length(reply.json); i++) {
		struct json_object *file = json_object_array_get_idx(reply.json, i);
		if (!is_other(call, file, kept_url))
			continue;
		REPLY gone = {.code = ""};
		result = wordpress_delete(call, media_path(call, referat_json_number(file, "id")),
					  "force=true&_fields=deleted", &gone);
		if (result == REFERAT_NOT_FOUND)
			result = REFERAT_OK;
	}
	return result;
}
