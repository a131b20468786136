/* channel.smtp: hands each mail to a mail server, over one connection that is kept as long as it lasts.
 *
 * The server's last reply decides: 4xx later, 5xx never. Where it fell silent after the mail had gone out, the mail may
 * be on its way: that is UNKNOWN, and no second one is sent without a decision (SMTP can't be asked). */
#include <referat/mail.h>

#include <curl/curl.h>
#include <string.h>

enum { CONNECT_SECONDS = 10, MAIL_SECONDS = 120, ALL_IS_SENT = 354 };

static enum referat_result start(struct referat_call *call)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return referat_because(call, REFERAT_FAIL, "libcurl does not start");
	call->state = curl_easy_init();
	return call->state ? REFERAT_OK : referat_because(call, REFERAT_FAIL, "libcurl does not start");
}

static enum referat_result end(struct referat_call *call)
{
	curl_easy_cleanup(call->state);
	curl_global_cleanup();
	call->state = NULL;
	return REFERAT_OK;
}

/* ---- the connection ---------------------------------------------------------------------------------------------- */

/* With a password nothing less than TLS will do. */
static long security_of(struct referat_call *call)
{
	const char *choice = referat_option(call, "starttls");
	if (!strcmp(choice, "required") || referat_option(call, "user")[0])
		return CURLUSESSL_ALL;
	return !strcmp(choice, "never") ? CURLUSESSL_NONE : CURLUSESSL_TRY;
}

/* libcurl asks about once a second; a mail server that is slow is not one that hangs. */
static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	(void)down_total, (void)down, (void)up_total, (void)up;
	referat_progress(context);
	return 0;
}

static CURL *prepare(struct referat_call *call, char problem[CURL_ERROR_SIZE])
{
	CURL *curl = call->state;
	const char *user = referat_option(call, "user");
	const char *ca_file = referat_option(call, "ca_file");
	problem[0] = '\0';
	curl_easy_reset(curl); /* the connection stays */
	curl_easy_setopt(curl, CURLOPT_URL, referat_option(call, "url"));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, security_of(call));
	if (user[0]) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, referat_option(call, "password"));
	}
	if (ca_file[0])
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)MAIL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	return curl;
}

/* ---- what became of it ------------------------------------------------------------------------------------------- */

static bool is_destination(CURLcode code)
{
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_PEER_FAILED_VERIFICATION:
		return true;
	default:
		return false;
	}
}

/* 530, 534, 535, 538 (RFC 4954): it wants a log-in, or another one. 454 passes. */
static bool is_refused(CURLcode code, long reply)
{
	return reply == 530 || (code == CURLE_LOGIN_DENIED && reply >= 500);
}

/* The server's words are left out: they tend to repeat the address. */
static enum referat_result result_of(struct referat_call *call, CURL *curl, CURLcode code, const char *problem)
{
	long reply = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	if (code == CURLE_OK)
		return REFERAT_OK;
	const char *what = problem[0] ? problem : curl_easy_strerror(code);
	if (is_refused(code, reply))
		return referat_refused(call, "the mail server does not take our log-in (%ld): %s", reply, what);
	if (is_destination(code) || code == CURLE_LOGIN_DENIED || reply == 421)
		return referat_because(call, REFERAT_YIELD, "the mail server can't be used: %s", what);
	if (reply == ALL_IS_SENT)
		return referat_because(call, REFERAT_UNKNOWN,
				       "the mail server did not say whether it took the mail: %s", what);
	if (reply >= 500 && reply < 600)
		return referat_because(call, REFERAT_FAIL, "the mail server refused the mail for good (%ld)", reply);
	if (reply >= 400)
		return referat_because(call, REFERAT_RETRY, "the mail server refused the mail for now (%ld)", reply);
	return referat_because(call, REFERAT_YIELD, "the mail server did not answer as it should: %s", what);
}

/* ---- a mail ------------------------------------------------------------------------------------------------------ */

struct upload {
	const uint8_t *data;
	size_t left;
};

static size_t on_read(char *buffer, size_t size, size_t count, void *context)
{
	struct upload *upload = context;
	size_t n = size * count < upload->left ? size * count : upload->left;
	memcpy(buffer, upload->data, n);
	upload->data += n;
	upload->left -= n;
	return n;
}

static enum referat_result put(struct referat_call *call)
{
	char problem[CURL_ERROR_SIZE];
	struct referat_bytes mail = referat_mail_compose(call, "\r\n");
	if (!mail.data)
		return REFERAT_FAIL;
	struct upload upload = {mail.data, mail.size};
	CURL *curl = prepare(call, problem);
	struct curl_slist *to = curl_slist_append(NULL, referat_format(call, "<%s>", referat_get(call, "recipient")));
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, referat_format(call, "<%s>", referat_option(call, "from")));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail.size);
	CURLcode code = curl_easy_perform(curl);
	enum referat_result result = result_of(call, curl, code, problem);
	curl_slist_free_all(to);
	return result == REFERAT_OK ? referat_published(call, referat_mail_name(call), NULL, NULL) : result;
}

static size_t on_words(const char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

/* Connects, starts TLS, logs in, and says NOOP. */
static enum referat_result probe(struct referat_call *call)
{
	char problem[CURL_ERROR_SIZE];
	CURL *curl = prepare(call, problem);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_words);
	return result_of(call, curl, curl_easy_perform(curl), problem);
}

static const struct referat_option options[] = {
    {.name = "url",
     .type = REFERAT_URL,
     .required = true,
     .help = "mail server: smtp://host:port or smtps://host:port"},
    {.name = "user", .type = REFERAT_STRING, .help = "user name at the mail server; TLS is then required"},
    {.name = "password", .type = REFERAT_SECRET, .help = "the user's password"},
    {.name = "starttls",
     .type = REFERAT_CHOICE,
     .fallback = "offered",
     .choices = "required|offered|never",
     .help = "whether smtp:// must, may or must not go over to TLS"},
    {.name = "ca_file", .type = REFERAT_PATH, .help = "certificates to trust; the system's when not given"},
    REFERAT_MAIL_OPTIONS,
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHANNEL,
    .name = "channel.smtp",
    .version = REFERAT_VERSION,
    .summary = "sends mails through a mail server",
    .accepts = "text/plain text/html",
    .capabilities = REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .close = end,
    .put = put,
    .recipients = referat_mail_recipients,
    .probe = probe,
};
