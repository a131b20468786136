/* What commands that decide something share. */
#ifndef RF_CLI_ACT_H
#define RF_CLI_ACT_H

/* Who acts, for the document's history: under sudo, the person and not root. Until the next call. */
const char *rf_act_who(void);

#endif
