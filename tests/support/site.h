/* A target.site with a folder of its own, for tests. */
#ifndef TESTS_SUPPORT_SITE_H
#define TESTS_SUPPORT_SITE_H

#include "tests/support/plugin.h"

struct test_site {
	struct test_plugin test;
	char *folder; /* a temporary one, removed with the site */
	char *path;   /* of the site, inside it */
};

void test_site_open(struct test_site *site);  /* makes the folder, loads the plugin */
void test_site_close(struct test_site *site); /* unloads, removes the folder */

/* What was put and withdrawn since the last flush stands there from now on. */
enum referat_result test_site_flush(struct test_site *site);

/* Loads the plugin again on the same folder, as a new process would; the old one was unloaded. */
void test_site_load(struct test_site *site);

#endif
