/* Sends alerts: looks now and then whether somebody is to be told, and starts `referat-alert` for one mail at a time,
 * so that the broker neither blocks nor knows mail servers. What can't be sent is logged as an error and tried again.
 */
#ifndef RF_BROKER_MAILER_H
#define RF_BROKER_MAILER_H

struct rf_core;
struct rf_error;
struct rf_loop;
struct rf_mailer;

struct rf_mailer_options { /* borrowed */
	struct rf_loop *loop;
	struct rf_core *core;
	const char *pipeline, *pipeline_copy, *publisher_copy, *plugins, *state; /* as the broker was given them */
};

struct rf_mailer *rf_mailer_new(const struct rf_mailer_options *options);
void rf_mailer_free(struct rf_mailer *mailer); /* NULL is fine; a mail that is on its way goes on */

/* Why the loop ended, when the store failed under the mailer; "" else. */
const struct rf_error *rf_mailer_error(const struct rf_mailer *mailer);

#endif
