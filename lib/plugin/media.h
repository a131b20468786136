/* Media types by the ending of a file's name. */
#ifndef RF_PLUGIN_MEDIA_H
#define RF_PLUGIN_MEDIA_H

/* "text/plain" for "protokoll.txt", whatever the case; "application/octet-stream" for endings that are not known. */
const char *rf_media_type(const char *name);

#endif
