/* Articles in content management systems (WordPress, Sitevision, Ghost): what is the same for every target that keeps
 * them, whatever requests it makes. */
#ifndef REFERAT_CMS_H
#define REFERAT_CMS_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_object;

/* ---- answers -------------------------------------------------------------------------------------------------------
 */

enum { REFERAT_JSON_MOST = 8 * 1024 * 1024 }; /* bytes of an answer, for `most` of a request */

/* The JSON of an answer's body, bounded in size and depth; NULL: it is none. The caller owns it (json_object_put). */
struct json_object *referat_json_of(struct referat_bytes body);

/* A member of an object: "", 0 or false when it is not there or of another type. The text is the object's. */
const char *referat_json_text(struct json_object *object, const char *name);
long long referat_json_number(struct json_object *object, const char *name);
bool referat_json_flag(struct json_object *object, const char *name);

/* ---- what a person has changed -------------------------------------------------------------------------------------
 */

/* OK when a person has agreed to replace just this state of what stands there; else HOLD, with the text of that key in
 * the language file, which may have {{difference}} and {{id}}. */
enum referat_result referat_agreed(struct referat_call *call, const char *state, const char *key,
				   const char *difference);

/* ---- time ----------------------------------------------------------------------------------------------------------
 */

/* The moment that is so much later than now, UTC, as "2024-05-08T09:00:00". */
const char *referat_time_after(struct referat_call *call, int64_t delay_us);

/* Such a moment, as microseconds since 1970; what stands behind the seconds does not count. 0: it is none. */
int64_t referat_instant_of(const char *time);

#ifdef __cplusplus
}
#endif
#endif
