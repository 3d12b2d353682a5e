#include "unitkeys.h"

#include <string.h>

#include "errand.h"
#include "leftkey.h"
#include "words/say.h"

static bool
leaves(enum ck_stage_went went)
{
	return went == CK_STAGE_LOCK || went == CK_STAGE_OVER;
}

/* Key after key, each a visit like any other, until none is put in any more. */
static enum ck_stage_went
serve(struct ck_stage *s, const char *batch, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_DONE;

	while (went == CK_STAGE_DONE) {
		went = ck_errand_batch(s, batch, clerk);
		if (went == CK_STAGE_READY)
			went = ck_left_key(s);
	}
	return leaves(went) ? went : CK_STAGE_DONE;
}

/* Its keys so far: the next one, or its end. */
static enum ck_stage_went
one(struct ck_stage *s, const json_t *row, const char *clerk)
{
	const char *batch = text_of(row, "record");
	enum ck_list_kind kind =
	    strcmp(text_of(row, "state"), "open") == 0 ? CK_LIST_BATCH : CK_LIST_BATCH_OVER;
	enum ck_stage_went went = CK_STAGE_DONE;
	enum ck_row_act act = CK_ROW_SHOW;

	while (!leaves(went)) {
		went = ck_errand_list(
		    s, json_pack("{s:s, s:s}", "do", "batch", "batch", batch), kind, &act, NULL);
		if (went != CK_STAGE_DONE)
			break;
		if (act == CK_ROW_PRINT)
			return ck_errand_handover(s, row, clerk);
		went = serve(s, batch, clerk);
	}
	return went;
}

/* System and way are chosen once. */
static enum ck_stage_went
begin(struct ck_stage *s, const char *clerk)
{
	enum ck_row_act act = CK_ROW_SHOW;
	json_t *way = NULL, *row = NULL;
	enum ck_stage_went went =
	    ck_errand_list(s, json_pack("{s:s}", "do", "batch-ways"), CK_LIST_WAYS, &act, &way);

	if (went == CK_STAGE_DONE && way != NULL)
		went = ck_errand_begin(s, way, clerk, &row);
	if (row != NULL) {
		went = serve(s, text_of(row, "record"), clerk);
		if (!leaves(went))
			went = one(s, row, clerk);
	}
	json_decref(way);
	json_decref(row);
	return went;
}

static enum ck_stage_went
act_on(struct ck_stage *s, enum ck_row_act act, const json_t *row, const char *clerk)
{
	enum ck_stage_went went;

	switch (act) {
	case CK_ROW_PRINT:
		return ck_errand_handover(s, row, clerk);
	case CK_ROW_RESUME:
		went = serve(s, text_of(row, "record"), clerk);
		return leaves(went) ? went : one(s, row, clerk);
	default:
		return one(s, row, clerk);
	}
}

enum ck_stage_went
ck_unitkeys(struct ck_stage *s, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_DONE;
	enum ck_row_act act = CK_ROW_SHOW;
	json_t *row = NULL;

	while (!leaves(went)) {
		went = ck_errand_list(s, json_pack("{s:s, s:b}", "do", "batches", "all", 1),
		    CK_LIST_BATCHES, &act, &row);
		if (went != CK_STAGE_DONE)
			break;
		if (act == CK_ROW_NEW)
			went = begin(s, clerk);
		else if (row != NULL)
			went = act_on(s, act, row, clerk);
		json_decref(row);
		row = NULL;
	}
	json_decref(row);
	return went;
}
