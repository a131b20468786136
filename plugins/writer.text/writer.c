/* writer.text: a document as the plain text that reader.text reads. Paragraphs are parted by a blank line, the items of
 * a list stand line by line below each other, and the last line has no end. The age notice is written when the meeting
 * is older than six months; what was read of one is not kept. */
#include "age.h"

#include <referat/document.pb-c.h>
#include <referat/message.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct output {
	FILE *file;
	bool begun;   /* something stands there */
	bool in_list; /* the last paragraph was an item of a list */
	unsigned number;
};

static bool is_list(Referat__BlockKind kind)
{
	return kind == REFERAT__BLOCK_KIND__LIST_ITEM || kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM;
}

/* Begins a paragraph: a blank line before it, but not between the items of a list. */
static void begin(struct output *output, bool list)
{
	if (output->begun)
		fputs(list && output->in_list ? "\n" : "\n\n", output->file);
	if (!list)
		output->number = 0;
	output->begun = true;
	output->in_list = list;
}

static void write_line(struct output *output, const char *text)
{
	if (!text || !*text)
		return;
	begin(output, false);
	fputs(text, output->file);
}

static void write_block(struct output *output, const Referat__Block *block)
{
	if (!block->text || !*block->text)
		return;
	begin(output, is_list(block->kind));
	int indent = 2 * (int)(block->level > 1 ? block->level : 1);
	if (block->kind == REFERAT__BLOCK_KIND__LIST_ITEM)
		fprintf(output->file, "%*s• ", indent, "");
	else if (block->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		fprintf(output->file, "%*s%u. ", indent, "", ++output->number);
	fputs(block->text, output->file);
}

static void write_blocks(struct output *output, size_t n, Referat__Block **blocks)
{
	for (size_t i = 0; i < n; i++)
		write_block(output, blocks[i]);
}

enum where { ABOVE, BEFORE, AFTER };

/* The home link stands above the title, the rest before the first item or after the last. */
static enum where where_of(const Referat__Notice *notice)
{
	if (notice->role == REFERAT__NOTICE_ROLE__HOME_LINK)
		return ABOVE;
	return notice->before_items ? BEFORE : AFTER;
}

static void write_notices(struct output *output, const Referat__Document *document, enum where where)
{
	for (size_t i = 0; i < document->n_notices; i++) {
		const Referat__Notice *notice = document->notices[i];
		if (where_of(notice) == where && notice->role != REFERAT__NOTICE_ROLE__AGE_NOTICE)
			write_blocks(output, notice->n_blocks, notice->blocks);
	}
}

static void write_item(struct referat_call *call, struct output *output, const Referat__Item *item)
{
	const char *heading = item->heading ? item->heading : "";
	if (item->number && *item->number)
		heading = referat_format(call, "%s %s", item->number, heading);
	write_line(output, heading);
	if (item->case_number && *item->case_number)
		write_line(output, referat_format(call, "Dnr %s", item->case_number));
	write_blocks(output, item->n_blocks, item->blocks);
}

static void write_document(struct referat_call *call, struct output *output, const Referat__Document *document)
{
	const Referat__Day *day = document->meeting ? document->meeting->day : NULL;
	write_notices(output, document, ABOVE);
	if (day && day->date && is_old(day->date, referat_now(call), referat_get(call, "publisher.time_zone")))
		write_line(output, referat_say(call, "writer.text.age_notice", NULL));
	write_line(output, document->title);
	write_blocks(output, document->n_lead, document->lead);
	write_notices(output, document, BEFORE);
	for (size_t i = 0; i < document->n_items; i++)
		write_item(call, output, document->items[i]);
	write_notices(output, document, AFTER);
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	char *text = NULL;
	size_t size = 0;
	struct output output = {.file = open_memstream(&text, &size)};
	if (!output.file)
		return referat_because(call, REFERAT_RETRY, "no memory for the text");
	write_document(call, &output, document);
	fclose(output.file);
	referat_add_part(call, "rendition/text", "text/plain", text, size);
	free(text);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_WRITER,
    .name = "writer.text",
    .version = REFERAT_VERSION,
    .summary = "writes a document as plain text, in the layout that reader.text reads",
    .accepts = "referat.document/1",
    .produces = "text/plain",
    .run = run,
};
