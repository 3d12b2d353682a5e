/* The headless front: answers from options, a file, a descriptor or the terminal; progress, lists
 * and results on standard output, for people or as JSON lines. */
#ifndef CK_BATCH_H
#define CK_BATCH_H

#include <stdbool.h>

#include "answers.h"
#include "args.h"
#include "front.h"
#include "tty.h"

struct ck_batch {
	const struct ck_args *args;
	struct ck_answers *answers; /* NULL = none named */
	struct {
		json_t *line; /* the answer that was taken last, NULL: none */
		json_int_t id;
	} given;
	struct ck_secrets *secrets;
	struct ck_tty tty;
	bool
	    overwrite; /* standard output is a terminal: the line of a step under way is replaced */
	long rows;
};

extern const struct ck_front_ops ck_batch_ops; /* u is a struct ck_batch */

int ck_batch_open(const struct ck_args *, struct ck_batch *, struct ck_err *);
void ck_batch_close(struct ck_batch *);

/* Exit status of a verb that ended so: certkiosk(1), EXIT STATUS. */
int ck_batch_status(enum ck_verb, const struct ck_ended *);

#endif
