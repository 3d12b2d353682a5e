/*
 * The slip of a record that stands still, on paper: its number, why it waits, until when, what to
 * bring. All of it is on record; it takes no key, and nothing of it is kept.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "walk/follow.h"
#include "walk/parked.h"
#include "walk/service.h"

#define FORM "parking-slip"
/* digits: GB 11643 has 18, the last of which may be an X, and had 15 */
#define RESIDENT_LEAST 15
#define RESIDENT_LONG 18
#define PHONE 11

/* ---- what stands on it (certkiosk-forms(5)) ---- */

static void
put(json_t *fields, const char *name, const char *text)
{
	char clean[CK_NAME_MAX];

	if (text == NULL || *text == '\0')
		return;
	ck_clean_str(clean, sizeof clean, text);
	json_object_set_new(fields, name, json_string(clean));
}

/* Certificates are called by numbers of people, too (CN=051@370105…@…): residents' and telephones'.
 * Whose slip it is knows them by their ends. */
static void
put_name(json_t *fields, const char *holder)
{
	char name[CK_NAME_MAX];
	size_t n;

	if (holder == NULL)
		return;
	ck_clean_str(name, sizeof name, holder);
	for (char *p = name; *p != '\0'; p += n > 0 ? n : 1) {
		n = strspn(p, "0123456789");
		n += n == RESIDENT_LONG - 1 && (p[n] == 'X' || p[n] == 'x');
		if (n >= RESIDENT_LEAST)
			memset(p + 6, '*', n - 10);
		else if (n == PHONE)
			memset(p + 3, '*', 4);
	}
	put(fields, "name", name);
}

static void
put_time(json_t *fields, const char *name, int64_t t)
{
	char text[CK_TIME_LEN];

	if (t == 0)
		return;
	ck_time_text(t, text);
	put(fields, name, text);
}

/* what people may rely on until they are back */
static const char *
key_word(const struct ck_progress *p)
{
	if (p->pin_meant && !p->pin_settled)
		return "pin";
	if (p->confirmed)
		return "new";
	return p->newkey_meant && !p->swept ? "beside" : "as-before";
}

static void
put_key(const struct ck_visit *v, json_t *fields)
{
	const char *key = ck_record_text(v->record, CK_ITEM_RECORD, "key"); /* MODULE|SERIAL */
	const char *serial = key != NULL ? strrchr(key, '|') : NULL;

	put(fields, "key_serial", serial != NULL ? serial + 1 : key);
	put(fields, "key", key_word(&v->done));
}

static json_t *
fields_of(const struct ck_visit *v)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	bool secret = ck_wants_authority(&v->done, &v->rules) && !v->done.abandon_meant;
	json_t *fields = json_object();

	put_name(fields, ck_record_text(v->record, 0, "holder"));
	put_key(v, fields);
	put(fields, "system", v->policy.title);
	put(fields, "hotline", v->policy.hotline);
	put(fields, "way", h->way);
	put(fields, "site", v->site->name);
	put(fields, "kiosk", v->site->kiosk);
	put(fields, "record", h->number);
	put(fields, "station", ck_station_name(ck_stopped_at(&v->done, &v->rules)));
	put(fields, "reason",
	    v->done.abandon_meant  ? CK_WAITS_ABANDON
	    : h->reason[0] != '\0' ? h->reason
				   : CK_WAITS_PERSON);
	put(fields, "bring",
	    secret && v->rules.envelope	  ? "envelope"
	    : secret && v->rules.download ? "codes"
					  : "key");
	put_time(fields, "since", h->since != 0 ? h->since : h->touched);
	put_time(fields, "next", h->next);
	put_time(fields, "deadline", ck_deadline(h, v->policy.deadline_days, ck_now()));
	return fields;
}

/* ---- the paper ---- */

/* Whoever is called by a letter no font has is found by his number all the same. */
static int
draw(struct ck_visit *v, struct ck_drawn *out, struct ck_err *err)
{
	char slip[CK_SLIP_MAX];
	json_t *fields = fields_of(v);
	const struct ck_draw d = { .form = FORM,
		.number = ck_visit_slip(v, slip),
		.made = ck_now(),
		.fields = fields,
		.slip = true };
	struct ck_err why = { 0 };
	int rc = ck_draw_form(v, &d, out, &why);

	if (rc == -1 && (why.code == CK_E_FORM_GLYPH || why.code == CK_E_FORM_TOO_LONG)) {
		json_object_del(fields, "name");
		why = (struct ck_err){ 0 };
		rc = ck_draw_form(v, &d, out, &why);
	}
	json_decref(fields);
	if (rc == -1)
		*err = why;
	return rc;
}

