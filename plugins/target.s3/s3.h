/* The inside of target.s3. */
#ifndef S3_H
#define S3_H

#include <referat/plugin.h>

/* A request that is signed; what an answer that is not ok comes to. */
struct referat_answer s3_ask(struct referat_call *call, struct referat_http request);
enum referat_result s3_error(struct referat_call *call, struct referat_answer answer);

/* Deletes for good what the bucket keeps of the object at that path below `url`, but what stands there. HOLD: the
 * server does not tell. */
enum referat_result s3_forget(struct referat_call *call, const char *path);

#endif
