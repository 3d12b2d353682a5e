/* What the engine says, and what we say for it, where either may be missing. */
#ifndef CK_TEXT_H
#define CK_TEXT_H

#include "words.h"

/* a member; empty where it has none */
static inline const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

/* an engine or a desk newer than our words is repeated as it says it */
static inline const char *
word_of(enum ck_lang lang, const char *group, const char *name)
{
	const char *w = ck_word(lang, group, name);

	return w != NULL ? w : name;
}

#endif
