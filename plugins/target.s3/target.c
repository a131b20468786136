/* target.s3: keeps pages as objects in a bucket of Amazon S3, or of what speaks its language (Ceph, MinIO).
 *
 * An object is replaced as a whole, so a reader sees the old page or the new one. That what stands there is still what
 * was looked at is left to the server, by its entity tag, where it can do that. */
#include <referat/pages.h>

static struct referat_answer ask(struct referat_call *call, struct referat_http request)
{
	request.user = referat_option(call, "key_id");
	request.password = referat_option(call, "secret");
	request.s3_region = referat_option(call, "region");
	return referat_http(call, request);
}

static enum referat_result error_of(struct referat_call *call, struct referat_answer answer)
{
	if (answer.status == 409 || answer.status == 412)
		return referat_because(call, REFERAT_RETRY, "%s: the page has changed in the meantime", answer.problem);
	if (referat_is_absent(answer))
		return referat_because(call, REFERAT_YIELD, "%s: is there such a bucket?", answer.problem);
	if (answer.status == 501)
		return referat_because(call, REFERAT_YIELD,
				       "%s: if the server knows no conditions, set `conditions: false`",
				       answer.problem);
	return referat_http_error(call, answer);
}

static struct referat_answer write_page(struct referat_call *call, const char *path, struct referat_bytes page,
					struct referat_answer there)
{
	const char *unchanged =
	    referat_is_absent(there) ? "If-None-Match: *" : referat_format(call, "If-Match: %s", there.etag);
	const char *headers[] = {referat_option_flag(call, "conditions") ? unchanged : NULL, NULL};
	return ask(call, (struct referat_http){.method = "PUT",
					       .url = referat_address(call, referat_option(call, "url"), path),
					       .type = "text/html; charset=utf-8",
					       .data = page,
					       .headers = headers});
}

static const struct referat_pages pages = {.ask = ask, .write = write_page, .error = error_of};

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

/* Reads an object that need not be there: whoever may not, or whose signature is wrong, is told so. */
static enum referat_result compare(struct referat_call *call)
{
	return referat_pages_compare(call, &pages);
}

static enum referat_result probe(struct referat_call *call)
{
	const char *url = referat_address(call, referat_option(call, "url"), ".referat-probe");
	struct referat_answer answer = ask(call, (struct referat_http){.url = url});
	return referat_http_ok(answer) || referat_is_absent(answer) ? REFERAT_OK : error_of(call, answer);
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
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
};
