#include <stdio.h>
#include <string.h>

#include "prose.h"
#include "ending_inside.h"
#include "kit/table.h"
#include "kit/text.h"
#include "service.h"
#include "words/say.h"
#include "words/service_rows.h"

#define LABEL_GAP 2
/* between what is said and the code beside it */
#define QR_GAP 3
/* what is beside a code has at least that many columns */
#define BESIDE_LEAST 52
/* a row of the table of old and new: label, two values */
#define NEW_COLUMNS 3
#define NEW_ROWS 2

struct shown {
	struct ck_ending *e;
	const struct ck_ctx *ctx;
	json_t *facts; /* of the end, with the hotline where it has none */
	int rows;      /* there are for all of it */
};

/* ---- what was done ---- */

static void
put_title(const struct shown *s, struct ck_sheet *sheet, enum ck_tone tone, const char *word)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, word, s->facts);
	ck_sheet_toned(sheet, tone, text);
	ck_sheet_gap(sheet);
}

/* ended.VERB-OUTCOME, ended.VERB, or what holds for a renewal; a download is one but for that */
static const char *
end_word(const struct shown *s)
{
	bool download = ck_ending_did(s->e, "others-kept") != NULL;
	char name[64];
	const char *word;

	snprintf(name, sizeof name, "%s-%s", download ? "download" : s->e->verb,
	    ck_outcome_names[s->e->outcome]);
	if ((word = ck_word(s->ctx->lang, "ended", name)) != NULL)
		return word;
	return ck_say(s->ctx, "end", ck_outcome_names[s->e->outcome]);
}

static void
put_did(const struct shown *s, struct ck_sheet *sheet, const char *say)
{
	const json_t *line = ck_ending_did(s->e, say);
	char text[CK_SENTENCE_MAX], mark;

	if (line == NULL)
		return;
	mark = ck_phrase_mark(line);
	ck_phrase_did(s->ctx->lang, line, text, sizeof text);
	ck_sheet_toned(sheet,
	    mark == '!'	  ? CK_TONE_CAREFUL
	    : mark == '>' ? CK_TONE_NOW
			  : CK_TONE_GOOD,
	    text);
}

/* ---- old beside new ---- */

static const json_t *
new_certificate(const struct ck_ending *e)
{
	static const char *const said[] = { "issued", "issued-found", "issued-before" };
	const json_t *line = NULL;

	for (size_t i = 0; line == NULL && i < sizeof said / sizeof *said; i++)
		line = ck_ending_did(e, said[i]);
	return line;
}

static void
until(const struct shown *s, const json_t *facts, char out[CK_SENTENCE_MAX])
{
	ck_fill(out, CK_SENTENCE_MAX, ck_say(s->ctx, "ended", "until"), facts);
}

struct pair {
	const char *serial[2];
	char until[2][CK_SENTENCE_MAX];
};

static void
draw_table(const struct shown *s, struct ck_sheet *sheet, const struct pair *p)
{
	const char *heads[NEW_COLUMNS] = { "", ck_say(s->ctx, "ended", "old"),
		ck_say(s->ctx, "ended", "new") };
	const char *cells[NEW_ROWS * NEW_COLUMNS] = { ck_say(s->ctx, "fact", "serial-number"),
		p->serial[0], p->serial[1], ck_say(s->ctx, "fact", "until"), p->until[0],
		p->until[1] };
	struct ck_table t = {
		.columns = NEW_COLUMNS, .rows = NEW_ROWS, .heads = heads, .cells = cells
	};
	struct ck_rect r = ck_sheet_lines(sheet, NEW_ROWS + 1);

	if (!sheet->measure)
		ck_table_draw(sheet->c, r, &t);
}

/* serial numbers of twenty bytes have no room beside each other on 80 columns */
static void
put_below(const struct shown *s, struct ck_sheet *sheet, const struct pair *p)
{
	static const char *const words[] = { "old", "new" };
	char text[2 * CK_SENTENCE_MAX + 8];
	int columns = 0;

	for (int i = 0; i < 2; i++) {
		int n = ck_shown_columns(ck_say(s->ctx, "ended", words[i])) + LABEL_GAP;

		columns = n > columns ? n : columns;
	}
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof text, "%s   %s", p->until[i], p->serial[i]);
		ck_sheet_beside(sheet, columns, ck_say(s->ctx, "ended", words[i]), text);
	}
}

