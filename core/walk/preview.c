/* What stands on a form, line by line, for who wants to see it before it is on paper. */
#include "base/utf8.h"
#include "walk/paper.h"
#include "walk/show.h"

/* a form of as many pages as there may be */
#define TEXT_S 30
/* the longest clause, or forty lines of one */
#define LINE_MAX_BYTES 8192

static json_t *
request(const struct ck_site *site, const struct ck_form *f, const char *slip,
    const struct ck_kept *kept)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:O}", "paper", "text", "forms",
	    site->paper.forms_dir, "form", f->name, "template", kept->text, "number", slip, "made",
	    (json_int_t)f->made, "fields", kept->fields);
}

/* It was told by whoever the certificate names: on a screen it does nothing. */
static void
tell(void *u, const json_t *line)
{
	const char *text = json_string_value(json_object_get(line, "line"));
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
	struct ck_kept kept;
	char slip[CK_SLIP_MAX];
	struct ck_form f;
	int rc = -1;

	if (ck_form_find(st, number, &f, err) == -1 || ck_kept_read(st, number, &kept, err) == -1)
		return -1;
	if (!ck_slip_make(site->kiosk, number, slip))
		ck_fail(err, CK_E_STORE_DAMAGED, "%s: form", number);
	else
		rc = ck_press_ask(talk, request(site, &f, slip, &kept), TEXT_S, tell, talk, err);
	ck_kept_free(&kept);
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
