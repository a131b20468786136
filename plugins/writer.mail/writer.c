/* writer.mail: a short mail about the document, as text and as HTML: what was decided, and the way to the page.
 *
 * The page has an address only when it has been published: until then REFERAT_MAIL_URL stands in its place, and the
 * channel fills it in. The subject is the attribute mail_subject. */
#include <referat/mail.h>
#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

static const char *const texts[] = {"decisions", "read", "stop", NULL};

static const char *subject_of(struct referat_call *call, struct json_object *view)
{
	const char *title = json_object_get_string(json_object_object_get(view, "title"));
	bool corrected = json_object_get_boolean(json_object_object_get(view, "corrected"));
	bool completed = json_object_get_boolean(json_object_object_get(view, "completed"));
	if (completed && !corrected)
		return referat_say(call, "writer.mail.completed", "title", title, NULL);
	return corrected ? referat_say(call, "writer.mail.corrected", "title", title, NULL) : title;
}

static void put_said(struct referat_call *call, struct json_object *view)
{
	struct json_object *said = referat_texts(call, "writer.mail", texts);
	struct json_object *day = json_object_object_get(view, "day_words");
	const char *name = referat_get(call, "publisher.name");
	if (json_object_is_type(day, json_type_string))
		referat_put(said, "meeting",
			    referat_say(call, "writer.mail.meeting", "day", json_object_get_string(day), NULL));
	referat_put(said, "why", referat_say(call, "writer.mail.why", "name", name, NULL));
	json_object_object_add(view, "t", said);
}

static bool add_rendition(struct referat_call *call, const char *name, const char *type, const char *template_name,
			  struct json_object *view)
{
	const char *text = referat_render(call, template_name, view);
	if (text)
		referat_add_part(call, name, type, text, strlen(text));
	return text != NULL;
}

static enum referat_result run(struct referat_call *call)
{
	struct json_object *view = referat_view(call);
	if (!view)
		return REFERAT_FAIL;
	const char *subject = subject_of(call, view);
	put_said(call, view);
	referat_put(view, "subject", subject);
	referat_put(view, "url", REFERAT_MAIL_URL);
	referat_set(call, "mail_subject", subject);
	bool written = add_rendition(call, "rendition/mail-text", "text/plain", "text.mustache", view) &&
		       add_rendition(call, "rendition/mail-html", "text/html", "html.mustache", view);
	json_object_put(view);
	return written ? REFERAT_OK : REFERAT_FAIL;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_WRITER,
    .name = "writer.mail",
    .version = REFERAT_VERSION,
    .summary = "writes a short mail with the decisions and the address of the page",
    .accepts = "referat.document/1",
    .produces = "text/plain text/html",
    .run = run,
};
