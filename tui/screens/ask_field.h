/* One field of a question: text, secret, choice or yes, as ask.h names them. */
#ifndef CK_ASK_FIELD_H
#define CK_ASK_FIELD_H

#include "certkiosk/reply.h"
#include "kit/input.h"
#include "pick.h"
#include "view.h"

/* What came since the last key that is no character, also what the field does not take: a scanner
 * types all in a row. Nothing of it is kept but how much of it reads as a number that is printed.
 */
struct ck_ask_scan {
	const char *envelope; /* its serial number, kept by reference; empty: not known */
	int slip;	      /* ck_slip_step */
	int same;	      /* characters equal to the envelope's; -1: another text */
};

struct ck_ask_field {
	char name[CK_FIELD_NAME_MAX];
	enum ck_field_kind kind;
	int min, max;
	const char *charset;   /* "digits", "any", or ranges: "A-Za-z0-9._:-" */
	const json_t *choices; /* [{"value", "label"}] */
	const json_t *question; /* it belongs to */
	bool yes_first;	       /* yes is what does no harm */
	bool spare;	       /* may be left empty */

	const char *trouble; /* word trouble.TROUBLE: what is wrong with what was typed; NULL */
	struct ck_input input;
	struct ck_masked masked;
	struct ck_ask_scan scan; /* of a secret */
	struct ck_list list;
	struct ck_row *rows; /* as many as there are choices, with their texts */
	char (*texts)[CK_PICK_TEXT_MAX];
};

/* field of the question, both kept by reference; -1: no memory, or none that can be locked */
int ck_ask_field_open(
    struct ck_ask_field *, const json_t *question, bool yes_first, const json_t *field);
/* the chosen value of a choice, "" for anything else */
const char *ck_ask_field_chosen(const struct ck_ask_field *);
void ck_ask_field_close(struct ck_ask_field *);	      /* wiped */
void ck_ask_field_forget(struct ck_ask_field *);      /* what was typed is wiped */
bool ck_ask_field_typed(const struct ck_ask_field *); /* text or secret */
/* Is it filled in? false: its trouble says what is missing. A number that was scanned where a
 * secret is asked for, a slip's or that of the envelope, is wiped: sent, it would cost a try. */
bool ck_ask_field_ready(struct ck_ask_field *);
/* CHOICE: Enter, or a row was chosen */
enum ck_came ck_ask_field_key(struct ck_ask_field *, struct ck_event *);
/* the rows of a choice in the reader's language */
struct ck_list *ck_ask_field_list(struct ck_ask_field *, const struct ck_ctx *);
/* where one types; a press stands for key */
void ck_ask_field_draw(
    struct ck_canvas *, struct ck_rect, struct ck_ask_field *, bool focus, int key);
/* moves it into the reply; -1: no memory */
int ck_ask_field_reply(struct ck_ask_field *, struct ck_reply *);

#endif
