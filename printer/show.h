/* How a field's text is written on paper. Each leaves alone what is already written so: what a
 * person copies off the paper gives the same again. */
#ifndef CK_SHOW_H
#define CK_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "template.h"

void ck_show_as(enum ck_form_kind kind, char text[CK_FORM_VALUE_MAX]);
/* One line without blanks around it. false: it holds what no paper shows (control characters, what
 * is no text); cp is the first such. */
bool ck_show_clean(const char *raw, char *out, size_t cap, uint32_t *cp);

#endif
