/* The engine's lines in words, for the headless front. */
#ifndef CK_TUI_SHOW_H
#define CK_TUI_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "args.h"
#include "words/words.h"

struct ck_show {
	enum ck_lang lang;
	void (*line)(void *u, const char *text); /* one line, without its end */
	void *u;
};

void ck_show_step(const struct ck_show *, const json_t *step, char *out, size_t cap);
void ck_show_question(const struct ck_show *, const json_t *question, char *out, size_t cap);
void ck_show_choice(const struct ck_show *, size_t i, const json_t *choice, char *out, size_t cap);
/* why a question comes again; whole: and what to do about it */
void ck_show_trouble(
    const struct ck_show *, const json_t *question, bool whole, char *out, size_t cap);
/* did, row, restart, end; rows = how many rows came so far */
void ck_show_line(const struct ck_show *, enum ck_verb, long rows, const json_t *line);

#endif
