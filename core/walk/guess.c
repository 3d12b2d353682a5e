/*
 * The envelope password, tried on the tape: what the CA once answered is protected with it, so a
 * wrong one is found out here and costs none of the desk's tries. Because nobody else counts these,
 * we do, in the record: after some in a row the next one has to wait, longer each time, whether or
 * not the engine, or the machine, was started anew meanwhile.
 */
#include <stdio.h>

#include "base/clock.h"
#include "walk/visit.h"

/* as many as a desk allows by its own count (PROTOCOL.desk, 6) */
#define FREE_TRIES 5
#define FIRST_WAIT_S 60
#define LONGEST_WAIT_S 3600

int64_t
ck_guess_wait(int wrong, int64_t last, int64_t now)
{
	int64_t wait = FIRST_WAIT_S;

	/* a clock that was set back would make it longer than we ever meant */
	if (wrong < FREE_TRIES || now < last)
		return 0;
	for (int i = FREE_TRIES; i < wrong && wait < LONGEST_WAIT_S; i++)
		wait *= 2;
	if (wait > LONGEST_WAIT_S)
		wait = LONGEST_WAIT_S;
	return last + wait > now ? last + wait - now : 0;
}

/* how many were wrong in a row, and when the last one was */
static void
read_wrong(const struct ck_visit *v, int *wrong, long long *last)
{
	const char *kept = ck_record_text(v->record, 0, "password-wrong");

	if (kept == NULL || sscanf(kept, "%d %lld", wrong, last) != 2)
		*wrong = 0;
}

int
ck_guess_allowed(const struct ck_visit *v, struct ck_err *err)
{
	char until[CK_TIME_LEN];
	long long last = 0;
	int64_t wait;
	int wrong = 0;

	read_wrong(v, &wrong, &last);
	if ((wait = ck_guess_wait(wrong, last, ck_now())) == 0)
		return 0;
	ck_time_text(ck_now() + wait, until);
	return ck_fail(err, CK_E_PASSWORD_WAIT, "%s", until);
}

/* NULL: none was wrong */
static int
note_tried(struct ck_visit *v, const char *wrong, struct ck_err *err)
{
	struct ck_fact fact = { .name = "password-wrong" };
	struct ck_note note = { .mark = CK_NOTE, .facts = &fact, .n_facts = 1 };

	if (wrong != NULL)
		fact = ck_text_fact(fact.name, wrong, 0);
	note.text = wrong != NULL ? "a wrong envelope password" : "the right envelope password";
	return ck_visit_note(v, &note, err);
}

static int
note_wrong(struct ck_visit *v, struct ck_err *err)
{
	char text[32];
	long long last = 0;
	int wrong = 0;

	read_wrong(v, &wrong, &last);
	snprintf(text, sizeof text, "%d %lld", wrong + 1, (long long)ck_now());
	return note_tried(v, text, err);
}

static int
note_right(struct ck_visit *v, struct ck_err *err)
{
	return ck_record_text(v->record, 0, "password-wrong") == NULL ? 0
								      : note_tried(v, NULL, err);
}

int
ck_is_envelope_password(struct ck_visit *v, const struct ck_secret *secret)
{
	struct ck_tape tape = ck_record_tape(v->record, 0);
	struct ck_enrol enrol = { .reference = ck_record_text(v->record, 0, "envelope"),
		.secret = secret };
	struct ck_err no = { 0 };

	enrol.csr = ck_record_get(v->record, 0, "csr", &enrol.csr_len);
	if (enrol.reference == NULL || enrol.csr == NULL || ck_visit_connect(v, &no) == -1)
		return -1;
	return ck_ca_try_secret(v->ca, &tape, &enrol, &no);
}

int
ck_guess(struct ck_visit *v, const struct ck_secret *password, struct ck_err *err)
{
	if (ck_guess_allowed(v, err) == -1)
		return -1;
	switch (ck_is_envelope_password(v, password)) {
	case 1:
		return note_right(v, err);
	case 0:
		if (note_wrong(v, err) == -1)
			return -1;
		return ck_fail(
		    err, CK_E_ENVELOPE_WRONG, "%s", ck_record_text(v->record, 0, "envelope"));
	default:
		return 0;
	}
}
