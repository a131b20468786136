/* HTTP: the host does the work; here is what an answer means. */
#include <referat/plugin.h>

struct referat_answer referat_http(struct referat_call *call, struct referat_http request)
{
	struct referat_answer answer;
	call->host->http(call, &request, sizeof request, &answer, sizeof answer);
	return answer;
}

bool referat_http_ok(struct referat_answer answer)
{
	return answer.status >= 200 && answer.status <= 299;
}

static enum referat_result class_of(const struct referat_answer *answer)
{
	switch (answer->status) {
	case 0:
		return answer->sent ? REFERAT_UNKNOWN : answer->unreachable ? REFERAT_YIELD : REFERAT_RETRY;
	case 401:
	case 403:
		return REFERAT_YIELD;
	case 404:
	case 410:
		return REFERAT_NOT_FOUND;
	case 408:
	case 429:
		return REFERAT_RETRY;
	case 409:
	case 412:
		return REFERAT_HOLD;
	default:
		return answer->status >= 500 ? REFERAT_RETRY : REFERAT_FAIL;
	}
}

enum referat_result referat_http_error(struct referat_call *call, struct referat_answer answer)
{
	return referat_because(call, class_of(&answer), "%s", answer.problem);
}
