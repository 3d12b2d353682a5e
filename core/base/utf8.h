/*
 * Text from outside, made fit for a terminal, a log and paper: control characters (C0, C1, DEL),
 * bidirectional and zero-width marks, private-use and non-characters and broken UTF-8 become U+FFFD
 * or vanish; what is too long is cut at a character and ends in "...".
 */
#ifndef CK_UTF8_H
#define CK_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode one code point; returns its length in bytes, 0 at the end, -1 for a broken sequence. */
int ck_utf8_next(const char *s, size_t n, uint32_t *cp);

/* dst holds cap bytes incl. NUL. Returns how many marks were replaced or dropped. */
size_t ck_clean(char *dst, size_t cap, const char *src, size_t n);
size_t ck_clean_str(char *dst, size_t cap, const char *src);
/* Was something cut off when this was written into cap bytes? Also said of a text that itself ends
 * in "..." and just fits. */
bool ck_clean_cut(const char *dst, size_t cap);

#endif
