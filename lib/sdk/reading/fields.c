/* The labels of a cover. */
#include "cover.h"

#include <string.h>

/* Longer ones before those that they begin with. */
static const struct {
	const char *label;
	enum field field;
} fields[] = {
    {"organ", FIELD_BODY},
    {"nämnd/styrelse", FIELD_BODY},
    {"styrelse/nämnd", FIELD_BODY},
    {"nämnd", FIELD_BODY},
    {"forum", FIELD_BODY},
    {"beslutande organ", FIELD_BODY},
    {"organ och sammanträdesdatum", FIELD_BODY},
    {"instans", FIELD_BODY},
    {"beslutsinstans", FIELD_BODY},
    {"myndighet", FIELD_BODY},
    {"sammanträdesdatum", FIELD_DAY},
    {"sammanträdesdag", FIELD_DAY},
    {"sammanträdets datum", FIELD_DAY},
    {"datum för sammanträdet", FIELD_DAY},
    {"mötesdatum", FIELD_DAY},
    {"mötesdag", FIELD_DAY},
    {"datum för anslags uppsättande", FIELD_UP},
    {"datum för anslagets uppsättande", FIELD_UP},
    {"datum när anslaget sätts upp", FIELD_UP},
    {"datum då anslaget sätts upp", FIELD_UP},
    {"anslaget sätts upp", FIELD_UP},
    {"anslaget sattes upp", FIELD_UP},
    {"anslaget uppsatt", FIELD_UP},
    {"anslaget uppsättes", FIELD_UP},
    {"anslag uppsatt den", FIELD_UP},
    {"anslaget är uppsatt", FIELD_UP},
    {"datum då anslag sätts upp", FIELD_UP},
    {"anslags uppsättande", FIELD_UP},
    {"anslagsdatum", FIELD_UP},
    {"anslagsdag", FIELD_UP},
    {"anslagen", FIELD_UP},
    {"anslaget", FIELD_UP},
    {"publiceringsdatum", FIELD_UP},
    {"datum för anslags nedtagande", FIELD_DOWN},
    {"datum för anslagets nedtagande", FIELD_DOWN},
    {"datum när anslaget tas ned", FIELD_DOWN},
    {"datum då anslaget tas ned", FIELD_DOWN},
    {"anslaget tas ned", FIELD_DOWN},
    {"anslaget tas ner", FIELD_DOWN},
    {"nedtagningsdatum", FIELD_DOWN},
    {"anslaget nedtaget", FIELD_DOWN},
    {"anslaget nedtages", FIELD_DOWN},
    {"datum när anslaget tas ner", FIELD_DOWN},
    {"datum då anslaget tas ner", FIELD_DOWN},
    {"datum då anslag tas ner", FIELD_DOWN},
    {"anslags nedtagande", FIELD_DOWN},
    {"tas ned", FIELD_DOWN},
    {"förvaringsplats", FIELD_KEPT},
    {"förvaringsplats för protokollet", FIELD_KEPT},
    {"förvaringsplats av protokollet", FIELD_KEPT},
    {"protokollets förvaringsplats", FIELD_KEPT},
    {"protokollet förvaras", FIELD_KEPT},
    {"protokollet förvaras hos", FIELD_KEPT},
    {"protokollet förvaras på", FIELD_KEPT},
    {"protokollet finns hos", FIELD_KEPT},
    {"plats och tid för justering", FIELD_ADJUSTED},
    {"justeringens plats och tid", FIELD_ADJUSTED},
    {"justeringens tid och plats", FIELD_ADJUSTED},
    {"tid och plats för justering", FIELD_ADJUSTED},
    {"justeringens plats", FIELD_ADJUSTED},
    {"justeringens", FIELD_ADJUSTED},
    {"justeringsdatum", FIELD_ADJUSTED},
    {"justeringsdag", FIELD_ADJUSTED},
    {"justeringstid", FIELD_ADJUSTED},
    {"datum för justering", FIELD_ADJUSTED},
    {"protokollet justerat", FIELD_ADJUSTED},
    {"justerat", FIELD_ADJUSTED},
    {"digital justering", FIELD_ADJUSTED},
    {"plats och tid", FIELD_WHERE},
    {"tid och plats", FIELD_WHERE},
    {"plats, tid", FIELD_WHERE},
    {"dag och tid", FIELD_WHERE},
    {"datum och tid", FIELD_WHERE},
    {"sammanträdestid", FIELD_WHERE},
    {"plats", FIELD_WHERE},
    {"tid", FIELD_WHERE},
    {"beslutande", FIELD_MEMBERS},
    {"ledamöter", FIELD_MEMBERS},
    {"närvarande ledamöter", FIELD_MEMBERS},
    {"närvarande beslutande", FIELD_MEMBERS},
    {"tjänstgörande ledamöter", FIELD_MEMBERS},
    {"närvarande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"närvarande ej tjänstgörande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"ej beslutande", FIELD_PRESENT_SUBSTITUTES},
    {"ej beslutande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"närvarande", FIELD_MEMBERS},
    {"tjänstgörande ersättare", FIELD_SUBSTITUTES},
    {"ej tjänstgörande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"icke tjänstgörande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"inte tjänstgörande ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"ersättare", FIELD_PRESENT_SUBSTITUTES},
    {"insynsplats", FIELD_PRESENT_SUBSTITUTES},
    {"övriga närvarande", FIELD_OFFICIALS},
    {"övriga deltagande", FIELD_OFFICIALS},
    {"övriga deltagare", FIELD_OFFICIALS},
    {"övriga", FIELD_OFFICIALS},
    {"tjänstemän", FIELD_OFFICIALS},
    {"tjänstepersoner", FIELD_OFFICIALS},
    {"utses att justera", FIELD_ADJUSTERS},
    {"utsedd att justera", FIELD_ADJUSTERS},
    {"utsedda att justera", FIELD_ADJUSTERS},
    {"protokolljusterare", FIELD_ADJUSTERS},
    {"protokollsjusterare", FIELD_ADJUSTERS},
    {"justerare", FIELD_ADJUSTERS},
    {"justerande", FIELD_ADJUSTERS},
    {"justerade paragrafer", FIELD_PARAGRAPHS},
    {"avser paragrafer", FIELD_PARAGRAPHS},
    {"protokollet omfattar", FIELD_PARAGRAPHS},
    {"paragrafer", FIELD_PARAGRAPHS},
    {"paragraf", FIELD_PARAGRAPHS},
    {"underskrifter", FIELD_OTHER},
    {"underskrift", FIELD_OTHER},
    {"sekreterare", FIELD_OTHER},
    {"ordförande", FIELD_OTHER},
    {"anslag/bevis", FIELD_OTHER},
    {"anslagsbevis", FIELD_OTHER},
    {"bevis om", FIELD_OTHER},
    {"bevis", FIELD_OTHER},
    {"innehåll", FIELD_OTHER},
    {"ärendelista", FIELD_OTHER},
};

enum field rf_field_of(const struct referat_paragraph *paragraph, size_t *value)
{
	const char *lower = paragraph->lower;
	enum field found = FIELD_NONE;
	size_t longest = 0;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		size_t size = strlen(fields[i].label);
		if (size <= longest || !rf_starts_with(lower, fields[i].label))
			continue;
		const char *rest = lower + size;
		if (*rest != '\0' && *rest != ' ' && *rest != ':' && *rest != '\t' && *rest != ',')
			continue;
		longest = size;
		found = fields[i].field;
	}
	*value = longest + strspn(lower + longest, ":, \t");
	return found;
}

enum field rf_field_at(const struct referat_paragraph *list, size_t i, size_t *value)
{
	size_t above = 0;
	enum field field = rf_field_of(&list[i], value);
	bool goes_on = field == FIELD_WHERE && i > 0 && rf_field_of(&list[i - 1], &above) == FIELD_ADJUSTED &&
		       list[i - 1].text[above] == '\0';
	return goes_on ? FIELD_ADJUSTED : field;
}

static struct referat_paragraph part_from(const struct referat_paragraph *paragraph, size_t at)
{
	return (struct referat_paragraph){.text = paragraph->text + at, .lower = paragraph->lower + at};
}

/* Where the labels end that a part of a line begins with: one, or those of a column, whose values follow together. */
static size_t labels_end(const struct referat_paragraph *paragraph, size_t from)
{
	size_t value;
	for (struct referat_paragraph rest = part_from(paragraph, from); rf_field_of(&rest, &value) != FIELD_NONE;
	     rest = part_from(paragraph, from))
		from += value;
	return from;
}

/* A label of several words is one wherever it stands, as in columns that were printed on one line. */
size_t rf_field_next(const struct referat_paragraph *paragraph, size_t from)
{
	size_t size = strlen(paragraph->text);
	size_t at = labels_end(paragraph, from);
	for (at = at > from ? at : from + 1; at < size; at++) {
		struct referat_paragraph rest = part_from(paragraph, at);
		size_t value;
		if (paragraph->text[at - 1] != ' ' || !referat_is_capital(rest.text) || !rf_field_of(&rest, &value))
			continue;
		size_t label = value;
		while (label > 0 && strchr(":, \t", rest.lower[label - 1]))
			label--;
		if (memchr(rest.lower, ' ', label))
			return at;
	}
	return size;
}
