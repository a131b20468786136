#include <referat/mail.h>

#include <referat/files.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_MOST = 76, WORD_BYTES = 39, ADDRESS_MOST = 254, LIST_MOST = 64 * 1024 * 1024 };

/* ---- a text that grows ------------------------------------------------------------------------------------------- */

struct text {
	struct referat_call *call;
	const char *line_end;
	char *data;
	size_t size, room;
};

static void add(struct text *text, const char *bytes, size_t size)
{
	if (!text->data || text->size + size + 1 > text->room) {
		size_t room = 2 * (text->size + size) + 1024;
		char *data = referat_alloc(text->call, room);
		if (text->data)
			memcpy(data, text->data, text->size);
		text->data = data;
		text->room = room;
	}
	memcpy(text->data + text->size, bytes, size);
	text->size += size;
	text->data[text->size] = '\0';
}

static void say(struct text *text, const char *words)
{
	add(text, words, strlen(words));
}

static void end_line(struct text *text)
{
	say(text, text->line_end);
}

/* ---- headers ----------------------------------------------------------------------------------------------------- */

static void add_base64(struct text *text, const unsigned char *data, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < size; i += 3) {
		unsigned long group = (unsigned long)data[i] << 16;
		group |= i + 1 < size ? (unsigned long)data[i + 1] << 8 : 0;
		group |= i + 2 < size ? data[i + 2] : 0;
		char four[4] = {digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63],
				digits[group & 63]};
		if (i + 1 >= size)
			four[2] = '=';
		if (i + 2 >= size)
			four[3] = '=';
		add(text, four, sizeof four);
	}
}

/* Words of a header; RFC 2047 where they are not plain ASCII. Control characters become blanks: a title can start no
 * header of its own. */
static void add_words(struct text *text, const char *words, bool quoted)
{
	size_t size = strlen(words);
	char *clean = (char *)referat_copy(text->call, words, size);
	bool plain = size <= LINE_MOST - strlen("Subject: ");
	for (char *c = clean; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
		if ((unsigned char)*c >= 0x80 || (quoted && (*c == '"' || *c == '\\')))
			plain = false;
	}
	if (plain && !strstr(clean, "=?")) {
		say(text, quoted ? "\"" : "");
		say(text, clean);
		say(text, quoted ? "\"" : "");
		return;
	}
	for (size_t at = 0; at < size;) {
		size_t end = at + WORD_BYTES < size ? at + WORD_BYTES : size;
		while (end < size && ((unsigned char)clean[end] & 0xc0) == 0x80)
			end--; /* a character is never split */
		if (at) {
			end_line(text);
			say(text, " ");
		}
		say(text, "=?UTF-8?B?");
		add_base64(text, (const unsigned char *)clean + at, end - at);
		say(text, "?=");
		at = end;
	}
}

static void add_header(struct text *text, const char *name, const char *value)
{
	say(text, name);
	say(text, ": ");
	say(text, value);
	end_line(text);
}

static const char *date_of(struct referat_call *call)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)(referat_now(call) / 1000000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	return referat_format(call, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000", days + (size_t)tm.tm_wday * 3,
			      tm.tm_mday, months + (size_t)tm.tm_mon * 3, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
			      tm.tm_sec);
}