/* A printer that still knows an older one must not take this for it. */
static int
make_title(const struct ck_visit *v, char out[CK_TITLE_MAX], struct ck_err *err)
{
	char slip[CK_SLIP_MAX], hex[9];
	unsigned char random[4];

	if (RAND_bytes(random, sizeof random) != 1)
		return ck_fail(err, CK_E_INTERNAL, "RAND_bytes");
	ck_hex(random, sizeof random, hex);
	snprintf(out, CK_TITLE_MAX, "%.100s#%s.slip", ck_visit_slip(v, slip), hex);
	return 0;
}

static int
deliver(struct ck_run *r, const struct ck_drawn *doc, struct ck_err *err)
{
	const struct ck_site_paper *s = &r->v->site->paper;
	int file = ck_paper_file(doc->pdf, doc->n, err), rc;

	if (file == -1)
		return -1;
	rc = ck_run_follow(r, file,
	    json_pack("{s:s, s:s, s:s, s:i, s:s*, s:i}", "paper", "print", "title", r->p.title,
		"printer", r->printer, "copies", 1, "media", s->media[0] != '\0' ? s->media : NULL,
		"pages", doc->pages),
	    err);
	close(file);
	return rc;
}

/* What nobody knows lies at the printer, or is printed again: there is nothing to be settled. */
static int
tell(struct ck_run *r, const struct ck_err *why, struct ck_err *err)
{
	const char *ending = r->ending != NULL ? r->ending : CK_PRINT_FAILED;
	bool stood = r->trouble.code != CK_E_NONE;
	struct ck_visit *v = r->v;

	if (strcmp(ending, CK_PRINT_DONE) == 0) {
		ck_talk_did(
		    &v->talk, "slip", 1, 1, "slip-printed", "{s:s}", "printer", r->p.printer);
		return 0;
	}
	if (!stood &&
	    (strcmp(ending, CK_PRINT_SENT) == 0 || strcmp(ending, CK_PRINT_UNKNOWN) == 0)) {
		ck_talk_did(&v->talk, "slip", 1, 1, "slip-sent", "{s:s}", "printer", r->p.printer);
		return 0;
	}
	if (r->press.front_left)
		return ck_fail(err, CK_E_STOPPED, "the person gave up for now");
	*err = stood ? r->trouble : *why;
	return ck_fail(err, CK_E_PRINT_CANCELED, "%s", ending);
}

int
ck_slip_print(struct ck_visit *v, const char *printer, struct ck_err *err)
{
	struct ck_run r = { .v = v, .slip = true };
	struct ck_drawn doc = { .pdf = NULL };
	struct ck_err why = { 0 };
	int rc = -1;

	snprintf(
	    r.printer, sizeof r.printer, "%s", printer != NULL ? printer : v->site->paper.printer);
	if (draw(v, &doc, err) == 0 && make_title(v, r.p.title, err) == 0) {
		r.pages = doc.pages;
		if (deliver(&r, &doc, &why) == 0)
			why = r.why;
		rc = tell(&r, &why, err);
	}
	ck_drawn_free(&doc);
	return rc;
}

/* ---- which record ---- */

static int
take(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	int way = ck_way_from(h->way);

	if (way == -1)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: way", h->number);
	v->way = (enum ck_way)way;
	if (ck_visit_take_system(v, h->system, err) == -1)
		return -1;
	ck_visit_take_rules(v);
	ck_visit_read_progress(v);
	return 1;
}

int
ck_slip_open(struct ck_visit *v, const char *number, bool slip, struct ck_err *err)
{
	struct ck_form form;
	int found = 0;

	if (number == NULL)
		return ck_fail(err, CK_E_USAGE, "record");
	if (!slip && (found = ck_form_of(v->store, number, &form, err)) != 0)
		return found == 1 ? 0 : -1;
	if ((found = ck_record_find(v->store, "number", number, &v->record, err)) != 1)
		return found == 0 && slip ? ck_fail(err, CK_E_NO_RECORD, "%s", number) : found;
	/* its paper is its form, which is made when it is gone on with */
	if (ck_is_service(ck_record_head(v->record)))
		return slip ? ck_fail(err, CK_E_SERVICE_RECORD, "%s", number) : 0;
	if (ck_record_head(v->record)->closed == 0)
		return take(v, err);
	return slip ? ck_fail(err, CK_E_RECORD_CLOSED, "%s", number) : 0;
}
