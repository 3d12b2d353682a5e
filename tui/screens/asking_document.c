/*
 * A document that is to be agreed to: all of it can be read, with the arrows alone, and nothing is
 * in focus before its end was seen. An Enter too many turns the page; it agrees to nothing.
 */
#include <stdio.h>
#include <string.h>

#include "asking_inside.h"
#include "kit/text.h"
#include "words/phrase.h"

/* nothing of the choice is in focus: the text is being read */
#define READING (-1)
/* what there is of a document on the fullest screen, so that one sees it goes on */
#define LEAST 3
/* blanks before a line's text that its next lines begin behind, too */
#define INDENT_MAX 20
/* of its hash, what one compares */
#define HASH_SHOWN 16

void
ck_ask_document_open(struct ck_asking *a)
{
	const char *text =
	    json_string_value(json_object_get(json_object_get(a->question, "facts"), "text"));
	json_t *line;

	a->fields[0].list.at = READING;
	while (text != NULL) {
		size_t n = strcspn(text, "\n"), indent = strspn(text, " ");

		if ((line = json_stringn(text, n)) != NULL)
			ck_prose_add(&a->document, CK_S_PLAIN, json_string_value(line),
			    indent < INDENT_MAX ? (int)indent : INDENT_MAX);
		json_decref(line);
		text = text[n] == '\n' ? text + n + 1 : NULL;
	}
}

/* ---- what is seen ---- */

struct shown {
	struct ck_asking *a;
	const struct ck_ctx *ctx;
	const json_t *facts;
};

static bool
at_end(const struct ck_prose *p)
{
	return p->top + p->page >= p->all;
}

/* Why one cannot agree yet stands beside it. */
static struct ck_list *
choice(struct ck_asking *a, const struct ck_ctx *ctx)
{
	struct ck_ask_field *f = &a->fields[0];
	struct ck_list *list = ck_ask_field_list(f, ctx);

	if (!a->read)
		f->rows[f->yes_first ? 0 : 1].why = ck_say(ctx, "document", "unread");
	return list;
}

static void
put_line(const struct shown *s, struct ck_sheet *sheet, enum ck_style style, const char *word)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, word, s->facts);
	ck_sheet_put(sheet, style, text);
}

static void
put_document(const struct shown *s, struct ck_sheet *sheet, struct ck_list *list)
{
	struct ck_prose *p = &s->a->document;
	/* blank lines above and below it */
	int room = sheet->r.h - sheet->used - list->n - 2, all = ck_prose_lines(p, sheet->r.w);
	struct ck_rect r;

	room = room < LEAST ? LEAST : room;
	r = ck_sheet_lines(sheet, all < room ? all : room);
	if (sheet->measure)
		return;
	ck_prose_draw(sheet->c, r, p);
	s->a->read = s->a->read || at_end(p);
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	struct ck_list *list = choice(s->a, s->ctx);
	const char *self = s->ctx->clerk ? "consent" : "consent-self";

	ck_ask_put_restart(s->a, s->ctx, sheet);
	put_line(s, sheet, CK_S_HEAD, ck_say(s->ctx, "head", self));
	put_line(s, sheet, CK_S_DIM, ck_say(s->ctx, "document", "version"));
	ck_sheet_gap(sheet);
	put_document(s, sheet, list);
	ck_sheet_gap(sheet);
	/* it may have been read to its end just now */
	ck_pick_put(sheet, choice(s->a, s->ctx));
}

void
ck_ask_document_draw(
    struct ck_asking *a, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const json_t *said = json_object_get(a->question, "facts");
	const char *sha256 = json_string_value(json_object_get(said, "sha256"));
	json_t *facts = json_copy((json_t *)(uintptr_t)said);
	struct shown s = { a, ctx, facts };

	json_object_set_new(
	    facts, "hash", json_sprintf("%.*s", HASH_SHOWN, sha256 != NULL ? sha256 : ""));
	/* the only one of its kind needs no number */
	if (json_integer_value(json_object_get(said, "of")) < 2)
		json_object_del(facts, "n");
	ck_sheet_draw(c, r, fill, &s);
	json_decref(facts);
}

/* ---- keys ---- */

/* false: it does nothing to the text */
static bool
turns(struct ck_asking *a, struct ck_event *e)
{
	struct ck_list *list = &a->fields[0].list;
	struct ck_event as = *e;

	if (list->at != READING)
		return false;
	if (e->key == ' ' || (e->key == CK_KEY_ENTER && !a->read))
		as.key = CK_KEY_PAGE_DOWN;
	/* at its end the arrow goes on to the choice */
	if (as.key == CK_KEY_DOWN && at_end(&a->document))
		return false;
	if (ck_prose_key(&a->document, &as) != CK_CAME_CHANGE)
		return false;
	a->read = a->read || at_end(&a->document);
	return true;
}

/* From the text to the choice and back. false: neither */
static bool
moves(struct ck_asking *a, const struct ck_event *e)
{
	struct ck_list *list = &a->fields[0].list;

	switch (e->key) {
	case CK_KEY_DOWN:
	case CK_KEY_RIGHT:
	case CK_KEY_TAB:
		list->at = list->at + 1 < list->n ? list->at + 1 : list->at;
		return true;
	case CK_KEY_UP:
	case CK_KEY_LEFT:
	case CK_KEY_BACK_TAB:
		list->at = list->at > READING ? list->at - 1 : READING;
		return true;
	default:
		return false;
	}
}

/* One that cannot be chosen yet leaves the reader where he was. */
static enum ck_came
choose(struct ck_asking *a, const struct ck_event *e, const struct ck_ctx *ctx)
{
	enum ck_came came = ck_list_key(choice(a, ctx), e);

	if (came == CK_CAME_REFUSED)
		a->fields[0].list.at = READING;
	return came;
}

enum ck_came
ck_ask_document_key(struct ck_asking *a, struct ck_event *e, const struct ck_ctx *ctx)
{
	if (turns(a, e) || moves(a, e))
		return CK_CAME_CHANGE;
	switch (e->key) {
	case CK_KEY_HOME:
	case CK_KEY_END:
	case CK_KEY_PAGE_UP:
	case CK_KEY_PAGE_DOWN:
	case ' ':
		/* of the text, wherever one is */
		a->fields[0].list.at = READING;
		(void)turns(a, e);
		return CK_CAME_CHANGE;
	default:
		return choose(a, e, ctx);
	}
}
