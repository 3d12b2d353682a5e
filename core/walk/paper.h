/*
 * Paper: what the walk has certkiosk-print do (include/certkiosk/paper.h). press.c speaks with it,
 * draw.c has a form drawn and signs it, fields.c says what stands on one, foresee.c what will not,
 * kept.c keeps it, print.c brings it on paper once and keeps the journal, follow.c is
 * with a job under way, printers.c says what there is to print on, forms.c are the services around
 * it. slip.c prints what a customer takes home when it has to wait.
 */
#ifndef CK_WALK_PAPER_H
#define CK_WALK_PAPER_H

#include <jansson.h>
#include <openssl/evp.h>

#include "certkiosk/forms.h"
#include "certkiosk/paper.h"
#include "base/peer.h"
#include "walk/visit.h"

/* ---- press.c: certkiosk-print at work ---- */

struct ck_press {
	struct ck_peer peer;
	struct ck_talk *talk; /* to the front, that waits meanwhile */
	bool front_left;      /* who stood there gave up, or the front is gone */
};

/* Takes the request. file: its CK_PAPER_FILE, -1 for none. PRINT_GONE. */
int ck_press_start(struct ck_press *, struct ck_talk *, int file, json_t *request, struct ck_err *);
int ck_press_say(struct ck_press *, json_t *line, struct ck_err *); /* takes line */
/* 1 a line, the caller's; 0 ms passed, or the front left; -1 PRINT_GONE, or why it says it failed.
 */
int ck_press_hear(struct ck_press *, int ms, json_t **line, struct ck_err *);
void ck_press_end(struct ck_press *);
/* One request and all lines of its answer, the last one, too; each may be silent for so many
 * seconds. The front is told to wait. Takes request. STOPPED: the front left meanwhile. */
int ck_press_ask(struct ck_talk *, json_t *request, int seconds,
    void (*each)(void *u, const json_t *line), void *u, struct ck_err *);
/* Of what it says is the matter; PRINT_TROUBLE: nothing we know. */
enum ck_code ck_print_code(const char *name);

/* It said nothing for so long, and is ended: PRINT_GONE. The front is told to wait for that. */
int ck_press_silent(struct ck_press *, int seconds, struct ck_err *);

/* Bytes in a file without a name; -1 with errno's meaning in err. */
int ck_paper_file(const void *bytes, size_t n, struct ck_err *);

/* ---- draw.c ---- */

struct ck_draw {
	const char *form, *number; /* its template; the record's slip */
	const char *text;	   /* of its template; NULL: as its file has it now */
	int64_t made;
	const json_t *fields;
	/* a copy: what stands on it, and the codes of the original; both NULL: it is the original,
	 * and signed */
	const char *mark;
	const json_t *qr;
	bool slip; /* nobody signs it, and its codes say the number alone */
	/* who signs the original beside the site; cert NULL: nobody */
	EVP_PKEY *key;
	const unsigned char *cert;
	size_t cert_len;
};
struct ck_drawn {
	unsigned char *pdf;
	size_t n;
	int pages;
	json_t *qr; /* an array of texts; of the original */
};
/* The front is told to wait. FORM_…, KEY_TROUBLE when the key did not sign, CONFIG when the site's
 * own does not. */
int ck_draw_form(struct ck_visit *, const struct ck_draw *, struct ck_drawn *, struct ck_err *);
void ck_drawn_free(struct ck_drawn *);

/* ---- kept.c: what is kept of a form, to draw it again ---- */

struct ck_kept {
	json_t *fields, *qr;
	char *text; /* of its template */
};
/* As it was drawn, from d's fields and template; with line, which says in the ledger that the
 * record has its form. */
int ck_kept_write(struct ck_record *, const struct ck_draw *d, const struct ck_drawn *,
    int keep_days, const struct ck_line *line, struct ck_err *);
/* FORM_WIPED, STORE_DAMAGED */
int ck_kept_read(struct ck_store *, const char *record, struct ck_kept *, struct ck_err *);
void ck_kept_free(struct ck_kept *);

/* Of a form that the site alone signs. One name with a letter that no font has must not keep all
 * others from their paper: what it is in is taken out. */
