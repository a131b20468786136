#include <referat/words.h>

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { WORDS_MOST = 128, NAME_MOST = 200, MIB = 1024 * 1024 };

const char *referat_size_text(struct referat_call *call, int64_t size)
{
	return size % MIB == 0 ? referat_format(call, "%lld MiB", (long long)(size / MIB))
			       : referat_format(call, "%lld byte", (long long)size);
}

static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int days_of(int year, int month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month_days[month - 1] + (month == 2 && leap);
}

static int number_at(const char *digits, int count)
{
	int number = 0;
	for (int i = 0; i < count; i++)
		number = number * 10 + digits[i] - '0';
	return number;
}

static bool read_date(const char *iso, int *year, int *month, int *day)
{
	static const char form[] = "0000-00-00";
	size_t i = 0;
	while (iso && form[i] && (form[i] == '-' ? iso[i] == '-' : iso[i] >= '0' && iso[i] <= '9'))
		i++;
	if (!iso || form[i] || iso[i])
		return false;
	*year = number_at(iso, 4);
	*month = number_at(iso + 5, 2);
	*day = number_at(iso + 8, 2);
	return *year >= 1 && *month >= 1 && *month <= 12 && *day >= 1 && *day <= days_of(*year, *month);
}

/* Noon of the day: the same civil day in the formatter's zone, which is UTC too. Days are counted from March on, so
 * that a leap day comes last in its year. */
static UDate noon(int year, int month, int day)
{
	const double day_ms = 86400000.0;
	int from_march = (month + 9) % 12;
	int years = year - (month < 3);
	int days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
	return days * day_ms + day_ms / 2;
}

/* A formatter takes longer to make than hundreds of days to write. The few that a process needs are kept. */
static const UDateFormat *formatter(const char *language, const char *pattern)
{
	static struct {
		char language[16];
		char pattern[WORDS_MOST];
		UDateFormat *format;
	} kept[4];
	static size_t next;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (kept[i].format && !strcmp(kept[i].language, language) && !strcmp(kept[i].pattern, pattern))
			return kept[i].format;
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[WORDS_MOST];
	u_strFromUTF8(wide, WORDS_MOST, NULL, pattern, -1, &status);
	UDateFormat *format = udat_open(UDAT_PATTERN, UDAT_PATTERN, language, u"UTC", -1, wide, -1, &status);
	if (U_FAILURE(status) || strlen(language) >= sizeof kept->language || strlen(pattern) >= WORDS_MOST) {
		udat_close(format);
		return NULL;
	}
	size_t at = next++ % (sizeof kept / sizeof *kept);
	udat_close(kept[at].format);
	strcpy(kept[at].language, language);
	strcpy(kept[at].pattern, pattern);
	kept[at].format = format;
	return format;
}

const char *referat_day(struct referat_call *call, const char *iso, const char *pattern)
{
	int year = 0;
	int month = 0;
	int day = 0;
	if (!read_date(iso, &year, &month, &day))
		return "";
	const char *language = referat_get(call, "publisher.language");
	const UDateFormat *format = formatter(language[0] ? language : "sv", pattern);
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[WORDS_MOST];
	char text[3 * WORDS_MOST];
	if (!format)
		return iso;
	udat_format(format, noon(year, month, day), wide, WORDS_MOST, NULL, &status);
	u_strToUTF8(text, sizeof text, NULL, wide, -1, &status);
	return U_SUCCESS(status) ? referat_copy(call, text, strlen(text)) : iso;
}

const char *referat_months_later(struct referat_call *call, const char *iso, int months)
{
	int year = 0;
	int month = 0;
	int day = 0;
	if (!read_date(iso, &year, &month, &day))
		return "";
	int count = year * 12 + month - 1 + months;
	year = count / 12;
	month = count % 12 + 1;
	int last = days_of(year, month);
	return referat_format(call, "%04d-%02d-%02d", year, month, day < last ? day : last);
}

const char *referat_slug(struct referat_call *call, const char *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[NAME_MOST];
	UChar bare[2 * NAME_MOST];
	int32_t length = 0;
	u_strFromUTF8WithSub(wide, NAME_MOST, &length, name, -1, 0xFFFD, NULL, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) { /* a name that long is cut */
		status = U_ZERO_ERROR;
		length = NAME_MOST;
	}
	const UNormalizer2 *apart = unorm2_getNFKDInstance(&status);
	length = unorm2_normalize(apart, wide, length, bare, 2 * NAME_MOST, &status);
	if (U_FAILURE(status))
		return "";
	char slug[2 * NAME_MOST + 1];
	size_t size = 0;
	for (int32_t i = 0; i < length; i++) {
		UChar c = bare[i] >= 'A' && bare[i] <= 'Z' ? (UChar)(bare[i] + 32) : bare[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[size++] = (char)c;
		else if ((c < 0x300 || c > 0x36f) && size && slug[size - 1] != '-') /* an accent is dropped */
			slug[size++] = '-';
	}
	while (size && slug[size - 1] == '-')
		size--;
	return referat_copy(call, slug, size);
}

const char *referat_outcome_key(int outcome)
{
	static const char *const keys[] = {
	    [REFERAT__OUTCOME__APPROVED] = "approved",
	    [REFERAT__OUTCOME__ADOPTED] = "adopted",
	    [REFERAT__OUTCOME__REJECTED] = "rejected",
	    [REFERAT__OUTCOME__REFERRED_BACK] = "referred_back",
	    [REFERAT__OUTCOME__TABLED] = "tabled",
	    [REFERAT__OUTCOME__NOTED] = "noted",
	    [REFERAT__OUTCOME__ASSIGNED] = "assigned",
	    [REFERAT__OUTCOME__ANSWERED] = "answered",
	    [REFERAT__OUTCOME__PROPOSED_TO_COUNCIL] = "proposed_to_council",
	};
	return outcome > 0 && (size_t)outcome < sizeof keys / sizeof *keys ? keys[outcome] : NULL;
}

struct json_object *referat_texts(struct referat_call *call, const char *prefix, const char *const *names)
{
	struct json_object *texts = json_object_new_object();
	for (; *names; names++)
		referat_put(texts, *names, referat_say(call, referat_format(call, "%s.%s", prefix, *names), NULL));
	return texts;
}

void referat_put(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name,
			       text && text[0] ? json_object_new_string(text) : json_object_new_boolean(0));
}
