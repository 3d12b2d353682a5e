/* A question of the engine with all it hangs on, as it stands on the screen. */
#ifndef SCREENS_STAND_H
#define SCREENS_STAND_H

#include "screens_lines.h"

#include "../../tui/screens/asking.h"

struct stand {
	json_t *question;
	struct ck_course course;
	struct ck_asking *a;
	struct ck_view view;
	const struct golden_person *who;
};

static void
end(struct stand *s)
{
	ck_asking_free(s->a);
	ck_course_clear(&s->course);
	json_decref(s->question);
}

/* "\n" is Enter, "\t" Tab; how the last of it went */
__attribute__((unused)) static enum ck_went
type(struct stand *s, const char *text)
{
	enum ck_went went = CK_WENT_NOTHING;

	for (; *text != '\0'; text++)
		went = golden_key(&s->view, s->who,
		    *text == '\n'   ? CK_KEY_ENTER
		    : *text == '\t' ? CK_KEY_TAB
				    : *text);
	return went;
}

__attribute__((unused)) static char *
seen(const struct stand *s, enum ck_lang lang, int cols, int rows)
{
	struct ck_ctx ctx = golden_ctx(s->who, lang);
	struct ck_canvas *c = ck_canvas_new(cols, rows);
	char *text;

	golden_draw(c, &s->view, &ctx);
	text = ck_canvas_text(c);
	ck_canvas_free(c);
	return text;
}

/* on the least of screens */
__attribute__((unused)) static bool
says(const struct stand *s, enum ck_lang lang, const char *what)
{
	char *text = seen(s, lang, CK_LEAST_COLS, CK_LEAST_ROWS);
	bool found = strstr(text, what) != NULL;

	free(text);
	return found;
}

#endif
