/* A document as a context for templates: what a writer needs to render a page, a mail or anything else without knowing
 * Protocol Buffers. docs/plugins.md lists the names.
 *
 * Everything in it is text, true, false or a list of such; an absent value is false. Markup never comes from here:
 * running text is a list of segments {text, href, strong, emphasis}, and the template decides what they become. */
#ifndef REFERAT_VIEW_H
#define REFERAT_VIEW_H

#include "referat/plugin.h"
#include <referat/document.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

struct json_object;

/* The context of the whole document. The caller owns it (json_object_put). NULL: there is no part "document", and the
 * call's reason says so. */
struct json_object *referat_view(struct referat_call *call);

/* A part of a block's text, in bytes, that stands elsewhere and is left out. */
struct referat_cut {
	size_t block;
	size_t start, end;
};

/* Blocks as a list for templates: {paragraph: {segments}}, {subheading: …}, {quote: …}, {line: …} (the label of a link)
 * {list: {ordered, entries: [{segments, list}]}}, {table: {head, rows: [{cells}]}}. What is empty after the cuts is
 * left out, and a heading with nothing under it. The caller owns it. */
struct json_object *referat_view_blocks(Referat__Block *const *blocks, size_t n_blocks, const struct referat_cut *cuts,
					size_t n_cuts);

/* An outcome of the enum Outcome, by word and by shape: {key, word, shape}; NULL when it is not known, or is none that
 * has a word. The caller owns it. */
struct json_object *referat_view_outcome(struct referat_call *call, int outcome);

/* The publisher's entry of that board, or NULL. */
const Referat__BoardEntry *referat_board(const Referat__Publisher *publisher, const char *id);

/* Whether an address may become a link: http, https, mailto or tel, without control characters. */
bool referat_is_link(const char *address);

/* Minutes that a program has summarised are shown as their summary: nothing that it left out is on the page. Others are
 * returned as they are. */
const Referat__Document *referat_shown(struct referat_call *call, const Referat__Document *document);

#ifdef __cplusplus
}
#endif
#endif
