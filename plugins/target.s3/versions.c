/* Earlier versions of an object, in a bucket that keeps them. */
#include "s3.h"

#include <referat/pages.h>

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MOST = 100, LIST_MOST = 8 * 1024 * 1024 }; /* a list has at most a thousand versions */

/* Where a bucket begins: "https://s3.example/beslut/", or "https://beslut.s3.example/". */
struct bucket {
	const char *url;
	const char *key; /* of the object in it */
};

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

static const char *text_of(struct referat_call *call, const xmlNode *parent, const char *name)
{
	for (const xmlNode *node = parent->children; node; node = node->next) {
		if (!is(node, name))
			continue;
		xmlChar *content = xmlNodeGetContent(node);
		const char *text = referat_format(call, "%s", content ? (const char *)content : "");
		xmlFree(content);
		return text;
	}
	return "";
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

/* NULL: the answer is no list of versions. The caller frees it. */
static xmlDoc *list_in(struct referat_answer answer)
{
	bool may_be = referat_http_ok(answer) && answer.body.data && answer.body.size <= LIST_MOST;
	xmlDoc *list = may_be ? xmlReadMemory((const char *)answer.body.data, (int)answer.body.size, NULL, NULL,
					      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
			      : NULL;
	const xmlNode *root = list ? xmlDocGetRootElement(list) : NULL;
	if (root && is(root, "ListVersionsResult"))
		return list;
	xmlFreeDoc(list);
	return NULL;
}

static struct referat_answer ask_list(struct referat_call *call, const struct bucket *bucket)
{
	const char *url =
	    referat_format(call, "%s?prefix=%s&versions=", bucket->url, referat_percent(call, bucket->key));
	return s3_ask(call, (struct referat_http){.url = url, .most = LIST_MOST});
}

static enum referat_result unknown_list(struct referat_call *call, struct referat_answer answer)
{
	if (!referat_http_ok(answer) && !referat_is_absent(answer) && answer.status != 501)
		return s3_error(call, answer);
	return referat_because(
	    call, REFERAT_HOLD, "%s",
	    referat_say(call, "target.s3.versions-unknown", "url", referat_option(call, "url"), NULL));
}

/* The bucket may be the first part of the path or of the host's name: the one whose list it is. */
static enum referat_result find_bucket(struct referat_call *call, const char *path, struct bucket *bucket)
{
	const char *url = referat_option(call, "url");
	const char *folder = url + referat_origin_size(url);
	const char *key =
	    referat_format(call, "%s%s%s", folder, *folder && folder[strlen(folder) - 1] == '/' ? "" : "/", path) + 1;
	size_t first = strcspn(key, "/") + 1;
	const struct bucket places[] = {
	    {referat_format(call, "%.*s/%.*s", (int)(folder - url), url, (int)first, key), key + first},
	    {referat_format(call, "%.*s/", (int)(folder - url), url), key}};
	struct referat_answer answer = {0};
	for (size_t i = *folder && folder[1] ? 0 : 1; i < 2; i++) {
		answer = ask_list(call, &places[i]);
		xmlDoc *list = list_in(answer);
		xmlFreeDoc(list);
		*bucket = places[i];
		if (list)
			return REFERAT_OK;
	}
	return unknown_list(call, answer);
}

/* ---- deleting ---------------------------------------------------------------------------------------------------- */

/* A version of the object that is not the one that stands there; "": it is no such. */
static const char *earlier(struct referat_call *call, const struct bucket *bucket, const xmlNode *node)
{
	bool is_version = is(node, "Version") || is(node, "DeleteMarker");
	bool is_earlier = is_version && !strcmp(text_of(call, node, "Key"), bucket->key) &&
			  !strcmp(text_of(call, node, "IsLatest"), "false");
	return is_earlier ? text_of(call, node, "VersionId") : "";
}

/* n: how many of the list there were. */
static enum referat_result delete_listed(struct referat_call *call, const struct bucket *bucket, const xmlDoc *list,
					 size_t *n)
{
	for (const xmlNode *node = xmlDocGetRootElement(list)->children; node; node = node->next) {
		const char *version = earlier(call, bucket, node);
		if (!version[0])
			continue;
		const char *url =
		    referat_format(call, "%s?versionId=%s", referat_address(call, bucket->url, bucket->key),
				   referat_percent(call, version));
		struct referat_answer gone = s3_ask(call, (struct referat_http){.method = "DELETE", .url = url});
		if (!referat_http_ok(gone) && !referat_is_absent(gone))
			return s3_error(call, gone);
		referat_progress(call);
		(*n)++;
	}
	return REFERAT_OK;
}

enum referat_result s3_forget(struct referat_call *call, const char *path)
{
	struct bucket bucket;
	size_t n = 1;
	enum referat_result result = find_bucket(call, path, &bucket);
	for (int i = 0; i < ROUNDS_MOST && result == REFERAT_OK && n > 0; i++) {
		struct referat_answer answer = ask_list(call, &bucket);
		xmlDoc *list = list_in(answer);
		n = 0;
		result = list ? delete_listed(call, &bucket, list, &n) : unknown_list(call, answer);
		xmlFreeDoc(list);
	}
	return result == REFERAT_OK && n > 0
		   ? referat_because(call, REFERAT_RETRY, "the server still has earlier versions")
		   : result;
}
