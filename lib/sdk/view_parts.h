/* What the files that make a document's context share. */
#ifndef SDK_VIEW_PARTS_H
#define SDK_VIEW_PARTS_H

#include <referat/document.pb-c.h>
#include <referat/plugin.h>

struct json_object;

void rf_view_flag(struct json_object *object, const char *name, bool flag);

/* Lists are shown with a heading around them: `has_items` beside `items`. Takes the list over. */
void rf_view_list(struct json_object *object, const char *name, struct json_object *list);

/* Puts `items`, and what is said of all of them, into the view. */
void rf_view_items(struct referat_call *call, struct json_object *view, const Referat__Document *document);

#endif
