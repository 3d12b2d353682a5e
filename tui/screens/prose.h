/* Lines of text as they come, more of them than a screen holds: folded by columns, scrolled by the
 * line. A line that begins with the sign of a tone is shown in it. */
#ifndef CK_PROSE_H
#define CK_PROSE_H

#include "kit/widget.h"
#include "texts.h"

struct ck_prose_line {
	const char *text;
	int hang; /* where its lines after the first begin */
	enum ck_style style;
};

struct ck_prose {
	struct ck_prose_line *lines;
	size_t n, room;
	struct ck_texts texts;
	int top, page, all; /* in lines of the screen; the widget's own */
};

/* Blanks at its beginning stay, and so does a sign behind them. */
void ck_prose_add(struct ck_prose *, enum ck_style, const char *text, int hang);
void ck_prose_clear(struct ck_prose *);		    /* empty; where it was scrolled to stays */
int ck_prose_lines(const struct ck_prose *, int w); /* of the screen, all of them */
/* returns the lines used */
int ck_prose_draw(struct ck_canvas *, struct ck_rect, struct ck_prose *);
enum ck_came ck_prose_key(struct ck_prose *, const struct ck_event *);

/* What went wrong, for who reads it here: a customer can neither put this machine right nor is what
 * a module or a service said for him. staff: a clerk does, who may still have to sign in. */
void ck_tell_here(
    const struct ck_ctx *, bool staff, const json_t *err, const json_t *facts, struct ck_told *);

#endif
