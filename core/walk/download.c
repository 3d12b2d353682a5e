/*
 * A download by two codes. Where a key lost its certificate, or has a spoilt one, the authority
 * gives out two codes for one it will make anew. Once they are proved they stand where a renewal
 * has its key proof, and the desk says which certificate it is: nothing on the key is asked for
 * that. From there on it is a visit like any other; after a crash the second code is typed again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/slip.h"
#include "walk/visit.h"

/* ---- the codes ---- */

/* Of a record they began the first code is known, and another would be about another certificate.
 */
static const char *
kept_code(const struct ck_visit *v)
{
	return v->record != NULL ? ck_record_text(v->record, 0, "download") : NULL;
}

static enum ck_turn
ask_codes(struct ck_visit *v, int tries_left)
{
	const char *kept = kept_code(v);
	const char *before = kept == NULL && v->reference[0] != '\0' ? v->reference : NULL;

	ck_question(&v->talk, CK_ASK_DOWNLOAD, &v->trouble, "{s:s*, s:i, s:{s:s*}}", "reference",
	    kept, "tries", tries_left, "values", "reference", before);
	if (kept == NULL)
		ck_question_field(
		    &v->talk, "reference", CK_FIELD_TEXT, 1, CK_DESK_ID_MAX - 1, "A-Za-z0-9._:-");
	ck_question_field(&v->talk, "code", CK_FIELD_SECRET, 1, CK_SECRET_MAX, "any");
	return CK_ASK;
}

/* What was mistyped may be typed again; everything else ends the visit. */
static bool
other_codes_may_do(enum ck_code code)
{
	return code == CK_E_DOWNLOAD_UNKNOWN || code == CK_E_DOWNLOAD_WRONG;
}

static int
remember(struct ck_visit *v, const struct ck_download *d, struct ck_err *err)
{
	struct ck_cert_facts facts;

	if (ck_cert_read(d->cert, d->cert_len, &facts, err) == -1)
		return -1;
	free(v->old.der);
	v->old = (struct ck_old){ .facts = facts, .has_private = CK_HAS_NO, .gone = true };
	if ((v->old.der = malloc(d->cert_len)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	memcpy(v->old.der, d->cert, v->old.der_len = d->cert_len);
	return 0;
}

static int
take(struct ck_visit *v, const struct ck_download *d, struct ck_err *err)
{
	if (!v->done.begun && remember(v, d, err) == -1)
		return -1;
	if (memcmp(d->proof.cert_sha256, v->old.facts.sha256, CK_HASH_LEN) != 0)
		return ck_fail(err, CK_E_DESK_GARBAGE, "the codes are for another certificate now");
	v->proof = d->proof;
	v->promised = d->quoted_end;
	v->trouble = (struct ck_err){ 0 };
	ck_visit_did(v, "codes-proved", NULL);
	return 0;
}

static enum ck_turn
prove(struct ck_visit *v, const struct ck_secret *code, struct ck_err *err)
{
	struct ck_download *d = calloc(1, sizeof *d);
	struct ck_err no = { 0 };
	enum ck_turn turn = CK_STOP;
	int tries_left = -1;

	if (d == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "download");
		return CK_STOP;
	}
	ck_busy_net_twice(v);
	if (ck_visit_connect(v, err) == -1)
		goto out;
	if (ck_desk_download(v->desk, v->reference, code, d, &tries_left, &no) == 0) {
		turn = take(v, d, err) == 0 ? CK_GO : CK_STOP;
	} else if (other_codes_may_do(no.code)) {
		v->trouble = no;
		turn = ask_codes(v, tries_left);
	} else {
		*err = no;
	}
out:
	free(d);
	return turn;
}

enum ck_turn
ck_prove_codes(struct ck_visit *v, struct ck_err *err)
{
	const char *typed = ck_answer_text(&v->talk, CK_ASK_DOWNLOAD, "reference");
	struct ck_secret *code = ck_answer_secret(&v->talk, CK_ASK_DOWNLOAD, "code");
	const char *kept = kept_code(v);
	enum ck_turn turn;

	/* one that is no code is for the desk to refuse */
	if (kept != NULL || (typed != NULL && !ck_typed(typed, v->reference, sizeof v->reference)))
		snprintf(v->reference, sizeof v->reference, "%s", kept != NULL ? kept : typed);
	turn = code != NULL ? prove(v, code, err) : ask_codes(v, -1);
	ck_secret_free(code);
	return turn;
}

/* ---- what it will be ---- */

/* As promised with the codes, else as the rules say; 0: nobody can tell. */
static int64_t
new_end(const struct ck_visit *v)
{
	return v->promised != 0 ? v->promised
				: ck_policy_new_end(&v->policy, v->old.facts.not_after, ck_now());
}

static enum ck_turn
ask_anew(struct ck_visit *v)
{
	const struct ck_cert_facts *f = &v->old.facts;
	char old[CK_TIME_LEN], new[CK_TIME_LEN];
	int64_t end = new_end(v);

	ck_time_text(f->not_after, old);
	ck_time_text(end, new);
	ck_question(&v->talk, CK_ASK_ANEW, NULL, "{s:s, s:s, s:s, s:s, s:s, s:s, s:s*, s:s, s:s}",
	    "name", f->name, "subject", f->subject, "class",
	    ck_class_name(ck_policy_class(&v->policy, f)), "issuer", f->issuer, "serial", f->serial,
	    "not_after", old, "new_not_after", end != 0 ? new : NULL, "key_label", v->key.label,
	    "key_serial", v->key.serial);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
	return CK_ASK;
}

enum ck_turn
ck_show_download(struct ck_visit *v, struct ck_err *err)
{
	if (ck_judge_end(v, v->promised, ck_now(), err) == -1)
		return CK_STOP;
	if (!ck_answered(&v->talk, CK_ASK_ANEW))
		return ask_anew(v);
	if (ck_answer_yes(&v->talk, CK_ASK_ANEW, "yes"))
		return CK_GO;
	ck_fail(err, CK_E_DOWNLOAD_DECLINED, "%s", v->old.facts.name);
	return CK_STOP;
}
