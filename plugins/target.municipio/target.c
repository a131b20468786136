/* target.municipio: a file of schema.org objects, which the WordPress theme Municipio makes posts of ("External
 * Content", source type JSON). Municipio reads the file by its timer or on a click: there is no account, no request,
 * and nothing that could be half done.
 *
 * What Municipio makes of an object decides how it is written (docs/publishing.md): a post has the object's `@id` for
 * ever, `name` becomes its title after entities and percent signs are decoded, `description` its text, `datePublished`
 * its date. A post whose object is gone is deleted for good, with its revisions; so earlier versions go when the object
 * gets another `@id`. An empty list is taken for a fault and does nothing, so one object always stays. */
#include <referat/cms.h>
#include <referat/difference.h>
#include <referat/entry.h>
#include <referat/files.h>
#include <referat/remote.h>

#include <json-c/json.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, DEPTH_MOST = 32, DATE_SIZE = 10, WRITTEN = JSON_C_TO_STRING_PRETTY };

static const char taken_away[] = "withdrawn";

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* ---- the list ------------------------------------------------------------------------------------------------------
 */

/* call->state: the file's objects, from the first of several documents to the flush behind the last; NULL: not read. */
static void forget(struct referat_call *call)
{
	json_object_put(call->state);
	call->state = NULL;
}

static struct json_object *parse(struct referat_bytes file)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
	struct json_object *json =
	    tokener ? json_tokener_parse_ex(tokener, (const char *)file.data, (int)file.size) : NULL;
	json_tokener_free(tokener);
	return json;
}

static enum referat_result load(struct referat_call *call)
{
	if (call->state)
		return REFERAT_OK;
	const char *path = referat_option(call, "path");
	struct referat_bytes file = referat_file_read(call, path, FILE_MOST);
	struct json_object *list = file.data && file.size > 0 ? parse(file) : json_object_new_array();
	if (json_object_is_type(list, json_type_array)) {
		call->state = list;
		return REFERAT_OK;
	}
	json_object_put(list);
	return referat_because(call, REFERAT_YIELD, "%s is no list of schema.org objects: move it away", path);
}

static const char *first_id(struct referat_call *call)
{
	return referat_format(call, "urn:referat:%s", referat_get(call, "id"));
}

/* Of the document: "urn:referat:<id>", or that with the instant behind it when earlier versions had to go. */
static bool is_own(struct referat_call *call, struct json_object *object)
{
	const char *id = referat_json_text(object, "@id"), *own = first_id(call);
	size_t size = strlen(own);
	return strncmp(id, own, size) == 0 && (!id[size] || id[size] == ':');
}

/* Its place in the list; the list's length: it is not there. */
static size_t find(struct referat_call *call)
{
	size_t n = json_object_array_length(call->state), i = 0;
	while (i < n && !is_own(call, json_object_array_get_idx(call->state, i)))
		i++;
	return i;
}

static struct json_object *found(struct referat_call *call)
{
	return json_object_array_get_idx(call->state, find(call));
}

/* ---- the object ----------------------------------------------------------------------------------------------------
 */

/* The same post as ever; another one where nothing may be kept of the one before. */
static const char *id_for(struct referat_call *call, struct json_object *there)
{
	const char *purge = referat_get(call, "purge");
	if (purge[0])
		return referat_format(call, "%s:%s", first_id(call), purge);
	const char *known = referat_json_text(there, "@id");
	return known[0] ? referat_copy(call, known, strlen(known)) : first_id(call);
}

/* A title that is the text again when entities and percent signs have been decoded. */
static const char *encoded(struct referat_call *call, const char *text)
{
	const char *out = "";
	for (const char *at = text; *at;) {
		size_t plain = strcspn(at, "&%+");
		const char *mark = at + plain;
		bool is_code = *mark == '%' && isxdigit((unsigned char)mark[1]) && isxdigit((unsigned char)mark[2]);
		const char *safe = *mark == '&' ? "&amp;" : *mark == '+' ? "%2B" : is_code ? "%25" : *mark ? "%" : "";
		out = referat_format(call, "%s%.*s%s", out, (int)plain, at, safe);
		at = *mark ? mark + 1 : mark;
	}
	return out;
}

static void add(struct json_object *object, const char *name, const char *value)
{
	if (value[0])
		json_object_object_add(object, name, json_object_new_string(value));
}

static struct json_object *publisher(struct referat_call *call)
{
	struct json_object *object = json_object_new_object();
	add(object, "@type", "GovernmentOrganization");
	add(object, "name", referat_get(call, "publisher.name"));
	add(object, "url", referat_get(call, "publisher.home"));
	return object;
}

/* A day: WordPress keeps times without a zone. */
static const char *day_of(struct referat_call *call, const char *name)
{
	const char *instant = referat_get(call, name);
	return strlen(instant) >= DATE_SIZE ? referat_copy(call, instant, DATE_SIZE) : referat_get(call, "day");
}