static void
put_certificates(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *old = json_object_get(ck_ending_did(s->e, "cert-read"), "facts");
	const json_t *new = json_object_get(new_certificate(s->e), "facts");
	struct pair p = { .serial = { text_of(old, "serial"), text_of(new, "serial") } };
	int label = ck_shown_columns(ck_say(s->ctx, "fact", "serial-number"));

	if (old == NULL || new == NULL)
		return;
	until(s, old, p.until[0]);
	until(s, new, p.until[1]);
	ck_sheet_put(sheet, CK_S_HEAD, text_of(old, "name"));
	ck_sheet_gap(sheet);
	/* the table has two columns between its own */
	if (label + ck_shown_columns(p.serial[0]) + ck_shown_columns(p.serial[1]) + 4 <= sheet->r.w)
		draw_table(s, sheet, &p);
	else
		put_below(s, sheet, &p);
	ck_sheet_gap(sheet);
}

/* ---- the form ---- */

static enum ck_tone
form_tone(const char *state)
{
	return strcmp(state, "printed") == 0	? CK_TONE_GOOD
	       : strcmp(state, "printing") == 0 ? CK_TONE_NOW
						: CK_TONE_CAREFUL;
}

/* what stopped it, as the last line on paper that knows says */
static const char *
form_trouble(const struct shown *s)
{
	static const char *const said[] = { "paper-trouble", "paper-failed", "paper-waits" };
	const json_t *line = NULL;

	for (size_t i = 0; line == NULL && i < sizeof said / sizeof *said; i++)
		line = ck_ending_did(s->e, said[i]);
	return ck_phrase_title(s->ctx->lang, text_of(json_object_get(line, "facts"), "code"));
}

/* where it is, and how it is had if it is not here: ended.form-STATE, of each face */
static void
form_text(const struct shown *s, const char *state, char out[CK_SENTENCE_MAX])
{
	const char *title = strcmp(state, "printed") != 0 ? form_trouble(s) : NULL, *said = NULL;
	json_t *facts = json_pack("{s:s*}", "title", title);
	/* of a unit's keys it is a list */
	const json_t *form = json_object_get(s->facts, "form");
	bool list = strcmp(text_of(form, "form"), "renewal-list") == 0;
	/* an application has no next time: it is brought */
	bool applied = ck_ending_application(s->e);
	bool kept = s->e->kind == CK_ENDING_KEPT && !applied;
	char name[64];

	snprintf(name, sizeof name, "application-%.32s", state);
	if (applied)
		said = ck_word(s->ctx->lang, "ended", name);
	snprintf(name, sizeof name, "form-%.32s-%s", state, kept ? "kept" : "self");
	if (said == NULL && (!s->ctx->clerk || kept))
		said = ck_word(s->ctx->lang, "ended", name);
	snprintf(name, sizeof name, "%s-%.32s", list ? "list" : "form", state);
	if (said == NULL)
		said = ck_say(s->ctx, "ended", name);
	ck_fill(out, CK_SENTENCE_MAX, said, facts);
	json_decref(facts);
}

static void
put_form(const struct shown *s, struct ck_sheet *sheet)
{
	const char *state = ck_ending_form(s->e);
	char text[CK_SENTENCE_MAX];

	put_did(s, sheet, "form-none");
	if (*state == '\0')
		return;
	form_text(s, state, text);
	ck_sheet_toned(sheet, form_tone(state), text);
}

static void
fill_paper(const struct shown *s, struct ck_sheet *sheet)
{
	const char *label = ck_say(s->ctx, "block", "record");

	put_form(s, sheet);
	ck_sheet_gap(sheet);
	ck_sheet_beside(
	    sheet, ck_shown_columns(label) + LABEL_GAP, label, text_of(s->e->end, "record"));
	ck_sheet_gap(sheet);
}

/* ---- the parts of each end ---- */

