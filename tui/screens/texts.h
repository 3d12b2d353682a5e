/* Texts made for one drawing, freed together. What there is no memory for is shown as nothing. */
#ifndef CK_TEXTS_H
#define CK_TEXTS_H

#include <stddef.h>

#include "view.h"

struct ck_texts {
	char **at;
	size_t n, room;
};

const char *ck_texts_keep(struct ck_texts *, const char *text);
/* a word with its facts (an object or NULL) */
const char *ck_texts_say(struct ck_texts *, const struct ck_ctx *, const char *group,
    const char *name, const json_t *facts);
void ck_texts_free(struct ck_texts *);

#endif
