/* What the files of reader.markdown share. */
#ifndef READER_MARKDOWN_H
#define READER_MARKDOWN_H

#include <referat/reading.h>

/* The lines of a printed text without what Markdown adds to them; as many as there were. Lives as long as the call. */
const char *printed_text(struct referat_call *call, const char *text);

#endif
