/* target.http: publishes by HTTP requests that the definition describes, for what no other target knows.
 *
 * One request puts; others replace, look up and withdraw where the definition has them. What can't be asked for, and
 * would be there twice when it is sent twice, is refused at the start. */
#include "http.h"

#include <referat/view.h>

#include <string.h>

/* ---- requests ---------------------------------------------------------------------------------------------------- */

enum { HEADERS_MOST = 32 };

/* A value may hold anything; in a header it stays one line. NULL: the template is wrong. */
static const char *header_of(struct referat_call *call, const char *template_text)
{
	char *header = (char *)http_text(call, template_text);
	for (char *c = header; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return header;
}

/* A line of the option is a template of its own; the token may have a header, too. NULL: a template is wrong. */
static const char *const *headers_of(struct referat_call *call)
{
	const char **headers = referat_alloc(call, (HEADERS_MOST + 2) * sizeof *headers);
	const char *own = referat_option(call, "token_header");
	const char *option = referat_option(call, "headers");
	size_t n = 0;
	for (char *rest = (char *)referat_copy(call, option, strlen(option)), *line;
	     n < HEADERS_MOST && (line = strsep(&rest, "\n"));) {
		if (line[0] && !(headers[n++] = header_of(call, line)))
			return NULL;
	}
	if (own[0])
		headers[n] = referat_format(call, "%s: %s", own, referat_option(call, "token"));
	return headers;
}

/* A request by the options of that name; status 0 with a problem when a template is wrong. */
static struct referat_answer ask(struct referat_call *call, const char *method, const char *url, const char *body)
{
	bool is_bearer = !referat_option(call, "token_header")[0];
	const char *user = referat_option(call, "user");
	const char *const *headers = headers_of(call);
	const char *address = http_address(call, url);
	if (!headers || !address)
		return (struct referat_answer){.location = "", .etag = "", .problem = "a template is wrong"};
	return referat_http(call, (struct referat_http){.method = method,
							.url = address,
							.type = body ? referat_option(call, "type") : NULL,
							.body = body,
							.bearer = is_bearer ? referat_option(call, "token") : NULL,
							.user = user[0] ? user : NULL,
							.password = user[0] ? referat_option(call, "password") : NULL,
							.headers = headers});
}

static bool is_absent(struct referat_answer answer)
{
	return answer.status == 404 || answer.status == 410;
}

/* Who answered that may not be who did it: a gateway that waited in vain, a server that failed at the last moment. */
static bool may_be_done(struct referat_answer answer)
{
	return answer.status >= 500 || answer.status == 408;
}

static enum referat_result error_of(struct referat_call *call, struct referat_answer answer)
{
	const char *status = referat_format(call, "%d", answer.status);
	if (answer.status == 409 || answer.status == 412)
		return referat_because(
		    call, REFERAT_HOLD, "%s",
		    referat_say(call, "target.http.conflict", "status", status, "id", referat_get(call, "id"), NULL));
	if (is_absent(answer))
		return referat_because(call, REFERAT_FAIL, "%s: there is nothing at the address", answer.problem);
	return referat_http_error(call, answer);
}

/* ---- what stands there ------------------------------------------------------------------------------------------- */

/* Where a definition says that the answer has an id, one without it is not the receiver's. */
static enum referat_result published(struct referat_call *call, struct referat_answer answer, const char *id_option,
				     const char *address_option)
{
	const char *pointer = referat_option(call, id_option);
	const char *id = http_find(call, answer.body, pointer);
	const char *url = http_find(call, answer.body, referat_option(call, address_option));
	const char *known = referat_get(call, "remote_id");
	if (!id[0] && !known[0] && pointer[0])
		return referat_because(call, REFERAT_UNKNOWN, "the answer has no id at %s: is it the receiver's?",
				       pointer);
	if (!id[0])
		id = known[0] ? known : referat_get(call, "id");
	return referat_published(call, id, referat_is_link(url) ? url : answer.location, answer.etag);
}

static const char gone[] = "gone"; /* somebody has removed it; a person who says "again" has it put there anew */

static enum referat_result put(struct referat_call *call)
{
	bool anew = !strcmp(referat_get(call, "replace"), gone);
	bool again = !anew && referat_get(call, "remote_id")[0] && referat_option(call, "update_url")[0];
	const char *body = http_body(call, referat_option(call, "body"));
	if (!body)
		return REFERAT_FAIL;
	struct referat_answer answer = ask(call, referat_option(call, again ? "update_method" : "method"),
					   referat_option(call, again ? "update_url" : "url"), body);
	if (again && is_absent(answer)) {
		referat_set(call, "conflict", gone);
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "target.http.gone", "id", referat_get(call, "id"), NULL));
	}
	if (referat_http_ok(answer))
		return published(call, answer, "id", "address");
	return may_be_done(answer) ? referat_because(call, REFERAT_UNKNOWN, "%s", answer.problem)
				   : error_of(call, answer);
}