static struct json_object *object_of(struct referat_call *call, struct referat_entry entry, struct json_object *there)
{
	const char *language = referat_get(call, "publisher.language");
	language = language[0] ? language : "sv";
	struct json_object *object = json_object_new_object();
	add(object, "@context", "https://schema.org");
	add(object, "@type", referat_option(call, "type"));
	add(object, "@id", id_for(call, there));
	add(object, "name", encoded(call, entry.title));
	add(object, "abstract", entry.excerpt);
	add(object, "description",
	    referat_format(call, "<div class=\"referat\" lang=\"%s\">\n%s\n</div>", language, entry.content));
	add(object, "datePublished", day_of(call, "received"));
	add(object, "dateModified", day_of(call, "updated"));
	add(object, "inLanguage", language);
	add(object, "articleSection", referat_get(call, "board"));
	json_object_object_add(object, "publisher", publisher(call));
	return object;
}

static enum referat_result stands(struct referat_call *call, struct json_object *object)
{
	const char *id = referat_json_text(object, "@id");
	return referat_published(call, referat_copy(call, id, strlen(id)), NULL, referat_get(call, "digest"));
}

static void set(struct referat_call *call, struct json_object *object)
{
	size_t at = find(call);
	if (at < json_object_array_length(call->state))
		json_object_array_put_idx(call->state, at, object);
	else
		json_object_array_add(call->state, object);
}

/* ---- what the stage calls ------------------------------------------------------------------------------------------
 */

static enum referat_result end(struct referat_call *call)
{
	forget(call);
	return REFERAT_OK;
}

static enum referat_result put(struct referat_call *call)
{
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	enum referat_result result = load(call);
	if (result != REFERAT_OK)
		return result;
	struct json_object *object = object_of(call, referat_entry_wanted(call), found(call));
	set(call, object);
	return stands(call, object);
}

static enum referat_result withdraw(struct referat_call *call)
{
	enum referat_result result = load(call);
	size_t at = result == REFERAT_OK ? find(call) : 0,
	       n = result == REFERAT_OK ? json_object_array_length(call->state) : 0;
	if (result != REFERAT_OK || at == n)
		return result;
	if (is(referat_option(call, "withdrawn"), "remove") && n > 1)
		json_object_array_del_idx(call->state, at, 1);
	else
		set(call, object_of(call, referat_entry_withdrawn(call), found(call)));
	return referat_published(call, NULL, NULL, taken_away);
}

static enum referat_result lookup(struct referat_call *call)
{
	enum referat_result result = load(call);
	struct json_object *there = result == REFERAT_OK ? found(call) : NULL;
	if (!there)
		return result == REFERAT_OK ? REFERAT_NOT_FOUND : result;
	struct json_object *wanted = object_of(call, referat_entry_wanted(call), there);
	result = json_object_equal(there, wanted) ? stands(call, there) : REFERAT_NOT_FOUND;
	json_object_put(wanted);
	return result;
}

static const char *lines_of(struct referat_call *call, struct json_object *object)
{
	return referat_lines(call, referat_format(call, "<p>%s</p>%s", referat_json_text(object, "name"),
						  referat_json_text(object, "description")));
}

static enum referat_result compare(struct referat_call *call)
{
	enum referat_result result = load(call);
	bool withdrawn = referat_get(call, "withdrawn")[0];
	struct json_object *there = result == REFERAT_OK ? found(call) : NULL;
	if (!there)
		return result != REFERAT_OK ? result : withdrawn ? REFERAT_OK : REFERAT_NOT_FOUND;
	struct json_object *wanted =
	    object_of(call, withdrawn ? referat_entry_withdrawn(call) : referat_entry_wanted(call), there);
	if (!json_object_equal(there, wanted))
		result = referat_because(call, REFERAT_HOLD, "%s",
					 referat_difference(call, lines_of(call, there), lines_of(call, wanted)));
	json_object_put(wanted);
	return result;
}

static enum referat_result flush(struct referat_call *call)
{
	enum referat_result result = load(call);
	if (result != REFERAT_OK)
		return result;
	const char *path = referat_option(call, "path");
	size_t size = 0;
	const char *text =
	    json_object_to_json_string_length(call->state, WRITTEN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	result = referat_file_replace(call, path, referat_format(call, "%s.new", path), text, size, true);
	forget(call);
	return result;
}

/* Whether the file can be read as a list, if it is there. */
static enum referat_result probe(struct referat_call *call)
{
	enum referat_result result = load(call);
	forget(call);
	return result;
}

static const struct referat_option options[] = {
    {.name = "path",
     .type = REFERAT_PATH,
     .required = true,
     .help = "the file that Municipio reads, on a disk that its web server sees"},
    {.name = "type",
     .type = REFERAT_CHOICE,
     .fallback = "Article",
     .choices = "Article|NewsArticle",
     .help = "the schema type of the post type that it is for"},
    {.name = "withdrawn",
     .type = REFERAT_CHOICE,
     .fallback = "word",
     .choices = "word|remove",
     .help = "leave a word in the place of what is withdrawn, or have its post deleted"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.municipio",
    .version = REFERAT_VERSION,
    .summary = "keeps a file of schema.org objects, which the WordPress theme Municipio makes posts of",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_SERIAL | REFERAT_CAN_PURGE,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .close = end,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
    .flush = flush,
};
