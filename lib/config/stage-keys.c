#include "config/stage-keys.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define HOUR (INT64_C(3600) * RF_SECOND)
#define DAY  (24 * HOUR)

enum {
	EVERY_KIND = (1 << RF_STAGE_KINDS) - 1,
	EFFECTS = 1 << RF_STAGE_PUBLISH | 1 << RF_STAGE_NOTIFY,
	NOTIFY = 1 << RF_STAGE_NOTIFY,
};

static int64_t number(const char *value)
{
	return strtoll(value, NULL, 10);
}

static void set_workers(struct rf_stage *stage, const char *value)
{
	stage->workers = (uint32_t)number(value);
}

static void set_max_runtime(struct rf_stage *stage, const char *value)
{
	stage->max_runtime_us = number(value);
}

static void set_max_memory(struct rf_stage *stage, const char *value)
{
	stage->max_memory = (uint64_t)number(value);
}

static void set_on_unknown(struct rf_stage *stage, const char *value)
{
	stage->on_unknown = strcmp(value, "resend") == 0 ? RF_UNKNOWN_RESEND
			    : strcmp(value, "skip") == 0 ? RF_UNKNOWN_SKIP
							 : RF_UNKNOWN_HOLD;
}

static void set_verify(struct rf_stage *stage, const char *value)
{
	stage->verify = strcmp(value, "never") == 0   ? RF_VERIFY_NEVER
			: strcmp(value, "title") == 0 ? RF_VERIFY_TITLE
						      : RF_VERIFY_TEXT;
}

static void set_notify_within(struct rf_stage *stage, const char *value)
{
	stage->notify_within_us = number(value);
}

static void set_retry_base(struct rf_stage *stage, const char *value)
{
	stage->retry_base_us = number(value);
}

static void set_retry_cap(struct rf_stage *stage, const char *value)
{
	stage->retry_cap_us = number(value);
}

static void set_max_failures(struct rf_stage *stage, const char *value)
{
	stage->max_failures = (uint32_t)number(value);
}

static void set_max_age(struct rf_stage *stage, const char *value)
{
	stage->max_age_us = number(value);
}

const struct rf_stage_key rf_stage_keys[RF_STAGE_KEYS] = {
    {{"workers", REFERAT_INTEGER, .fallback = "1", .min = 1, .max = 64, .help = "processes that run this stage"},
     EVERY_KIND,
     set_workers},
    {{"max_runtime", REFERAT_DURATION, .fallback = "2m", .min = RF_SECOND, .max = DAY,
      .help = "how long one document may take; then the process is ended and the document charged"},
     EVERY_KIND,
     set_max_runtime},
    {{"max_memory", REFERAT_SIZE, .fallback = "1GiB", .min = 64LL << 20, .max = 1LL << 40,
      .help = "memory that a process of the stage may take; a document that needs more ends it and is charged"},
     EVERY_KIND,
     set_max_memory},
    {{"on_unknown", REFERAT_CHOICE, .fallback = "hold", .choices = "hold|resend|skip",
      .help =
	  "what to do when it can't be told whether a page or mail went out: ask a person, send again, or leave it"},
     EFFECTS,
     set_on_unknown},
    {{"notify_within", REFERAT_DURATION, .fallback = "14d", .max = 36525 * DAY,
      .help = "meetings longer ago than this tell nobody; 0 tells of all"},
     NOTIFY,
     set_notify_within},
    {{"verify", REFERAT_CHOICE, .fallback = "text", .choices = "text|title|never",
      .help = "what the page must show at its web address before anybody is told"},
     NOTIFY,
     set_verify},
};

const struct rf_stage_key rf_retry_keys[RF_RETRY_KEYS] = {
    {{"base", REFERAT_DURATION, .fallback = "5s", .min = RF_MILLISECOND, .max = DAY,
      .help = "the first wait after a failure; each further one is up to twice as long"},
     EVERY_KIND,
     set_retry_base},
    {{"cap", REFERAT_DURATION, .fallback = "1h", .min = RF_MILLISECOND, .max = 7 * DAY, .help = "the longest wait"},
     EVERY_KIND,
     set_retry_cap},
    {{"max_failures", REFERAT_INTEGER, .fallback = "20", .min = 1, .max = 1000,
      .help = "failures after which a document is dead"},
     EVERY_KIND,
     set_max_failures},
    {{"max_age", REFERAT_DURATION, .fallback = "5d", .min = RF_SECOND, .max = 365 * DAY,
      .help = "how long a document is tried before it is dead"},
     EVERY_KIND,
     set_max_age},
};

bool rf_stage_takes(enum rf_stage_kind stage, enum referat_kind plugin)
{
	switch (plugin) {
	case REFERAT_SOURCE:
	case REFERAT_READER:
		return stage == RF_STAGE_INGEST;
	case REFERAT_CHECK:
		return stage == RF_STAGE_VALIDATE;
	case REFERAT_SUMMARISER:
		return stage == RF_STAGE_SUMMARISE;
	case REFERAT_WRITER:
		return stage == RF_STAGE_RENDER;
	case REFERAT_TARGET:
		return stage == RF_STAGE_PUBLISH;
	case REFERAT_CHANNEL:
		return stage == RF_STAGE_NOTIFY;
	}
	return false;
}

bool rf_stage_takes_one(enum referat_kind plugin)
{
	return plugin == REFERAT_SUMMARISER || plugin == REFERAT_TARGET || plugin == REFERAT_CHANNEL;
}
