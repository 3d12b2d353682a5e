#include "papers.h"

#include "errand.h"
#include "words/say.h"

static bool
leaves(enum ck_stage_went went)
{
	return went == CK_STAGE_LOCK || went == CK_STAGE_OVER;
}

/* DONE: chosen, a new reference to its row. */
static enum ck_stage_went
choose_printer(struct ck_stage *s, json_t **printer)
{
	enum ck_row_act act = CK_ROW_SHOW;

	return ck_errand_list(
	    s, json_pack("{s:s}", "do", "printers"), CK_LIST_PRINTERS, &act, printer);
}

static enum ck_stage_went
print(struct ck_stage *s, const json_t *row, bool choose, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_DONE;
	json_t *printer = NULL;

	if (choose)
		went = choose_printer(s, &printer);
	if (went == CK_STAGE_DONE && (!choose || printer != NULL))
		went = ck_errand_print(s, row, choose ? text_of(printer, "name") : NULL, clerk);
	json_decref(printer);
	return went;
}

enum ck_stage_went
ck_papers_form(struct ck_stage *s, const json_t *row, const char *clerk)
{
	enum ck_row_act act = CK_ROW_SHOW;
	enum ck_stage_went went = ck_errand_list(s,
	    json_pack("{s:s, s:s}", "do", "form-text", "record", text_of(row, "record")),
	    CK_LIST_FORM, &act, NULL);

	if (went != CK_STAGE_DONE)
		return went;
	return print(s, row, act == CK_ROW_PRINTER, clerk);
}

enum ck_stage_went
ck_papers(struct ck_stage *s, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_DONE;
	enum ck_row_act act = CK_ROW_SHOW;
	json_t *row = NULL;
	bool all = false;

	while (!leaves(went)) {
		went = ck_errand_list(s, json_pack("{s:s, s:b}", "do", "forms", "all", (int)all),
		    all ? CK_LIST_FORMS_ALL : CK_LIST_FORMS, &act, &row);
		if (went != CK_STAGE_DONE)
			break;
		if (act == CK_ROW_ALL)
			all = !all;
		else if (row != NULL && act == CK_ROW_SHOW)
			went = ck_papers_form(s, row, clerk);
		else if (row != NULL)
			went = print(s, row, act == CK_ROW_PRINTER, clerk);
		json_decref(row);
		row = NULL;
	}
	json_decref(row);
	return went;
}
