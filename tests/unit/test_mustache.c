/* Behaviours of the Mustache specification, in cases of our own, and our bounds. */
#include <referat/mustache.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct partial_text {
	const char *name;
	const char *text;
};

static const char *find(void *context, const char *name)
{
	for (const struct partial_text *partial = context; partial && partial->name; partial++)
		if (!strcmp(partial->name, name))
			return partial->text;
	return NULL;
}

static void renders_with(const char *text, const char *json, const struct partial_text *partials, const char *expected)
{
	struct json_object *context = json_tokener_parse(json);
	char problem[256] = "";
	char *got = referat_mustache(text, context, find, (void *)partials, problem, sizeof problem);
	if (!got)
		fail_msg("%s: %s", text, problem);
	assert_string_equal(got, expected);
	free(got);
	json_object_put(context);
}

static void renders(const char *text, const char *json, const char *expected)
{
	renders_with(text, json, NULL, expected);
}

static void is_refused(const char *text, const char *expected)
{
	char problem[256] = "";
	assert_null(referat_mustache(text, NULL, NULL, NULL, problem, sizeof problem));
	assert_string_equal(problem, expected);
}

static void text_without_tags_stays(void **state)
{
	(void)state;
	renders("Nämnden beslutade.\n  { } }} \n", "{}", "Nämnden beslutade.\n  { } }} \n");
	renders("", "{}", "");
}

static void a_name_gives_its_value(void **state)
{
	(void)state;
	renders("Hej {{name}}!", "{\"name\": \"Åsa\"}", "Hej Åsa!");
	renders("{{ name }}|{{\tname\n}}", "{\"name\": \"x\"}", "x|x");
	renders("{{n}} {{f}} {{yes}} {{no}}", "{\"n\": 85, \"f\": 1.21, \"yes\": true, \"no\": false}",
		"85 1.21 true false");
}

static void a_missing_or_null_value_is_nothing(void **state)
{
	(void)state;
	renders("[{{a}}{{b}}{{{c}}}{{&d}}]", "{\"a\": null}", "[]");
	renders("[{{a}}{{b}}]", "{\"a\": {}, \"b\": [1]}", "[]");
}

static void white_space_around_a_value_stays(void **state)
{
	(void)state;
	renders("  {{a}}\n", "{\"a\": \"---\"}", "  ---\n");
	renders("| {{{a}}} |", "{\"a\": \"---\"}", "| --- |");
}

static void html_is_escaped_unless_asked_not_to(void **state)
{
	(void)state;
	const char *json = "{\"a\": \"<a href=\\\"x\\\">Tom & Jerry's</a>\"}";
	renders("{{a}}", json, "&lt;a href=&quot;x&quot;&gt;Tom &amp; Jerry&#39;s&lt;/a&gt;");
	renders("{{{a}}}", json, "<a href=\"x\">Tom & Jerry's</a>");
	renders("{{&a}}{{& a }}", "{\"a\": \"<\"}", "<<");
}

static void dotted_names_step_into_objects(void **state)
{
	(void)state;
	const char *json = "{\"a\": {\"b\": {\"c\": \"x\"}}, \"b\": {\"c\": \"wrong\"}}";
	renders("{{a.b.c}}", json, "x");
	renders("[{{a.x.c}}][{{b.a}}]", json, "[][]");
	renders("{{#a}}{{b.c}}{{/a}}", json, "x");
	/* The first step decides; a step that then is missing is not looked for further out. */
	renders("{{#a}}[{{b.c}}]{{/a}}", "{\"a\": {\"b\": {}}, \"b\": {\"c\": \"wrong\"}}", "[]");
}

static void a_section_shows_for_what_is_true(void **state)
{
	(void)state;
	renders("{{#a}}shown{{/a}}", "{\"a\": true}", "shown");
	renders("{{#a}}shown{{/a}}", "{\"a\": 0}", "shown");
	renders("{{#a}}{{.}}{{/a}}", "{\"a\": \"text\"}", "text");
	renders("[{{#a}}x{{/a}}{{#b}}x{{/b}}{{#c}}x{{/c}}{{#d}}x{{/d}}{{#e}}x{{/e}}]",
		"{\"a\": false, \"b\": null, \"c\": [], \"d\": \"\"}", "[]");
}

static void an_inverted_section_shows_for_the_rest(void **state)
{
	(void)state;
	renders("[{{^a}}1{{/a}}{{^b}}2{{/b}}{{^c}}3{{/c}}{{^d}}4{{/d}}{{^e}}5{{/e}}]",
		"{\"a\": false, \"b\": null, \"c\": [], \"d\": \"x\", \"e\": [1]}", "[123]");
}

