#include <referat/pages.h>

#include <referat/difference.h>
#include <referat/files.h>
#include <referat/notice.h>

#include <string.h>

enum { NO_CONTENT = 204, CONDITION_FAILED = 412 };

struct page {
	const char *folder;     /* below the option `url`: "2024/socialnamnden-2024-05-08/" */
	const char *path;       /* the same with "index.html" */
	const char *url;        /* where it is written */
	const char *public_url; /* where residents read it */
};

bool referat_is_absent(struct referat_answer answer)
{
	return answer.status == 404 || answer.status == 410;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

static bool page_at(struct referat_call *call, const char *folder, struct page *page)
{
	if (!referat_path_is_inside(folder)) {
		referat_because(call, REFERAT_FAIL, "the card's path is not one below the address of the pages");
		return false;
	}
	const char *url = referat_option(call, "url"), *base = referat_option(call, "public_url");
	bool ends = folder[strlen(folder) - 1] == '/';
	page->folder = folder;
	page->path = referat_format(call, "%s%sindex.html", folder, ends ? "" : "/");
	page->url = referat_address(call, url, page->path);
	page->public_url = referat_address(call, base[0] ? base : url, folder);
	return true;
}

/* Where the document stands, as far as it is known, else where it is to stand. */
static bool page_of(struct referat_call *call, struct page *page)
{
	const char *place = referat_get(call, "remote_id");
	return page_at(call, place[0] ? place : referat_get(call, "path"), page);
}

static struct referat_answer ask(struct referat_call *call, const struct referat_pages *pages, const char *method,
				 const struct page *page)
{
	return pages->ask(call, (struct referat_http){.method = method, .url = page->url, .most = REFERAT_PAGE_MOST});
}

/* A page of HTML with 200 is a proxy's, or a door that wants a log-in: nobody knows what became of the request. */
static enum referat_result not_the_servers(struct referat_call *call, struct referat_answer answer)
{
	return referat_because(call, REFERAT_UNKNOWN,
			       "the answer %d is not as the server's: something before it answers", answer.status);
}

static enum referat_result take_away(struct referat_call *call, const struct referat_pages *pages,
				     const struct page *page)
{
	struct referat_answer gone = ask(call, pages, "DELETE", page);
	if (referat_is_absent(gone) || gone.status == NO_CONTENT)
		return REFERAT_OK;
	return referat_http_ok(gone) ? not_the_servers(call, gone) : pages->error(call, gone);
}

static bool leaves_word(struct referat_call *call)
{
	return strcmp(referat_option(call, "withdrawn"), "word") == 0;
}

static bool is_same(struct referat_bytes a, struct referat_bytes b)
{
	return a.size == b.size && !memcmp(a.data, b.data, a.size);
}

static enum referat_result write_page(struct referat_call *call, const struct referat_pages *pages,
				      const struct page *page, struct referat_answer there, struct referat_bytes sealed)
{
	if (!referat_is_absent(there) && is_same(there.body, sealed))
		return REFERAT_OK;
	struct referat_answer answer = pages->write(call, page->path, sealed, there);
	if (!referat_http_ok(answer))
		return pages->error(call, answer);
	return pages->wrote(answer) ? REFERAT_OK : not_the_servers(call, answer);
}

static bool purges(struct referat_call *call)
{
	return referat_get(call, "purge")[0];
}

static enum referat_result forget(struct referat_call *call, const struct referat_pages *pages, const struct page *page)
{
	return purges(call) ? pages->forget(call, page->path) : REFERAT_OK;
}

static enum referat_result published(struct referat_call *call, const struct page *page, struct referat_bytes sealed)
{
	return referat_published(call, page->folder, page->public_url, referat_sha256(call, sealed.data, sealed.size));
}

/* ---- put --------------------------------------------------------------------------------------------------------- */

/* How what stands there differs from what is wanted, in words for the publisher. */
static const char *difference(struct referat_call *call, struct referat_bytes there, const char *wanted)
{
	const char *page = there.data ? (const char *)there.data : "";
	return referat_difference(call, referat_lines(call, page), referat_lines(call, wanted));
}

/* OK when what stands there may be replaced: it came from here, or a person who saw it has agreed to replace just this;
 * else HOLD, with the two choices that a person has. */
static enum referat_result may_replace(struct referat_call *call, const struct page *page, struct referat_bytes there,
				       const char *wanted)
{
	enum referat_seal seal = referat_seal_of(call, there);
	const char *state = referat_sha256(call, there.data, there.size);
	if (seal == REFERAT_SEAL_WHOLE || seal == REFERAT_SEAL_LEFT || !strcmp(referat_get(call, "replace"), state))
		return REFERAT_OK;
	referat_set(call, "conflict", state);
	const char *key = seal == REFERAT_SEAL_CHANGED ? "target.changed" : "target.taken";
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, key, "url", page->public_url, "difference",
					   difference(call, there, wanted), "id", referat_get(call, "id"), NULL));
}

/* Those who come to the old place are sent on, when the page there is as it was put. A person's is left, unless nothing
 * may be left of it. */
