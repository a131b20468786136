/* Templates: the input is a template, a NUL, and the JSON that it is filled from; the template is its own partial. */
#include "base/memory.h"
#include "plugin/json.h"
#include "tests/fuzz/target.h"

#include <json.h>
#include <referat/mustache.h>
#include <stdlib.h>
#include <string.h>

static const char *partial(void *template_text, const char *name)
{
	return strcmp(name, "self") == 0 ? template_text : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	rf_autofree char *template_text = rf_strndup((const char *)data, size);
	size_t used = strlen(template_text) + 1;
	struct json_object *context = used < size ? rf_json_parse((const char *)data + used, size - used, NULL) : NULL;
	char problem[256] = "";
	char *text = referat_mustache(template_text, context, partial, template_text, problem, sizeof problem);
	FUZZ_ASSERT(text || problem[0] != '\0');
	free(text);
	json_object_put(context);
	return 0;
}
