/* PROTOCOL.desk section 13: what it takes before a certificate is issued, as every LEASE says it.
 */
#include <string.h>

#include "certkiosk/desk.h"
#include "desk_wire.h"

#define AGAIN_S 3 /* where a desk does not say */

const char *const ck_desk_step_names[] = { "applicant", "papers", "identity", "payment", "review",
	NULL };
const char *const ck_step_state_names[] = { "passed", "wanted", "pending", "failed", NULL };
const char *const ck_paper_state_names[] = { "wanted", "in", "refused", NULL };

static int
read_papers(const struct ck_desk_said *a, const json_t *from, struct ck_desk_steps *s)
{
	const json_t *list = json_object_get(from, "papers");
	size_t n = json_array_size(list);

	if ((list != NULL && !json_is_array(list)) || n > CK_PAPERS_MAX - s->n_papers)
		return ck_desk_said_wrong(a, "papers");
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(list, i);
		struct ck_paper_now *p = &s->papers[s->n_papers];
		int state = 0;

		if (ck_field_tag(a, one, "kind", true, p->kind) != 1 ||
		    ck_field_word(a, one, "state", ck_paper_state_names, &state) != 1 ||
		    ck_field_text(a, one, "text", false, p->text, sizeof p->text) < 0)
			return -1;
		p->state = (enum ck_paper_state)state;
		s->n_papers++;
	}
	return 0;
}

/* after: the step before it. In another order, or twice, nobody knows which comes first. */
static int
read_step(const struct ck_desk_said *a, const json_t *from, int *after, struct ck_desk_steps *s)
{
	int step = 0, state = 0;
	struct ck_step_now *now = NULL;

	if (ck_field_word(a, from, "step", ck_desk_step_names, &step) != 1)
		return -1;
	if (step <= *after)
		return ck_desk_said_wrong(a, "steps");
	now = &s->step[step];
	now->again_s = AGAIN_S;
	if (ck_field_word(a, from, "state", ck_step_state_names, &state) != 1 ||
	    ck_field_text(a, from, "text", false, now->text, sizeof now->text) < 0 ||
	    ck_field_again(a, from, false, &now->again_s) < 0)
		return -1;
	now->state = (enum ck_step_state)state;
	*after = step;
	if (step == CK_STEP_PAYMENT && ck_field_tag(a, from, "method", false, s->method) < 0)
		return -1;
	return step == CK_STEP_PAPERS || step == CK_STEP_PAYMENT ? read_papers(a, from, s) : 0;
}

int
ck_desk_read_steps(const struct ck_desk_said *a, struct ck_desk_steps *s)
{
	const json_t *list = json_object_get(a->body, "steps");
	int after = -1;

	memset(s, 0, sizeof *s);
	if (list != NULL && !json_is_array(list))
		return ck_desk_said_wrong(a, "steps");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (read_step(a, json_array_get(list, i), &after, s) != 0)
			return -1;
	return 0;
}
