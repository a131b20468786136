#include "cli/requests.h"

#include "base/memory.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <string.h>

static void print_line(const char *label, const char *text)
{
	rf_autofree char *clean = rf_terminal_text(text);
	if (*clean)
		printf("%s%s\n", label, clean);
}

/* Line by line: a line break stays one, whatever else steers a terminal does not. */
static void print_body(const char *body)
{
	rf_autofree char *copy = rf_strdup(body);
	char *rest = copy;
	for (char *line; (line = strsep(&rest, "\n"));) {
		rf_autofree char *clean = rf_terminal_text(line);
		puts(clean);
	}
}

void rf_request_print(json_object *request)
{
	json_object *headers = NULL;
	rf_autofree char *url = rf_terminal_text(rf_answer_text(request, "url"));
	printf("%s %s\n", rf_answer_text(request, "method"), url);
	print_line("Authorization: ", rf_answer_text(request, "authorization"));
	print_line("Content-Type: ", rf_answer_text(request, "type"));
	json_object_object_get_ex(request, "headers", &headers);
	for (size_t i = 0; json_object_is_type(headers, json_type_array) && i < json_object_array_length(headers); i++)
		print_line("", json_object_get_string(json_object_array_get_idx(headers, i)));
	puts("");
	if (*rf_answer_text(request, "body")) {
		print_body(rf_answer_text(request, "body"));
		puts("");
	}
}
