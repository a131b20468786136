/* From bytes to text: encodings, composed letters, line ends; refuses what is no text. */
#include "structure.h"

#include <referat/words.h>

#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

static enum referat_result refuse(struct referat_call *call, enum referat_result result, const char *key)
{
	return referat_because(call, result, "%s", referat_say(call, key, NULL));
}

/* Counts the characters of more than one byte and the bytes that fit in none. */
static void count_utf8(struct referat_bytes bytes, size_t *good, size_t *bad)
{
	const uint8_t *data = bytes.data;
	*good = *bad = 0;
	for (size_t at = 0; at < bytes.size;) {
		UChar32 c;
		size_t before = at;
		U8_NEXT(data, at, bytes.size, c);
		if (c < 0)
			++*bad;
		else if (at - before > 1)
			++*good;
	}
}

/* In other encodings than these, a page has not been saved for twenty years. */
static const char *known_charset(const char *charset)
{
	static const char *const latin[] = {"iso-8859-15", "latin9", "latin-9"};
	static const char *const windows[] = {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252",
					      "us-ascii",   "ascii",  "utf-8",   "utf8"};
	for (size_t i = 0; charset && i < sizeof(latin) / sizeof(*latin); i++)
		if (strcasecmp(charset, latin[i]) == 0)
			return "ISO-8859-15";
	for (size_t i = 0; charset && i < sizeof(windows) / sizeof(*windows); i++)
		if (strcasecmp(charset, windows[i]) == 0)
			return "windows-1252";
	return charset ? NULL : "windows-1252";
}

static const char *convert(struct referat_call *call, struct referat_bytes bytes, const char *charset)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t capacity = (int32_t)(bytes.size * 3 + 1); /* "€" takes three bytes */
	char *text = referat_alloc(call, (size_t)capacity);
	ucnv_convert("UTF-8", charset, text, capacity, (const char *)bytes.data, (int32_t)bytes.size, &status);
	return U_SUCCESS(status) ? text : NULL;
}

/* Characters that show nothing and would only hide words from us: soft hyphen, zero width, byte order mark, and those
 * that turn the direction of writing. */
static bool is_invisible(UChar32 c)
{
	return c == 0xAD || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x2069);
}

int32_t rf_character_shown(int32_t c)
{
	if (c == 0xA0 || c == 0x2007 || c == 0x202F || c == '\t')
		return ' ';
	return is_invisible(c) ? 0 : c;
}

bool rf_character_ends_line(int32_t c)
{
	return c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool rf_character_controls(int32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

enum { CLEAN, CONTROL, LOST };

/* Copies text to clean, character by character. */
static int clean_up(const char *text, char *clean)
{
	size_t size = strlen(text);
	size_t out = 0;
	for (size_t at = 0; at < size;) {
		UChar32 c;
		U8_NEXT_UNSAFE(text, at, c);
		if (c == '\f' && (out == 0 || clean[out - 1] == '\n')) {
			/* a page ends between two lines: it is kept for who reads pages */
		} else if (rf_character_ends_line(c)) {
			if (c == '\r' && text[at] == '\n')
				at++;
			c = '\n';
		} else if (rf_character_controls(c)) {
			return CONTROL;
		} else if (c == 0xFFFD) {
			return LOST;
		} else {
			c = rf_character_shown(c);
			if (c == 0)
				continue;
		}
		U8_APPEND_UNSAFE(clean, out, c);
	}
	clean[out] = '\0';
	return CLEAN;
}

const char *rf_text_compose(struct referat_call *call, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t length = 0;
	size_t size = strlen(text);
	UChar *wide = referat_alloc(call, (size + 1) * sizeof(UChar));
	u_strFromUTF8(wide, (int32_t)size + 1, &length, text, (int32_t)size, &status);
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	if (U_FAILURE(status))
		return NULL;
	if (unorm2_isNormalized(nfc, wide, length, &status))
		return text;
	int32_t capacity = length * 3 + 1; /* NFC never grows a text more than threefold */
	UChar *composed = referat_alloc(call, (size_t)capacity * sizeof(UChar));
	int32_t composed_length = unorm2_normalize(nfc, wide, length, composed, capacity, &status);
	int32_t bytes = composed_length * 3 + 1;
	char *narrow = U_SUCCESS(status) ? referat_alloc(call, (size_t)bytes) : NULL;
	u_strToUTF8(narrow, bytes, NULL, composed, composed_length, &status);
	return U_SUCCESS(status) ? narrow : NULL;
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \n\f")] == '\0';
}

static enum referat_result decode(struct referat_call *call, struct referat_bytes source, const char *charset,
				  const char **text)
{
	if (source.size == 0)
		return refuse(call, REFERAT_FAIL, "reading.empty");
	if (source.size >= 2 && (memcmp(source.data, "\xFF\xFE", 2) == 0 || memcmp(source.data, "\xFE\xFF", 2) == 0))
		return refuse(call, REFERAT_FAIL, "reading.utf16");
	if (memchr(source.data, 0, source.size))
		return refuse(call, REFERAT_FAIL, "reading.binary");

	size_t good;
	size_t bad;
	count_utf8(source, &good, &bad);
	if (bad > 0 && good > bad)
		return refuse(call, REFERAT_HOLD, "reading.mixed");
	if (bad > 0 && !known_charset(charset))
		return referat_because(call, REFERAT_FAIL, "%s",
				       referat_say(call, "reading.charset", "charset", charset, NULL));
	const char *raw = bad > 0 ? convert(call, source, known_charset(charset)) : (const char *)source.data;
	if (!raw)
		return refuse(call, REFERAT_FAIL, "reading.binary");

	char *clean = referat_alloc(call, strlen(raw) + 1);
	int found = clean_up(raw, clean);
	if (found == CONTROL)
		return refuse(call, REFERAT_FAIL, "reading.binary");
	if (found == LOST)
		return refuse(call, REFERAT_HOLD, "reading.lost");
	if (is_blank(clean))
		return refuse(call, REFERAT_FAIL, "reading.empty");
	const char *composed = rf_text_compose(call, clean);
	if (!composed)
		return refuse(call, REFERAT_FAIL, "reading.binary");
	*text = composed;
	return REFERAT_OK;
}

bool referat_type_is(struct referat_call *call, const char *type)
{
	const char *own = referat_get(call, "type");
	size_t size = strcspn(own, "; ");
	return size == strlen(type) && strncasecmp(own, type, size) == 0;
}

enum referat_result referat_source_text(struct referat_call *call, const char *charset, const char **text)
{
	struct referat_bytes source = referat_part(call, "source");
	int64_t most = referat_option_number(call, "max_size");
	if (source.size > (uint64_t)most)
		return referat_because(
		    call, REFERAT_HOLD, "%s",
		    referat_say(call, "reading.too_large", "most", referat_size_text(call, most), NULL));
	return decode(call, source, charset, text);
}
