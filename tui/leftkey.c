#include "leftkey.h"

#include <string.h>

#include "live.h"
#include "screens/attract.h"

struct left {
	struct ck_live live;
	json_t *readers; /* whose keys are still in */
};

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static bool
is_left(const struct left *l, const char *reader, size_t *at)
{
	for (*at = 0; *at < json_array_size(l->readers); ++*at)
		if (strcmp(json_string_value(json_array_get(l->readers, *at)), reader) == 0)
			return true;
	return false;
}

/* The watch begins with the keys that are in already. */
static void
take(void *u, const json_t *row)
{
	struct left *l = u;
	const char *event = text_of(row, "event"), *reader = text_of(row, "reader");
	size_t at = 0;
	bool known = is_left(l, reader, &at);

	if (known && (strcmp(event, "card-out") == 0 || strcmp(event, "reader-out") == 0))
		json_array_remove(l->readers, at);
	if (json_array_size(l->readers) == 0 || (!known && strcmp(event, "card-in") == 0))
		ck_live_leave(&l->live, CK_STAGE_DONE);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	(void)self;
	return ctx->clerk && ck_is_key(e, CK_KEY_ESC) ? CK_WENT_BACK : CK_WENT_DONE;
}

enum ck_stage_went
ck_left_key(struct ck_stage *s)
{
	struct ck_attract attract = { .left_key = true };
	struct ck_view view;
	struct left l = { .live = { .stage = s, .busy = &view, .row = take, .u = &l },
		.readers = ck_status_key_readers(ck_stage_status(s)) };
	json_t *request = json_pack("{s:s, s:b}", "do", "watch", "readers", 1);
	enum ck_stage_went went = CK_STAGE_DONE;

	ck_attract_view(&attract, &view);
	view.key = key;
	if (json_array_size(l.readers) > 0) {
		ck_live_run(&l.live, request);
		went = l.live.left != CK_STAGE_READY ? l.live.left : CK_STAGE_DONE;
	}
	ck_stage_set(s, NULL);
	ck_live_clear(&l.live);
	json_decref(l.readers);
	json_decref(request);
	return went;
}
