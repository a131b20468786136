/* Documents pass through six stages that add nothing, over a core and a store without sockets: what the costs of a
 * document are measured with. */
#ifndef TESTS_SUPPORT_PASSAGE_H
#define TESTS_SUPPORT_PASSAGE_H

#include "tests/support/rig.h"

enum { PASSAGE_STAGES = 6 };

struct passage {
	struct rig *rig; /* of rig_setup_unstarted */
	unsigned at_a_time;
	size_t size; /* of a document */
	unsigned documents, put;
	struct rf_stage stages[PASSAGE_STAGES];
	size_t from[PASSAGE_STAGES];
};

/* Starts the core, with a peer for each stage that has room for twice as many as come at a time. */
void passage_start(struct passage *passage);
/* Lets documents come until there are so many, and takes all to the end. Returns how many rounds it took. */
unsigned passage_run(struct passage *passage, unsigned documents);

#endif
