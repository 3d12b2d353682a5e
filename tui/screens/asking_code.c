/*
 * A code for a phone: to pay, or to prove who one is. It stands to the right, as large as it is;
 * what it is for, and what else may be done, beside it. Where it has no room its text has to do.
 */
#include <stdio.h>
#include <string.h>

#include "asking_inside.h"
#include "kit/text.h"
#include "words/order.h"

#define GAP 2
/* what is beside a code has at least that many columns */
#define BESIDE_LEAST 28
#define LABEL_GAP 2
/* border and blank on both sides of the amount */
#define AMOUNT_EDGE 6
#define AMOUNT_LINES 3

struct shown {
	struct ck_asking *a;
	const struct ck_ctx *ctx;
	json_t *facts;
	bool beside; /* the code stands there, and has not to be said */
};

static const char *
fact(const json_t *facts, const char *name)
{
	const char *s = json_string_value(json_object_get(facts, name));

	return s != NULL ? s : "";
}

void
ck_ask_code_open(struct ck_asking *a)
{
	const char *code = fact(json_object_get(a->question, "facts"), "code");

	if (*code != '\0')
		a->qr = ck_qr_new(code);
}

/* ---- what is seen ---- */

static bool
pays(const struct shown *s)
{
	return strcmp(s->a->ask, CK_ASK_PAYMENT) == 0;
}

static void
put_head(const struct shown *s, struct ck_sheet *sheet)
{
	/* as long as there is a code nobody knows whether it is just being paid */
	bool pending =
	    strcmp(fact(s->facts, "state"), "pending") == 0 && *fact(s->facts, "code") == '\0';

	ck_ask_put_said(sheet, CK_S_HEAD,
	    ck_say(s->ctx, "head", pays(s) && pending ? "payment-pending" : s->a->ask), s->facts);
	ck_sheet_gap(sheet);
}

/* in a box of its own: it is compared with what the phone says */
static void
put_amount(const struct shown *s, struct ck_sheet *sheet)
{
	const char *amount = fact(s->facts, "amount_text");
	struct ck_rect r;

	if (*amount == '\0')
		return;
	r = ck_sheet_lines(sheet, AMOUNT_LINES);
	if (sheet->measure || r.h < AMOUNT_LINES)
		return;
	r = ck_middle(r, ck_shown_columns(amount) + AMOUNT_EDGE, AMOUNT_LINES);
	ck_box(sheet->c, r);
	ck_put_centre(sheet->c, r.x + 1, r.y + 1, r.w - 2, CK_S_HEAD, amount);
}

/* where the money goes */
static void
put_account(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *account = json_object_get(s->facts, "account"), *line;
	char label[CK_SENTENCE_MAX];
	int columns = 0, n;
	size_t i;

	json_array_foreach(account, i, line)
	{
		n = ck_shown_columns(fact(line, "label")) + LABEL_GAP;
		columns = n > columns ? n : columns;
	}
	columns = columns > sheet->r.w / 2 ? sheet->r.w / 2 : columns;
	json_array_foreach(account, i, line)
	{
		snprintf(label, sizeof label, "%s", fact(line, "label"));
		if (ck_shown_columns(label) + LABEL_GAP <= columns) {
			ck_sheet_beside(sheet, columns, label, fact(line, "value"));
		} else {
			ck_sheet_put(sheet, CK_S_DIM, label);
			ck_sheet_beside(sheet, columns, "", fact(line, "value"));
		}
	}
	ck_sheet_gap(sheet);
}

/* with which app, or where */
static void
put_how(const struct shown *s, struct ck_sheet *sheet)
{
	const char *how = pays(s) ? ck_word(s->ctx->lang, "pay-how", fact(s->facts, "method"))
				  : ck_say(s->ctx, "code", "identity");

	ck_sheet_put(sheet, CK_S_PLAIN, how != NULL ? how : ck_say(s->ctx, "pay-how", "other"));
}

static void
put_until(const struct shown *s, struct ck_sheet *sheet)
{
	char text[CK_SENTENCE_MAX];

	if (json_object_get(s->facts, "until_at") == NULL)
		return;
	ck_fill(text, sizeof text, ck_say(s->ctx, "code", "until"), s->facts);
	ck_sheet_put(sheet, CK_S_HEAD, text);
}

/* to be copied into the phone, where it cannot be scanned */
static void
put_link(const struct shown *s, struct ck_sheet *sheet)
{
	const char *code = fact(s->facts, "code");

	if (*code == '\0' || s->beside)
		return;
	ck_sheet_put(sheet, CK_S_DIM, ck_say(s->ctx, "code", "link"));
	ck_sheet_put(sheet, CK_S_HEAD, code);
	ck_sheet_gap(sheet);
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;

	ck_ask_put_trouble(s->a, s->ctx, sheet);
	put_head(s, sheet);
	put_amount(s, sheet);
	put_how(s, sheet);
	put_account(s, sheet);
	put_until(s, sheet);
	put_link(s, sheet);
	ck_sheet_gap(sheet);
	ck_sheet_put(
	    sheet, CK_S_DIM, ck_say(s->ctx, "code", pays(s) ? "wait-payment" : "wait-identity"));
	ck_sheet_gap(sheet);
	if (s->a->n > 0)
		ck_pick_put(sheet, ck_ask_field_list(&s->a->fields[0], s->ctx));
	else
		ck_pick_put(sheet, ck_asking_ways(s->a, s->ctx));
}

/* The code takes the right edge, from the middle; what is left of the room is returned. */
static struct ck_rect
draw_code(const struct shown *s, struct ck_canvas *c, struct ck_rect r)
{
	int w, h;

	ck_qr_size(s->a->qr, s->ctx->ascii, &w, &h);
	ck_qr_draw(c, (struct ck_rect){ r.x + r.w - w, r.y + (r.h - h) / 2, w, h }, s->a->qr,
	    s->ctx->ascii);
	r.w -= w + GAP;
	return r;
}

static bool
fits(const struct shown *s, int w, int h)
{
	return s->a->qr != NULL && ck_qr_fit(s->a->qr, w - GAP - BESIDE_LEAST, h, s->ctx->ascii);
}

void
ck_ask_code_draw(
    struct ck_asking *a, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .a = a, .ctx = ctx, .facts = ck_ask_facts(a, ctx) };
	int bar = a->course != NULL ? CK_COURSE_BAR_LINES : 0;

	/* where one is may be left out, the code may not */
	if (bar > 0 && (fits(&s, r.w, r.h - bar) || !fits(&s, r.w, r.h))) {
		bar = ck_course_bar(a->course, c, r, ctx);
		r.y += bar;
		r.h -= bar;
	}
	s.beside = fits(&s, r.w, r.h);
	if (s.beside) {
		r = draw_code(&s, c, r);
		/* the sheet's own margins are not to be had here */
		r.x -= CK_SHEET_MARGIN - 1;
		r.w += 2 * CK_SHEET_MARGIN - 1;
	}
	ck_sheet_draw_middle(c, r, fill, &s);
	json_decref(s.facts);
}
