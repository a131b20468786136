/* Signs of private persons in a text: names without an office, telephone numbers, addresses, words about health and
 * family, and matters that are about one person though none is named. They are signs, no proof: whoever finds one lets
 * a person look. A plugin that includes this links ICU. */
#ifndef REFERAT_PEOPLE_H
#define REFERAT_PEOPLE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Capitalised words in a row that are neither a place nor an organisation, without the party that elected persons have
 * behind their names; also with initials, with "von" and the like between, in capitals, turned around ("Exempelsson,
 * Rut"), and a surname alone or behind what a person is to the matter ("eleven Rut", "familjen Ek"). */
bool referat_has_private_name(struct referat_call *, const char *text);

/* Names that are no private person's in one document: elected persons are whoever has a party behind the name in one of
 * the texts that are added (up to 500), also where it is not said; what begins with the name of the place is a thing of
 * its. It lives as long as the call. */
struct referat_known;
struct referat_known *referat_known_new(struct referat_call *);
void referat_known_add(struct referat_call *, struct referat_known *, const char *text);
void referat_known_place(struct referat_call *, struct referat_known *, const char *name);

/* As referat_has_private_name, less the names that are known; known may be NULL. */
bool referat_names_private(struct referat_call *, const struct referat_known *known, const char *text);

bool referat_has_telephone(const char *text); /* or a mail address */

/* "Storgatan 12", "Lillvägen 3 A", "123 45 Exempelby". */
bool referat_has_address(struct referat_call *, const char *text);

/* Words that minutes have where a person's health, care, family or economy is the matter. */
bool referat_is_sensitive(struct referat_call *, const char *text);

/* Is it about one person, whom it does not name? Masked names ("XXXX", "N.N."), words that minutes have for one ("god
 * man för"), and supervision, penalties and adaptations of homes where an address or a property is told. */
bool referat_is_about_one(struct referat_call *, const char *text);

#ifdef __cplusplus
}
#endif
#endif
