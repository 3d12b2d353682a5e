/* Self-service: wait for a key, show what is on it, do what the customer chose, forget him. */
#include "errand.h"
#include "face.h"
#include "home.h"

void
ck_selfserve(struct ck_stage *s)
{
	struct ck_errand errand = { .row = NULL };
	enum ck_stage_went went;
	bool seen = false;

	while (!ck_stage_over(s)) {
		ck_stage_face(s, NULL, "");
		went = ck_home(s, seen, &errand);
		/* served, left behind, enough seen: what is on the key is nobody's to see any more.
		 * Who only looked around goes on looking */
		seen = went == CK_STAGE_IDLE || went == CK_STAGE_BACK || went == CK_STAGE_STAFF;
		if (went == CK_STAGE_DONE) {
			went = ck_errand_run(s, &errand, NULL);
			seen = went != CK_STAGE_BACK;
		}
		ck_errand_clear(&errand);
		if (went != CK_STAGE_STAFF) {
			if (seen)
				ck_stage_wipe(s);
			continue;
		}
		/* a key still in its reader after that is not for the next one to look at */
		(void)ck_clerkdesk(s);
		ck_stage_wipe(s);
	}
}
