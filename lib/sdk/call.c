/* The helpers that pass on to the host. */
#include <referat/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *referat_option(struct referat_call *call, const char *name)
{
	return call->host->option(call, name);
}

int64_t referat_option_number(struct referat_call *call, const char *name)
{
	return strtoll(referat_option(call, name), NULL, 10); /* the host has checked it */
}

bool referat_option_flag(struct referat_call *call, const char *name)
{
	return !strcmp(referat_option(call, name), "true");
}

const char *referat_get(struct referat_call *call, const char *name)
{
	return call->host->get(call, name);
}

void referat_set(struct referat_call *call, const char *name, const char *value)
{
	call->host->set(call, name, value);
}

struct referat_bytes referat_part(struct referat_call *call, const char *name)
{
	return call->host->part(call, name);
}

void referat_add_part(struct referat_call *call, const char *name, const char *type, const void *data, size_t size)
{
	call->host->add_part(call, name, type, data, size);
}

const char *referat_rendition(struct referat_call *call, const char *type)
{
	struct referat_bytes bytes = call->host->rendition(call, type);
	return bytes.data ? (const char *)bytes.data : "";
}

struct referat_bytes referat_data_file(struct referat_call *call, const char *name)
{
	return call->host->data_file(call, name);
}

__attribute__((format(printf, 2, 0))) static void give_reason(struct referat_call *call, const char *format,
							      va_list args)
{
	char text[4096];
	vsnprintf(text, sizeof text, format, args);
	call->host->reason(call, text);
}

enum referat_result referat_because(struct referat_call *call, enum referat_result result, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	give_reason(call, format, args);
	va_end(args);
	return result;
}

enum referat_result referat_refused(struct referat_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	give_reason(call, format, args);
	va_end(args);
	call->host->refused(call);
	return REFERAT_YIELD;
}

enum referat_result referat_later(struct referat_call *call, int64_t at_us, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	give_reason(call, format, args);
	va_end(args);
	call->host->later(call, at_us);
	return REFERAT_UNKNOWN;
}

void referat_finding(struct referat_call *call, const char *rule, enum referat_severity severity,
		     struct referat_place place, const char *text)
{
	call->host->finding(call, rule, severity, &place, sizeof place, text);
}

enum referat_result referat_published(struct referat_call *call, const char *remote_id, const char *url,
				      const char *remote_revision)
{
	call->host->published(call, remote_id, url, remote_revision);
	return REFERAT_OK;
}

void referat_recipient(struct referat_call *call, const char *address)
{
	call->host->recipient(call, address);
}

enum referat_result referat_submit(struct referat_call *call, struct referat_submission submission)
{
	return call->host->submit(call, &submission, sizeof submission);
}

int64_t referat_now(struct referat_call *call)
{
	return call->host->now(call);
}

int64_t referat_monotonic(struct referat_call *call)
{
	return call->host->monotonic(call);
}

void referat_progress(struct referat_call *call)
{
	call->host->progress(call);
}

bool referat_stopping(struct referat_call *call)
{
	return call->host->stopping(call);
}

void referat_log(struct referat_call *call, enum referat_level level, const char *format, ...)
{
	char text[4096];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	call->host->log(call, level, text);
}
