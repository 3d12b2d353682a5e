/* The engine's lines in words, for the headless front. */
#ifndef CK_TUI_SHOW_H
#define CK_TUI_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "args.h"
#include "words/say.h"

/* what is being done: not a line yet, what was done takes its place */
void ck_show_step(const struct ck_show *, const json_t *step, char *out, size_t cap);
void ck_show_question(const struct ck_show *, const json_t *question);
/* i: of a field's choices, one of the question's */
void ck_show_choice(
    const struct ck_show *, const json_t *question, size_t i, const json_t *choice);
/* why a question comes again; whole: and what to do about it */
void ck_show_trouble(const struct ck_show *, const json_t *question, bool whole);
/* did, row, restart, end; rows = how many rows came so far */
void ck_show_line(const struct ck_show *, enum ck_verb, long rows, const json_t *line);

#endif
