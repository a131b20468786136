/* check.personal-data: what may point out a private person beside an identity number: a name together with words of
 * health, family or economy, an address, a telephone number. A finding says where, and never what stands there. */
#include <referat/message.h>
#include <referat/passages.h>
#include <referat/people.h>
#include <referat/swedish.h>

#include <string.h>

enum { MOST_FINDINGS = 50 };

struct check {
	struct referat_call *call;
	const struct referat_known *known;
	const Referat__Item *item; /* the last one */
	bool heading_names;        /* its heading may name a private person */
	unsigned found;
};

static bool report(struct check *check, const char *rule, enum referat_severity severity,
		   const struct referat_passage *passage, struct referat_range range)
{
	struct referat_call *call = check->call;
	if (check->found++ >= MOST_FINDINGS) {
		const char *most = referat_format(call, "%d", MOST_FINDINGS);
		referat_finding(call, "more", severity, (struct referat_place)REFERAT_NOWHERE,
				referat_say(call, "check.personal-data.more", "most", most, NULL));
		return false;
	}
	referat_finding(call, rule, severity, referat_place_in(passage, range.start, range.end),
			referat_say(call, referat_format(call, "check.personal-data.%s", rule), "where",
				    referat_where(call, passage), NULL));
	return true;
}

static const char *sentence_at(struct referat_call *call, const struct referat_passage *passage,
			       const struct referat_range *range)
{
	return referat_copy(call, passage->text + range->start, range->end - range->start);
}

/* What a sentence gives away of somebody, whom it or the item's heading names. What is told of health and family in the
 * sentence before or behind is told of the same person. NULL: nothing. */
static const char *rule_of(struct check *check, const struct referat_passage *passage,
			   const struct referat_range *sentences, size_t n, size_t i)
{
	struct referat_call *call = check->call;
	const char *sentence = sentence_at(call, passage, &sentences[i]);
	bool named = referat_names_private(call, check->known, sentence);
	bool sensitive = (named || check->heading_names) && referat_is_sensitive(call, sentence);
	if (named && i > 0)
		sensitive = sensitive || referat_is_sensitive(call, sentence_at(call, passage, &sentences[i - 1]));
	if (named && i + 1 < n)
		sensitive = sensitive || referat_is_sensitive(call, sentence_at(call, passage, &sentences[i + 1]));
	if (sensitive)
		return "sensitive";
	if (named && referat_has_address(call, sentence))
		return "address";
	return named && referat_has_telephone(sentence) ? "telephone" : NULL;
}

/* Of the headings only that one is looked at in which the passage is. */
static void enter_item(struct check *check, const Referat__Item *item)
{
	if (item == check->item)
		return;
	check->item = item;
	check->heading_names = item && item->heading && referat_names_private(check->call, check->known, item->heading);
}

static bool check_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	const Referat__Item *item = passage->item;
	if (item && item->weight == REFERAT__WEIGHT__CONFIDENTIAL) {
		bool told = check->item == item;
		check->item = item;
		return told || report(check, "confidential", REFERAT_NOTE, passage, (struct referat_range){0});
	}
	enter_item(check, item);
	const struct referat_range *sentences;
	size_t n = referat_sentences(check->call, passage->text, &sentences);
	for (size_t i = 0; i < n; i++) {
		const char *rule = rule_of(check, passage, sentences, n, i);
		if (rule && !report(check, rule, REFERAT_ERROR, passage, sentences[i]))
			return false;
	}
	return true;
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	struct check check = {.call = call, .known = referat_known_of(call, document)};
	referat_passages(document, check_passage, &check);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.personal-data",
    .version = REFERAT_VERSION,
    .summary = "finds what may point out a private person: health, family, addresses, telephone numbers",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .run = run,
};
