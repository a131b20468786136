/* Texts that may name a person, made fit to be shown or logged. */
#ifndef RF_BASE_MASK_H
#define RF_BASE_MASK_H

/* A copy in which an X stands for each digit of an identity number; the rule is that of check.identity-numbers. NULL
 * gives NULL. The caller frees. */
char *rf_mask(const char *text);

#endif
