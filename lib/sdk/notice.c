#include <referat/notice.h>

#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>

/* The text that a template of ours makes of the context, which is given away. */
static const char *render(struct referat_call *call, const char *template_text, struct json_object *context)
{
	char *made = referat_mustache(template_text, context, NULL, NULL, NULL, 0);
	const char *text = referat_format(call, "%s", made ? made : "");
	json_object_put(context);
	free(made);
	return text;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static const char withdrawn_template[] = "<p>{{text}}</p>\n"
					 "<p>{{more}}</p>\n"
					 "{{#instead}}\n"
					 "<p>{{instead_text}} <a href=\"{{instead}}\">{{instead}}</a></p>\n"
					 "{{/instead}}\n";

static const char *withdrawn_text(struct referat_call *call)
{
	const char *name = referat_get(call, "publisher.name");
	const char *day = referat_day(call, referat_get(call, "withdrawn"), referat_say(call, "day.date", NULL));
	return day[0] ? referat_say(call, "target.withdrawn-day", "name", name, "day", day, NULL)
		      : referat_say(call, "target.withdrawn-text", "name", name, NULL);
}

struct referat_notice referat_withdrawn(struct referat_call *call)
{
	struct json_object *context = json_object_new_object();
	const char *reason = referat_get(call, "withdrawn.reason");
	const char *instead = referat_get(call, "withdrawn.replacement");
	referat_put(context, "text", withdrawn_text(call));
	referat_put(context, "more",
		    reason[0] ? referat_say(call, "target.withdrawn-reason", "reason", reason, NULL)
			      : referat_say(call, "target.withdrawn-neutral", NULL));
	referat_put(context, "instead", referat_is_link(instead) ? instead : NULL);
	referat_put(context, "instead_text", referat_say(call, "target.withdrawn-replacement", NULL));
	return (struct referat_notice){.title = referat_say(call, "target.withdrawn", NULL),
				       .html = render(call, withdrawn_template, context)};
}

static const char moved_template[] = "<p>{{text}}</p>\n"
				     "<p><a href=\"{{url}}\">{{url}}</a></p>\n";

static struct referat_notice moved(struct referat_call *call, const char *url)
{
	struct json_object *context = json_object_new_object();
	referat_put(context, "text", referat_say(call, "target.moved-text", NULL));
	referat_put(context, "url", url);
	return (struct referat_notice){.title = referat_say(call, "target.moved", NULL),
				       .html = render(call, moved_template, context)};
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

/* Colours are the browser's own, in light and in dark; search engines forget the address. */
static const char page_template[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"{{language}}\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"robots\" content=\"noindex\">\n"
    "<title>{{title}}{{#name}} – {{name}}{{/name}}</title>\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "{{#url}}\n"
    "<link rel=\"canonical\" href=\"{{url}}\">\n"
    "<meta http-equiv=\"refresh\" content=\"0; url={{url}}\">\n"
    "{{/url}}\n"
    "<style>body { font: 112.5%/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1.1rem; "
    "overflow-wrap: anywhere } h1 { line-height: 1.25 }</style>\n"
    "</head>\n"
    "<body>\n"
    "{{#home}}\n"
    "<header><p><a href=\"{{home}}\">{{name}}</a></p></header>\n"
    "{{/home}}\n"
    "<main>\n"
    "<h1>{{title}}</h1>\n"
    "{{{html}}}\n"
    "{{#all}}\n"
    "<p><a href=\"{{all}}\">{{all_text}}</a></p>\n"
    "{{/all}}\n"
    "</main>\n"
    "</body>\n"
    "</html>\n";

static const char *page_of(struct referat_call *call, struct referat_notice notice, const char *url)
{
	struct json_object *context = json_object_new_object();
	const char *language = referat_get(call, "publisher.language");
	const char *home = referat_get(call, "publisher.home"), *name = referat_get(call, "publisher.name");
	const char *all = referat_get(call, "publisher.all_decisions");
	referat_put(context, "language", language[0] ? language : "sv");
	referat_put(context, "title", notice.title);
	referat_put(context, "html", notice.html);
	referat_put(context, "name", name);
	referat_put(context, "home", name[0] && referat_is_link(home) ? home : NULL);
	referat_put(context, "all", referat_is_link(all) ? all : NULL);
	referat_put(context, "all_text", referat_say(call, "target.site.all", NULL));
	referat_put(context, "url", url);
	return render(call, page_template, context);
}

const char *referat_withdrawn_page(struct referat_call *call)
{
	return page_of(call, referat_withdrawn(call), NULL);
}

const char *referat_moved_page(struct referat_call *call, const char *url)
{
	return page_of(call, moved(call, url), url);
}
