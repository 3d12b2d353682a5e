/* Facts in words, line by line: what says a sentence tells where its lines go on when they are
 * folded, and knows nothing of where they go. */
#ifndef CK_SAY_H
#define CK_SAY_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "phrase.h"
#include "text.h"

/* a line that begins with a mark goes on beside it */
#define MARK_COLUMNS 2

struct ck_show {
	enum ck_lang lang;
	/* one line, without its end; where it is folded, what follows begins at column hang */
	void (*line)(void *u, const char *text, int hang);
	void *u;
	bool cli; /* the reader types commands: they are named */
};

static inline const char *
word(const struct ck_show *s, const char *group, const char *name)
{
	return word_of(s->lang, group, name);
}

static inline void
say(const struct ck_show *s, const char *group, const char *name, const json_t *facts)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, word(s, group, name), facts);
	s->line(s->u, text, (int)strspn(text, " ") + MARK_COLUMNS);
}

/* a row with its code words in the reader's language beside them */
static inline json_t *
with_words(const struct ck_show *s, const json_t *row, const char *const *names)
{
	return ck_phrase_facts(s->lang, row, names);
}

#endif
