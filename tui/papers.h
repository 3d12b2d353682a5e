/* The clerk's forms: which wait for paper, what stands on one, on which printer. */
#ifndef CK_PAPERS_H
#define CK_PAPERS_H

#include "stage.h"

/* The lists, until the clerk has seen enough: BACK, or why the desk is left. */
enum ck_stage_went ck_papers(struct ck_stage *, const char *clerk);
/* What stands on the form of a record, from where it can be printed; row: of a list of forms, or of
 * records. */
enum ck_stage_went ck_papers_form(struct ck_stage *, const json_t *row, const char *clerk);

#endif
