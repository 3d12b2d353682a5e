/*
 * Systems as data: what one certificate authority's service allows. One file a system in
 * core/policy/systems/, described there by comments; a site copies and changes them. The verdict is
 * a pure function of facts, policy and moment.
 */
#ifndef CK_POLICY_H
#define CK_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certkiosk/ca.h"
#include "certkiosk/desk.h"
#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "base/clock.h"
#include "base/person.h"
#include "policy/services.h"

/* by the owner alone; by a clerk for him; a clerk downloads one by two codes of the authority */
enum ck_way { CK_WAY_SELF, CK_WAY_ON_BEHALF, CK_WAY_DOWNLOAD };
#define CK_WAYS (CK_WAY_DOWNLOAD + 1)
const char *ck_way_name(enum ck_way); /* "self", "on-behalf", "download" */
int ck_way_from(const char *);
const char *ck_enrol_name(enum ck_ca_way); /* "p10cr" "kur" "est" "est-renew" */
int ck_enrol_from(const char *);	   /* -1: none of them */

enum ck_unit { CK_UNIT_MONTHS, CK_UNIT_DAYS, CK_UNIT_YEARS }; /* years: of terms only */
enum ck_authorise { CK_AUTH_ENVELOPE, CK_AUTH_KEY }; /* a password envelope; the key proof itself */
enum ck_pin_after { CK_PIN_STAYS, CK_PIN_ENVELOPE };
enum ck_retire {
	CK_RETIRE_REMOVE,
	CK_RETIRE_KEEP
}; /* the old signing pair, once the new is good */

/* acts of a visit that may take the word of a clerk who does not serve it */
enum ck_second { CK_SECOND_ABANDON, CK_SECOND_LAST_TRY, CK_SECOND_LEAVE, CK_SECOND_UNSETTLED };
#define CK_SECOND_N (CK_SECOND_UNSETTLED + 1)
const char *ck_second_name(enum ck_second); /* "abandon" "last-try" "leave-pair" "unsettled-pin" */

struct ck_trait { /* what certificates are known by; empty = not asked for */
	char oid[64], value[128], issuer[CK_NAME_MAX];
};
#define CK_TRAITS_MAX 8
struct ck_class_rule { /* first match wins, before the common rule */
	struct ck_trait trait;
	enum ck_class is;
};
#define CK_CLASS_RULES_MAX 16

/* when a new certificate ends: the desk's word alone; so long after the old one's end, whose
 * remaining time carries over; so long after it is issued */
enum ck_term_rule { CK_TERM_DESK, CK_TERM_FROM_OLD_END, CK_TERM_FROM_NOW };

struct ck_told_both { /* in both languages, or both empty */
	char zh[256], en[256];
};
/* what people call a hotline for, told before they come to need it */
enum ck_notice { CK_NOTICE_COST, CK_NOTICE_BRING, CK_NOTICE_TAKES };
#define CK_NOTICES (CK_NOTICE_TAKES + 1)
const char *ck_notice_name(enum ck_notice); /* "cost" "bring" "takes" */

/* A document the customer has to agree to. Its text stands in a file beside the system's and is
 * read when it is asked for (consent.c). */
struct ck_consent {
	char name[80], version[32]; /* eight of them are one field of a form */
	char file[256];
	char place[288]; /* "FILE:LINE", where the file is named */
};
#define CK_CONSENTS_MAX 8

/* What the desk's order takes, as far as it is the kiosk's affair (order.c). What really has to be
 * gone through is the desk's word; what it asks for and does not stand here ends the visit. */
#define CK_ORDER_FIELDS_MAX 8
struct ck_order_fields {
	size_t n; /* 0: this group is not filled in */
	enum ck_person field[CK_ORDER_FIELDS_MAX];
};
#define CK_FEE_ANY (-1)
struct ck_paper_rule {
	char kind[CK_WORD_MAX]; /* "form": the one this program makes */
	struct ck_told_both called;
	int pages; /* that make it whole */
};
struct ck_order_rules {
	bool step[CK_STEPS]; /* those the desk may ask for; none: there are no orders */
	struct ck_order_fields fields[CK_GROUP_SMS]; /* by ck_order_group, but the last */
	bool owner_expired_only;		     /* asked for once the certificate has ended */
	bool invoice_optional;
	bool sms_code; /* where the desk asks for one, the code is typed */
	size_t n_methods;
	char methods[CK_METHODS_MAX][CK_WORD_MAX];
	bool fee_per_year;
	int fee[2]; /* fen, by ck_class; the most that may be asked; CK_FEE_ANY */
	size_t n_papers;
	struct ck_paper_rule papers[CK_PAPERS_MAX];
	bool form_before; /* the form is a paper: made before, where the desk wants it */
};
/* The group's fields are wanted of this certificate by the rules, whether or not the desk asks. */
bool ck_order_wants(const struct ck_order_rules *, enum ck_order_group, bool expired);
/* Is this more than may be asked for so many months? 0 never is. */
bool ck_order_too_dear(const struct ck_order_rules *, enum ck_class, int months, int64_t amount);

#define CK_BEFORE_ANY (-1) /* the window opens with the certificate itself */