int ck_form_drop_letters(struct ck_visit *, const char *form, json_t *fields, struct ck_err *);

/* The site's own key and certificate; key NULL: it has none. CONFIG with file and reason. */
struct ck_signer {
	EVP_PKEY *key;
	unsigned char *cert;
	size_t cert_len;
};
int ck_signer_open(const struct ck_site_paper *, struct ck_signer *, struct ck_err *);
void ck_signer_close(struct ck_signer *);

/* ---- fields.c: NAME: TEXT of all that a form may show of this record ---- */

int ck_form_fields(struct ck_visit *, int64_t made, json_t **fields, struct ck_err *);
/* Is there a renewal that has this field? */
bool ck_form_brings(const char *field);
/* Those that the certificate has, whole. FORM_TOO_LONG */
int ck_form_names(const struct ck_visit *, const unsigned char *cert, size_t n,
    const struct ck_cert_facts *, json_t *fields, struct ck_err *);

/* ---- foresee.c: says so when the form will lack a letter of the old certificate's names. STOPPED:
 * the front left meanwhile; nothing else is in the way. ---- */

int ck_form_foresee(struct ck_visit *, struct ck_err *);

/* ---- print.c ---- */

struct ck_paper_wish {
	const char *record;
	const char *printer; /* NULL: the site's */
	bool again;	     /* also when it is on paper already: a copy, marked as one */
};
/* What became of it, for the facts of an end: tui/words form.* */
const char *ck_form_state(const struct ck_form *);
/* The n of the mark on its next sheet; 0: that is the original. A person who has to say what became
 * of the last attempt may make it one more. */
int ck_form_reprint(const struct ck_form *);
/* A second sheet is a clerk's business, and the ledger says whose. CLERK_NEEDED */
int ck_form_may_print(const struct ck_visit *, const struct ck_form *, struct ck_err *);
/* Both, as members "form" and "reprint". */
void ck_form_tell(const struct ck_form *, json_t *to);

/* What hangs in the air of this record is settled first, then it is printed, if there is still
 * something to print. The front may leave at any time: then it waits. 0 whatever became of it, as
 * far as it is known; -1 when nothing could be found out or begun. */
int ck_paper_print(struct ck_visit *, const struct ck_paper_wish *, struct ck_err *);
/* The same for one attempt of the journal when nobody is there to be asked or to wait. did: what it
 * came to, of tui/words tend.* */
int ck_paper_settle(struct ck_visit *, const struct ck_print *, const char **did, struct ck_err *);
/* At the end of a visit whose record is closed, or waits for its papers: its form, if it has one
 * that waits. */
void ck_paper_after(struct ck_visit *);

/* What there is to print on, a row each: default is the one that forms of this site go to, or, told
 * alone, the one that was named. */
#define CK_PRINTERS_S 60 /* every queue of a CUPS server asked in turn */
int ck_printers(const struct ck_site *, struct ck_talk *, void (*each)(void *u, const json_t *row),
    void *u, struct ck_err *);
int ck_printer_alone(
    const char *printer, struct ck_talk *, json_t **row, struct ck_err *); /* the caller's row */

/* FORM_NONE, FORM_UNMADE; that there is no such record is the better reason. */
int ck_form_find(struct ck_store *, const char *number, struct ck_form *, struct ck_err *);

/* ---- slip.c: what a record that is not over says on paper. Nothing is kept of it: one too many
 * does no harm, and a printer in trouble is told and not waited for. ---- */

/* 1: v->record is such a one, of its system and way; 0: it is over, or has a form and not the slip
 * is asked for; -1, RECORD_CLOSED where the slip is */
int ck_slip_open(struct ck_visit *, const char *record, bool slip, struct ck_err *);
/* 0: printed, or handed to what proves nothing; STOPPED: the front left. */
int ck_slip_print(struct ck_visit *, const char *printer, struct ck_err *);

/* ---- forms.c: the services; each says its rows and its "end" itself ---- */

enum ck_outcome ck_show_form(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_form_text(
    const struct ck_site *, struct ck_link *, const json_t *order); /* preview.c */
enum ck_outcome ck_show_forms(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_printers(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_print_form(const struct ck_site *, struct ck_link *, const json_t *order);

#endif
