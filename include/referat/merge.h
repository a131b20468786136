/* Minutes of one meeting that are adjusted and published apart, each with a cover of its own, are one document. */
#ifndef REFERAT_MERGE_H
#define REFERAT_MERGE_H

#include "referat/document.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A paragraph that two of them have, and not in the same words. */
struct referat_difference {
	const Referat__Item *kept, *other; /* NULL: there is none */
};

struct referat_merge {
	/* In this order they are asked: a paragraph that two have in other words is kept as the first of them has it,
	 * when `first_is_right`, else as the longer of the two. But one that only points to another file gives way. */
	Referat__Document **documents;
	size_t n;
	bool first_is_right;
	size_t cover; /* whose cover goes before the others': they give what it does not say */
	/* Memory that lives as long as what comes out. */
	void *(*alloc)(void *context, size_t size);
	void *context;
	/* Comes out: one document, items in the order of their numbers. It shares what the documents hold, and nothing
	 * of theirs is changed but the items that places name. */
	Referat__Document together;
	struct referat_difference difference; /* the first */
};

void referat_merge(struct referat_merge *merge);

/* Items in the order of their numbers ("§ 116", "§ 116 a", "§ 117"); those of equal numbers stay as they stand. */
void referat_items_sort(Referat__Document *document);

/* For comparing: "§ 116 a" is more than "§ 116" and less than "§ 117". 0: there is no number. */
unsigned referat_item_rank(const Referat__Item *item);

#ifdef __cplusplus
}
#endif
#endif