struct ck_policy {
	char id[64], title[128], hotline[64], email[64];
	char file[256];
	/* what a PIN is that was never changed, for people; both empty: the CA's manual says
	 * nothing */
	struct ck_told_both pin_hint;
	struct ck_told_both notice[CK_NOTICES];
	char unique_id[64]; /* object identifier; what certificates of this CA are told apart by */
	enum ck_unit unit;
	int before, after;	    /* in units; before: or CK_BEFORE_ANY */
	bool ends_with_certificate; /* S4: the last instant is notAfter itself */
	struct {
		enum ck_term_rule rule;
		enum ck_unit unit;
		int length;
	} term;
	bool serves[3]; /* by ck_class */
	/* any of them makes a certificate this system's; none: all are */
	struct ck_trait only[CK_TRAITS_MAX];
	size_t n_only;
	int pin_max;	    /* bytes a PIN may have; 0: as many as the key takes */
	bool ways[CK_WAYS]; /* by ck_way */
	enum ck_authorise authorise;
	enum ck_ca_way enrol;
	enum ck_pin_after pin_after[CK_WAYS]; /* by ck_way; a download leaves it */
	bool seal; /* an electronic seal may be renewed with the certificate */
	enum ck_retire retire;
	enum ck_keytype keytypes[3]; /* what new keys may be, most wanted first */
	size_t n_keytypes;
	bool keytype_as_old; /* take the old certificate's kind when it is in the list */
	int issue_tolerance; /* seconds, see ck_expected */
	bool second_clerk[CK_SECOND_N];
	/* what becomes of records: days after the last line until one nobody comes back for is
	 * given back (0: never); days after its end that what is sealed in it is kept (0: none),
	 * and that it is kept itself (0: for good) */
	int deadline_days, keep_private_days, keep_days;
	char form[33];	     /* filled in and signed at the end of a renewal; empty: none */
	int keep_forms_days; /* days it is kept, sealed, once it is on paper */
	size_t n_consents;
	struct ck_consent consents[CK_CONSENTS_MAX];
	struct ck_order_rules order;
	struct ck_services services;
	size_t n_class_rules;
	struct ck_class_rule class_rules[CK_CLASS_RULES_MAX];
};

/* Read one file, or find DIR/ID.conf: SYSTEM_UNKNOWN when there is none, CONFIG with file, line and
 * reason. */
int ck_policy_read(const char *file, struct ck_policy *, struct ck_err *);
int ck_policy_find(const char *dir, const char *id, struct ck_policy *, struct ck_err *);

/* A moment: an instant, or a whole day ("open at any moment of it?"). */
struct ck_moment {
	bool whole_day;
	ck_day day; /* when whole_day */
	int64_t at; /* otherwise */
};
/* "2026-11-20" or a time with zone; false otherwise */
bool ck_moment_read(const char *text, struct ck_moment *);
/* the same back, the time in China's zone */
void ck_moment_text(struct ck_moment, char out[CK_TIME_LEN]);

struct ck_verdict {
	bool eligible;
	/* "window" "not-yet-valid" "class" "server-certificate" "other-system" "eligible" */
	const char *rule;
	enum ck_code code; /* the refusal's; CK_E_NONE when eligible */
	enum ck_class class;
	ck_day first_day, last_day; /* always there */
	/* when eligible, and the rules say when the new one ends: a day where the moment was one
	 * and the term begins with it */
	bool tells_end;
	struct ck_moment new_end;
	char reason[CK_DETAIL_MAX]; /* one English sentence with the dates */
};
/* Refusals in this order: server certificate, other system, class, not yet valid, too early, too
 * late. */
void ck_policy_judge(
    const struct ck_policy *, const struct ck_cert_facts *, struct ck_moment, struct ck_verdict *);
/* The same for a download: the authority's codes say that today will do, so none of the last three.
 */
void ck_policy_judge_download(
    const struct ck_policy *, const struct ck_cert_facts *, struct ck_moment, struct ck_verdict *);
enum ck_class ck_policy_class(const struct ck_policy *, const struct ck_cert_facts *);
/* When a new certificate ends that is issued at this time; 0: the desk's word. Whole calendar years
 * and months of China Standard Time, the time of day stays: 29 February + 1 year = 28 February. */
int64_t ck_policy_new_end(const struct ck_policy *, int64_t old_end, int64_t now);
/* What the certificate has as this system's unique identifier; NULL: nothing. */
const char *ck_policy_unique_id(const struct ck_policy *, const struct ck_cert_facts *);
/* Kind of the new key: -1 with KEY_UNSUITABLE when the key can make none of the allowed ones. */
int ck_policy_keytype(const struct ck_policy *, const struct ck_cert_facts *old, bool rsa2048,
    bool rsa3072, bool p256, enum ck_keytype *, struct ck_err *);

/* A document as it is now. */
struct ck_document {
	char sha256[65]; /* of the file's bytes */
	char *text;	 /* fit for a screen: lines, and nothing else that controls anything */
};
/* CONFIG with the system's file and line: it is missing, empty, too long, not UTF-8. */
int ck_consent_read(const struct ck_consent *, struct ck_document *, struct ck_err *);
void ck_document_free(struct ck_document *);
/* Can all of them be read? As above. Verdicts do not need them, visits do. */
int ck_consents_judge(const struct ck_policy *, struct ck_err *);

#endif
