/* The inside of a question's screen, for the files that make it up. */
#ifndef CK_ASKING_INSIDE_H
#define CK_ASKING_INSIDE_H

#include "ask_field.h"
#include "asking.h"
#include "kit/qr.h"
#include "prose.h"
#include "sheet.h"

/* a question has at most as many secrets and something beside them, or a page of what the desk asks
 * of a person: eight, and whether at all; or the twelve of an application */
#define CK_ASK_FIELDS_MAX 12

enum ck_ask_page {
	CK_ASK_PAGE_QUESTION,
	CK_ASK_PAGE_AWAY,      /* F5: the customer is not here */
	CK_ASK_PAGE_FORGOTTEN, /* F6 */
};

/* what stands between heading and fields */
enum ck_ask_part {
	CK_ASK_PART_TEXT,     /* what is asked for, in words */
	CK_ASK_PART_FACTS,    /* fact.QUESTION-FACT beside each fact named, where it is known */
	CK_ASK_PART_NONE,     /* the heading says it all */
	CK_ASK_PART_DOCUMENT, /* a text as long as it takes, to be read before one chooses */
	CK_ASK_PART_FORM,     /* a page of fields that are typed in the clear */
	CK_ASK_PART_CODE,     /* a code for a phone, what it is for beside it */
};

#define CK_ASK_FACTS_MAX 8

struct ck_ask_layout {
	const char *ask; /* NULL: what the table does not have */
	enum ck_ask_part part;
	const char
	    *facts[CK_ASK_FACTS_MAX]; /* shown one below the other; the first NULL ends them */
	bool customer;		      /* answered by the customer alone, also at the desk */
	bool clerk;		      /* takes a clerk: nobody else can answer it */
	bool away;		      /* F5, F6 lead somewhere */
	bool yes_first;		      /* yes is what does no harm */
	bool tries;		      /* says how many are left */
	bool hint;		      /* says where the first PIN is */
	bool why;		      /* what went wrong is what it is about */
	bool papers;		      /* lists them */
	bool spares;		      /* says which fields may stay empty */
	bool waits;		      /* for what happens elsewhere; nothing is in focus */
	const char *help;
};

struct ck_asking {
	const json_t *question;
	const struct ck_course *course;
	const struct ck_ask_layout *layout;
	struct ck_view *view; /* told when letters belong to a field */
	const char *ask;      /* the question's name */
	enum ck_ask_page page;
	struct ck_list ways; /* the pages' own, and of a question without fields */
	struct ck_row way_rows[2];
	struct ck_ask_field *fields;
	int n, at; /* the field in focus */
	struct ck_prose document;
	bool read;	  /* its end was on the screen */
	bool sending;	  /* of a form: what hands it in is in focus, and no field */
	struct ck_qr *qr; /* NULL: there is no code, or it is too long for one */
};

/* Nobody here may answer it: a clerk has to be called. */
bool ck_asking_beyond(const struct ck_asking *, const struct ck_ctx *);
/* Fields that are seen together with the one in focus: a choice by itself. */
void ck_asking_together(const struct ck_asking *, int *from, int *to);
/* what may be done where nothing is filled in */
struct ck_list *ck_asking_ways(struct ck_asking *, const struct ck_ctx *);
void ck_asking_draw(void *self, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);

/* ---- what its pages share (asking_draw.c) ---- */
/* the question's facts with code words in the reader's language beside them; a new reference */
json_t *ck_ask_facts(const struct ck_asking *, const struct ck_ctx *);
/* why it is asked again */
void ck_ask_put_trouble(const struct ck_asking *, const struct ck_ctx *, struct ck_sheet *);
/* what is wrong with what was typed in the field in focus; false: nothing is */
bool ck_ask_put_refusal(const struct ck_asking *, const struct ck_ctx *, struct ck_sheet *);
/* a sentence with its facts */
void ck_ask_put_said(struct ck_sheet *, enum ck_style, const char *sentence, const json_t *facts);

/* what a person is told who was asked something when the engine was lost; nothing otherwise */
void ck_ask_put_restart(const struct ck_asking *, const struct ck_ctx *, struct ck_sheet *);

/* ---- a document (asking_document.c): its one field is a yes ---- */
void ck_ask_document_open(struct ck_asking *);
void ck_ask_document_draw(
    struct ck_asking *, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);
enum ck_came ck_ask_document_key(struct ck_asking *, struct ck_event *, const struct ck_ctx *);

/* ---- a page of fields (asking_form.c) ---- */
/* Filled in with what was typed before; the cursor stands where something is wrong. */
void ck_ask_form_open(struct ck_asking *);
/* Is it its page that is seen, and not the choice before it? */
bool ck_ask_form_here(const struct ck_asking *);
void ck_ask_form_draw(
    struct ck_asking *, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);

/* ---- a code for a phone (asking_code.c) ---- */
void ck_ask_code_open(struct ck_asking *);
void ck_ask_code_draw(
    struct ck_asking *, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);

#endif