static void an_object_becomes_the_context(void **state)
{
	(void)state;
	renders("{{#p}}{{name}} {{outer}}{{/p}}", "{\"outer\": \"o\", \"p\": {\"name\": \"n\"}}", "n o");
	renders("{{#p}}{{name}}{{/p}}", "{\"name\": \"outer\", \"p\": {\"name\": \"inner\"}}", "inner");
	renders("{{#p}}[{{name}}]{{/p}}", "{\"name\": \"outer\", \"p\": {\"name\": null}}", "[]");
}

static void a_list_is_gone_through(void **state)
{
	(void)state;
	renders("{{#items}}{{n}},{{/items}}", "{\"items\": [{\"n\": 1}, {\"n\": 2}, {\"n\": 3}]}", "1,2,3,");
	renders("{{#items}}({{.}}){{/items}}", "{\"items\": [\"a\", 2, 3.5]}", "(a)(2)(3.5)");
	renders("{{#list}}({{#.}}{{.}}{{/.}}){{/list}}", "{\"list\": [[1, 2], [3]]}", "(12)(3)");
	renders("{{#a}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}", "{\"a\": {\"x\": 1, \"b\": [{\"y\": 2}, {\"x\": 3, \"y\": 4}]}}",
		"1234");
}

static void sections_stand_in_each_other(void **state)
{
	(void)state;
	renders("{{#a}}A{{#b}}B{{/b}}C{{/a}}", "{\"a\": true}", "AC");
	renders("{{#a}}A{{#a}}B{{/a}}C{{/a}}", "{\"a\": true}", "ABC");
	renders("{{#a}}{{^b}}x{{/b}}{{/a}}", "{\"a\": true}", "x");
}

static void a_tag_alone_on_its_line_takes_the_line_away(void **state)
{
	(void)state;
	renders("1\n{{#a}}\n2\n{{/a}}\n3\n", "{\"a\": true}", "1\n2\n3\n");
	renders("1\n  {{#a}}  \n2\n\t{{/a}}\t\n3\n", "{\"a\": true}", "1\n2\n3\n");
	renders("1\r\n{{^a}}\r\n2\r\n{{/a}}\r\n3", "{}", "1\r\n2\r\n3");
	renders("  {{#a}}\n2{{/a}}", "{\"a\": true}", "2");
	renders("{{#a}}2\n  {{/a}}", "{\"a\": true}", "2\n");
	renders("1\n\n{{! note }}\n\n2", "{}", "1\n\n\n2");
}

static void a_tag_with_company_leaves_its_line(void **state)
{
	(void)state;
	renders(" {{#a}} x {{/a}} \n", "{\"a\": true}", "  x  \n");
	renders("| {{#a}}\n |{{/a}} \n", "{\"a\": true}", "| \n | \n");
	renders("  {{a}}  \n", "{\"a\": 1}", "  1  \n");
	renders(" {{! a }}{{! b }}\n", "{}", " \n");
}

static void comments_show_nothing(void **state)
{
	(void)state;
	renders("a{{! anything {{ at all }}b", "{}", "ab");
	renders("a\n  {{!\n two lines\n }}\nb", "{}", "a\nb");
}

static void delimiters_can_be_set(void **state)
{
	(void)state;
	renders("{{=<% %>=}}(<% a %>)", "{\"a\": 1}", "(1)");
	renders("{{=| |=}}|a| {{a}} |={{ }}=|{{a}}", "{\"a\": 1}", "1 {{a}} 1");
	renders("1\n {{= <% %> =}} \n<%#a%>x<%/a%>\n", "{\"a\": true}", "1\nx\n");
	renders("{{=<% %>=}}<%{a}%><%&a%>", "{\"a\": \"<\"}", "<<");
}

static void delimiters_do_not_reach_into_partials(void **state)
{
	(void)state;
	const struct partial_text partials[] = {{"p", "{{a}}{{=<% %>=}}<%a%>"}, {NULL, NULL}};
	renders_with("{{=[ ]=}}[>p]{{a}}[a]", "{\"a\": 1}", partials, "11{{a}}1");
}

static void partials_see_the_context(void **state)
{
	(void)state;
	const struct partial_text partials[] = {
	    {"row", "<{{n}}>"}, {"tree", "{{n}}{{#sub}}({{> tree}}){{/sub}}"}, {NULL, NULL}};
	renders_with("{{#l}}{{>row}}{{/l}}", "{\"l\": [{\"n\": 1}, {\"n\": 2}]}", partials, "<1><2>");
	renders_with("[{{> missing }}]", "{}", partials, "[]");
	renders_with("{{>tree}}", "{\"n\": 1, \"sub\": [{\"n\": 2, \"sub\": [{\"n\": 3, \"sub\": []}]}]}", partials,
		     "1(2(3))");
}

