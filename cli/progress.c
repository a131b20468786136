#include "cli/progress.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 30 };
static const int64_t line_every_us = 5 * RF_SECOND;

void rf_progress_init(struct rf_progress *progress, FILE *out)
{
	*progress = (struct rf_progress){.out = out, .terminal = isatty(fileno(out))};
}

static void format_counts(const struct rf_progress_counts *counts, char *text, size_t size)
{
	snprintf(text, size, "%lld documents, %lld tasks done, %lld open, %lld held, %lld dead",
		 (long long)counts->documents, (long long)counts->ended, (long long)counts->open,
		 (long long)counts->held, (long long)counts->dead);
}

static int bar_length(int64_t ended, int64_t all)
{
	if (all <= 0)
		return 0;
	int64_t length = BAR_WIDTH * ended / all;
	return length < BAR_WIDTH ? (int)length : BAR_WIDTH;
}

static void draw_bar(struct rf_progress *progress, int length, const char *text)
{
	char bar[BAR_WIDTH + 1];
	memset(bar, '#', (size_t)length);
	memset(bar + length, '.', (size_t)(BAR_WIDTH - length));
	bar[BAR_WIDTH] = '\0';
	fprintf(progress->out, "\r\033[K[%s] %s", bar, text);
	fflush(progress->out);
	progress->shown = true;
}

static void write_line(struct rf_progress *progress, const char *text, int64_t now_us)
{
	bool is_first = !progress->last[0];
	if (strcmp(text, progress->last) == 0 || (!is_first && now_us - progress->last_us < line_every_us))
		return;
	fprintf(progress->out, "%s\n", text);
	fflush(progress->out);
	snprintf(progress->last, sizeof progress->last, "%s", text);
	progress->last_us = now_us;
}

void rf_progress_show(struct rf_progress *progress, const struct rf_progress_counts *counts, int64_t now_us)
{
	char text[sizeof progress->last];
	format_counts(counts, text, sizeof text);
	if (counts->documents == 0)
		return; /* nothing to tell yet */
	rf_progress_say(progress, counts->ended, counts->expected, text, now_us);
}

void rf_progress_say(struct rf_progress *progress, int64_t ended, int64_t all, const char *text, int64_t now_us)
{
	if (progress->terminal)
		draw_bar(progress, bar_length(ended, all), text);
	else
		write_line(progress, text, now_us);
}

void rf_progress_hide(struct rf_progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", progress->out);
	fflush(progress->out);
	progress->shown = false;
}
