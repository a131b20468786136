/* The inside of target.http. */
#ifndef TARGET_HTTP_H
#define TARGET_HTTP_H

#include <referat/plugin.h>

/* ---- template.c: requests from templates ------------------------------------------------------------------------- */

/* What a template makes of the call's values. Text is for people who read it: {{name}} escapes for HTML and XML,
 * {{{name}}} does not. In an address every value is percent-encoded. NULL: the template is wrong, and the call's reason
 * says where. */
const char *http_text(struct referat_call *call, const char *template_text);
const char *http_address(struct referat_call *call, const char *template_text);

/* The body that a template file makes. In a file *.json each text is a template of its own, so whatever a value holds,
 * JSON comes out. No file: the values as one object of JSON. NULL as above. */
const char *http_body(struct referat_call *call, const char *path);

/* What a JSON Pointer (RFC 6901) finds in an answer, as text; "" when there is nothing. */
const char *http_find(struct referat_call *call, struct referat_bytes json, const char *pointer);

#endif
