/* `referat graph PIPELINE`: draws the stages, their plugins, and how documents go from one to the next. */
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/definition.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void add_plugins(struct rf_buffer *text, const struct rf_stage *stage, const char *separator)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		rf_buffer_format(text, "%s%s", i ? separator : "", stage->plugins[i].name);
}

/* "kind = summary, correction = true" */
static void add_conditions(struct rf_buffer *text, const struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_conditions; i++)
		rf_buffer_format(text, "%s%s = %s", i ? ", " : "", stage->conditions[i].name,
				 stage->conditions[i].value);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* A stage is drawn under the first of those it gets documents from; the others are named beside it. */
static bool is_drawn_under(const struct rf_stage *stage, size_t parent)
{
	return stage->n_from > 0 && stage->from[0] == parent;
}

static void add_notes(struct rf_buffer *text, const struct rf_pipeline *pipeline, const struct rf_stage *stage)
{
	if (stage->n_from > 1)
		rf_buffer_add_text(text, stage->join ? "  (when all are done: " : "  (from any of: ");
	for (size_t i = 0; i < stage->n_from && stage->n_from > 1; i++)
		rf_buffer_format(text, "%s%s", i ? ", " : "", pipeline->stages[stage->from[i]].name);
	if (stage->n_from > 1)
		rf_buffer_add_char(text, ')');
	if (stage->n_conditions) {
		rf_buffer_add_text(text, "  (when ");
		add_conditions(text, stage);
		rf_buffer_add_char(text, ')');
	}
	if (stage->workers > 1)
		rf_buffer_format(text, "  (%u processes)", stage->workers);
}

struct drawing {
	const struct rf_pipeline *pipeline;
	struct rf_buffer *text;
	bool strong; /* names of stages */
};

static void draw_line(const struct drawing *drawing, const struct rf_stage *stage, const char *lead)
{
	rf_buffer_format(drawing->text, "%s%s%s%s  ", lead, drawing->strong ? "\033[1m" : "", stage->name,
			 drawing->strong ? "\033[0m" : "");
	add_plugins(drawing->text, stage, ", ");
	add_notes(drawing->text, drawing->pipeline, stage);
	rf_buffer_add_char(drawing->text, '\n');
}

/* Recursion ends: stages have no circles (config/pipeline-routes.c), and there are at most 64. */
static void draw_below(const struct drawing *drawing, size_t parent, const char *indent)
{
	const struct rf_pipeline *pipeline = drawing->pipeline;
	size_t left = 0;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		left += is_drawn_under(&pipeline->stages[i], parent);
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		if (!is_drawn_under(&pipeline->stages[i], parent))
			continue;
		bool last = --left == 0;
		rf_autofree char *lead = rf_format("%s%s", indent, last ? "└─ " : "├─ ");
		rf_autofree char *deeper = rf_format("%s%s", indent, last ? "   " : "│  ");
		draw_line(drawing, &pipeline->stages[i], lead);
		draw_below(drawing, i, deeper);
	}
}

static void draw_text(const struct rf_pipeline *pipeline, struct rf_buffer *text, bool strong)
{
	const struct drawing drawing = {pipeline, text, strong};
	rf_buffer_format(text, "%s: %s\n\n", pipeline->name, pipeline->publisher->name);
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (pipeline->stages[i].n_from == 0) {
			draw_line(&drawing, &pipeline->stages[i], "");
			draw_below(&drawing, i, "");
		}
}

/* ---- dot, mermaid ------------------------------------------------------------------------------------------------ */

/* Texts of a definition inside of "…": neither format knows an escape for everything, so what could end the text is
 * replaced. */
static char *quoted(const char *text)
{
	char *copy = rf_strdup(text);
	for (char *c = copy; *c; c++)
		if (strchr("\"\\<>[]{}|`\n\r", *c))
			*c = '\'';
	return copy;
}

static char *condition_label(const struct rf_stage *stage)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	add_conditions(&text, stage);
	return quoted(text.data ? text.data : "");
}

static void draw_dot(const struct rf_pipeline *pipeline, struct rf_buffer *text)
{
	rf_buffer_format(text, "digraph \"%s\" {\n  rankdir=LR;\n  node [shape=box];\n", pipeline->name);
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		rf_buffer_format(text, "  s%zu [label=\"%s\\n", i, stage->name);
		add_plugins(text, stage, "\\n");
		rf_buffer_add_text(text, "\"];\n");
	}
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		rf_autofree char *label = condition_label(stage);
		for (size_t j = 0; j < stage->n_from; j++)
			rf_buffer_format(text, "  s%zu -> s%zu [label=\"%s\"%s];\n", stage->from[j], i, label,
					 stage->join ? ", style=bold" : "");
	}
	rf_buffer_add_text(text, "}\n");
}

static void draw_mermaid(const struct rf_pipeline *pipeline, struct rf_buffer *text)
{
	rf_buffer_add_text(text, "flowchart LR\n");
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		rf_buffer_format(text, "  s%zu[\"%s<br>", i, stage->name);
		add_plugins(text, stage, "<br>");
		rf_buffer_add_text(text, "\"]\n");
	}
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		rf_autofree char *label = condition_label(stage);
		for (size_t j = 0; j < stage->n_from; j++) {
			rf_buffer_format(text, "  s%zu %s", stage->from[j], stage->join ? "==>" : "-->");
			if (*label)
				rf_buffer_format(text, "|\"%s\"|", label);
			rf_buffer_format(text, " s%zu\n", i);
		}
	}
}

/* ---- command ----------------------------------------------------------------------------------------------------- */

static int draw(const char *path, const char *plugins, const char *format)
{
	struct rf_error error;
	struct rf_definition definition;
	int status = rf_definition_load(path, plugins, false, &definition, &error);
	if (status)
		return rf_command_fail("graph", status, &error);
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	if (!definition.pipeline)
		rf_diagnostics_print(&definition.diagnostics, stderr, rf_text_colours(STDERR_FILENO));
	else if (strcmp(format, "dot") == 0)
		draw_dot(definition.pipeline, &text);
	else if (strcmp(format, "mermaid") == 0)
		draw_mermaid(definition.pipeline, &text);
	else
		draw_text(definition.pipeline, &text, rf_text_colours(STDOUT_FILENO));
	if (text.size)
		fputs(text.data, stdout);
	status = definition.pipeline ? EX_OK : EX_CONFIG;
	rf_definition_deinit(&definition);
	return status;
}

int rf_command_graph(int argc, char **argv)
{
	static const char *const formats[] = {"text", "dot", "mermaid"};
	const char *format = formats[0];
	const char *plugins = NULL;
	const struct rf_option options[] = {
	    {"format", 'f', RF_OPTION_TEXT, "FORMAT", "text (default), dot (Graphviz) or mermaid (Markdown)", &format},
	    RF_COMMAND_PLUGINS(plugins),
	};
	const struct rf_program program = {
	    .name = "referat graph",
	    .synopsis = "referat graph PIPELINE [--format text|dot|mermaid]",
	    .description =
		"Draws the stages of a definition, their plugins, and how documents go from one to the next. The "
		"definition must be good; whether secrets are there does not matter.",
	    .examples = "  referat graph pipelines/demo/pipeline.yaml\n"
			"  referat graph pipelines/demo/pipeline.yaml --format dot | dot -Tsvg >pipeline.svg\n",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	for (size_t i = 0; i < RF_COUNT(formats); i++)
		if (strcmp(format, formats[i]) == 0)
			return draw(argv[1], plugins, format);
	fprintf(stderr, "referat graph: there is no format '%s'; expected text, dot or mermaid\n", format);
	return EX_USAGE;
}
