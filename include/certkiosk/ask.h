/*
 * What engine and front say to each other. One JSON object a line (core/base/frame.h); what is
 * secret travels as a frame of its own before the line that names it, never inside one.
 *
 *   front → engine
 *     {"do":VERB, …options}                       first line, once (VERB: see the table in core/main.c)
 *         for the next engine after one was lost, with the "record" it had: "again":true
 *     {"answer":QUESTION, "id":N, FIELD:VALUE …, "secrets":[FIELD …]}
 *         the secret frames that came since the last line belong to the names in "secrets", in order
 *     {"stop":true}                               the person gives up for now; the record stays
 *
 *   engine → front
 *     {"step":STATION, "n":I, "of":M, "limit":S, "pin":BOOL?, "consent":BOOL?, "takes":[STATION …]?}
 *                                                 begins; the engine speaks again within S seconds;
 *                                                 of a renewal: has it a station pin, consent, and
 *                                                 which of those the desk may ask for?
 *     {"did":STATION, "n":I, "of":M, "say":WORD, "facts":{…}}   what is true now (tui/words: did.*)
 *     {"busy":WHAT, "limit":S}                    still at it, and what a silence would be the fault
 *                                                 of (CK_BUSY_…); the time begins anew
 *     {"idle":true}                               waits for something to happen; no time runs until
 *                                                 it speaks again. A watch of the readers alone says
 *                                                 it every CK_IDLE_S seconds while all is well
 *     {"ask":QUESTION, "id":N, "fields":[{"name":…,"kind":…,…}], "facts":{…}, "error":{…}?, "off":N?}
 *         "error" when the last answer was not good enough (wrong PIN): told, and asked again.
 *         It is off as soon as the engine says anything else: a key was put in or pulled. What was
 *         answered meanwhile went nowhere: "off" is the question asked before this one, if that was
 *         off before an answer to it came.
 *         facts."away" (CK_AWAY_…): whoever is asked is busy elsewhere, and does not touch anything
 *         here: what is on the page is covered then, and not wiped
 *     {"row":{…}}                                 one line of a list (keys, records, …)
 *     {"end":OUTCOME, "record":NUMBER?, "facts":{…}, "error":{…}?}   last line
 *
 *   error: {"code":1201,"name":"PIN_WRONG","whose":"customer","key":"safe","detail":"…","native":160}
 *     "key" is err.def's word for the code, but never "untouched" once a pair was made on the key; of a
 *     download "added" in place of "safe": what was on the key is as it was, if there was anything
 */
#ifndef CK_ASK_H
#define CK_ASK_H

#include <stddef.h>

/* the questions; the front has words for each, the headless front an answer line {"ask":…} */
#define CK_ASK_KEY "key" /* which of several keys: choice "serial" */
#define CK_ASK_INSERT "insert-key" /* no field: an answer says that none will be put in. The engine
			* goes on by itself when one is; "serial", "label" say which it has to be */
#define CK_ASK_KEY_BACK "key-back" /* no fields: the key of the visit went ("serial", "label",
			* "family" say which); an answer says that it will not be put in again.
			* The engine goes on by itself when it is */
#define CK_ASK_CERT "certificate" /* which of several certificates: choice "certificate" (sha256 hex) */
#define CK_ASK_RESUME "resume" /* yes "yes": go on with what was begun before, here ("record",
			* "station", "at", "kiosk") or at another counter ("holder",
			* "holder_record", "bound"); a front without a person answers yes */
#define CK_ASK_CONSENT "consent" /* yes "yes": the customer agrees to the document "name", "version",
			* "sha256" of its file, "text" as it may be shown, "n" of "of" in this renewal */
#define CK_ASK_PIN "pin" /* secret "pin", typed by the customer; "hint" {"zh","en"} is what the
			* system's rules say of one that was never changed, "hotline" whom to call;
			* "for" "abandon": it is to give back, not to go on */
#define CK_ASK_OWN_PIN "own-pin" /* secrets "pin", "new", "again": the owner wants another PIN; once
			      * the new one is good and only "pin" was wrong, CK_ASK_PIN follows */
#define CK_ASK_LAST_TRY "last-try" /* yes "yes": a clerk's word that this one PIN may be tried */
#define CK_ASK_UNSETTLED "unsettled-pin" /* a PIN change was interrupted: choice "which" (envelope,
					 * old) is the clerk's word which single PIN is tried; secret "pin" */
#define CK_ASK_ENVELOPE "envelope" /* text "serial" */
#define CK_ASK_SECOND "second-clerk" /* text "clerk", secret "word": another clerk than the one who
			* serves ("clerk" in the facts) agrees to "act" (policy, second_clerk): the
			* PIN of that clerk's own key if it is in a reader, else the passphrase */
#define CK_ASK_CLERK_KEY "clerk-key" /* who signs in: as CK_ASK_INSERT for a clerk's own key; or,
			* "several" are in, choice "serial" */
#define CK_ASK_CLERK_PIN "clerk-pin" /* secret "pin" of the clerk's own key */
#define CK_ASK_CLERK_WORD "clerk-word" /* text "clerk", secret "passphrase" */
#define CK_ASK_NEW_WORD "new-word" /* secrets "passphrase", "again": to be made a line of certkiosk.conf */
#define CK_ASK_DOWNLOAD "download" /* two download codes: text "reference", secret "code"; of a record begun by
			* them the first stands in the facts, and only "code" is asked; "tries"; "values" as below */
