/* Who is known, as a document tells: by the attendance on its cover, and by the party behind a name anywhere. */
#include <referat/passages.h>
#include <referat/people.h>

struct search {
	struct referat_call *call;
	struct referat_known *known;
};

static bool add_passage(void *context, const struct referat_passage *passage)
{
	struct search *search = context;
	referat_known_add(search->call, search->known, passage->text);
	return true;
}

struct referat_known *referat_known_of(struct referat_call *call, const Referat__Document *document)
{
	struct search search = {call, referat_known_new(call)};
	const Referat__Meeting *meeting = document->meeting;
	for (size_t i = 0; meeting && i < meeting->n_participants; i++) {
		const Referat__Participant *one = meeting->participants[i];
		if (one->name && one->party)
			referat_known_add(call, search.known, referat_format(call, "%s (%s)", one->name, one->party));
	}
	if (document->municipality)
		referat_known_place(call, search.known, document->municipality);
	referat_passages(document, add_passage, &search);
	return search.known;
}
