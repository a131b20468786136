/* target.webdav: keeps pages as files on a web server that takes them by WebDAV (RFC 4918).
 *
 * A page goes up under a temporary name and is moved to its own, so a reader sees the old page or the new one. What
 * stands there is read first, and replaced only when its seal says that it came from here and nobody has changed it;
 * that it is still the same when the move comes is left to the server, by its entity tag. */
#include <referat/files.h>
#include <referat/remote.h>

#include <string.h>

enum { PAGE_MOST = 64 * 1024 * 1024, LOCKED = 423, FULL = 507 };

struct page {
	const char *path; /* below the folder: "2024/socialnamnden-2024-05-08/index.html" */
	const char *url;  /* where it is written */
};

static const char *below(struct referat_call *call, const char *path)
{
	return referat_address(call, referat_option(call, "url"), path);
}

static const char *public_url(struct referat_call *call)
{
	const char *base = referat_option(call, "public_url");
	return referat_address(call, base[0] ? base : referat_option(call, "url"), referat_get(call, "path"));
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static struct referat_answer ask(struct referat_call *call, struct referat_http request)
{
	request.user = referat_option(call, "user");
	request.password = request.user[0] ? referat_option(call, "password") : NULL;
	request.most = PAGE_MOST;
	return referat_http(call, request);
}

static enum referat_result error_of(struct referat_call *call, struct referat_answer answer)
{
	if (answer.status == LOCKED)
		return referat_because(call, REFERAT_RETRY, "%s: somebody has locked the page", answer.problem);
	if (answer.status == FULL)
		return referat_because(call, REFERAT_YIELD, "%s: the server has no room left", answer.problem);
	if (answer.status == 409) /* no folder above it */
		return referat_because(call, REFERAT_RETRY, "%s: a folder has gone in the meantime", answer.problem);
	if (answer.status == 412)
		return referat_because(call, REFERAT_RETRY, "%s: the page has changed in the meantime", answer.problem);
	if (answer.status == 404 || answer.status == 410)
		return referat_because(call, REFERAT_YIELD, "%s: is the option `url` the folder of the pages?",
				       answer.problem);
	if (answer.status == 405)
		return referat_because(call, REFERAT_YIELD, "%s: the server takes no WebDAV there", answer.problem);
	return referat_http_error(call, answer);
}

static bool is_absent(struct referat_answer answer)
{
	return answer.status == 404 || answer.status == 410;
}

/* The folders that lead to the path, from the outermost; one that is there already answers 405. */
static struct referat_answer make_folders(struct referat_call *call, const char *path)
{
	struct referat_answer answer = {.status = 201};
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *folder = referat_copy(call, path, (size_t)(slash - path) + 1);
		answer = ask(call, (struct referat_http){.method = "MKCOL", .url = below(call, folder)});
		if (!referat_http_ok(answer) && answer.status != 405)
			break;
	}
	return answer;
}

static struct referat_answer upload(struct referat_call *call, const char *path, struct referat_bytes data)
{
	struct referat_http request = {
	    .method = "PUT", .url = below(call, path), .type = "text/html; charset=utf-8", .data = data};
	struct referat_answer answer = ask(call, request);
	if (answer.status != 409 && answer.status != 404 && answer.status != 403)
		return answer;
	struct referat_answer made = make_folders(call, path);
	return referat_http_ok(made) || made.status == 405 ? ask(call, request) : answer;
}

/* A weak tag can't be a condition; Apache's is weak for the first second after a page was written. */
static bool is_strong(const char *etag)
{
	return etag[0] == '"';
}

static struct referat_answer move(struct referat_call *call, const char *from, const char *to,
				  struct referat_answer there)
{
	const char *condition = is_strong(there.etag) && referat_http_ok(there)
				    ? referat_format(call, "If: <%s> ([%s])", to, there.etag)
				    : NULL;
	const char *headers[] = {referat_format(call, "Destination: %s", to),
				 is_absent(there) ? "Overwrite: F" : "Overwrite: T", condition, NULL};
	return ask(call, (struct referat_http){.method = "MOVE", .url = from, .headers = headers});
}

static struct referat_answer take_away(struct referat_call *call, const char *url)
{
	return ask(call, (struct referat_http){.method = "DELETE", .url = url});
}

/* ---- a page ------------------------------------------------------------------------------------------------------ */

