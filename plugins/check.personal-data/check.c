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
	const Referat__Item *confidential; /* the last one that was told */
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

/* What one sentence gives away of somebody. NULL: nothing. */
static const char *rule_of(struct referat_call *call, const char *sentence)
{
	if (!referat_has_private_name(call, sentence))
		return NULL;
	if (referat_is_sensitive(call, sentence))
		return "sensitive";
	if (referat_has_address(call, sentence))
		return "address";
	return referat_has_telephone(sentence) ? "telephone" : NULL;
}

static bool check_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	const Referat__Item *item = passage->item;
	if (item && item->weight == REFERAT__WEIGHT__CONFIDENTIAL) {
		bool told = check->confidential == item;
		check->confidential = item;
		return told || report(check, "confidential", REFERAT_NOTE, passage, (struct referat_range){0});
	}
	const struct referat_range *sentences;
	size_t n = referat_sentences(check->call, passage->text, &sentences);
	for (size_t i = 0; i < n; i++) {
		const char *sentence = referat_copy(check->call, passage->text + sentences[i].start,
						    sentences[i].end - sentences[i].start);
		const char *rule = rule_of(check->call, sentence);
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
	struct check check = {.call = call};
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
