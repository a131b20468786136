/* The card of a document: all that lists, feeds and mails about it need. */
#ifndef WRITER_HTML_CARD_H
#define WRITER_HTML_CARD_H

#include <referat/plugin.h>

struct json_object;

/* Adds the part "card", made from the parts and the view. */
void card_add(struct referat_call *call, struct json_object *view);

/* Where the page stands below the site's root: "2024/socialnamnden-2024-04-17/". It is made from what names the meeting
 * and the kind of document, so that a later revision keeps its address; when board or day is not known, the document's
 * id stands in. */
const char *card_path(struct referat_call *call);

#endif
