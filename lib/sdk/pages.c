#include <referat/pages.h>

#include <referat/difference.h>
#include <referat/files.h>

#include <string.h>

struct page {
	const char *path; /* below the option `url`: "2024/socialnamnden-2024-05-08/index.html" */
	const char *url;  /* where it is written */
};

bool referat_is_absent(struct referat_answer answer)
{
	return answer.status == 404 || answer.status == 410;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static const char *public_url(struct referat_call *call)
{
	const char *base = referat_option(call, "public_url");
	return referat_address(call, base[0] ? base : referat_option(call, "url"), referat_get(call, "path"));
}

static bool page_at(struct referat_call *call, const char *folder, struct page *page)
{
	if (!referat_path_is_inside(folder)) {
		referat_because(call, REFERAT_FAIL, "the card's path is not one below the address of the pages");
		return false;
	}
	bool ends = folder[strlen(folder) - 1] == '/';
	page->path = referat_format(call, "%s%sindex.html", folder, ends ? "" : "/");
	page->url = referat_address(call, referat_option(call, "url"), page->path);
	return true;
}

static struct referat_answer ask(struct referat_call *call, const struct referat_pages *pages, const char *method,
				 const struct page *page)
{
	return pages->ask(call, (struct referat_http){.method = method, .url = page->url, .most = REFERAT_PAGE_MOST});
}

static enum referat_result take_away(struct referat_call *call, const struct referat_pages *pages,
				     const struct page *page)
{
	struct referat_answer gone = ask(call, pages, "DELETE", page);
	return referat_http_ok(gone) || referat_is_absent(gone) ? REFERAT_OK : pages->error(call, gone);
}

/* ---- put --------------------------------------------------------------------------------------------------------- */

static enum referat_result published(struct referat_call *call, struct referat_bytes sealed)
{
	return referat_published(call, referat_get(call, "path"), public_url(call),
				 referat_sha256(call, sealed.data, sealed.size));
}

static bool is_same(struct referat_bytes a, struct referat_bytes b)
{
	return a.size == b.size && !memcmp(a.data, b.data, a.size);
}

/* The document's page stood elsewhere before it was corrected: it goes when it is as it was put there. */
static enum referat_result leave_old_place(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	const char *old = referat_get(call, "remote_id");
	if (!old[0] || !strcmp(old, referat_get(call, "path")) || !page_at(call, old, &page))
		return REFERAT_OK;
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (referat_is_absent(there))
		return REFERAT_OK;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	bool is_whole = referat_seal_of(call, there.body) == REFERAT_SEAL_WHOLE;
	return is_whole ? take_away(call, pages, &page) : REFERAT_OK;
}

static enum referat_result write_page(struct referat_call *call, const struct referat_pages *pages,
				      const struct page *page, struct referat_answer there, struct referat_bytes sealed)
{
	if (!referat_is_absent(there)) {
		enum referat_result may = referat_may_replace(call, there.body, public_url(call));
		if (may != REFERAT_OK || is_same(there.body, sealed))
			return may;
	}
	struct referat_answer answer = pages->write(call, page->path, sealed, there);
	return referat_http_ok(answer) ? REFERAT_OK : pages->error(call, answer);
}

enum referat_result referat_pages_put(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	const char *html = referat_rendition(call, "text/html");
	if (!html[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	if (!page_at(call, referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_bytes sealed = referat_seal(call, html);
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (!referat_http_ok(there) && !referat_is_absent(there))
		return pages->error(call, there);
	enum referat_result result = write_page(call, pages, &page, there, sealed);
	if (result == REFERAT_OK)
		result = leave_old_place(call, pages);
	return result == REFERAT_OK ? published(call, sealed) : result;
}

/* ---- withdraw, lookup -------------------------------------------------------------------------------------------- */

enum referat_result referat_pages_withdraw(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	const char *place = referat_get(call, "remote_id");
	if (!page_at(call, place[0] ? place : referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (referat_is_absent(there))
		return REFERAT_OK;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	switch (referat_seal_of(call, there.body)) {
	case REFERAT_SEAL_OTHER:
		return REFERAT_OK;
	case REFERAT_SEAL_NONE:
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "target.not-ours", "url", page.url, NULL));
	default:
		return take_away(call, pages, &page);
	}
}

enum referat_result referat_pages_lookup(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	if (!page_at(call, referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_bytes sealed = referat_seal(call, referat_rendition(call, "text/html"));
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (referat_is_absent(there))
		return REFERAT_NOT_FOUND;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	return is_same(there.body, sealed) ? published(call, sealed) : REFERAT_NOT_FOUND;
}

/* ---- compare ----------------------------------------------------------------------------------------------------- */

static enum referat_result compare_withdrawn(struct referat_call *call, struct referat_answer there)
{
	switch (referat_seal_of(call, there.body)) {
	case REFERAT_SEAL_WHOLE:
	case REFERAT_SEAL_CHANGED:
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "target.still-there", "url", public_url(call), NULL));
	default:
		return REFERAT_OK;
	}
}

enum referat_result referat_pages_compare(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	const char *place = referat_get(call, "remote_id");
	if (!page_at(call, place[0] ? place : referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (referat_is_absent(there))
		return REFERAT_NOT_FOUND;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, there);
	const char *wanted = referat_rendition(call, "text/html");
	if (is_same(there.body, referat_seal(call, wanted)))
		return REFERAT_OK;
	return referat_because(
	    call, REFERAT_HOLD, "%s",
	    referat_difference(call, referat_lines(call, (const char *)there.body.data), referat_lines(call, wanted)));
}