static void
fill_done(const struct shown *s, struct ck_sheet *sheet)
{
	static const char *const said[] = { "confirmed", "refund", "seal-written",
		"seal-not-written", "pin-changed", "pin-settled", "pin-unchanged", "retired",
		"kept", "others-kept", "put-aside", "names-kept", "own-pin-changed",
		"doctor-installed", "doctor-swept", "doctor-dropped", "doctor-well",
		"finished-elsewhere" };
	const struct ck_ending *e = s->e;
	bool pin =
	    ck_ending_did(e, "pin-changed") != NULL || ck_ending_did(e, "pin-settled") != NULL;

	put_title(s, sheet, CK_TONE_GOOD, end_word(s));
	put_certificates(s, sheet);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		put_did(s, sheet, said[i]);
	if (ck_ending_visit(e) && !pin && ck_ending_did(e, "pin-unchanged") == NULL)
		ck_sheet_toned(sheet, CK_TONE_GOOD, ck_say(s->ctx, "ended", "pin-stays"));
	if (pin && ck_sheet_has_room(sheet, CK_TIGHT_SPARE))
		ck_sheet_toned(sheet, CK_TONE_NOW, ck_say(s->ctx, "ended", "envelope"));
	put_form(s, sheet);
	ck_sheet_gap(sheet);
}

/* The slip in a box of its own: it is copied, read out, or shown to a scanner. */
static void
put_slip(const struct shown *s, struct ck_sheet *sheet)
{
	const char *slip = ck_ending_fact(s->e, "slip");
	int n = ck_wrapped_lines(slip, sheet->r.w - 4), wide = ck_shown_columns(slip);
	struct ck_rect r;

	if (*slip == '\0')
		return;
	ck_sheet_put(sheet, CK_S_PLAIN, ck_say(s->ctx, "ended", "slip"));
	r = ck_sheet_lines(sheet, n + 2);
	if (sheet->measure || r.h < n + 2)
		return;
	r.w = wide + 4 < r.w ? wide + 4 : r.w;
	ck_box(sheet->c, r);
	ck_put_wrapped(sheet->c, (struct ck_rect){ r.x + 2, r.y + 1, r.w - 4, n }, CK_S_HEAD, slip);
}

static void
put_filled(const struct shown *s, struct ck_sheet *sheet, enum ck_style style, const char *word)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(s->ctx, "ended", word), s->facts);
	ck_sheet_put(sheet, style, text);
}

/* what became of the slip on paper */
static void
put_slip_paper(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *err = json_object_get(s->e->end, "error");
	const char *title = ck_phrase_title(s->ctx->lang, text_of(err, "name"));
	char text[CK_SENTENCE_MAX];
	json_t *facts;

	put_did(s, sheet, "slip-printed");
	put_did(s, sheet, "slip-sent");
	if (strcmp(s->e->verb, "print") != 0 || err == NULL)
		return;
	facts = json_pack("{s:s*}", "title", title);
	ck_fill(text, sizeof text, ck_say(s->ctx, "ended", "slip-not-printed"), facts);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	json_decref(facts);
}

static void
fill_kept(const struct shown *s, struct ck_sheet *sheet)
{
	/* what the desk wants first, and what is to be done for that */
	const char *waits = ck_word(s->ctx->lang, "parked", ck_ending_fact(s->e, "waits"));

	put_title(s, sheet, CK_TONE_NOW, ck_say(s->ctx, "end", "parked"));
	if (waits != NULL)
		ck_sheet_toned(sheet, CK_TONE_CAREFUL, waits);
	put_form(s, sheet);
	put_did(s, sheet, "refund");
	put_slip_paper(s, sheet);
	put_did(s, sheet, "waiting");
	put_did(s, sheet, "declined");
	ck_sheet_gap(sheet);
	put_slip(s, sheet);
	ck_sheet_gap(sheet);
	put_filled(s, sheet, CK_S_PLAIN, "later");
	if (ck_sheet_has_room(sheet, CK_TIGHT_BARE))
		put_filled(s, sheet, CK_S_PLAIN, s->ctx->clerk ? "give-slip" : "note-slip");
	ck_sheet_gap(sheet);
}

static void
put_left(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *left = json_object_get(s->facts, "left");
	char text[2 * CK_SENTENCE_MAX], list[CK_SENTENCE_MAX];

	ck_phrase_left(s->ctx->lang, left, list);
	if (*list == '\0')
		return;
	snprintf(text, sizeof text, "%s%s%s", ck_say(s->ctx, "block", "left"),
	    ck_say(s->ctx, "ended", "colon"), list);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
}