static bool page_at(struct referat_call *call, const char *folder, struct page *page)
{
	if (!referat_path_is_inside(folder)) {
		referat_because(call, REFERAT_FAIL, "the card's path is not one below the folder of the pages");
		return false;
	}
	bool ends = folder[strlen(folder) - 1] == '/';
	page->path = referat_format(call, "%s%sindex.html", folder, ends ? "" : "/");
	page->url = below(call, page->path);
	return true;
}

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
static enum referat_result leave_old_place(struct referat_call *call, const char *old)
{
	struct page page;
	if (!old[0] || !strcmp(old, referat_get(call, "path")) || !page_at(call, old, &page))
		return REFERAT_OK;
	struct referat_answer there = ask(call, (struct referat_http){.url = page.url});
	if (is_absent(there) || (referat_http_ok(there) && referat_seal_of(call, there.body) != REFERAT_SEAL_WHOLE))
		return REFERAT_OK;
	struct referat_answer gone = referat_http_ok(there) ? take_away(call, page.url) : there;
	return referat_http_ok(gone) || is_absent(gone) ? REFERAT_OK : error_of(call, gone);
}

static enum referat_result replace(struct referat_call *call, const struct page *page, struct referat_answer there,
				   struct referat_bytes sealed)
{
	const char *folder = referat_copy(call, page->path, (size_t)(strrchr(page->path, '/') - page->path) + 1);
	const char *temporary = referat_format(call, "%s.referat-%s", folder, referat_get(call, "id"));
	struct referat_answer answer = upload(call, temporary, sealed);
	if (referat_http_ok(answer))
		answer = move(call, below(call, temporary), page->url, there);
	return referat_http_ok(answer) ? REFERAT_OK : error_of(call, answer);
}

static enum referat_result put(struct referat_call *call)
{
	struct page page;
	const char *html = referat_rendition(call, "text/html");
	if (!html[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	if (!page_at(call, referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_bytes sealed = referat_seal(call, html);
	struct referat_answer there = ask(call, (struct referat_http){.url = page.url});
	if (!referat_http_ok(there) && !is_absent(there))
		return error_of(call, there);
	enum referat_result result =
	    is_absent(there) ? REFERAT_OK : referat_may_replace(call, there.body, public_url(call));
	if (result == REFERAT_OK && (is_absent(there) || !is_same(there.body, sealed)))
		result = replace(call, &page, there, sealed);
	if (result == REFERAT_OK)
		result = leave_old_place(call, referat_get(call, "remote_id"));
	return result == REFERAT_OK ? published(call, sealed) : result;
}

/* What is withdrawn goes even where a person has changed it; a page that did not come from here stays. */
static enum referat_result withdraw(struct referat_call *call)
{
	struct page page;
	const char *place = referat_get(call, "remote_id");
	if (!page_at(call, place[0] ? place : referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_answer there = ask(call, (struct referat_http){.url = page.url});
	if (is_absent(there))
		return REFERAT_OK;
	if (!referat_http_ok(there))
		return error_of(call, there);
	enum referat_seal seal = referat_seal_of(call, there.body);
	if (seal == REFERAT_SEAL_OTHER)
		return REFERAT_OK;
	if (seal == REFERAT_SEAL_NONE)
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "target.not-ours", "url", public_url(call), NULL));
	struct referat_answer gone = take_away(call, page.url);
	return referat_http_ok(gone) || is_absent(gone) ? REFERAT_OK : error_of(call, gone);
}

static enum referat_result lookup(struct referat_call *call)
{
	struct page page;
	if (!page_at(call, referat_get(call, "path"), &page))
		return REFERAT_FAIL;
	struct referat_bytes sealed = referat_seal(call, referat_rendition(call, "text/html"));
	struct referat_answer there = ask(call, (struct referat_http){.url = page.url});
	if (is_absent(there))
		return REFERAT_NOT_FOUND;
	if (!referat_http_ok(there))
		return error_of(call, there);
	return is_same(there.body, sealed) ? published(call, sealed) : REFERAT_NOT_FOUND;
}

static enum referat_result probe(struct referat_call *call)
{
	const char *headers[] = {"Depth: 0", NULL};
	struct referat_answer answer =
	    ask(call, (struct referat_http){.method = "PROPFIND", .url = below(call, ""), .headers = headers});
	return answer.status == 207 ? REFERAT_OK : error_of(call, answer);
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "folder on the WebDAV server for the pages"},
    {.name = "public_url",
     .type = REFERAT_URL,
     .help = "address that residents read that folder at; `url` when not given"},
    {.name = "user", .type = REFERAT_STRING, .help = "user name at the server"},
    {.name = "password", .type = REFERAT_SECRET, .help = "the user's password"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.webdav",
    .version = REFERAT_VERSION,
    .summary = "keeps pages as files on a WebDAV server",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
};
