/* The clerk's desk: the menu, and the lists behind it. */
#ifndef CK_DESK_SCREENS_H
#define CK_DESK_SCREENS_H

#include "kit/input.h"
#include "view.h"

/* in the menu's order */
enum ck_duty {
	CK_DUTY_SERVE,	 /* a customer: cards of the key */
	CK_DUTY_FIND,	 /* go on with: number, slip, envelope or order is typed or scanned */
	CK_DUTY_RECORDS, /* open and parked records, search */
	CK_DUTY_FORMS,	 /* what waits for paper, and the latest */
	CK_DUTY_FIGURES, /* today by hours */
	CK_DUTY_SHIFT,	 /* report since the clerk signed in */
	CK_DUTY_DIAGNOSE,
	CK_DUTY_LEDGER,
	CK_DUTY_BATCH, /* a unit's keys in a row */
	CK_DUTY_OTHER, /* something else of a system's menu */
	CK_DUTY_LEAVE, /* sign out */
	CK_DUTIES
};

struct ck_duties {
	const char *clerk; /* name and number */
	int open, parked;  /* records that wait; -1 = not known */
	int forms;	   /* to be printed; -1 = not known */
	int at;		   /* the screen's own; the one chosen, once DONE */
};
void ck_duties_view(struct ck_duties *, struct ck_view *);

/* One line typed or scanned. text is the person's once DONE. */
struct ck_line_ask {
	const char *word; /* "find", "search": typed.WORD says what is wanted */
	struct ck_input input;
};
void ck_line_ask_view(struct ck_line_ask *, struct ck_view *);

/* Rows as they came, in the columns of their kind. */
enum ck_list_kind {
	CK_LIST_RECORDS, /* choose one: its lines; or go on, abandon */
	CK_LIST_LINES,	 /* of one record */
	CK_LIST_REPORT,
	CK_LIST_LEDGER,
	CK_LIST_DIAGNOSIS,  /* AGAIN */
	CK_LIST_STATUS,	    /* of the certificates of a key */
	CK_LIST_DOCTOR,	    /* what was found on a key */
	CK_LIST_FORMS,	    /* to be printed; choose one: what stands on it; PRINT, PRINTER, ALL */
	CK_LIST_FORMS_ALL,  /* the latest, printed or not; the same */
	CK_LIST_FORM,	    /* what stands on one; PRINT, PRINTER */
	CK_LIST_PRINTERS,   /* choose one */
	CK_LIST_BATCHES,    /* choose one: its keys; NEW, RESUME, PRINT */
	CK_LIST_BATCH,	    /* its keys; RESUME: the next one; PRINT */
	CK_LIST_BATCH_OVER, /* the same of one that is over: PRINT */
	CK_LIST_WAYS,	    /* choose one: a system, and a way of it */
	CK_LIST_SERVICES,   /* choose one: a system, and something else of its menu */
	CK_LIST_KINDS
};
/* rows shown of what grows for ever, the latest first: nobody pages through more */
#define CK_LATEST_MAX 200
enum ck_row_act {
	CK_ROW_SHOW,
	CK_ROW_RESUME,
	CK_ROW_ABANDON,
	CK_ROW_SEARCH,
	CK_ROW_AGAIN,
	CK_ROW_FORM,	/* of a record */
	CK_ROW_PRINT,	/* that form */
	CK_ROW_PRINTER, /* the same, on another printer */
	CK_ROW_ALL,	/* the other list of forms */
	CK_ROW_NEW,
};

struct ck_rows;
/* rows: array, kept by reference and growing; end: the engine's last line, NULL while it runs */
struct ck_rows *ck_rows_new(enum ck_list_kind, const json_t *rows);
void ck_rows_free(struct ck_rows *);
/* they are what this was searched for; NULL: all there are */
void ck_rows_sought(struct ck_rows *, const char *text);
void ck_rows_end(struct ck_rows *, const json_t *end);
void ck_rows_view(struct ck_rows *, struct ck_view *);
/* once DONE: what to do, with which row (NULL: with none) */
enum ck_row_act ck_rows_chosen(const struct ck_rows *, const json_t **row);

/* today's figures: the end line of a report, with bars by hour */
struct ck_figures {
	const json_t *end;
};
void ck_figures_view(struct ck_figures *, struct ck_view *);

/* help: the keys of every screen, and what word help.NAME says about this one */
struct ck_help {
	const char *name;
	const struct ck_view *of; /* the screen it is about; NULL: none */
	int top;		  /* the screen's own */
};
void ck_help_view(struct ck_help *, struct ck_view *);

#endif
