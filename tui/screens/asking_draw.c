#include <stdio.h>
#include <string.h>

#include "prose.h"
#include "asking_inside.h"
#include "base/clock.h"
#include "kit/text.h"
#include "words/order.h"
#include "words/phrase.h"
#include "words/say.h"

/* a question is a narrow column in the middle: it is read at once */
#define COLUMNS 72
/* inside of the box one types into: a PIN, and what has a label beside it or is longer */
#define SECRET_COLUMNS 28
#define TEXT_COLUMNS 40
/* border and blank on both sides of it */
#define BOX_EDGE 4
/* "2026-11-20T" before the clock */
#define DAY_COLUMNS 11
#define LABEL_GAP 2

struct shown {
	struct ck_asking *a;
	const struct ck_ctx *ctx;
	json_t *facts; /* of the question, with its code words in the reader's language */
};

/* ---- words ---- */

/* GROUP.QUESTION-self at the customer's face where there is such a word, else GROUP.QUESTION */
static const char *
of_face(const struct shown *s, const char *group, const char *name)
{
	const char *word = NULL;
	char self[64];

	snprintf(self, sizeof self, "%.50s-self", name);
	if (!s->ctx->clerk)
		word = ck_word(s->ctx->lang, group, self);
	return word != NULL ? word : ck_word(s->ctx->lang, group, name);
}

void
ck_ask_put_said(
    struct ck_sheet *sheet, enum ck_style style, const char *sentence, const json_t *facts)
{
	char text[CK_SENTENCE_MAX];

	if (sentence == NULL)
		return;
	ck_fill(text, sizeof text, sentence, facts);
	ck_sheet_centre(sheet, style, text);
}

static void
put_said(const struct shown *s, struct ck_sheet *sheet, enum ck_style style, const char *sentence)
{
	ck_ask_put_said(sheet, style, sentence, s->facts);
}

/* ---- what went wrong with the last answer, or with the engine ---- */

void
ck_ask_put_restart(const struct ck_asking *a, const struct ck_ctx *ctx, struct ck_sheet *sheet)
{
	char text[CK_SENTENCE_MAX];

	if (a->course == NULL || a->course->restart == NULL)
		return;
	ck_phrase_restart(
	    ctx->lang, ck_say(ctx, "end", "restarted"), a->course->restart, text, sizeof text);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	ck_sheet_gap(sheet);
}

/* What was told just before this is asked, and may be why somebody would rather not go on. */
static void
put_foreseen(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *did = s->a->course != NULL ? s->a->course->did : NULL, *last;
	char text[CK_SENTENCE_MAX];

	if (json_array_size(did) == 0)
		return;
	last = json_array_get(did, json_array_size(did) - 1);
	if (strcmp(text_of(last, "say"), "form-by-hand") != 0)
		return;
	ck_phrase_did(s->ctx->lang, last, text, sizeof text);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	ck_sheet_gap(sheet);
}

/* again.ERROR-QUESTION, again.ERROR: what is said of it here, where what is said at an end would
 * be beside the point */
static const char *
said_here(const struct shown *s, const json_t *err)
{
	const char *error = json_string_value(json_object_get(err, "name")), *word;
	char name[96];

	if (error == NULL)
		return NULL;
	snprintf(name, sizeof name, "%.40s-%.40s", error, s->a->ask);
	word = ck_word(s->ctx->lang, "again", name);
	return word != NULL ? word : ck_word(s->ctx->lang, "again", error);
}

/* A customer's key that is there first when a clerk signs in is nothing that went wrong. */
static bool
worries(const json_t *err)
{
	return json_integer_value(json_object_get(err, "code")) != CK_E_CLERK_KEY_FOREIGN;
}

