#include "tests/support/site.h"

#include "base/memory.h"
#include "plugin/call.h"
#include "tests/support/folder.h"

#include <stdlib.h>

void test_site_load(struct test_site *site)
{
	const struct rf_plugin_setting settings[] = {{.name = "path", .value = site->path},
						     {.name = "base_url", .value = "https://exempelby.example/beslut"}};
	test_plugin_init(&site->test);
	test_plugin_load(&site->test, "target.site", settings, RF_COUNT(settings));
}

void test_site_open(struct test_site *site)
{
	site->folder = test_folder_make();
	site->path = rf_format("%s/site", site->folder);
	test_site_load(site);
}

enum referat_result test_site_flush(struct test_site *site)
{
	struct rf_call *call = rf_call_new();
	enum referat_result result = rf_call_run(call, site->test.plugin, site->test.descriptor->flush);
	rf_call_free(call);
	return result;
}

void test_site_close(struct test_site *site)
{
	test_plugin_unload(&site->test);
	free(site->path);
	test_folder_remove(site->folder);
}
