/* A screen inside of the page all screens share, as text: in both languages and two sizes, cell by
 * cell without a flaw, and as tests/golden/screens has it. With --write it becomes that. */
#ifndef SCREENS_GOLDEN_H
#define SCREENS_GOLDEN_H

#include <locale.h>
#include <stdlib.h>

#include "t.h"

#include "../../tui/screens/view.h"

#define GOLDEN_NOW 1795229574 /* 2026-11-21T10:52:54+08:00 */

struct golden_person {
	bool clerk;
	bool ascii;
	const char *hotline;
};

static bool golden_write;
static bool golden_keyless; /* no customer's key is in */
static bool golden_services; /* a system here has more in its menu */
static bool golden_leave;   /* the key has to stay, as the lamp says: what the stage would know */

static void
golden_begin(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	golden_write = argc > 1 && strcmp(argv[1], "--write") == 0;
}

static struct ck_ctx
golden_ctx(const struct golden_person *who, enum ck_lang lang)
{
	return (struct ck_ctx){ .lang = lang,
		.clerk = who->clerk,
		.ascii = who->ascii,
		.key_in = !golden_keyless,
		.services = golden_services,
		.now = GOLDEN_NOW,
		.mono_ms = 100000,
		.hotline = who->hotline != NULL ? who->hotline : "" };
}

/* the functions every page has, as the stage lists them; letters do not matter here */
static int
golden_functions(const struct ck_view *v, const struct ck_ctx *ctx, struct ck_function *out)
{
	static const char *const words[] = { "help", "language", "theme", "staff" };
	static const char *const names[] = { "F1", "F2", "F3", "F9" };
	int n = v->functions != NULL ? v->functions(v->self, ctx, out) : 0;

	for (int i = 0; i < (ctx->clerk ? 3 : 4); i++)
		out[n++] = (struct ck_function){ .key = CK_KEY_F(names[i][1] - '0'),
			.name = names[i],
			.text = ck_say(ctx, "function", words[i]),
			.right = i == 3,
			.spare = i == 2 };
	return n;
}

/* a sentence of the page with its fact */
static const char *
golden_page(char out[CK_SENTENCE_MAX], const struct ck_ctx *ctx, const char *word, const char *fact,
    const char *value)
{
	json_t *facts = json_pack("{s:s}", fact, value);

	ck_fill(out, CK_SENTENCE_MAX, ck_say(ctx, "page", word), facts);
	json_decref(facts);
	return out;
}

static void
golden_draw(struct ck_canvas *c, const struct ck_view *v, const struct ck_ctx *ctx)
{
	bool en = ctx->lang == CK_LANG_EN;
	struct ck_function functions[CK_VIEW_FUNCTIONS_MAX + 4];
	char where[CK_SENTENCE_MAX], who[CK_SENTENCE_MAX];
	const struct ck_said states[] = { { CK_TONE_GOOD, ck_say(ctx, "states", "reader") },
		{ CK_TONE_GOOD, ck_say(ctx, "states", "ca") } };
	const struct ck_page page = {
		.where = golden_page(where, ctx, "title", "site", en ? "Jing'an" : "静安受理点"),
		.who = ctx->clerk ? golden_page(who, ctx, "clerk", "clerk", "07") : NULL,
		.clock = en ? "2026-11-21 Sat 10:52" : "2026-11-21 星期六 10:52",
		.lamp = golden_leave
			    ? (struct ck_said){ CK_TONE_CAREFUL, ck_say(ctx, "lamp", "leave") }
			: golden_keyless
			    ? (struct ck_said){ CK_TONE_PLAIN, ck_say(ctx, "lamp", "none") }
			    : (struct ck_said){ CK_TONE_SAFE, ck_say(ctx, "lamp", "free") },
		.states = states,
		.n_states = 2,
		.functions = functions,
		.n_functions = golden_functions(v, ctx, functions),
	};

	ck_canvas_clear(c);
	v->draw(v->self, c, ck_page_draw(c, &page), ctx);
}

static char *
golden_slurp(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");
	ssize_t n = f != NULL ? getdelim(&text, &size, '\0', f) : -1;

	if (f != NULL)
		fclose(f);
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

static void
golden_flaws(const struct ck_canvas *c, const char *name)
{
	struct ck_flaws f;

	ck_canvas_flaws(c, &f);
	T(f.overlaps == 0 && f.cut == 0 && f.halves == 0 && f.loose_lines == 0,
	    "%s: %d overlaps, %d cut, %d halves, %d loose lines at %d,%d", name, f.overlaps, f.cut,
	    f.halves, f.loose_lines, f.x, f.y);
}

static void
golden_one(const char *name, const struct ck_view *v, const struct ck_ctx *ctx, int cols, int rows)
{
	struct ck_canvas *c = ck_canvas_new(cols, rows);
	char full[96], path[160], *text, *want;
	FILE *f;

	snprintf(full, sizeof full, "%s.%s.%dx%d", name, ctx->lang == CK_LANG_EN ? "en" : "zh",
	    cols, rows);
	snprintf(path, sizeof path, "tests/golden/screens/%s.txt", full);
	golden_draw(c, v, ctx);
	golden_flaws(c, full);
	text = ck_canvas_text(c);
	if (golden_write && (f = fopen(path, "w")) != NULL) {
		fputs(text, f);
		fclose(f);
	}
	want = golden_slurp(path);
	T(want != NULL && strcmp(text, want) == 0, "%s is as it was agreed", full);
	if (want == NULL || strcmp(text, want) != 0)
		printf("%s", text);
	free(want);
	free(text);
	ck_canvas_free(c);
}

/* What is seen in both languages and both sizes. */
static void
golden(const char *name, const struct ck_view *v, const struct golden_person *who)
{
	static const int sizes[][2] = { { 80, 24 }, { 120, 40 } };

	for (enum ck_lang lang = CK_LANG_ZH; lang <= CK_LANG_EN; lang++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			struct ck_ctx ctx = golden_ctx(who, lang);

			golden_one(name, v, &ctx, sizes[i][0], sizes[i][1]);
		}
}

/* a key pressed, as the stage hands it on */
__attribute__((unused)) static enum ck_went
golden_key(const struct ck_view *v, const struct golden_person *who, int key)
{
	struct ck_ctx ctx = golden_ctx(who, CK_LANG_ZH);
	struct ck_event e = { CK_EV_KEY, key, 0, 0 };

	return v->key(v->self, &e, &ctx);
}

/* a press on the cell where text begins, in Chinese, 80x24 */
__attribute__((unused)) static enum ck_went
golden_press(const struct ck_view *v, const struct golden_person *who, int x, int y)
{
	struct ck_ctx ctx = golden_ctx(who, CK_LANG_ZH);
	struct ck_canvas *c = ck_canvas_new(CK_LEAST_COLS, CK_LEAST_ROWS);
	struct ck_event e = { CK_EV_PRESS, 0, x, y };
	enum ck_went went = CK_WENT_NOTHING;

	golden_draw(c, v, &ctx);
	ck_press(c, &e);
	if (e.kind == CK_EV_KEY)
		went = v->key(v->self, &e, &ctx);
	ck_canvas_free(c);
	return went;
}

#endif
