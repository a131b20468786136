/* Answers of content management systems, and what is written there beside the document itself. */
#include <referat/cms.h>

#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEPTH_MOST = 32 };

/* ---- answers -------------------------------------------------------------------------------------------------------
 */

struct json_object *referat_json_of(struct referat_bytes body)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
	struct json_object *json = tokener && body.size > 0 && body.size <= REFERAT_JSON_MOST
				       ? json_tokener_parse_ex(tokener, (const char *)body.data, (int)body.size)
				       : NULL;
	json_tokener_free(tokener);
	return json;
}

/* The member, when it is of that type. */
static struct json_object *member(struct json_object *object, const char *name, enum json_type type)
{
	struct json_object *value = NULL;
	bool has = json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, name, &value) &&
		   json_object_is_type(value, type);
	return has ? value : NULL;
}

const char *referat_json_text(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name, json_type_string);
	return value ? json_object_get_string(value) : "";
}

long long referat_json_number(struct json_object *object, const char *name)
{
	return json_object_get_int64(member(object, name, json_type_int));
}

bool referat_json_flag(struct json_object *object, const char *name)
{
	return json_object_get_boolean(member(object, name, json_type_boolean));
}

/* ---- what a person has changed -------------------------------------------------------------------------------------
 */

enum referat_result referat_agreed(struct referat_call *call, const char *state, const char *key,
				   const char *difference)
{
	if (strcmp(referat_get(call, "replace"), state) == 0)
		return REFERAT_OK;
	referat_set(call, "conflict", state);
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, key, "difference", difference, "id", referat_get(call, "id"), NULL));
}

/* ---- the word that is left -----------------------------------------------------------------------------------------
 */

static const char withdrawn_template[] = "<p>{{text}}</p>\n"
					 "<p>{{more}}</p>\n"
					 "{{#instead}}\n"
					 "<p>{{instead_text}} <a href=\"{{instead}}\">{{instead}}</a></p>\n"
					 "{{/instead}}\n";

struct referat_notice referat_withdrawn(struct referat_call *call)
{
	struct json_object *context = json_object_new_object();
	const char *name = referat_get(call, "publisher.name");
	const char *day = referat_day(call, referat_get(call, "withdrawn"), referat_say(call, "day.date", NULL));
	const char *reason = referat_get(call, "withdrawn.reason");
	const char *instead = referat_get(call, "withdrawn.replacement");
	referat_put(context, "text",
		    day[0] ? referat_say(call, "target.withdrawn-day", "name", name, "day", day, NULL)
			   : referat_say(call, "target.withdrawn-text", "name", name, NULL));
	referat_put(context, "more",
		    reason[0] ? referat_say(call, "target.withdrawn-reason", "reason", reason, NULL)
			      : referat_say(call, "target.withdrawn-neutral", NULL));
	referat_put(context, "instead", referat_is_link(instead) ? instead : NULL);
	referat_put(context, "instead_text", referat_say(call, "target.withdrawn-replacement", NULL));
	char *html = referat_mustache(withdrawn_template, context, NULL, NULL, NULL, 0);
	json_object_put(context);
	struct referat_notice notice = {.title = referat_say(call, "target.withdrawn", NULL),
					.html = referat_format(call, "%s", html ? html : "")};
	free(html);
	return notice;
}

/* ---- time ----------------------------------------------------------------------------------------------------------
 */

const char *referat_time_after(struct referat_call *call, int64_t delay_us)
{
	time_t then = (time_t)((referat_now(call) + delay_us) / 1000000);
	struct tm parts;
	char text[32] = "";
	if (gmtime_r(&then, &parts))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
	return referat_copy(call, text, strlen(text));
}

int64_t referat_instant_of(const char *time)
{
	struct tm parts = {0};
	return strptime(time, "%Y-%m-%dT%H:%M:%S", &parts) ? (int64_t)timegm(&parts) * 1000000 : 0;
}
