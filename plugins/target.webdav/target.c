/* target.webdav: keeps pages as files on a web server that takes them by WebDAV (RFC 4918).
 *
 * A page goes up under a temporary name and is moved to its own, so a reader sees the old page or the new one. That
 * what stands there is still what was looked at when the move comes is left to the server, by its entity tag. */
#include <referat/pages.h>

#include <string.h>

enum { LOCKED = 423, FULL = 507 };

static const char *below(struct referat_call *call, const char *path)
{
	return referat_address(call, referat_option(call, "url"), path);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static struct referat_answer ask(struct referat_call *call, struct referat_http request)
{
	request.user = referat_option(call, "user");
	request.password = request.user[0] ? referat_option(call, "password") : NULL;
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
	if (referat_is_absent(answer))
		return referat_because(call, REFERAT_YIELD, "%s: is the option `url` the folder of the pages?",
				       answer.problem);
	if (answer.status == 405)
		return referat_because(call, REFERAT_YIELD, "%s: the server takes no WebDAV there", answer.problem);
	return referat_http_error(call, answer);
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
				 referat_is_absent(there) ? "Overwrite: F" : "Overwrite: T", condition, NULL};
	return ask(call, (struct referat_http){.method = "MOVE", .url = from, .headers = headers});
}

static const char *temporary_of(struct referat_call *call, const char *path)
{
	const char *folder = referat_copy(call, path, (size_t)(strrchr(path, '/') - path) + 1);
	return referat_format(call, "%s.referat-%s", folder, referat_get(call, "id"));
}

static struct referat_answer write_page(struct referat_call *call, const char *path, struct referat_bytes page,
					struct referat_answer there)
{
	const char *temporary = temporary_of(call, path);
	struct referat_answer answer = upload(call, temporary, page);
	return referat_http_ok(answer) ? move(call, below(call, temporary), below(call, path), there) : answer;
}

/* An upload that broke off, and was never gone on with. Else the server keeps nothing of what was replaced. */
static enum referat_result forget(struct referat_call *call, const char *path)
{
	struct referat_answer gone =
	    ask(call, (struct referat_http){.method = "DELETE", .url = below(call, temporary_of(call, path))});
	return referat_http_ok(gone) || referat_is_absent(gone) ? REFERAT_OK : error_of(call, gone);
}

/* RFC 4918, section 9.9.4. */
static bool wrote(struct referat_answer answer)
{
	return answer.status == 201 || answer.status == 204;
}

static const struct referat_pages pages = {
    .ask = ask, .write = write_page, .wrote = wrote, .forget = forget, .error = error_of};

static enum referat_result put(struct referat_call *call)
{
	return referat_pages_put(call, &pages);
}

static enum referat_result withdraw(struct referat_call *call)
{
	return referat_pages_withdraw(call, &pages);
}

static enum referat_result lookup(struct referat_call *call)
{
	return referat_pages_lookup(call, &pages);
}

static enum referat_result compare(struct referat_call *call)
{
	return referat_pages_compare(call, &pages);
}

static enum referat_result probe(struct referat_call *call)
{
	const char *headers[] = {"Depth: 0", NULL};
	struct referat_answer answer =
	    ask(call, (struct referat_http){.method = "PROPFIND", .url = below(call, ""), .headers = headers});
	bool keeps_conditions; /* it need not: what must not be lost is guarded when the page is moved */
	return answer.status == 207 ? referat_pages_may_write(call, &pages, &keeps_conditions) : error_of(call, answer);
}

static const struct referat_option options[] = {
    REFERAT_PAGES_OPTIONS,
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
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK | REFERAT_CAN_PURGE,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
};