static void add_unsubscribe(struct text *text)
{
	struct referat_call *call = text->call;
	const char *address = referat_option(call, "unsubscribe");
	const char *contact = referat_get(call, "publisher.contact");
	if (!address[0] && referat_mail_is_address(contact))
		address = referat_format(call, "mailto:%s", contact);
	if (!address[0] || strpbrk(address, "<> \t\r\n"))
		return;
	add_header(text, "List-Unsubscribe", referat_format(call, "<%s>", address));
	if (!strncmp(address, "https:", 6))
		add_header(text, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

static void add_headers(struct text *text, const char *from, const char *to)
{
	struct referat_call *call = text->call;
	const char *domain = strrchr(from, '@') + 1;
	const char *name = referat_option(call, "from_name");
	const char *subject = referat_get(call, "mail_subject");
	if (!name[0])
		name = referat_get(call, "publisher.name");
	say(text, "From: ");
	if (name[0]) {
		add_words(text, name, true);
		say(text, " ");
	}
	say(text, referat_format(call, "<%s>", from));
	end_line(text);
	add_header(text, "To", referat_format(call, "<%s>", to));
	say(text, "Subject: ");
	add_words(text, subject[0] ? subject : referat_get(call, "title"), false);
	end_line(text);
	add_header(text, "Date", date_of(call));
	add_header(text, "Message-ID", referat_format(call, "<%s@%s>", referat_mail_name(call), domain));
	add_header(text, "List-Id", referat_format(call, "<referat.%s>", domain));
	add_unsubscribe(text);
	add_header(text, "Auto-Submitted", "auto-generated");
	add_header(text, "Precedence", "bulk");
	add_header(text, "MIME-Version", "1.0");
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

/* RFC 2045, 6.7: lines of at most 76 characters; what ends in a blank, and every byte that is not printable ASCII, is
 * written as =XX. */
static void add_quoted_printable(struct text *text, const char *body)
{
	static const char hexadecimal[] = "0123456789ABCDEF";
	size_t column = 0;
	for (const char *c = body; *c; c++) {
		if (*c == '\r')
			continue;
		if (*c == '\n') {
			end_line(text);
			column = 0;
			continue;
		}
		unsigned char byte = (unsigned char)*c;
		bool ends = c[1] == '\n' || c[1] == '\0' || (c[1] == '\r' && c[2] == '\n');
		bool plain = byte >= 0x20 && byte < 0x7f && byte != '=' && !(byte == ' ' && ends) &&
			     !(byte == '.' && !column) && !(byte == 'F' && !column);
		size_t width = plain ? 1 : 3;
		if (column + width > LINE_MOST - 1 && !(ends && column + width <= LINE_MOST)) {
			say(text, "=");
			end_line(text);
			column = 0;
		}
		const char coded[3] = {'=', hexadecimal[byte >> 4], hexadecimal[byte & 15]};
		add(text, plain ? c : coded, width);
		column += width;
	}
	if (column)
		end_line(text);
}

static const char *escape_html(struct referat_call *call, const char *value)
{
	struct text text = {.call = call};
	say(&text, "");
	for (const char *c = value; *c; c++) {
		if (*c == '&')
			say(&text, "&amp;");
		else if (*c == '<')
			say(&text, "&lt;");
		else if (*c == '"')
			say(&text, "&quot;");
		else
			add(&text, c, 1);
	}
	return text.data;
}

/* The rendition with the page's address filled in. */
static const char *body_of(struct referat_call *call, const char *rendition, const char *url)
{
	struct text text = {.call = call};
	const char *rest = rendition;
	for (const char *at; (at = strstr(rest, REFERAT_MAIL_URL)); rest = at + strlen(REFERAT_MAIL_URL)) {
		add(&text, rest, (size_t)(at - rest));
		say(&text, url);
	}
	say(&text, rest);
	return text.data;
}

static void add_body(struct text *text, const char *type, const char *body)
{
	add_header(text, "Content-Type", referat_format(text->call, "%s; charset=utf-8", type));
	add_header(text, "Content-Transfer-Encoding", "quoted-printable");
	end_line(text);
	add_quoted_printable(text, body);
}

static void add_bodies(struct text *text, const char *plain, const char *html)
{
	const char boundary[] = "=_referat"; /* can't stand in quoted-printable */
	if (!html) {
		add_body(text, "text/plain", plain);
		return;
	}
	add_header(text, "Content-Type",
		   referat_format(text->call, "multipart/alternative; boundary=\"%s\"", boundary));
	end_line(text);
	say(text, referat_format(text->call, "--%s", boundary));
	end_line(text);
	add_body(text, "text/plain", plain);
	say(text, referat_format(text->call, "--%s", boundary));
	end_line(text);
	add_body(text, "text/html", html);
	say(text, referat_format(text->call, "--%s--", boundary));
	end_line(text);
}

struct referat_bytes referat_mail_compose(struct referat_call *call, const char *line_end)
{
	struct referat_bytes none = {0};
	struct referat_bytes plain = referat_part(call, "rendition/mail-text");
	struct referat_bytes html = referat_part(call, "rendition/mail-html");
	const char *from = referat_option(call, "from");
	const char *to = referat_get(call, "recipient");
	const char *url = referat_get(call, "url");
	if (!plain.data) {
		referat_because(call, REFERAT_FAIL,
				"there is no rendition/mail-text: the render stage needs writer.mail");
		return none;
	}
	if (!referat_mail_is_address(from) || !referat_mail_is_address(to)) {
		referat_because(call, REFERAT_FAIL, "%s is no mail address",
				referat_mail_is_address(from) ? "the recipient" : "the option `from`");
		return none;
	}
	struct text text = {.call = call, .line_end = line_end};
	add_headers(&text, from, to);
	add_bodies(&text, body_of(call, (const char *)plain.data, url),
		   html.data ? body_of(call, (const char *)html.data, escape_html(call, url)) : NULL);
	return (struct referat_bytes){(const uint8_t *)text.data, text.size};
}

const char *referat_mail_name(struct referat_call *call)
{
	const char *key = referat_get(call, "key");
	char *name = (char *)referat_copy(call, key, strlen(key));
	for (char *c = name; *c; c++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-", *c))
			*c = '.';
	return name;
}

/* ---- recipients -------------------------------------------------------------------------------------------------- */

bool referat_mail_is_address(const char *text)
{
	const char *at = strrchr(text, '@');
	if (!at || at == text || !at[1] || strlen(text) > ADDRESS_MOST)
		return false;
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c <= ' ' || *c == 0x7f || strchr("<>\"\\,;:()[]", *c))
			return false;
	return text[0] != '-' && at[1] != '.' && at[1] != '-';
}

/* Names the addresses of one line; its number is 0 for the option. */
static void name_recipients(struct referat_call *call, char *line, size_t number)
{
	char *rest = NULL;
	for (char *word = strtok_r(line, " \t\r", &rest); word; word = strtok_r(NULL, " \t\r", &rest)) {
		if (word[0] == '#')
			return;
		if (referat_mail_is_address(word))
			referat_recipient(call, word);
		else if (number)
			referat_log(call, REFERAT_LOG_WARNING, "option `list`: line %zu is no mail address", number);
		else
			referat_log(call, REFERAT_LOG_WARNING, "option `to`: there is a word that is no mail address");
	}
}

enum referat_result referat_mail_recipients(struct referat_call *call)
{
	const char *to = referat_option(call, "to");
	const char *list = referat_option(call, "list");
	name_recipients(call, (char *)referat_copy(call, to, strlen(to)), 0);
	if (!list[0])
		return REFERAT_OK;
	struct referat_bytes file = referat_file_read(call, list, LIST_MOST);
	if (!file.data)
		return referat_because(call, REFERAT_YIELD, "can't read the list of addresses, %s", list);
	char *rest = (char *)referat_copy(call, file.data, file.size);
	for (size_t number = 1; rest; number++) {
		char *line = strsep(&rest, "\n");
		name_recipients(call, line, number);
	}
	return REFERAT_OK;
}
