#include "stages/notify/shown.h"

#include "base/memory.h"
#include "base/text.h"
#include "plugin/http.h"
#include "wire/message.h"

#include <referat/difference.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MOST = 16 * 1024 * 1024, ENTITY_MOST = 10 };

static const struct rf_http_limits limits = {.connect_us = INT64_C(10000000), .total_us = INT64_C(30000000)};

/* ---- comparing words ------------------------------------------------------------------------------------------------
 */

/* How many bytes at the place are no letters or digits: 0: it is one. A CMS may set other quotes, dashes and blanks
 * than were written (U+00A0, U+00AD, U+2000 to U+207F), or write them as entities. */
static size_t skip(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;
	if (*at == '&') {
		size_t size = 1 + strcspn(at + 1, "; \n&");
		return at[size] == ';' && size <= ENTITY_MOST ? size + 1 : 1;
	}
	if (bytes[0] == 0xc2 && (bytes[1] == 0xa0 || bytes[1] == 0xad))
		return 2;
	if (bytes[0] == 0xe2 && (bytes[1] == 0x80 || bytes[1] == 0x81) && bytes[2])
		return 3;
	return bytes[0] < 0x80 && !isalnum(bytes[0]);
}

static void keep_letters(char *text)
{
	char *out = text;
	for (const char *at = text; *at;) {
		size_t size = skip(at);
		if (size == 0)
			*out++ = *at++;
		at += size;
	}
	*out = '\0';
}

/* The letters and digits of what people read of HTML, in their order. The caller frees. */
static char *letters_of(const char *html)
{
	char *letters = rf_alloc(strlen(html) + 1);
	referat_html_lines(html, letters);
	keep_letters(letters);
	return letters;
}

/* Without its title, which a CMS shows where it likes, and without what is hidden. The caller frees. */
static char *article_of(const char *page)
{
	char *article = rf_alloc(strlen(page) + 1);
	referat_html_article(page, article);
	return article;
}

/* ---- the page -------------------------------------------------------------------------------------------------------
 */

/* What is looked for, as letters. The caller frees. */
static char *wanted_letters(struct rf_job *job, struct rf_call *call)
{
	if (strcmp(rf_job_verify(job), "title") == 0)
		return letters_of(rf_call_value(call, "title"));
	const struct referat_bytes rendition = rf_call_rendition(call, "text/html");
	rf_autofree char *article = article_of(rendition.data ? (const char *)rendition.data : "");
	return letters_of(article);
}

/* The whole page is read, for its title may stand anywhere; and its article, where our own page has something hidden.
 */
static bool shows(const char *page, const char *wanted)
{
	rf_autofree char *all = letters_of(page), *article = article_of(page);
	rf_autofree char *letters = letters_of(article);
	return strstr(all, wanted) || strstr(letters, wanted);
}

enum referat_result look_whether_shown(struct rf_job *job, struct rf_call *call)
{
	const char *url = rf_call_value(call, "url");
	bool is_web = rf_text_starts(url, "https://") || rf_text_starts(url, "http://");
	if (!is_web || strcmp(rf_job_verify(job), "never") == 0)
		return REFERAT_OK;
	struct rf_arena arena = {0};
	struct rf_http_client *client = rf_http_client_new(&limits);
	const struct referat_http request = {.url = url, .most = PAGE_MOST};
	const struct referat_answer answer = rf_http_request(client, &arena, &request);
	enum referat_result result = REFERAT_OK;
	rf_autofree char *wanted = wanted_letters(job, call);
	if (answer.status != 200)
		result =
		    rf_job_because(job, REFERAT_RETRY, RF_CODE_NOT_SHOWN, "%s",
				   rf_job_say(job, "stage.not-shown", "url", url, "problem", answer.problem, NULL));
	else if (!shows(answer.body.data ? (const char *)answer.body.data : "", wanted))
		result = rf_job_because(job, REFERAT_RETRY, RF_CODE_NOT_SHOWN, "%s",
					rf_job_say(job, "stage.shows-other", "url", url, NULL));
	rf_http_client_free(client);
	rf_arena_clear(&arena);
	return result;
}
