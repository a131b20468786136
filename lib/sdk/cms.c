#include <referat/cms.h>

#include <json-c/json.h>

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
