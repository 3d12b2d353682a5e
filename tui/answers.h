/*
 * Answers prepared beforehand. Plain ones are JSON lines {"ask":QUESTION, FIELD:VALUE …} from a
 * file or standard input; secret ones are lines "NAME VALUE" from a descriptor. Both are read when
 * a question needs them and not before, so that a script may write them as it sees the questions,
 * and both are used up in order, each question and each name in its own.
 */
#ifndef CK_ANSWERS_H
#define CK_ANSWERS_H

#include <jansson.h>

#include "front.h"

/* the longest answer is a certificate's hash; a script may add remarks */
#define CK_ANSWER_LINE_MAX 4096
/* lines set aside for questions that did not come up yet */
#define CK_ANSWERS_MAX 256
#define CK_SECRETS_HELD_MAX 16

struct ck_answers;
/* "-" is standard input. USAGE when it cannot be read. */
int ck_answers_open(const char *file, struct ck_answers **, struct ck_err *);
void ck_answers_close(struct ck_answers *);
/* ANSWER: *line is the caller's. FAIL: USAGE, a line that is no answer, or one that holds a secret.
 */
enum ck_asked ck_answers_take(struct ck_answers *, const char *question, const struct ck_watch *,
    json_t **line, struct ck_err *);

/* One that was taken for a question that went off: the next to be taken for such a question. Takes
 * line. */
void ck_answers_give_back(struct ck_answers *, json_t *line);

struct ck_secrets;
/* Takes fd over; no program started later inherits it. USAGE when it isn't open. */
int ck_secrets_open(int fd, struct ck_secrets **, struct ck_err *);
void ck_secrets_close(struct ck_secrets *); /* wipes what was not used */
/* ANSWER: *secret is the caller's. FAIL: USAGE with the number of the line, never its text. */
enum ck_asked ck_secrets_take(struct ck_secrets *, const char *name, const struct ck_watch *,
    struct ck_secret **secret, struct ck_err *);

#endif
