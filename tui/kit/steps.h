/* Where we are: the bar of steps, and what goes on in the present one. */
#ifndef CK_KIT_STEPS_H
#define CK_KIT_STEPS_H

#include "widget.h"

struct ck_steps {
	const char *const *labels;
	int n;
	int at;		   /* the present one; n = all done */
	enum ck_tone tone; /* of the present one: NOW, or CAREFUL, BAD when it is stuck there */
};

/* One line: [v]信封 [>]密码 [.]签发. What is too much on both sides of the present step is counted
 * instead: "v 5" done, "+ 3" to come. */
void ck_steps_draw(struct ck_canvas *, struct ck_rect, const struct ck_steps *);

struct ck_progress {
	const char *doing;   /* "正在把新证书写入 Key …" */
	const char *elapsed; /* "已用"; NULL = no time */
	long seconds;
	int n, of; /* of = 0: nobody knows how much is left, and no bar pretends to */
};

/* returns the lines used */
int ck_progress_draw(struct ck_canvas *, struct ck_rect, const struct ck_progress *);

#endif
