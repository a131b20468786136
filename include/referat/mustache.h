/* Mustache templates (core of the specification at mustache.github.io, with partials; no lambdas), for writers and
 * targets. HTML is escaped in {{name}}, not in {{{name}}} or {{&name}}. A section is left out for null, false, an empty
 * list and an empty text; lists and objects that are asked for as text give nothing. */
#ifndef REFERAT_MUSTACHE_H
#define REFERAT_MUSTACHE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_object; /* json-c: the context */

/* Gives the text of a partial, or NULL (rendered as nothing, as the specification says). */
typedef const char *(*referat_partial)(void *context, const char *name);

/* Renders a template with a context. Returns the text (malloc; the caller frees), or NULL with the reason, which names
 * the line, in problem (may be NULL). Bounds: 64 levels of sections and partials, 64 MiB of output. */
char *referat_mustache(const char *template_text, struct json_object *context, referat_partial partial,
		       void *partial_context, char *problem, size_t problem_size);

/* Renders the plugin's data file `name`; partials are data files too ("{{> head}}" is "head.mustache"). NULL: the
 * reason is set on the call. The text is the call's. */
const char *referat_render(struct referat_call *, const char *name, struct json_object *context);

#ifdef __cplusplus
}
#endif
#endif