/* A list of what fits, where an answer to put is one document. */
static bool has_own_form(struct referat_call *call)
{
	return referat_option(call, "lookup_id")[0];
}

static enum referat_result lookup(struct referat_call *call)
{
	const char *url = referat_option(call, "lookup_url");
	const char *mark = http_text(call, referat_option(call, "lookup_finds"));
	if (!mark)
		return REFERAT_FAIL;
	if (!url[0])
		return REFERAT_NOT_FOUND; /* it may be sent twice: `start` saw to that */
	struct referat_answer answer = ask(call, "GET", url, NULL);
	if (is_absent(answer))
		return REFERAT_NOT_FOUND;
	if (!referat_http_ok(answer))
		return error_of(call, answer);
	const char *body = answer.body.data ? (const char *)answer.body.data : "";
	bool found = strstr(body, mark) || strstr(answer.etag, mark);
	return found ? published(call, answer, has_own_form(call) ? "lookup_id" : "id",
				 has_own_form(call) ? "lookup_address" : "address")
		     : REFERAT_NOT_FOUND;
}

/* An address that ends where the id should stand would be that of all documents. */
static bool needs_unknown_id(struct referat_call *call, const char *url)
{
	return strstr(url, "remote_id") && !referat_get(call, "remote_id")[0];
}

static enum referat_result withdraw(struct referat_call *call)
{
	const char *url = referat_option(call, "withdraw_url");
	const char *file = referat_option(call, "withdraw_body");
	const char *stage = referat_get(call, "target");
	if (!url[0] || needs_unknown_id(call, url))
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "stage.no-withdraw", "stage", stage, NULL));
	const char *body = file[0] ? http_body(call, file) : NULL;
	if (file[0] && !body)
		return REFERAT_FAIL;
	struct referat_answer answer = ask(call, referat_option(call, "withdraw_method"), url, body);
	return referat_http_ok(answer) || is_absent(answer) ? REFERAT_OK : error_of(call, answer);
}

/* ---- before anything is sent ------------------------------------------------------------------------------------- */

static bool templates_are_good(struct referat_call *call)
{
	static const char *const addresses[] = {"url", "update_url", "lookup_url", "withdraw_url"};
	static const char *const files[] = {"body", "withdraw_body"};
	bool good =
	    http_text(call, referat_option(call, "headers")) && http_text(call, referat_option(call, "lookup_finds"));
	for (size_t i = 0; good && i < sizeof addresses / sizeof *addresses; i++)
		good = http_address(call, referat_option(call, addresses[i]));
	for (size_t i = 0; good && i < sizeof files / sizeof *files; i++)
		good = http_body(call, referat_option(call, files[i]));
	return good;
}

