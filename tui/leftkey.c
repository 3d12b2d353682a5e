#include "leftkey.h"

#include "screens/attract.h"

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	(void)self;
	return ctx->clerk && ck_is_key(e, CK_KEY_ESC) ? CK_WENT_BACK : CK_WENT_DONE;
}

enum ck_stage_went
ck_left_key(struct ck_stage *s)
{
	const struct ck_status *status = ck_stage_status(s);
	struct ck_attract attract = { .left_key = true };
	struct ck_view view;
	enum ck_stage_went went = CK_STAGE_READY;
	int came = ck_status_came(status);

	ck_attract_view(&attract, &view);
	view.key = key;
	view.heeds = true;
	ck_stage_set(s, &view);
	while (went == CK_STAGE_READY) {
		if (!ck_status_key_in(status) || ck_status_came(status) != came)
			went = CK_STAGE_DONE;
		else
			went = ck_stage_wait(s, NULL, 0, -1);
	}
	ck_stage_set(s, NULL);
	return went;
}
