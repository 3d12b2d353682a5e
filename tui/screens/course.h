/* How far a visit is: what was done, what is being done, how long it takes. Fed with the request
 * and the engine's lines, shown as the progress screen; its bar of steps stands above the questions
 * and over the end as well. */
#ifndef CK_COURSE_H
#define CK_COURSE_H

#include "view.h"

struct ck_course {
	json_t *did;	  /* the lines {"did":…}, in order; NULL before the first */
	char station[32]; /* of the last step; empty: none yet */
	int reached;	  /* 1 + the last one of a renewal's stations; 0: none yet */
	int n, of, of_others; /* the last without the desk's steps */
	bool pin_stays;	  /* this renewal has no station pin */
	bool consents;	  /* it has a station consent */
	unsigned takes;	  /* bit of each station that is one of the desk's steps it may take */
	int64_t since_ms; /* when it began to work: at this step, or since the last answer */
	char verb[16];	  /* of the request */
	char system[64], way[16], record[32], slip[64]; /* as far as told */
	char envelope[64]; /* the serial number of the envelope that is at hand */
	json_t *paper; /* the line that says how far printing is; NULL = it stands still, or none */
	json_t *restart; /* {"restart":N,"error":…}: the engine died and is back; NULL = not */
	bool busy;	 /* the engine is at work: no question stands, and it has not ended */
	bool asked;	 /* a question stood since it last said something else */
	int ended;	 /* 0 not yet; else the enum ck_outcome + 1 */
};

void ck_course_clear(struct ck_course *); /* frees what it holds */
/* do, step, did, busy, ask, restart, end; what it does not know is left alone */
void ck_course_take(struct ck_course *, const json_t *line, int64_t mono_ms);
/* the bar begins below a blank line, and has one below it */
#define CK_COURSE_BAR_LINES 3
/* the bar of steps in one line of the room; returns the lines used, 0 before the first step */
int ck_course_bar(
    const struct ck_course *, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);
/* May the key be pulled now? false: something is being written, or may be. */
bool ck_course_key_free(const struct ck_course *);
void ck_course_view(struct ck_course *, struct ck_view *);

#endif