static enum referat_result start(struct referat_call *call)
{
	bool may_repeat = !strcmp(referat_option(call, "method"), "PUT") || referat_option_flag(call, "repeat");
	if (!may_repeat && !referat_option(call, "lookup_url")[0])
		return referat_because(call, REFERAT_FAIL,
				       "an answer may be lost, and what is sent again may be there twice: set "
				       "`lookup_url`, or `repeat: true` when the receiver knows a document again");
	if (needs_unknown_id(call, referat_option(call, "url")))
		return referat_because(call, REFERAT_FAIL,
				       "`url` can't hold remote_id, which is known afterwards only");
	return templates_are_good(call) ? REFERAT_OK : REFERAT_FAIL;
}

static enum referat_result probe(struct referat_call *call)
{
	const char *url = referat_option(call, "probe_url");
	struct referat_answer answer = {.status = 200};
	if (url[0])
		answer = ask(call, "GET", url, NULL);
	return referat_http_ok(answer) ? REFERAT_OK : error_of(call, answer);
}

static const struct referat_option options[] = {
    {.name = "url",
     .type = REFERAT_STRING,
     .required = true,
     .help = "template of the address that documents are sent to"},
    {.name = "method",
     .type = REFERAT_CHOICE,
     .fallback = "PUT",
     .choices = "PUT|POST|PATCH",
     .help = "how they are sent"},
    {.name = "body",
     .type = REFERAT_PATH,
     .help = "template file of the body; all values as an object of JSON when not given"},
    {.name = "type", .type = REFERAT_STRING, .fallback = "application/json", .help = "media type of the body"},
    {.name = "headers", .type = REFERAT_STRING, .fallback = "", .help = "template of further headers, one a line"},
    {.name = "token", .type = REFERAT_SECRET, .help = "sent as Authorization: Bearer"},
    {.name = "token_header", .type = REFERAT_STRING, .help = "name of the header that the token is sent in instead"},
    {.name = "user", .type = REFERAT_STRING, .help = "user name for Basic authorization"},
    {.name = "password", .type = REFERAT_SECRET, .help = "the user's password"},
    {.name = "id", .type = REFERAT_STRING, .help = "JSON Pointer to the document's id in the answer"},
    {.name = "address",
     .type = REFERAT_STRING,
     .help = "JSON Pointer to the page's address in the answer; header Location, else the address, when not given"},
    {.name = "update_url",
     .type = REFERAT_STRING,
     .help = "template of the address that a further version is sent to, with remote_id; as the first when not given"},
    {.name = "update_method",
     .type = REFERAT_CHOICE,
     .fallback = "PUT",
     .choices = "PUT|POST|PATCH",
     .help = "how a further version is sent to update_url"},
    {.name = "lookup_url",
     .type = REFERAT_STRING,
     .help = "template of an address that tells whether a document is there"},
    {.name = "lookup_finds",
     .type = REFERAT_STRING,
     .fallback = "{{digest}}",
     .help = "template of what the answer, or its entity tag, then contains"},
    {.name = "lookup_id",
     .type = REFERAT_STRING,
     .help = "JSON Pointer to the id in the answer to lookup_url, where that is another one than id"},
    {.name = "lookup_address",
     .type = REFERAT_STRING,
     .help = "JSON Pointer to the address in that answer, with lookup_id"},
    {.name = "repeat",
     .type = REFERAT_BOOLEAN,
     .fallback = "false",
     .help = "the receiver knows a document again, so sending it twice does no harm"},
    {.name = "withdraw_url",
     .type = REFERAT_STRING,
     .help = "template of the address that withdraws a document; a person is asked when not given"},
    {.name = "withdraw_method",
     .type = REFERAT_CHOICE,
     .fallback = "DELETE",
     .choices = "DELETE|PUT|POST|PATCH",
     .help = "how a document is withdrawn"},
    {.name = "withdraw_body", .type = REFERAT_PATH, .help = "template file of the body of that request"},
    {.name = "probe_url",
     .type = REFERAT_URL,
     .help = "address that answers 200 when the credentials are right, and changes nothing"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.http",
    .version = REFERAT_VERSION,
    .summary = "publishes by HTTP requests that templates describe",
    .accepts = "text/html text/plain referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
};