#define CK_ASK_ANEW "make-anew" /* yes "yes": it is the certificate "name", "subject", "class", "issuer",
			* "serial", valid to "not_after", that is to be made anew, until "new_not_after" */
#define CK_ASK_LEAVE "leave-pair" /* yes "yes": a clerk closes a record whose key can't be had.
			* The engine goes on by itself when it is put in */
/* yes "yes" each: may the doctor do what its facts say (core/walk/doctor.h) */
#define CK_ASK_LOOK "doctor-look"
#define CK_ASK_FETCH "doctor-fetch"
#define CK_ASK_INSTALL "doctor-install"
#define CK_ASK_SWEEP "doctor-sweep"
#define CK_ASK_CLEAR "doctor-clear"
#define CK_ASK_DROP "doctor-drop"
#define CK_ASK_SEAL "doctor-seal"
#define CK_ASK_PASSWORD "envelope-password" /* secret "password" */
/* what is to become of a form that does not come out of the printer ("error" says why): choice "do",
 * "wait" (on while it is followed) or "again" (nothing came out), "later", "printer:NAME" (another one).
 * Off when the printer goes on by itself */
#define CK_ASK_PAPER "paper-trouble"
#define CK_ASK_SHEET "paper-out" /* yes "yes": the form lies at the printer; only who looks knows */
/*
 * What the desk wants before it lets a certificate be issued (PROTOCOL.desk, 13). Choices have "later" last: the
 * record is parked, as it is by {"stop":true} at any of them. Those that wait for somebody go off by themselves as
 * soon as the desk says something else. Amounts are in fen; the front without a person answers "wait" to "do" by
 * itself: not at all, for --wait seconds, then "later".
 */
/* choice "months" ("12", …, "later"), with the price of each in facts "choices" [{"months","amount",
 * "end"}]; "payer" "customer", "central" */
#define CK_ASK_ORDER "order"
/* texts, a field each, by the names of core/base/person.h, which says what each has to be; facts "group"
 * "agent", "owner", "invoice"; "error"'s detail begins with the name of the field that is wrong. Of an invoice
 * that may be declined choice "want" "yes", "no" stands first; the texts may then be empty. "values": what was
 * typed before. "doubtful": the field whose check digit is wrong; a clerk may send it again as it is. */
#define CK_ASK_APPLICANT "applicant"
/* text "code" that came to facts "mobile" (masked), good "until"; empty: send it again, not before "again" */
#define CK_ASK_SMS "sms-code"
/* choice "method" ("alipay", …, "change", "later"); facts "amount". "change": back to CK_ASK_ORDER and what was
 * typed; what is ordered then takes the place of what is not paid yet. Of an order made here */
#define CK_ASK_METHOD "pay-method"
/* choice "do": "other" (another method), "again" (a new code), "proof" (of a transfer), "change", "later";
 * facts "method", "amount", "code" (shown as QR), "until", "account" [{"label","value"}], "state" "wanted",
 * "pending" (the money is on its way) */
#define CK_ASK_PAYMENT "payment"
#define CK_ASK_IDENTITY "identity" /* choice "do": "again", "later"; facts "code", "until"; "error" why it failed */
/* choice "do": after a rejection ("error" says why) "correct", where there is something to be; "later" */
#define CK_ASK_REVIEW "review"
/* choice "do": "scan", "file:NAME" (of a stick), "later"; "papers" [{"kind","zh","en","state","text",
 * "pages","have"}] and which of them is "next"; what the last look found stands in "error" */
#define CK_ASK_PAPERS "papers"

/* an application for another service: texts, a field each, by the names in facts "labels" {NAME:{"zh",
 * "en","is"?}}, "is" a name of core/base/person.h where it has to be more than any text; "service", "title",
 * "note", "bring" [{"zh","en"}] of it, "submits": is it handed to the desk? "error", "values" and "doubtful" as in CK_ASK_APPLICANT */
#define CK_ASK_SERVICE "service"

#define CK_AWAY_PAYMENT "payment" /* pays, with a card or at another place */
#define CK_AWAY_PHONE "phone"

#define CK_IDLE_S 20 /* seldom enough not to be what wakes an idle kiosk */

#define CK_BUSY_KEY "key" /* the key and its module */
#define CK_BUSY_NET "network"
#define CK_BUSY_PAPER "paper" /* certkiosk-print, and the printer it speaks to */
#define CK_BUSY_STORE "store" /* what is kept on this machine */
#define CK_BUSY_OWN_PIN "own-pin" /* the key, which is given a new PIN that no record would settle:
				   * until the next "did" or "step" an end is an unknown outcome */

/* secrets an answer may have: the present PIN, the new one, the new one again */
#define CK_SECRETS_MAX 4

enum ck_field_kind { CK_FIELD_TEXT, CK_FIELD_SECRET, CK_FIELD_CHOICE, CK_FIELD_YES };
extern const char *const ck_field_kind_names[]; /* "text" "secret" "choice" "yes" */

enum ck_outcome {
	CK_END_DONE,
	CK_END_PARKED,
	CK_END_REFUSED,
	CK_END_ABANDONED,
	CK_END_FAILED,
	CK_END_USAGE,
};
extern const char *const ck_outcome_names[]; /* "done" "parked" "refused" "abandoned" "failed" "usage" */
/* exit status of `certkiosk renew` per outcome: 0 3 4 5 1 2 */
extern const int ck_outcome_status[];
int ck_outcome_from(const char *name); /* -1: no such outcome */

#endif