static void a_partial_alone_on_its_line_is_indented(void **state)
{
	(void)state;
	const struct partial_text partials[] = {{"p", "|\n{{{a}}}\n|\n"}, {"q", ">\n>"}, {NULL, NULL}};
	renders_with("1\n  {{>p}}\n2\n", "{\"a\": \"<\\n->\"}", partials, "1\n  |\n  <\n->\n  |\n2\n");
	renders_with("  {{> q}}  {{> q}}", "{}", partials, "  >\n>  >\n>");
	renders_with("\t{{>q}}\n", "{}", partials, "\t>\n\t>");
	renders_with(" {{>p}}\n  {{>p}}\n", "{\"a\": 1}", partials, " |\n 1\n |\n  |\n  1\n  |\n");
}

static void mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	is_refused("a\n{{#x}}\n", "line 2: section 'x' is not closed");
	is_refused("{{/x}}", "line 1: 'x' is closed here and was not opened");
	is_refused("{{#x}}\n\n{{/y}}", "line 3: 'y' is closed here; expected 'x'");
	is_refused("a {{b", "line 1: this tag has no end; expected '}}'");
	is_refused("{{}}", "line 1: this tag has no name");
	is_refused("{{a b}}", "line 1: a name has no white space: 'a b'");
	is_refused("{{{a}} x", "line 1: expected '}' before '}}'");
	is_refused("{{=<%=}}", "line 1: expected two delimiters, as in {{=<% %>=}}");
}

static void endless_partials_are_stopped(void **state)
{
	(void)state;
	const struct partial_text partials[] = {
	    {"p", "x{{>p}}"}, {"two", "{{>two}}{{>two}}"}, {"bad", "\n{{#x}}"}, {NULL, NULL}};
	char problem[256] = "";
	assert_null(referat_mustache("{{>p}}", NULL, find, (void *)partials, problem, sizeof problem));
	assert_string_equal(problem, "more than 64 sections and partials in each other");
	assert_null(referat_mustache("{{>two}}", NULL, find, (void *)partials, problem, sizeof problem));
	assert_null(referat_mustache("{{>bad}}", NULL, find, (void *)partials, NULL, 0));
	assert_null(referat_mustache("{{>bad}}", NULL, find, (void *)partials, problem, sizeof problem));
	assert_string_equal(problem, "partial 'bad': line 2: section 'x' is not closed");
}

static void output_is_bounded(void **state)
{
	(void)state;
	struct json_object *context = json_object_new_object();
	struct json_object *list = json_object_new_array();
	for (int i = 0; i < 1000; i++)
		json_object_array_add(list, json_object_new_int(i));
	json_object_object_add(context, "l", list);
	char problem[256] = "";
	assert_null(
	    referat_mustache("{{#l}}{{#l}}0123456789012345678901234567890123456789012345678901234567890123456789"
			     "{{/l}}{{/l}}",
			     context, NULL, NULL, problem, sizeof problem));
	assert_string_equal(problem, "the output is longer than 64 MiB");
	json_object_put(context);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_without_tags_stays),
	    cmocka_unit_test(a_name_gives_its_value),
	    cmocka_unit_test(a_missing_or_null_value_is_nothing),
	    cmocka_unit_test(white_space_around_a_value_stays),
	    cmocka_unit_test(html_is_escaped_unless_asked_not_to),
	    cmocka_unit_test(dotted_names_step_into_objects),
	    cmocka_unit_test(a_section_shows_for_what_is_true),
	    cmocka_unit_test(an_inverted_section_shows_for_the_rest),
	    cmocka_unit_test(an_object_becomes_the_context),
	    cmocka_unit_test(a_list_is_gone_through),
	    cmocka_unit_test(sections_stand_in_each_other),
	    cmocka_unit_test(a_tag_alone_on_its_line_takes_the_line_away),
	    cmocka_unit_test(a_tag_with_company_leaves_its_line),
	    cmocka_unit_test(comments_show_nothing),
	    cmocka_unit_test(delimiters_can_be_set),
	    cmocka_unit_test(delimiters_do_not_reach_into_partials),
	    cmocka_unit_test(partials_see_the_context),
	    cmocka_unit_test(a_partial_alone_on_its_line_is_indented),
	    cmocka_unit_test(mistakes_are_told_with_their_line),
	    cmocka_unit_test(endless_partials_are_stopped),
	    cmocka_unit_test(output_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
