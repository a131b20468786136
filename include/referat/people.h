/* Signs of private persons in a text: names without an office, telephone numbers, addresses, and words about health and
 * family. They are signs, no proof: whoever finds one lets a person look. A plugin that includes this links ICU. */
#ifndef REFERAT_PEOPLE_H
#define REFERAT_PEOPLE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two capitalised words in a row that are neither a place nor an organisation, without the party that elected persons
 * have behind their names. */
bool referat_has_private_name(struct referat_call *, const char *text);

bool referat_has_telephone(const char *text); /* or a mail address */

/* "Storgatan 12", "Lillvägen 3 A". */
bool referat_has_address(struct referat_call *, const char *text);

/* Words that minutes have where a person's health, care, family or economy is the matter. */
bool referat_is_sensitive(struct referat_call *, const char *text);

#ifdef __cplusplus
}
#endif
#endif
