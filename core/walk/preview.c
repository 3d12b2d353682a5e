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
tell(struct ck_talk *talk, const char *text)
{
	char clean[LINE_MAX_BYTES];

	ck_clean_str(clean, sizeof clean, text);
	ck_talk_row(talk, json_pack("{s:s}", "line", clean));
}

static int
converse(struct ck_press *press, struct ck_talk *talk, struct ck_err *err)
{
	json_t *line = NULL;
	int got;

	while ((got = ck_press_hear(press, TEXT_S * 1000, &line, err)) == 1) {
		const char *text = json_string_value(json_object_get(line, "line"));
		bool end = json_object_get(line, "end") != NULL;

		if (text != NULL)
			tell(talk, text);
		json_decref(line);
		if (end)
			return 0;
	}
	if (got == -1)
		return -1;
	return press->front_left ? ck_fail(err, CK_E_STOPPED, "the person gave up for now")
				 : ck_fail(err, CK_E_PRINT_GONE, "no word for %d s", TEXT_S);
}

static int
show(const struct ck_site *site, struct ck_talk *talk, struct ck_store *st, const char *number,
    struct ck_err *err)
{
	struct ck_press press = { .peer = { .pidfd = -1 } };
	struct ck_kept kept;
	char slip[CK_SLIP_MAX];
	struct ck_form f;
	int rc = -1;

	if (ck_form_find(st, number, &f, err) == -1 || ck_kept_read(st, number, &kept, err) == -1)
		return -1;
	if (!ck_slip_make(site->kiosk, number, slip)) {
		ck_fail(err, CK_E_STORE_DAMAGED, "%s: form", number);
	} else {
		ck_talk_busy(talk, CK_BUSY_PAPER, TEXT_S + CK_KEY_MARGIN_S);
		if (ck_press_start(&press, talk, -1, request(site, &f, slip, &kept), err) == 0)
			rc = converse(&press, talk, err);
		ck_press_end(&press);
	}
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
