/* From bytes to text: encodings, composed letters, line ends; refuses what is no text. */
#include "reader.h"

#include <string.h>
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

static const char *from_windows_1252(struct referat_call *call, struct referat_bytes bytes)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t capacity = (int32_t)(bytes.size * 3 + 1); /* "€" takes three bytes */
	char *text = referat_alloc(call, (size_t)capacity);
	ucnv_convert("UTF-8", "windows-1252", text, capacity, (const char *)bytes.data, (int32_t)bytes.size, &status);
	return U_SUCCESS(status) ? text : NULL;
}

/* Characters that show nothing and would only hide words from us: soft hyphen, zero width, byte order mark, and those
 * that turn the direction of writing. */
static bool is_invisible(UChar32 c)
{
	return c == 0xAD || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x2069);
}

static bool is_line_end(UChar32 c)
{
	return c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_control(UChar32 c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
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
		if (is_line_end(c)) {
			if (c == '\r' && text[at] == '\n')
				at++;
			c = '\n';
		} else if (c == 0xA0 || c == 0x2007 || c == 0x202F || c == '\t') {
			c = ' ';
		} else if (is_control(c)) {
			return CONTROL;
		} else if (c == 0xFFFD) {
			return LOST;
		} else if (is_invisible(c)) {
			continue;
		}
		U8_APPEND_UNSAFE(clean, out, c);
	}
	clean[out] = '\0';
	return CLEAN;
}

/* The text in NFC: decomposed letters (a + ring) become one (å). */
static const char *compose(struct referat_call *call, const char *text)
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
	return text[strspn(text, " \n")] == '\0';
}

enum referat_result decode(struct referat_call *call, struct referat_bytes source, const char **text)
{
	if (source.size == 0)
		return refuse(call, REFERAT_FAIL, "reader.text.empty");
	if (source.size >= 2 && (memcmp(source.data, "\xFF\xFE", 2) == 0 || memcmp(source.data, "\xFE\xFF", 2) == 0))
		return refuse(call, REFERAT_FAIL, "reader.text.utf16");
	if (memchr(source.data, 0, source.size))
		return refuse(call, REFERAT_FAIL, "reader.text.binary");

	size_t good;
	size_t bad;
	count_utf8(source, &good, &bad);
	if (bad > 0 && good > bad)
		return refuse(call, REFERAT_HOLD, "reader.text.mixed");
	const char *raw = bad > 0 ? from_windows_1252(call, source) : (const char *)source.data;
	if (!raw)
		return refuse(call, REFERAT_FAIL, "reader.text.binary");

	char *clean = referat_alloc(call, strlen(raw) + 1);
	int found = clean_up(raw, clean);
	if (found == CONTROL)
		return refuse(call, REFERAT_FAIL, "reader.text.binary");
	if (found == LOST)
		return refuse(call, REFERAT_HOLD, "reader.text.lost");
	if (is_blank(clean))
		return refuse(call, REFERAT_FAIL, "reader.text.empty");
	const char *composed = compose(call, clean);
	if (!composed)
		return refuse(call, REFERAT_FAIL, "reader.text.binary");
	*text = composed;
	return REFERAT_OK;
}
