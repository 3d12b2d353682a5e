/* A question of the engine as a screen: one table says for each how it is laid out, one function
 * draws them all. What kind of fields there are is the question's own. */
#ifndef CK_ASKING_H
#define CK_ASKING_H

#include "certkiosk/reply.h"
#include "course.h"
#include "view.h"

struct ck_asking;

/* The question is kept by reference; course may be NULL (no visit). NULL: no memory that can be
 * locked. */
struct ck_asking *ck_asking_new(const json_t *question, const struct ck_course *);
void ck_asking_free(struct ck_asking *); /* wipes what was typed */
/* DONE: there is an answer. BACK: the person leaves; the visit stops and can be gone on with. */
void ck_asking_view(struct ck_asking *, struct ck_view *);
/* Moves what was typed into the reply; the fields are empty then. -1: no memory */
int ck_asking_reply(struct ck_asking *, struct ck_reply *);

#endif
