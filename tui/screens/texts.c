#include "texts.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 32

const char *
ck_texts_keep(struct ck_texts *t, const char *text)
{
	size_t room = t->room > 0 ? 2 * t->room : FIRST_ROOM;
	char **more;

	if (t->n == t->room) {
		if ((more = realloc(t->at, room * sizeof *more)) == NULL)
			return "";
		t->at = more;
		t->room = room;
	}
	if ((t->at[t->n] = strdup(text)) == NULL)
		return "";
	return t->at[t->n++];
}

const char *
ck_texts_say(struct ck_texts *t, const struct ck_ctx *ctx, const char *group, const char *name,
    const json_t *facts)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(ctx, group, name), facts);
	return ck_texts_keep(t, text);
}

void
ck_texts_free(struct ck_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i]);
	free(t->at);
	*t = (struct ck_texts){ .at = NULL };
}
