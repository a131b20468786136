/* A mail to one subscriber, composed from what the render stage left: the same bytes whichever channel carries it.
 *
 * Renditions: "rendition/mail-text" (needed) and "rendition/mail-html". Where the page's address belongs they hold
 * REFERAT_MAIL_URL, because a page has an address only when it has been published; it is filled in here.
 * Subject: the attribute "mail_subject", else the card's title. */
#ifndef REFERAT_MAIL_H
#define REFERAT_MAIL_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define REFERAT_MAIL_URL "{{url}}"

/* The options that composing and recipients need; a channel puts them into its table. */
#define REFERAT_MAIL_OPTIONS                                                                                           \
	{.name = "from", .type = REFERAT_STRING, .required = true, .help = "address of the sender"},                   \
	    {.name = "from_name",                                                                                      \
	     .type = REFERAT_STRING,                                                                                   \
	     .help = "name of the sender; the publisher's name when not given"},                                       \
	    {.name = "to", .type = REFERAT_STRING, .help = "addresses, separated by spaces"},                          \
	    {.name = "list", .type = REFERAT_PATH, .help = "file of addresses, one a line; # starts a comment"},       \
	{                                                                                                              \
		.name = "unsubscribe", .type = REFERAT_STRING,                                                         \
		.help = "https: or mailto: address for List-Unsubscribe; the publisher's contact when not given"       \
	}

/* Composes the mail for referat_get "recipient". The bytes are the call's; data is NULL when it can't be composed, with
 * the reason set. Lines end with line_end ("\r\n" on the wire). The same effect always has the same Message-ID. */
struct referat_bytes referat_mail_compose(struct referat_call *call, const char *line_end);

/* The effect's key (referat_get "key") as a name: letters, digits, hyphens and dots. */
const char *referat_mail_name(struct referat_call *call);

/* Names everybody in the options `to` and `list`. A line that is no address is logged by its number and left out. */
enum referat_result referat_mail_recipients(struct referat_call *call);

/* One plain address: local@domain, printable ASCII or UTF-8 without spaces, quotes or angle brackets, at most 254
 * bytes. */
bool referat_mail_is_address(const char *text);

#ifdef __cplusplus
}
#endif
#endif
