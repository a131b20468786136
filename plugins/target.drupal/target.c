/* target.drupal: nodes in Drupal, by its JSON:API.
 *
 * remote_id is the node's id, remote_revision the print of what Drupal said it had stored ("withdrawn" when we took it
 * away). A node that says something else is a person's: it is held until one agrees to replace it. */
#include "drupal.h"

#include <referat/cms.h>

#include <json-c/json.h>
#include <string.h>

static const char taken_away[] = "withdrawn";

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool shall_be_shown(struct referat_call *call)
{
	return is(referat_option(call, "status"), "publish");
}

/* ---- put -----------------------------------------------------------------------------------------------------------
 */

static enum referat_result check_edits(struct referat_call *call, const struct node *there,
				       const struct referat_entry *wanted)
{
	const char *known = referat_get(call, "remote_revision");
	const char *print = referat_entry_print(call, &there->says);
	const char *state = referat_format(call, "%d-%s", there->is_published, print);
	if (node_is_unfinished(there))
		return REFERAT_OK;
	if (shall_be_shown(call) && !there->is_published && !is(known, taken_away))
		return referat_agreed(call, state, "target.post-hidden", "");
	if (referat_entry_is_ours(call, &there->says) || is(known, print) ||
	    referat_entry_same_words(call, &there->says, wanted))
		return REFERAT_OK;
	return referat_agreed(call, state, "target.post-edited", referat_entry_difference(call, &there->says, wanted));
}

/* What the text format's filters leave for residents: markup may go, words may not. */
static enum referat_result check_words(struct referat_call *call, const struct node *stored,
				       const struct referat_entry *wanted)
{
	struct referat_entry shown = stored->says;
	shown.content = stored->processed;
	if (referat_entry_same_words(call, &shown, wanted))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.drupal.filtered", "format", referat_option(call, "format"),
					   "difference", referat_entry_difference(call, &shown, wanted), NULL));
}

/* A node is made unpublished, so that what the filters make of it is seen before anybody can read it. */
static enum referat_result prepare(struct referat_call *call, bool is_new, struct node *node)
{
	const struct referat_entry draft = node_kept(call, referat_entry_wanted(call), false);
	enum referat_result result = REFERAT_OK;
	if (is_new)
		result = node_make(call, &draft, node);
	else if (!is(node->says.content, draft.content))
		result = node_change(call, &draft, false, node);
	return result == REFERAT_OK ? check_words(call, node, &draft) : result;
}

static enum referat_result published(struct referat_call *call, const struct node *node)
{
	return referat_published(call, node->id, node->is_published ? node->url : NULL,
				 referat_entry_print(call, &node->says));
}

static enum referat_result find(struct referat_call *call, const struct referat_entry *wanted, struct node *node)
{
	const char *known = referat_get(call, "remote_revision");
	enum referat_result result = node_read(call, node);
	if (result == REFERAT_OK)
		return check_edits(call, node, wanted);
	if (result != REFERAT_NOT_FOUND || !known[0] || is(known, taken_away))
		return result;
	result = referat_agreed(call, "gone", "target.post-gone", "");
	return result == REFERAT_OK ? REFERAT_NOT_FOUND : result;
}

static enum referat_result put(struct referat_call *call)
{
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	const struct referat_entry wanted = node_kept(call, referat_entry_wanted(call), true);
	struct node node = {.id = ""};
	enum referat_result result = find(call, &wanted, &node);
	bool is_new = result == REFERAT_NOT_FOUND;
	if (is_new || (result == REFERAT_OK && node_is_unfinished(&node)))
		result = prepare(call, is_new, &node);
	if (result != REFERAT_OK)
		return result;
	bool publish = shall_be_shown(call) || node.is_published;
	if (!is(node.says.content, wanted.content) || node.is_published != publish)
		result = node_change(call, &wanted, publish, &node);
	if (result == REFERAT_NOT_FOUND) /* it went while we were at it: the next attempt finds that */
		return REFERAT_RETRY;
	if (result == REFERAT_OK)
		result = check_words(call, &node, &wanted);
	return result == REFERAT_OK ? published(call, &node) : result;
}

/* What is hidden, half made or says something else does not stand there; put sees to it. */
static enum referat_result lookup(struct referat_call *call)
{
	const struct referat_entry wanted = node_kept(call, referat_entry_wanted(call), true);
	struct node node;
	enum referat_result result = node_read(call, &node);
	if (result != REFERAT_OK)
		return result;
	bool there = !node_is_unfinished(&node) && (node.is_published || !shall_be_shown(call));
	return there && referat_entry_same_words(call, &node.says, &wanted) ? published(call, &node)
									    : REFERAT_NOT_FOUND;
}

/* ---- withdraw ------------------------------------------------------------------------------------------------------
 */

