/* What is wrong with a pipeline just now, as far as a person should be told. */
#ifndef RF_BROKER_CAUSES_H
#define RF_BROKER_CAUSES_H

#include "broker/state.h"

struct rf_language;

struct rf_cause {
	char *key;        /* "dead:publish/cms": the same for as long as it is the same cause */
	char *about;      /* the stage or destination; "" where there is none */
	char *list;       /* documents, a line each; "" where it is about none */
	char *why;        /* what was met last; "" where that is not known */
	uint64_t n;       /* documents, or days */
	int64_t grown_us; /* when the last of the documents came to be one of them; 0: it is about none */
};

enum { RF_MOST_CAUSES = 256 };

struct rf_causes {
	struct rf_cause all[RF_MOST_CAUSES];
	size_t n;
};

/* In a transaction. causes is empty before; the caller ends it with rf_causes_deinit. < 0 on a fault of the store. */
int rf_causes_find(struct rf_core *core, struct rf_causes *causes, struct rf_error *error);
void rf_causes_deinit(struct rf_causes *causes);

/* A cause that the last broker knew, since then: what only memory knows of it is made again. */
void rf_causes_restore(struct rf_core *core, const char *key, int64_t since_us);

/* In the reader's language. The caller frees. */
char *rf_cause_subject(const struct rf_cause *cause, const struct rf_language *language, const char *pipeline);
char *rf_cause_text(const struct rf_cause *cause, const struct rf_language *language, const char *pipeline);

#endif
