/* A stage whose work is told by the first word of the part `source`: "slow", "retry", "crash", "act" …; any other word
 * is done at once, and comes back as part `document`. */
#ifndef TESTS_SUPPORT_TOLD_STAGE_H
#define TESTS_SUPPORT_TOLD_STAGE_H

#include "stage/stage.h"

enum { TOLD_LARGE = 10 * 1024 * 1024 /* bytes that "large" comes back with */ };

extern const struct rf_stage_program told_stage;

void test_rest(int ms);

#endif
