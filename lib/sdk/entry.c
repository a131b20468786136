#include <referat/entry.h>

#include <referat/difference.h>
#include <referat/notice.h>
#include <referat/remote.h>

#include <string.h>

enum { PRINT_SIZE = 64 };

/* ---- prints ------------------------------------------------------------------------------------------------------ */

static const char *mark_start(struct referat_call *call)
{
	return referat_format(call, "<!-- referat:%s:", referat_get(call, "id"));
}

/* Texts that are joined by a character which none of them has. */
static const char *print_of(struct referat_call *call, const struct referat_entry *entry, const char *head,
			    size_t head_size, const char *tail)
{
	const char *all =
	    referat_format(call, "%s\1%s\1%.*s\1%s", entry->title, entry->excerpt, (int)head_size, head, tail);
	return referat_sha256(call, all, strlen(all));
}

const char *referat_entry_print(struct referat_call *call, const struct referat_entry *entry)
{
	return print_of(call, entry, entry->content, strlen(entry->content), "");
}

/* Where the print stands in the text; NULL: there is none of this document. */
static const char *find_print(struct referat_call *call, const struct referat_entry *entry)
{
	const char *start = mark_start(call);
	const char *mark = strstr(entry->content, start);
	const char *print = mark ? mark + strlen(start) : "";
	return strspn(print, "0123456789abcdef") == PRINT_SIZE ? print : NULL;
}

bool referat_entry_is_marked(struct referat_call *call, const struct referat_entry *entry)
{
	return find_print(call, entry);
}

bool referat_entry_is_ours(struct referat_call *call, const struct referat_entry *entry)
{
	const char *print = find_print(call, entry);
	if (!print)
		return false;
	const char *right = print_of(call, entry, entry->content, (size_t)(print - entry->content), print + PRINT_SIZE);
	return strncmp(print, right, PRINT_SIZE) == 0;
}

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */

struct referat_entry referat_entry_wanted(struct referat_call *call)
{
	return (struct referat_entry){.title = referat_get(call, "title"),
				      .excerpt = referat_get(call, "short_text"),
				      .content = referat_article(call)};
}

struct referat_entry referat_entry_withdrawn(struct referat_call *call)
{
	const struct referat_notice notice = referat_withdrawn(call);
	return (struct referat_entry){.title = notice.title, .excerpt = "", .content = notice.html};
}

struct referat_entry referat_entry_marked(struct referat_call *call, struct referat_entry entry, const char *before,
					  const char *after)
{
	const char *language = referat_get(call, "publisher.language");
	const char *head = referat_format(call, "%s%s", before, mark_start(call));
	const char *tail = referat_format(call, " -->\n<div class=\"referat\" lang=\"%s\">\n%s\n</div>%s",
					  language[0] ? language : "sv", entry.content, after);
	const char *print = print_of(call, &entry, head, strlen(head), tail);
	entry.content = referat_format(call, "%s%s%s", head, print, tail);
	return entry;
}

const char *referat_entry_slug(struct referat_call *call)
{
	const char *path = referat_get(call, "path");
	size_t size = strlen(path);
	while (size > 0 && path[size - 1] == '/')
		size--;
	size_t from = size;
	while (from > 0 && path[from - 1] != '/')
		from--;
	return referat_copy(call, path + from, size - from);
}

/* ---- comparing what people read ---------------------------------------------------------------------------------- */

static const char *lines_of(struct referat_call *call, const struct referat_entry *entry)
{
	return referat_lines(
	    call, referat_format(call, "<p>%s</p><p>%s</p>%s<p>", entry->title, entry->excerpt, entry->content));
}

bool referat_entry_same_words(struct referat_call *call, const struct referat_entry *a, const struct referat_entry *b)
{
	return strcmp(lines_of(call, a), lines_of(call, b)) == 0;
}

const char *referat_entry_difference(struct referat_call *call, const struct referat_entry *there,
				     const struct referat_entry *wanted)
{
	return referat_difference(call, lines_of(call, there), lines_of(call, wanted));
}