static void
fill_given_back(const struct shown *s, struct ck_sheet *sheet)
{
	static const char *const said[] = { "released-elsewhere", "turned-down", "swept",
		"released", "refund", "order-paid", "order-refund", "order-refunded", "pin-settled",
		"retired", "kept" };

	put_title(s, sheet, CK_TONE_GOOD, end_word(s));
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		put_did(s, sheet, said[i]);
	put_left(s, sheet);
	ck_sheet_gap(sheet);
}

static int
block_columns(const struct shown *s)
{
	static const char *const labels[] = { "what", "safe", "todo", "who", "detail", "record",
		"slip", "left" };
	int widest = 0, n;

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if ((n = ck_shown_columns(ck_say(s->ctx, "block", labels[i]))) > widest)
			widest = n;
	return widest + LABEL_GAP;
}

static void
put_block(const struct shown *s, struct ck_sheet *sheet, const char *label, const char *text)
{
	ck_sheet_beside(sheet, block_columns(s), ck_say(s->ctx, "block", label), text);
}

/* It has a number from the start; what the CA says of it, once it has it. */
static void
put_application(const struct shown *s, struct ck_sheet *sheet)
{
	const char *state = ck_ending_fact(s->e, "state"), *text;

	text = ck_word(s->ctx->lang, "service-state", state);
	json_object_set_new(s->facts, "state_text", json_string(text != NULL ? text : state));
	text = ck_phrase_title(s->ctx->lang, text_of(json_object_get(s->e->end, "error"), "name"));
	if (text != NULL)
		json_object_set_new(s->facts, "why", json_string(text));
	put_filled(s, sheet, CK_S_HEAD, "application-number");
	if (*state != '\0')
		put_filled(s, sheet, CK_S_PLAIN, "application-state");
}

/* An application that was handed in, whose form is brought, or that waits for better times. */
static void
fill_applied(const struct shown *s, struct ck_sheet *sheet)
{
	bool kept = s->e->kind == CK_ENDING_KEPT;
	bool sent = *ck_ending_fact(s->e, "application") != '\0';
	const char *note = ck_called(s->ctx->lang, json_object_get(s->facts, "note"));

	put_title(s, sheet, kept ? CK_TONE_NOW : CK_TONE_GOOD,
	    ck_say(s->ctx, "ended",
		kept   ? "service-kept"
		: sent ? "service-sent"
		       : "service-brought"));
	put_application(s, sheet);
	if (kept)
		put_filled(s, sheet, CK_S_PLAIN, "service-tended");
	ck_sheet_gap(sheet);
	put_form(s, sheet);
	ck_service_put_bring(sheet, s->ctx, s->facts);
	if (*note != '\0')
		ck_sheet_toned(sheet, CK_TONE_CAREFUL, note);
	put_filled(s, sheet, CK_S_DIM, "service-hotline");
	ck_sheet_gap(sheet);
}

