/*
 * Before a PIN is typed: will the form at the end be able to show this certificate's names? A
 * character that no font of ours has is told, so that the person decides with that in mind. Nothing
 * is settled by it: the form itself is what tells for good, and a print program that does not
 * answer now keeps nobody from going on.
 */
#include "base/log.h"
#include "base/utf8.h"
#include "walk/paper.h"

/* it starts in a tenth of that; somebody stands here and waits */
#define GLYPHS_S 3

struct lacking {
	char field[32], character[32];
};

/* One is enough for the form not to be: the others are the same letter mostly. */
static void
take(void *u, const json_t *line)
{
	const char *character = json_string_value(json_object_get(line, "lacks"));
	const char *field = json_string_value(json_object_get(line, "field"));
	struct lacking *l = u;

	if (character == NULL || field == NULL || l->field[0] != '\0')
		return;
	ck_clean_str(l->field, sizeof l->field, field);
	ck_clean_str(l->character, sizeof l->character, character);
}

static int
ask(struct ck_visit *v, json_t *fields, struct lacking *l, struct ck_err *err)
{
	return ck_press_ask(&v->talk,
	    json_pack("{s:s, s:s, s:s, s:O}", "paper", "glyphs", "forms", v->site->paper.forms_dir,
		"form", v->policy.form, "fields", fields),
	    GLYPHS_S, take, l, err);
}

int
ck_form_foresee(struct ck_visit *v, struct ck_err *err)
{
	struct lacking l = { .field = "" };
	struct ck_err why = { 0 };
	json_t *fields = NULL;

	if (!v->rules.form && !v->rules.form_before)
		return 0;
	fields = json_object();
	if (ck_form_names(v, v->old.der, v->old.der_len, &v->old.facts, fields, &why) == 0)
		(void)ask(v, fields, &l, &why);
	json_decref(fields);
	if (why.code == CK_E_STOPPED) {
		*err = why;
		return -1;
	}
	if (why.code != CK_E_NONE)
		ck_log_err(CK_LOG_WARN, "the form's letters", &why);
	if (l.field[0] != '\0')
		ck_visit_did(
		    v, "form-by-hand", "{s:s, s:s}", "field", l.field, "character", l.character);
	return 0;
}
