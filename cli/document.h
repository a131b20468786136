/* Commands that ask one thing about one document and show the answer: show, why, trace. */
#ifndef RF_CLI_DOCUMENT_H
#define RF_CLI_DOCUMENT_H

#include <json-c/json.h>
#include <stdbool.h>

struct rf_document_command {
	const char *name; /* of the command, and of the question to the broker */
	const char *description;
	void (*print)(json_object *answer, const char *state); /* for people; state: as given, NULL: not */
	bool parts;                                            /* whether --part asks for one of them alone */
};

/* The whole of the command. Returns the exit status. */
int rf_document_show(const struct rf_document_command *command, int argc, char **argv);

#endif
