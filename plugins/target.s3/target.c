/* target.s3: keeps pages as objects in a bucket of Amazon S3, or of what speaks its language (Ceph, MinIO).
 *
 * An object is replaced as a whole, so a reader sees the old page or the new one. That what stands there is still what
 * was looked at is left to the server, by its entity tag, where it can do that. */
#include "s3.h"

#include <referat/pages.h>

#include <string.h>

enum { CODE_MOST = 60 };
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

struct referat_answer s3_ask(struct referat_call *call, struct referat_http request)
{
	request.user = referat_option(call, "key_id");
	request.password = referat_option(call, "secret");
	request.s3_region = referat_option(call, "region");
	return referat_http(call, request);
}

/* The server's own word for what is wrong: <Error><Code>NoSuchBucket</Code>; "" when it has none. */
static const char *code_of(struct referat_call *call, struct referat_answer answer)
{
	const char *body = answer.body.data ? (const char *)answer.body.data : "";
	const char *code = strstr(body, "<Code>");
	size_t size = code ? strspn(code + 6, LETTERS) : 0;
	return code && code[6 + size] == '<' && size <= CODE_MOST ? referat_copy(call, code + 6, size) : "";
}

static const struct {
	const char *code;
	const char *advice;
} codes[] = {
    {"NoSuchBucket", "there is no such bucket: see to the option `url`"},
    {"RequestTimeTooSkewed", "the clock of this computer is wrong by more than fifteen minutes"},
    {"InvalidAccessKeyId", "the server does not know the option `key_id`"},
    {"SignatureDoesNotMatch", "the secret is wrong, or the option `region`"},
    {"AuthorizationHeaderMalformed", "see to the option `region`"},
    {"AccessDenied", "the access key lacks a right to the bucket"},
    {"NotImplemented", "if the server knows no conditions, set `conditions: false`"},
};

static const char *advice_of(struct referat_call *call, struct referat_answer answer)
{
	const char *code = code_of(call, answer);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (!strcmp(code, codes[i].code))
			return referat_format(call, " (%s: %s)", code, codes[i].advice);
	return code[0] ? referat_format(call, " (%s)", code) : "";
}

enum referat_result s3_error(struct referat_call *call, struct referat_answer answer)
{
	const char *advice = advice_of(call, answer);
	if (answer.status == 409 || answer.status == 412)
		return referat_because(call, REFERAT_RETRY, "%s: the page has changed in the meantime", answer.problem);
	if (answer.status == 401 || answer.status == 403)
		return referat_refused(call, "%s%s", answer.problem, advice);
	if (referat_is_absent(answer) || answer.status == 501)
		return referat_because(call, REFERAT_YIELD, "%s%s", answer.problem, advice);
	if (advice[0] && !referat_http_ok(answer))
		answer.problem = referat_format(call, "%s%s", answer.problem, advice);
	return referat_http_error(call, answer);
}

static struct referat_answer write_page(struct referat_call *call, const char *path, struct referat_bytes page,
					struct referat_answer there)
{
	const char *unchanged =
	    referat_is_absent(there) ? "If-None-Match: *" : referat_format(call, "If-Match: %s", there.etag);
	const char *headers[] = {referat_option_flag(call, "conditions") ? unchanged : NULL, NULL};
	return s3_ask(call, (struct referat_http){.method = "PUT",
						  .url = referat_address(call, referat_option(call, "url"), path),
						  .type = "text/html; charset=utf-8",
						  .data = page,
						  .headers = headers});
}

static bool wrote(struct referat_answer answer)
{
	return answer.etag[0];
}

static const struct referat_pages pages = {
    .ask = s3_ask, .write = write_page, .wrote = wrote, .forget = s3_forget, .error = s3_error};

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

/* Reads an object that need not be there: whoever may not, or whose signature is wrong, is told so. */
static enum referat_result probe(struct referat_call *call)
{
	const char *url = referat_address(call, referat_option(call, "url"), ".referat-probe");
	struct referat_answer answer = s3_ask(call, (struct referat_http){.url = url});
	if (!referat_http_ok(answer) && (!referat_is_absent(answer) || !strcmp(code_of(call, answer), "NoSuchBucket")))
		return s3_error(call, answer);
	if (!referat_option_flag(call, "conditions"))
		return REFERAT_OK;
	bool keeps_conditions;
	enum referat_result result = referat_pages_may_write(call, &pages, &keeps_conditions);
	if (result == REFERAT_OK && !keeps_conditions)
		return referat_because(call, REFERAT_YIELD,
				       "the server takes no notice of conditions, so an edit between our look and our "
				       "write would be lost: if that may be, set `conditions: false`");
	return result;
}

static const struct referat_option options[] = {
    REFERAT_PAGES_OPTIONS,
    {.name = "region", .type = REFERAT_STRING, .fallback = "us-east-1", .help = "region of the bucket"},
    {.name = "key_id", .type = REFERAT_STRING, .required = true, .help = "id of the access key"},
    {.name = "secret", .type = REFERAT_SECRET, .required = true, .help = "secret of the access key"},
    {.name = "conditions",
     .type = REFERAT_BOOLEAN,
     .fallback = "true",
     .help = "write with If-Match and If-None-Match; false for servers that refuse these"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.s3",
    .version = REFERAT_VERSION,
    .summary = "keeps pages as objects in an S3 bucket",
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
