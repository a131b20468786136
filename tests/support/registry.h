/* A registry made by hand, so that tests of definitions depend on no plugin that is installed. */
#ifndef TEST_SUPPORT_REGISTRY_H
#define TEST_SUPPORT_REGISTRY_H

#include "plugin/registry.h"

/* Static: it is not to be deinitialised. */
const struct rf_registry *test_registry(void);

#endif