static enum referat_result take_away(struct referat_call *call, struct node *node)
{
	const char *way = referat_option(call, "withdrawn");
	const struct referat_entry word = node_kept(call, referat_entry_withdrawn(call), true);
	if (is(way, "word")) {
		enum referat_result result = REFERAT_OK;
		if (!is(node->says.content, word.content))
			result = node_change(call, &word, node->is_published, node);
		return result == REFERAT_OK ? published(call, node) : result;
	}
	enum referat_result result = is(way, "delete") ? node_delete(call) : node_change(call, NULL, false, node);
	return result == REFERAT_OK ? referat_published(call, node->id, NULL, taken_away) : result;
}

static enum referat_result withdraw(struct referat_call *call)
{
	struct node node;
	enum referat_result result = node_read(call, &node);
	if (result == REFERAT_OK)
		result = take_away(call, &node);
	return result == REFERAT_NOT_FOUND ? REFERAT_OK : result;
}

/* ---- compare -------------------------------------------------------------------------------------------------------
 */

static enum referat_result compare_withdrawn(struct referat_call *call, const struct node *node)
{
	const struct referat_entry word = node_kept(call, referat_entry_withdrawn(call), true);
	if (!node->is_published || referat_entry_same_words(call, &node->says, &word))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", node->url, NULL));
}

static enum referat_result compare(struct referat_call *call)
{
	struct node node;
	enum referat_result result = node_read(call, &node);
	if (result != REFERAT_OK)
		return result;
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, &node);
	if (shall_be_shown(call) && !node.is_published)
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-hidden", NULL));
	const struct referat_entry wanted = node_kept(call, referat_entry_wanted(call), true);
	if (referat_entry_same_words(call, &node.says, &wanted))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s", referat_entry_difference(call, &node.says, &wanted));
}

/* ---- probe ---------------------------------------------------------------------------------------------------------
 */

/* Whether the entry point knows us: it names a user only to whoever has logged in. */
static enum referat_result check_user(struct referat_call *call)
{
	REPLY reply = {0};
	struct json_object *meta = NULL, *links = NULL;
	enum referat_result result = drupal_ask(call, "GET", "", NULL, &reply);
	if (result == REFERAT_OK && json_object_object_get_ex(reply.json, "meta", &meta))
		json_object_object_get_ex(meta, "links", &links);
	if (result != REFERAT_OK || (links && json_object_object_get_ex(links, "me", NULL)))
		return result == REFERAT_NOT_FOUND ? REFERAT_YIELD : result;
	return referat_refused(call,
			       "Drupal does not know the user %s by that password, or its module basic_auth is off",
			       referat_option(call, "user"));
}

/* A node without a title is refused by whoever would take one with a title. */
static enum referat_result check_rights(struct referat_call *call)
{
	REPLY reply = {0};
	struct json_object *data = json_object_new_object(), *document = json_object_new_object();
	json_object_object_add(data, "type",
			       json_object_new_string(referat_format(call, "node--%s", referat_option(call, "type"))));
	json_object_object_add(document, "data", data);
	enum referat_result result = drupal_ask(call, "POST", node_collection(call), document, &reply);
	if (reply.status == 422)
		return REFERAT_OK;
	if (result == REFERAT_OK)
		return referat_because(call, REFERAT_YIELD, "Drupal takes pages without a title: it was not meant to");
	return result == REFERAT_NOT_FOUND ? referat_because(call, REFERAT_YIELD, "Drupal has no type of content %s",
							     referat_option(call, "type"))
					   : result;
}

static enum referat_result probe(struct referat_call *call)
{
	enum referat_result result = check_user(call);
	return result == REFERAT_OK ? check_rights(call) : result;
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "address of the site's start page"},
    {.name = "user", .type = REFERAT_STRING, .required = true, .help = "user name in Drupal"},
    {.name = "password", .type = REFERAT_SECRET, .required = true, .help = "the user's password"},
    {.name = "type", .type = REFERAT_STRING, .fallback = "article", .help = "machine name of the type of content"},
    {.name = "format",
     .type = REFERAT_STRING,
     .fallback = "full_html",
     .help = "machine name of the text format, which must keep headings, lists and tables"},
    {.name = "moderated",
     .type = REFERAT_BOOLEAN,
     .fallback = "false",
     .help = "the type has a workflow of the module content_moderation, with the states draft, published, archived"},
    {.name = "status",
     .type = REFERAT_CHOICE,
     .fallback = "publish",
     .choices = "publish|draft",
     .help = "what a new page becomes; a person may publish a draft"},
    {.name = "withdrawn",
     .type = REFERAT_CHOICE,
     .fallback = "word",
     .choices = "word|unpublish|delete",
     .help = "leave a word at the address of what is withdrawn, unpublish the page, or delete it for good"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.drupal",
    .version = REFERAT_VERSION,
    .summary = "keeps pages in Drupal: makes, publishes, corrects, withdraws",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
};
