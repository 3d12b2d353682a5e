/*
 * A page of what the desk wants to know of a person: labels and fields, one below the other, typed
 * in the clear. Enter leads on, and hands it in on the last one; so does what stands below them.
 */
#include <stdio.h>
#include <string.h>

#include "asking_inside.h"
#include "kit/text.h"
#include "words/order.h"

/* "! " before what is wrong, "> " before what is typed now */
#define MARK 2
#define LABEL_GAP 2
#define EDGE 2 /* border, and the blank inside of it */

bool
ck_ask_form_here(const struct ck_asking *a)
{
	return a->layout->part == CK_ASK_PART_FORM && a->n > 0 && a->page == CK_ASK_PAGE_QUESTION &&
	       ck_ask_field_typed(&a->fields[a->at]);
}

void
ck_ask_form_open(struct ck_asking *a)
{
	int wrong = ck_order_wrong(a->question);

	if (wrong != -1)
		a->at = wrong;
}

/* ---- what is seen ---- */

struct shown {
	struct ck_asking *a;
	const struct ck_ctx *ctx;
	json_t *facts;
	int from, to; /* the fields of the page */
	int wrong;    /* -1: none */
};

static const char *
label_of(const struct shown *s, int i)
{
	return ck_order_field(s->ctx->lang, s->a->question, s->a->fields[i].name);
}

static void
put_trouble(const struct shown *s, struct ck_sheet *sheet)
{
	char text[CK_SENTENCE_MAX];

	if (s->wrong == -1) {
		ck_ask_put_trouble(s->a, s->ctx, sheet);
		return;
	}
	/* a name that is not the owner's is more than one that cannot be right */
	if (json_integer_value(json_object_get(json_object_get(s->a->question, "error"), "code")) !=
	    CK_E_FIELD_WRONG) {
		ck_ask_put_trouble(s->a, s->ctx, sheet);
		return;
	}
	ck_order_wrong_text(s->ctx->lang, s->a->question, s->ctx->clerk, text, sizeof text);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	ck_sheet_gap(sheet);
}

static void
put_field(const struct shown *s, struct ck_canvas *c, struct ck_rect r, int labels, int i)
{
	struct ck_ask_field *f = &s->a->fields[i];
	bool focus = i == s->a->at && !s->a->sending;

	if (focus)
		ck_put(c, r.x, r.y, 1, CK_S_NOW, ">");
	else if (i == s->wrong)
		ck_put(c, r.x, r.y, 1, CK_S_CAREFUL, "!");
	ck_put(c, r.x + MARK, r.y, labels, focus ? CK_S_HEAD : CK_S_PLAIN, label_of(s, i));
	r.x += MARK + labels;
	r.w -= MARK + labels;
	ck_ask_field_draw(c, r, f, focus, CK_KEY_FOCUS + i);
}

static void
put_fields(const struct shown *s, struct ck_sheet *sheet)
{
	int labels = 0, n;
	struct ck_rect r = ck_sheet_lines(sheet, s->to - s->from + 2), row;

	if (sheet->measure)
		return;
	for (int i = s->from; i < s->to; i++)
		if ((n = ck_shown_columns(label_of(s, i)) + LABEL_GAP) > labels)
			labels = n;
	ck_box(sheet->c, r);
	row = (struct ck_rect){ r.x + EDGE, r.y + 1, r.w - 2 * EDGE, 1 };
	for (int i = s->from; i < s->to && row.y < r.y + r.h - 1; i++, row.y++)
		put_field(s, sheet->c, row, labels, i);
	ck_sheet_gap(sheet);
}

/* what this field has to be, or what is wrong with what stands in it */
static void
put_rule(const struct shown *s, struct ck_sheet *sheet)
{
	const struct ck_ask_field *f = &s->a->fields[s->a->at];
	const char *rule = ck_order_rule(s->ctx->lang, s->a->question, f->name);
	bool spare = s->a->layout->spares && f->spare;
	json_t *facts = json_pack("{s:s*}", "rule", rule);

	if (!s->a->sending && !ck_ask_put_refusal(s->a, s->ctx, sheet))
		ck_ask_put_said(sheet, CK_S_DIM,
		    spare ? ck_say(s->ctx, "form-page", "spare") : "[{rule}]", facts);
	else if (s->a->sending)
		(void)ck_sheet_lines(sheet, 1);
	ck_sheet_gap(sheet);
	json_decref(facts);
}

static void
put_button(const struct shown *s, struct ck_sheet *sheet)
{
	const char *text = ck_say(s->ctx, "form-page", "send");
	const struct ck_button send = { CK_KEY_FOCUS + s->a->n, "Enter", text };
	const struct ck_buttons b = { &send, 1, s->a->sending ? 0 : -1 };
	int columns = ck_shown_columns(send.name) + ck_shown_columns(text) + 4;
	struct ck_rect r = ck_sheet_lines(sheet, 1);

	if (!sheet->measure)
		ck_buttons_draw(sheet->c, ck_middle(r, columns, 1), &b);
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;

	put_trouble(s, sheet);
	ck_ask_put_said(sheet, CK_S_HEAD, ck_say(s->ctx, "head", s->a->ask), s->facts);
	ck_sheet_gap(sheet);
	put_fields(s, sheet);
	put_rule(s, sheet);
	put_button(s, sheet);
}

void
ck_ask_form_draw(
    struct ck_asking *a, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .a = a,
		.ctx = ctx,
		.facts = ck_ask_facts(a, ctx),
		.wrong = ck_order_wrong(a->question) };

	ck_asking_together(a, &s.from, &s.to);
	ck_sheet_draw_middle(c, r, fill, &s);
	json_decref(s.facts);
}