/* What a person wants to know in this order: what happened, is the key safe, what now, who. */
static void
fill_failed(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *err = json_object_get(s->e->end, "error");
	const char *slip = ck_ending_fact(s->e, "slip");
	char title[CK_SENTENCE_MAX + 32];
	struct ck_told told;

	if (err == NULL) {
		put_title(s, sheet, CK_TONE_BAD, end_word(s));
		return;
	}
	ck_tell_here(
	    s->ctx, s->ctx->clerk || strncmp(s->e->verb, "sign-", 5) == 0, err, s->facts, &told);
	snprintf(title, sizeof title, "%s   CK-%d", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	ck_sheet_toned(sheet, CK_TONE_BAD, title);
	ck_sheet_gap(sheet);
	put_block(s, sheet, "what", told.what);
	/* there is none where a form is printed */
	if (strcmp(s->e->verb, "print") != 0)
		put_block(s, sheet, "safe", told.safe);
	put_block(s, sheet, "todo", told.todo);
	put_block(s, sheet, "who", told.who);
	if (ck_sheet_has_room(sheet, CK_TIGHT_BARE))
		put_block(s, sheet, "detail", told.detail);
	/* of what was turned down it may be brought all the same */
	if (ck_ending_application(s->e))
		put_form(s, sheet);
	put_left(s, sheet);
	put_block(s, sheet, *slip != '\0' ? "slip" : "record",
	    *slip != '\0' ? slip : text_of(s->e->end, "record"));
	ck_sheet_gap(sheet);
}

/* how it came that it is told only now */
static void
put_unseen(const struct shown *s, struct ck_sheet *sheet)
{
	char text[CK_SENTENCE_MAX];

	if (*ck_ending_fact(s->e, "unseen") == '\0')
		return;
	ck_fill(text, sizeof text, ck_say(s->ctx, "ended", "unseen"), s->facts);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	ck_sheet_gap(sheet);
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;

	put_unseen(s, sheet);
	switch (s->e->kind) {
	case CK_ENDING_DONE:
		(ck_ending_application(s->e) ? fill_applied : fill_done)(s, sheet);
		break;
	case CK_ENDING_KEPT:
		(ck_ending_application(s->e) ? fill_applied : fill_kept)(s, sheet);
		break;
	case CK_ENDING_GIVEN_BACK:
		fill_given_back(s, sheet);
		break;
	case CK_ENDING_PAPER:
		fill_paper(s, sheet);
		break;
	case CK_ENDING_LEFT:
		put_title(s, sheet, CK_TONE_NOW, ck_say(s->ctx, "ended", "left"));
		put_filled(s, sheet, CK_S_PLAIN, "left-say");
		ck_sheet_gap(sheet);
		break;
	case CK_ENDING_FAILED:
		fill_failed(s, sheet);
		break;
	}
	ck_pick_put(sheet, ck_ending_list(s->e, s->ctx));
}

/* ---- the code for a phone ---- */

/* By itself, and the number below it; where it has no room the number has to do. */
static void
fill_alone(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const char *slip = ck_ending_fact(s->e, "slip");
	const char *text = *slip != '\0' ? slip : text_of(s->e->end, "record");
	int w, h;

	ck_qr_size(s->e->qr, s->ctx->ascii, &w, &h);
	if (w <= sheet->r.w && h + 1 + ck_wrapped_lines(text, sheet->r.w) <= s->rows) {
		struct ck_rect r = ck_sheet_lines(sheet, h);

		if (!sheet->measure)
			ck_qr_draw(sheet->c, ck_middle(r, w, h), s->e->qr, s->ctx->ascii);
	} else {
		ck_sheet_centre(sheet, CK_S_DIM, ck_say(s->ctx, "ended", "no-qr"));
	}
	ck_sheet_gap(sheet);
	ck_sheet_centre(sheet, CK_S_HEAD, text);
}

/* The code stands to the right where that leaves enough for what is said. */
static struct ck_rect
draw_beside(const struct shown *s, struct ck_canvas *c, struct ck_rect r)
{
	int w = 0, h = 0;

	if (s->e->qr == NULL)
		return r;
	ck_qr_size(s->e->qr, s->ctx->ascii, &w, &h);
	if (r.w - w - QR_GAP < BESIDE_LEAST + 8 || h > r.h)
		return r;
	r.w -= w + QR_GAP;
	ck_qr_draw(c, (struct ck_rect){ r.x + r.w + QR_GAP, r.y, w, h }, s->e->qr, s->ctx->ascii);
	return r;
}

static json_t *
facts_of(const struct shown *s)
{
	json_t *facts = json_deep_copy(json_object_get(s->e->end, "facts"));

	if (facts == NULL)
		facts = json_object();
	json_object_set_new(facts, "title_text",
	    json_string(ck_called(s->ctx->lang, json_object_get(facts, "title"))));
	/* it is not as it was while something is left on it */
	if (json_array_size(json_object_get(facts, "left")) > 0)
		json_object_del(facts, "restored");
	if (json_object_get(facts, "record") == NULL)
		json_object_set_new(facts, "record", json_string(text_of(s->e->end, "record")));
	if (*text_of(facts, "hotline") == '\0' && s->ctx->hotline[0] != '\0')
		json_object_set_new(facts, "hotline", json_string(s->ctx->hotline));
	return facts;
}

void
ck_ending_draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .e = self, .ctx = ctx };
	int bar = 0;

	s.facts = facts_of(&s);
	if (s.e->course != NULL && ck_ending_visit(s.e) && !s.e->qr_alone)
		bar = ck_course_bar(s.e->course, c, r, ctx);
	r.y += bar > 0 ? bar : 1;
	r.h -= bar > 0 ? bar : 1;
	s.rows = r.h;
	if (s.e->qr_alone)
		ck_sheet_draw_middle(c, r, fill_alone, &s);
	else
		ck_sheet_draw(c, draw_beside(&s, c, r), fill, &s);
	json_decref(s.facts);
}
