/*
 * How this counter is: its rules, its own certificates, its store, each desk and CA, the clock, its
 * forms and printer, its readers and keys. diagnose.c judges what is at hand; diagnose_line.c asks
 * desks and CAs, with short limits of its own; diagnose_paper.c the print program. check.c judges rules
 * and forms alone, those no system of the counter uses yet, too.
 */
#ifndef CK_DIAGNOSE_H
#define CK_DIAGNOSE_H

#include "certkiosk/forms.h"
#include "base/site.h"
#include "policy/policy.h"
#include "walk/talk.h"

enum ck_health { CK_OK, CK_CAREFUL, CK_BAD, CK_HEALTHS };
extern const char *const ck_health_names[]; /* "ok" "careful" "bad" */

/* own certificates that end within it are told: what a CA needs to make new ones */
#define CK_OWN_DAYS 60

/* Pure: of a certificate of our own; of what is free beside what has to be; of the desk's time less
 * ours. */
enum ck_health ck_health_of_own(const struct ck_cert_facts *, int64_t now);
enum ck_health ck_health_of_room(int64_t room, int64_t reserve);
enum ck_health ck_health_of_clock(int64_t offset, int tolerance);

struct ck_diagnosis {
	const struct ck_site *site;
	struct ck_talk talk;
	struct ck_policy policy; /* of the system that is looked at */
	int64_t n[CK_HEALTHS];
	struct ck_err first; /* of what is bad */
	size_t n_forms; /* that systems name */
	struct {
		const char *system;
		char name[CK_FORM_NAME_MAX];
	} forms[CK_SITE_SYSTEMS_MAX];
	/* what nobody was to be found at: not tried again for another system */
	size_t n_deaf;
	struct ck_deaf_host {
		const char *url;
		struct ck_err why;
	} deaf[2 * CK_SITE_SYSTEMS_MAX];
	/* the desk's time less ours, the largest; told by whom, NULL: by nobody */
	int64_t offset;
	const char *clock_of;
};

/* A row; takes facts. What is NULL is left out, and so is an err that is none. */
void ck_diagnosed(struct ck_diagnosis *, const char *part, const char *system, enum ck_health,
    const struct ck_err *, json_t *facts);

/* The rows "desk" and "ca" of a system, whose rules are in d->policy unless unruled says why not. */
void ck_diagnose_line(
    struct ck_diagnosis *, const struct ck_site_system *, const struct ck_err *unruled);

/* How many rows of each state there were: the facts of the end. */
json_t *ck_diagnosed_facts(const struct ck_diagnosis *);

/* The row "policy" of a system, whose rules are then in d->policy; err: why nothing can be renewed by
 * them. */
void ck_diagnose_rules(struct ck_diagnosis *, const char *system, struct ck_err *);

/* The rows "form": of those that systems name, and of others that are wrong. */
void ck_diagnose_forms(struct ck_diagnosis *);

/* The rows "form-certificate", "form" and "printer", if a system names a form. */
void ck_diagnose_paper(struct ck_diagnosis *);

#endif