static void
put_trouble(const struct shown *s, struct ck_sheet *sheet)
{
	bool why = s->a->layout->why;
	const json_t *err = json_object_get(s->a->question, "error");
	const char *here = said_here(s, err);
	char text[CK_SENTENCE_MAX + 32];
	struct ck_told told;
	json_t *named;

	if (err == NULL) {
		ck_ask_put_restart(s->a, s->ctx, sheet);
		put_foreseen(s, sheet);
		return;
	}
	if (here != NULL) {
		ck_sheet_toned(sheet, worries(err) ? CK_TONE_CAREFUL : CK_TONE_NOW, here);
		ck_sheet_gap(sheet);
		return;
	}
	named = ck_order_error(s->ctx->lang, s->a->question);
	ck_tell_here(s->ctx, s->ctx->clerk || strncmp(s->a->ask, "clerk-", 6) == 0, named,
	    json_object_get(s->a->question, "facts"), &told);
	json_decref(named);
	snprintf(text, sizeof text, "%s   CK-%d", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
	if (why || ck_sheet_has_room(sheet, CK_TIGHT_SPARE))
		ck_sheet_toned(sheet, CK_TONE_PLAIN, told.what);
	if (!why || ck_sheet_has_room(sheet, CK_TIGHT_BARE))
		ck_sheet_toned(sheet, CK_TONE_PLAIN, told.todo);
	ck_sheet_gap(sheet);
}

void
ck_ask_put_trouble(const struct ck_asking *a, const struct ck_ctx *ctx, struct ck_sheet *sheet)
{
	/* who only looks on */
	struct shown s = { .a = (struct ck_asking *)(uintptr_t)a, .ctx = ctx };

	put_trouble(&s, sheet);
}

/* ---- what is asked ---- */

/* is it typed what was chosen before? */
static bool
behind_choice(const struct shown *s)
{
	int from, to;

	ck_asking_together(s->a, &from, &to);
	return from > 0;
}

/* what was handed in came back: another thing to be done than to wait */
static bool
rejected(const struct shown *s)
{
	return json_integer_value(json_object_get(
		   json_object_get(s->a->question, "error"), "code")) == CK_E_REVIEW_REJECTED;
}

static void
put_head(const struct shown *s, struct ck_sheet *sheet)
{
	const char *head = of_face(s, "head", s->a->ask), *typed = NULL;
	char name[64];

	snprintf(name, sizeof name, "%.50s-%s", s->a->ask, behind_choice(s) ? "typed" : "rejected");
	if (behind_choice(s) || rejected(s))
		typed = ck_word(s->ctx->lang, "head", name);
	if (typed != NULL)
		head = typed;
	put_said(s, sheet, CK_S_HEAD, head != NULL ? head : ck_say(s->ctx, "head", "other"));
	ck_sheet_gap(sheet);
}

/* what for, where that is not what one would think */
static void
put_purpose(const struct shown *s, struct ck_sheet *sheet)
{
	const char *purpose = json_string_value(json_object_get(s->facts, "for"));

	if (purpose == NULL)
		return;
	put_said(s, sheet, CK_S_PLAIN, ck_word(s->ctx->lang, "for", purpose));
	ck_sheet_gap(sheet);
}

/* of those that are known */
static int
widest_label(const struct shown *s, const char *const *facts)
{
	int widest = 0, n;

	for (int i = 0; i < CK_ASK_FACTS_MAX && facts[i] != NULL; i++) {
		n = ck_shown_columns(ck_say(s->ctx, "fact", facts[i]));
		if (json_string_length(json_object_get(s->facts, facts[i])) > 0 && n > widest)
			widest = n;
	}
	return widest + LABEL_GAP;
}

static void
put_facts(const struct shown *s, struct ck_sheet *sheet)
{
	const char *const *facts = s->a->layout->facts;
	int columns = widest_label(s, facts);
	char sentence[64], text[CK_SENTENCE_MAX];

	for (int i = 0; i < CK_ASK_FACTS_MAX && facts[i] != NULL; i++) {
		snprintf(sentence, sizeof sentence, "[{%s}]", facts[i]);
		ck_fill(text, sizeof text, sentence, s->facts);
		ck_sheet_beside(sheet, columns, ck_say(s->ctx, "fact", facts[i]), text);
	}
	ck_sheet_gap(sheet);
}

static void
put_text(const struct shown *s, struct ck_sheet *sheet)
{
	const char *own = of_face(s, "say", s->a->ask);
	char text[CK_SENTENCE_MAX];

	if (rejected(s))
		own = ck_say(s->ctx, "say", "review-rejected");
	if (own != NULL)
		ck_fill(text, sizeof text, own, s->facts);
	else
		ck_phrase_question(s->ctx->lang, s->a->question, text, sizeof text);
	ck_sheet_centre(sheet, CK_S_PLAIN, text);
	ck_sheet_gap(sheet);
}

/* ---- fields ---- */

static const char *
label_of(const struct shown *s, const struct ck_ask_field *f)
{
	return ck_order_field(s->ctx->lang, s->a->question, f->name);
}

static int
label_columns(const struct shown *s, int from, int to)
{
	int widest = 0, n;

	/* what the heading asks for needs no label */
	for (int i = from; i < to && to - from > 1; i++)
		if ((n = ck_shown_columns(label_of(s, &s->a->fields[i])) + LABEL_GAP) > widest)
			widest = n;
	return widest;
}

static int
box_columns(const struct shown *s, int from, int to)
{
	int columns = SECRET_COLUMNS;

	for (int i = from; i < to; i++)
		if (s->a->fields[i].kind == CK_FIELD_TEXT && to - from == 1)
			columns = TEXT_COLUMNS;
	return columns;
}

/* Fields one below the other in one box, a line between them. */
static void
put_box(const struct shown *s, struct ck_sheet *sheet, int from, int to)
{
	int labels = label_columns(s, from, to), columns = box_columns(s, from, to);
	struct ck_rect r = ck_sheet_lines(sheet, 2 * (to - from) + 1), in;

	if (sheet->measure || r.h < 2)
		return;
	r = ck_middle(r, labels + columns + BOX_EDGE, r.h);
	ck_box(sheet->c, r);
	in = (struct ck_rect){ r.x + BOX_EDGE / 2, r.y + 1, r.w - BOX_EDGE, 1 };
	for (int i = from; i < to && in.y < r.y + r.h - 1; i++, in.y += 2) {
		if (i > from)
			ck_rule(sheet->c, r.x, in.y - 1, r.w);
		if (labels > 0)
			ck_put(sheet->c, in.x, in.y, labels, CK_S_PLAIN,
			    label_of(s, &s->a->fields[i]));
		ck_ask_field_draw(sheet->c,
		    (struct ck_rect){ in.x + labels, in.y, in.w - labels, 1 }, &s->a->fields[i],
		    i == s->a->at, CK_KEY_FOCUS + i);
	}
}

/* what was chosen before, while something is typed */
static void
put_chosen(const struct shown *s, struct ck_sheet *sheet, int from)
{
	struct ck_list *list;

	if (from == 0)
		return;
	list = ck_ask_field_list(&s->a->fields[from - 1], s->ctx);
	ck_sheet_centre(sheet, CK_S_HEAD, list->rows[list->at].text);
	ck_sheet_gap(sheet);
}

static const char *
refusal_of(const struct ck_ctx *ctx, const struct ck_ask_field *f, json_t *facts)
{
	if (f->trouble == NULL)
		return NULL;
	json_object_set_new(facts, "min", json_integer(f->min));
	json_object_set_new(facts, "max", json_integer(f->max));
	return ck_word(ctx->lang, "refused", f->trouble);
}

bool
ck_ask_put_refusal(const struct ck_asking *a, const struct ck_ctx *ctx, struct ck_sheet *sheet)
{
	json_t *facts = json_object();
	const char *word = refusal_of(ctx, &a->fields[a->at], facts);
	char text[CK_SENTENCE_MAX] = "! ";

	if (word != NULL) {
		ck_fill(text + 2, sizeof text - 2, word, facts);
		ck_sheet_centre(sheet, CK_S_CAREFUL, text);
	}
	json_decref(facts);
	return word != NULL;
}

/* every paper in a line of its own: which are there, which were turned down and why */
static void
put_papers(const struct shown *s, struct ck_sheet *sheet)
{
	static const struct {
		char sign;
		enum ck_tone tone;
	} tones[] = { { 'v', CK_TONE_GOOD }, { 'x', CK_TONE_BAD }, { '>', CK_TONE_NOW },
		{ '.', CK_TONE_TODO } };
	char text[CK_SENTENCE_MAX], sign;
	const json_t *paper;
	size_t i, t;

	json_array_foreach(json_object_get(s->facts, "papers"), i, paper)
	{
		sign = ck_order_paper(s->ctx->lang, s->a->question, paper, text, sizeof text);
		for (t = 0; tones[t].sign != sign;)
			t++;
		ck_sheet_toned(sheet, tones[t].tone, text);
	}
	ck_sheet_gap(sheet);
}

/* ---- tries and the first PIN ---- */

static const char *
tries_word(const json_t *facts)
{
	json_int_t n = json_integer_value(json_object_get(facts, "tries"));
	bool known = json_is_integer(json_object_get(facts, "tries")) && n >= 0;

	if (json_is_true(json_object_get(facts, "unlimited")))
		return "unlimited";
	if (json_is_true(json_object_get(facts, "last")) || (known && n == 1))
		return "last";
	if (known)
		return "left";
	return json_is_true(json_object_get(facts, "low")) ? "low" : "unknown";
}

static void
put_tries(const struct shown *s, struct ck_sheet *sheet)
{
	const char *name = tries_word(s->facts), *word;
	bool edge = strcmp(name, "last") == 0 || strcmp(name, "low") == 0;

	/* only a key keeps it to itself: an envelope's password that may be tried for ever is told
	 * as such by the desk, which says nothing */
	if (strcmp(name, "unknown") == 0 && json_object_get(s->facts, "unlimited") == NULL)
		return;
	word = ck_word(s->ctx->lang, "tries", name);
	if (word != NULL && *word != '\0')
		put_said(s, sheet, edge ? CK_S_CAREFUL : CK_S_PLAIN, word);
}

/* the system's own word on its first PIN, or what holds for most */
static void
put_hint(const struct shown *s, struct ck_sheet *sheet)
{
	const json_t *hint = json_object_get(s->facts, "hint");
	const char *own =
	    json_string_value(json_object_get(hint, s->ctx->lang == CK_LANG_ZH ? "zh" : "en"));

	if (own == NULL || *own == '\0') /* what is wrong with a PIN says as much */
		own = json_object_get(s->a->question, "error") == NULL
			  ? ck_say(s->ctx, "hint", "pin")
			  : "";
	if (ck_sheet_has_room(sheet, CK_TIGHT_SPARE))
		ck_sheet_centre(sheet, CK_S_DIM, own);
}

static void
put_ways_out(const struct shown *s, struct ck_sheet *sheet)
{
	const struct ck_button both[] = {
		{ CK_KEY_F(5), "F5", ck_say(s->ctx, "way-out", "away") },
		{ CK_KEY_F(6), "F6", ck_say(s->ctx, "way-out", "forgotten") },
	};
	/* at the customer's own face he is here */
	struct ck_buttons b = { s->ctx->clerk ? both : both + 1, s->ctx->clerk ? 2 : 1, -1 };
	int columns = 0;
	struct ck_rect r;

	for (int i = 0; i < b.n; i++)
		columns += ck_shown_columns(b.buttons[i].name) +
			   ck_shown_columns(b.buttons[i].text) + 4 + (i > 0 ? 3 : 0);
	ck_sheet_gap(sheet);
	r = ck_sheet_lines(sheet, 1);
	if (!sheet->measure)
		ck_buttons_draw(sheet->c, ck_middle(r, columns, 1), &b);
}

/* ---- the pages ---- */

static void
fill_question(const struct shown *s, struct ck_sheet *sheet)
{
	const struct ck_ask_layout *l = s->a->layout;
	int from, to;

	put_trouble(s, sheet);
	put_head(s, sheet);
	put_purpose(s, sheet);
	if (l->papers)
		put_papers(s, sheet);
	if (l->part != CK_ASK_PART_FACTS && l->part != CK_ASK_PART_NONE && !behind_choice(s))
		put_text(s, sheet);
	if (l->part != CK_ASK_PART_NONE)
		put_facts(s, sheet);
	ck_asking_together(s->a, &from, &to);
	if (s->a->n == 0) {
		ck_pick_put(sheet, ck_asking_ways(s->a, s->ctx));
		return;
	}
	put_chosen(s, sheet, from);
	if (!ck_ask_field_typed(&s->a->fields[from])) {
		if (l->tries)
			put_tries(s, sheet);
		ck_sheet_gap(sheet);
		ck_pick_put(sheet, ck_ask_field_list(&s->a->fields[from], s->ctx));
		return;
	}
	put_box(s, sheet, from, to);
	ck_ask_put_refusal(s->a, s->ctx, sheet);
	ck_sheet_gap(sheet);
	if (l->tries)
		put_tries(s, sheet);
	if (l->hint)
		put_hint(s, sheet);
	if (l->away)
		put_ways_out(s, sheet);
}

/* a page beside the question: what to do, and how to go on */
static void
fill_page(const struct shown *s, struct ck_sheet *sheet, const char *name)
{
	const char *own = NULL;
	char text[96];

	snprintf(text, sizeof text, "%.20s-%.60s", name, s->a->ask);
	own = ck_word(s->ctx->lang, "page-say", text);
	put_said(s, sheet, CK_S_HEAD, of_face(s, "page-head", name));
	ck_sheet_gap(sheet);
	put_said(s, sheet, CK_S_PLAIN, own != NULL ? own : of_face(s, "page-say", name));
	ck_sheet_gap(sheet);
	ck_pick_put(sheet, ck_asking_ways(s->a, s->ctx));
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;

	if (s->a->page == CK_ASK_PAGE_AWAY)
		fill_page(s, sheet, "away");
	else if (s->a->page == CK_ASK_PAGE_FORGOTTEN)
		fill_page(s, sheet, "forgotten");
	else if (ck_asking_beyond(s->a, s->ctx))
		fill_page(s, sheet, "beyond");
	else
		fill_question(s, sheet);
}

/* A time of today as the clock above shows it. */
static void
by_the_clock(json_t *facts, const char *name, int64_t now)
{
	const json_t *told = json_object_get(facts, name);
	int64_t at = json_integer_value(told);
	char text[CK_TIME_LEN];

	if (json_is_string(told) && !ck_time_read(json_string_value(told), &at))
		return;
	if (at <= 0 || ck_day_of(at) != ck_day_of(now))
		return;
	ck_time_text(at, text);
	json_object_set_new(facts, name, json_sprintf("%.5s", text + DAY_COLUMNS));
}

json_t *
ck_ask_facts(const struct ck_asking *a, const struct ck_ctx *ctx)
{
	const json_t *said = json_object_get(a->question, "facts");
	json_t *none = json_object();
	json_t *facts = ck_phrase_facts(ctx->lang, said != NULL ? said : none, NULL);

	if (!json_is_string(json_object_get(facts, "hotline")) && ctx->hotline[0] != '\0')
		json_object_set_new(facts, "hotline", json_string(ctx->hotline));
	ck_order_facts(ctx->lang, a->question, facts);
	by_the_clock(facts, "until_at", ctx->now);
	by_the_clock(facts, "again_at", ctx->now);
	json_decref(none);
	return facts;
}

void
ck_asking_draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .a = self, .ctx = ctx };
	int bar = 0;

	if (s.a->layout->part == CK_ASK_PART_CODE) {
		ck_ask_code_draw(s.a, c, r, ctx);
		return;
	}
	if (s.a->course != NULL && (s.a->view == NULL || !s.a->view->alone))
		bar = ck_course_bar(s.a->course, c, r, ctx);
	r.y += bar;
	r.h -= bar;
	if (s.a->layout->part == CK_ASK_PART_DOCUMENT) {
		ck_ask_document_draw(s.a, c, r, ctx);
		return;
	}
	if (r.w > COLUMNS)
		r = (struct ck_rect){ r.x + (r.w - COLUMNS) / 2, r.y, COLUMNS, r.h };
	if (ck_ask_form_here(s.a)) {
		ck_ask_form_draw(s.a, c, r, ctx);
		return;
	}
	s.facts = ck_ask_facts(s.a, ctx);
	ck_sheet_draw_middle(c, r, fill, &s);
	json_decref(s.facts);
}
