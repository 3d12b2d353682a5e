/* What a person came for, and how it ends: the walk from a choice to the last screen, the same at
 * both faces. */
#ifndef CK_ERRAND_H
#define CK_ERRAND_H

#include <stdbool.h>
#include <jansson.h>

#include "live.h"
#include "screens/cards.h"
#include "screens/desk.h"
#include "stage.h"

/* A choice made at the cards, kept when they are gone. */
struct ck_errand {
	enum ck_deed deed;
	char key[128], certificate[80], system[64], way[16], record[32];
	json_t *row; /* of the key */
};

void ck_errand_take(struct ck_errand *, const struct ck_chosen *, const json_t *rows);
void ck_errand_clear(struct ck_errand *);

/* Does it, and shows how it ended. clerk: who stands for it; NULL: the customer. READY; BACK when
 * nothing was done after all; or why the face itself is left: IDLE, LOCK, STAFF, OVER. */
enum ck_stage_went ck_errand_run(struct ck_stage *, struct ck_errand *, const char *clerk);
/* The same for a record found elsewhere, or what may lead to one: "resume" or "abandon". */
enum ck_stage_went ck_errand_record(
    struct ck_stage *, const char *verb, const char *record, const char *clerk);

/* What a clerk did not see for his desk was locked by then, told to whoever signed in, with what
 * follows from it; READY when there is nothing. */
enum ck_stage_went ck_errand_unseen(struct ck_stage *, const char *clerk);

/* The form of a row (a form's or a record's) on paper: a printer's name, NULL the usual one; where
 * a sheet of it may be out already that is asked first. */
enum ck_stage_went ck_errand_print(
    struct ck_stage *, const json_t *row, const char *printer, const char *clerk);

/* The next key of a batch: READY when its end was seen, BACK when none was put in. */
enum ck_stage_went ck_errand_batch(struct ck_stage *, const char *batch, const char *clerk);
/* One is begun for the system and way of a row: a new reference to what there is of it then, or its
 * end is shown. */
enum ck_stage_went ck_errand_begin(
    struct ck_stage *, const json_t *way, const char *clerk, json_t **row);
/* The list of a batch's row on paper: of an open one that is its end, which is asked first. */
enum ck_stage_went ck_errand_handover(struct ck_stage *, const json_t *row, const char *clerk);

/* Something else of a system's menu is applied for: a row of its service, and the key it is about,
 * NULL: whichever is in, if it is about one. */
enum ck_stage_went ck_errand_apply(
    struct ck_stage *, const json_t *service, const char *key, const char *clerk);

/* A screen until it is DONE or BACK, or the face is left. At the customer's face a key that comes
 * is another customer's, who is not to see this one's; and what is of a key goes with it, at either
 * face. */
enum ck_stage_went ck_errand_show(struct ck_stage *, struct ck_view *);

/* How it ended, on the screen, until the person has read it: READY, or why the face is left. */
enum ck_stage_went ck_errand_ended(struct ck_live *, const char *verb);

/* ---- errand_list.c ---- */

/* Rows of a list on the screen, from the first to the moment the person has seen enough: BACK, or
 * DONE with what was chosen in act and row (a reference; NULL none), where they are wanted. Takes
 * the request over. */
enum ck_stage_went ck_errand_list(
    struct ck_stage *, json_t *request, enum ck_list_kind, enum ck_row_act *act, json_t **row);

#endif
