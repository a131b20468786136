/* Templates that were installed with the plugin. */
#include <referat/mustache.h>

#include <stdlib.h>

static const char *find_partial(void *context, const char *name)
{
	struct referat_call *call = context;
	return (const char *)referat_data_file(call, referat_format(call, "%s.mustache", name)).data;
}

const char *referat_render(struct referat_call *call, const char *name, struct json_object *context)
{
	struct referat_bytes text = referat_data_file(call, name);
	if (!text.data) {
		referat_because(call, REFERAT_FAIL, "template %s is not installed", name);
		return NULL;
	}
	char problem[512] = "";
	char *rendered =
	    referat_mustache((const char *)text.data, context, find_partial, call, problem, sizeof problem);
	if (!rendered) {
		referat_because(call, REFERAT_FAIL, "template %s: %s", name, problem);
		return NULL;
	}
	const char *copy = referat_format(call, "%s", rendered);
	free(rendered);
	return copy;
}
