/* Who is told by mail of what: one mail for a cause, and one when it is over, to each of those that the definition
 * names under `alerts`. What is to be told is in the store, with what was told, so that a restart tells nobody twice:
 * the mail that was on its way when the broker ended counts as told.
 *
 * Between rounds, each in a transaction of its own; < 0 is a fault of the store. docs/adr/0008 has the reasons. */
#ifndef RF_BROKER_ALERTS_H
#define RF_BROKER_ALERTS_H

#include <stdbool.h>

struct rf_core;
struct rf_error;

/* Compares what is wrong with what was told. The first time, takes up what the last broker left. */
int rf_alerts_look(struct rf_core *core, struct rf_error *error);

struct rf_alert_mail { /* all its own */
	char *cause, *to, *subject, *text;
	char *key; /* tells this mail from every other one, of the same cause too; the same when it is tried again */
};
void rf_alert_mail_deinit(struct rf_alert_mail *mail);

/* The next mail to send, noted as on its way; RF_STORE_NONE when there is none. */
int rf_alerts_take(struct rf_core *core, struct rf_alert_mail *mail, struct rf_error *error);

/* What became of it: it is told, or to be told again. */
int rf_alerts_settle(struct rf_core *core, const char *cause, bool told, struct rf_error *error);

#endif
