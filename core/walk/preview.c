/* What stands on a form, line by line, for who wants to see it before it is on paper. */
#include <stdlib.h>

#include "base/utf8.h"
#include "walk/paper.h"
#include "walk/show.h"

/* a form of as many pages as there may be */
#define TEXT_S 30
/* the longest clause, or forty lines of one */
#define LINE_MAX_BYTES 8192

static json_t *
request(const struct ck_site *site, const struct ck_form *f, const char *slip, json_t *fields)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:O}", "paper", "text", "forms",
	    site->paper.forms_dir, "form", f->name, "number", slip, "made", (json_int_t)f->made,
	    "fields", fields);
}

/* It was told by whoever the certificate names: on a screen it does nothing. */
static void
tell(void *u, const json_t *said)
{
	const char *text = json_string_value(json_object_get(said, "line"));
	char clean[LINE_MAX_BYTES];

	if (text == NULL)
		return;
	ck_clean_str(clean, sizeof clean, text);
	ck_talk_row(u, json_pack("{s:s}", "line", clean));
}

static int
show(const struct ck_site *site, struct ck_talk *talk, struct ck_store *st, const char *number,
    struct ck_err *err)
{
	unsigned char *text = NULL;
	json_t *fields = NULL;
	char slip[CK_SLIP_MAX];
	struct ck_form f;
	size_t n = 0;
	int rc = -1, found;

	if (ck_form_find(st, number, &f, err) == -1)
		return -1;
	found = ck_form_get(st, number, CK_FORM_FIELDS, &text, &n, err);
	if (found == 0)
		ck_fail(err, CK_E_FORM_WIPED, "%s", number);
	if (found != 1)
		return -1;
	fields = json_loadb((char *)text, n, 0, NULL);
	if (!json_is_object(fields) || !ck_slip_make(site->kiosk, number, slip)) {
		ck_fail(err, CK_E_STORE_DAMAGED, "%s: form", number);
	} else {
		ck_talk_busy(talk, CK_BUSY_PAPER, TEXT_S + CK_KEY_MARGIN_S);
		rc = ck_press_list(talk, request(site, &f, slip, fields), TEXT_S, tell, talk, err);
	}
	json_decref(fields);
	free(text);
	return rc;
}

enum ck_outcome
ck_show_form_text(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	const char *number = json_string_value(json_object_get(order, "record"));
	struct ck_talk talk = { .link = link };
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };

	if (ck_store_open(&site->store, &store, &err) == 0)
		(void)show(site, &talk, store, number, &err);
	return ck_end_of_list(&talk, store, NULL, &err);
}
