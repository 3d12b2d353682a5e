/* What a key does on more than one screen, and how the line of functions names it. */
#ifndef CK_SCREENS_KEYS_H
#define CK_SCREENS_KEYS_H

#include "kit/list.h"
#include "view.h"

/* what a widget made of it; a choice is DONE */
enum ck_went ck_went_by(enum ck_came);
/* a screen that is one list: its choice is DONE, Esc is BACK */
enum ck_went ck_list_or_back(struct ck_list *, const struct ck_event *);

struct ck_function ck_choose_function(const struct ck_ctx *); /* Enter */
struct ck_function ck_back_function(const struct ck_ctx *);   /* Esc */
/* as a view has them: Esc alone; Enter and Esc */
int ck_back_functions(
    void *self, const struct ck_ctx *, struct ck_function out[CK_VIEW_FUNCTIONS_MAX]);
int ck_choose_functions(
    void *self, const struct ck_ctx *, struct ck_function out[CK_VIEW_FUNCTIONS_MAX]);

#endif
