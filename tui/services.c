#include "services.h"

#include "errand.h"
#include "screens/service.h"

/* What it takes, before anything is typed. */
static enum ck_stage_went
one(struct ck_stage *s, const json_t *row, const char *key, const char *clerk)
{
	struct ck_service_page page = { .row = row };
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went;

	ck_service_page_view(&page, &view);
	went = ck_errand_show(s, &view);
	return went == CK_STAGE_DONE ? ck_errand_apply(s, row, key, clerk) : went;
}

enum ck_stage_went
ck_services(struct ck_stage *s, const char *key, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_BACK;
	enum ck_row_act act = CK_ROW_SHOW;
	json_t *row = NULL;

	do {
		went = ck_errand_list(
		    s, json_pack("{s:s}", "do", "services"), CK_LIST_SERVICES, &act, &row);
		if (went != CK_STAGE_DONE || row == NULL)
			break;
		went = one(s, row, key, clerk);
		json_decref(row);
		row = NULL;
	} while (went == CK_STAGE_BACK);
	json_decref(row);
	return went;
}