static enum referat_result replace_old(struct referat_call *call, const struct referat_pages *pages,
				       const struct page *old, const struct page *now)
{
	struct referat_answer there = ask(call, pages, "GET", old);
	if (referat_is_absent(there))
		return REFERAT_OK;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	const char *word = referat_moved_page(call, now->public_url);
	enum referat_seal seal = referat_seal_of(call, there.body);
	if (seal == REFERAT_SEAL_CHANGED && purges(call)) {
		enum referat_result may = may_replace(call, old, there.body, word);
		if (may != REFERAT_OK)
			return may;
	} else if (seal != REFERAT_SEAL_WHOLE) {
		return REFERAT_OK;
	}
	if (!leaves_word(call))
		return take_away(call, pages, old);
	return write_page(call, pages, old, there, referat_seal_left(call, word));
}

/* Where the document stood before it was corrected. */
static enum referat_result leave_old_place(struct referat_call *call, const struct referat_pages *pages,
					   const struct page *now)
{
	struct page old;
	const char *place = referat_get(call, "remote_id");
	if (!place[0] || !strcmp(place, now->folder) || !page_at(call, place, &old))
		return REFERAT_OK;
	enum referat_result result = replace_old(call, pages, &old, now);
	return result == REFERAT_OK ? forget(call, pages, &old) : result;
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
	enum referat_result result = referat_is_absent(there) ? REFERAT_OK : may_replace(call, &page, there.body, html);
	if (result == REFERAT_OK)
		result = write_page(call, pages, &page, there, sealed);
	if (result == REFERAT_OK)
		result = leave_old_place(call, pages, &page);
	if (result == REFERAT_OK)
		result = forget(call, pages, &page);
	return result == REFERAT_OK ? published(call, &page, sealed) : result;
}

/* ---- withdraw, lookup -------------------------------------------------------------------------------------------- */

static enum referat_result leave_word(struct referat_call *call, const struct referat_pages *pages,
				      const struct page *page, struct referat_answer there)
{
	struct referat_bytes sealed = referat_seal_left(call, referat_withdrawn_page(call));
	enum referat_result result = write_page(call, pages, page, there, sealed);
	return result == REFERAT_OK ? published(call, page, sealed) : result;
}

static enum referat_result take_from(struct referat_call *call, const struct referat_pages *pages,
				     const struct page *page)
{
	struct referat_answer there = ask(call, pages, "GET", page);
	if (referat_is_absent(there))
		return REFERAT_OK;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	switch (referat_seal_of(call, there.body)) {
	case REFERAT_SEAL_OTHER:
	case REFERAT_SEAL_LEFT:
		return REFERAT_OK;
	case REFERAT_SEAL_NONE:
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "target.not-ours", "url", page->public_url, NULL));
	default:
		return leaves_word(call) ? leave_word(call, pages, page, there) : take_away(call, pages, page);
	}
}

enum referat_result referat_pages_withdraw(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	if (!page_of(call, &page))
		return REFERAT_FAIL;
	enum referat_result result = take_from(call, pages, &page);
	return result == REFERAT_OK ? forget(call, pages, &page) : result;
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
	/* What the server keeps beside it is asked by put, which does no harm. */
	bool stands = is_same(there.body, sealed) && !purges(call);
	return stands ? published(call, &page, sealed) : REFERAT_NOT_FOUND;
}

/* ---- compare ----------------------------------------------------------------------------------------------------- */

static bool is_word(struct referat_call *call, struct referat_bytes there)
{
	const char *word = referat_lines(call, referat_withdrawn_page(call));
	return strcmp(referat_lines(call, (const char *)there.data), word) == 0;
}

static enum referat_result compare_withdrawn(struct referat_call *call, const struct page *page,
					     struct referat_bytes there)
{
	enum referat_seal seal = referat_seal_of(call, there);
	bool is_ours = seal == REFERAT_SEAL_WHOLE || seal == REFERAT_SEAL_CHANGED;
	if (!is_ours || is_word(call, there))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", page->public_url, NULL));
}

enum referat_result referat_pages_compare(struct referat_call *call, const struct referat_pages *pages)
{
	struct page page;
	if (!page_of(call, &page))
		return REFERAT_FAIL;
	struct referat_answer there = ask(call, pages, "GET", &page);
	if (referat_is_absent(there))
		return REFERAT_NOT_FOUND;
	if (!referat_http_ok(there))
		return pages->error(call, there);
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, &page, there.body);
	const char *wanted = referat_rendition(call, "text/html");
	return is_same(there.body, referat_seal(call, wanted))
		   ? REFERAT_OK
		   : referat_because(call, REFERAT_HOLD, "%s", difference(call, there.body, wanted));
}

/* ---- probe ------------------------------------------------------------------------------------------------------- */

enum referat_result referat_pages_may_write(struct referat_call *call, const struct referat_pages *pages,
					    bool *keeps_conditions)
{
	const char *headers[] = {"If-Match: \"referat\"", NULL};
	const struct page page = {.url = referat_address(call, referat_option(call, "url"), ".referat-probe")};
	struct referat_answer answer = pages->ask(call, (struct referat_http){.method = "PUT",
									      .url = page.url,
									      .type = "text/html; charset=utf-8",
									      .body = "<!-- referat -->",
									      .headers = headers});
	*keeps_conditions = answer.status == CONDITION_FAILED || referat_is_absent(answer);
	if (*keeps_conditions)
		return REFERAT_OK;
	return referat_http_ok(answer) ? take_away(call, pages, &page) : pages->error(call, answer);
}
