/* Station papers: nothing here takes sheets in yet, and no system's rules name them. */
#include "walk/visit.h"

enum ck_turn
ck_at_papers(struct ck_visit *v, struct ck_err *err)
{
	(void)v;
	ck_fail(err, CK_E_STEP_UNKNOWN, "%s", ck_desk_step_names[CK_STEP_PAPERS]);
	return CK_STOP;
}
