/* Secrets by name: of $CREDENTIALS_DIRECTORY/NAME (systemd's LoadCredential=), else of the folder "secrets" beside the
 * definition, where a file must be the user's own and closed to all others (0600). */
#ifndef RF_PLUGIN_SECRET_H
#define RF_PLUGIN_SECRET_H

#include <stddef.h>

struct rf_error;

enum { RF_SECRET_MOST = 64 * 1024 }; /* bytes */

/* Reads the secret now, so that a new one takes effect without a restart. One newline at its end is left out. folder
 * may be NULL; so may value: then it is not read, only whether it could be is checked. Returns 0 with a value that the
 * caller frees (rf_secret_forget); < 0 with the reason, which never has the value. */
int rf_secret_read(const char *folder, const char *name, char **value, struct rf_error *error);

/* Puts the secret into the folder (made with mode 0700 where it is missing), in the place of an older one. value: size
 * bytes, of which one newline at the end is left out. Returns 0; < 0 with the reason: no name, or no value for a
 * secret.
 */
int rf_secret_write(const char *folder, const char *name, const char *value, size_t size, struct rf_error *error);

void rf_secret_forget(char *value); /* overwrites and frees; NULL is fine */

#endif
