/* Writing to a post, and looking at what WordPress made of it. */
#include "wordpress.h"

#include <referat/cms.h>

#include <json-c/json.h>
#include <string.h>

const char *post_path(struct referat_call *call, long long id)
{
	return id ? referat_format(call, "wp/v2/posts/%lld", id) : "wp/v2/posts";
}

struct json_object *post_texts(const struct post *post)
{
	struct json_object *body = json_object_new_object();
	json_object_object_add(body, "title", json_object_new_string(post->title));
	json_object_object_add(body, "excerpt", json_object_new_string(post->excerpt));
	json_object_object_add(body, "content", json_object_new_string(post->content));
	return body;
}

enum referat_result post_send(struct referat_call *call, struct json_object *body, struct post *post)
{
	REPLY reply = {.code = ""};
	enum referat_result result = wordpress_post(call, post_path(call, post->id), POST_FIELDS, body, &reply);
	if (result == REFERAT_OK)
		*post = post_of(call, reply.json);
	return result;
}

enum referat_result post_check_words(struct referat_call *call, const struct post *stored, const struct post *wanted)
{
	if (strcmp(stored->content, wanted->content) == 0 || post_same_words(call, stored, wanted))
		return REFERAT_OK;
	return referat_because(
	    call, REFERAT_HOLD, "%s",
	    referat_say(call, "target.post-filtered", "difference", post_difference(call, stored, wanted), NULL));
}
