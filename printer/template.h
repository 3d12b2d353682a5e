/* A form's file as it was read: form_read.c fills it, fields.c says what a record puts in, lay.c
 * where that stands. */
#ifndef CK_TEMPLATE_H
#define CK_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "base/conf.h"
#include "base/formcode.h"
#include "certkiosk/err.h"

/* what one sheet of paper can take, many times over */
#define CK_FORM_SECTIONS_MAX 24
#define CK_FORM_CELLS_MAX 64
#define CK_FORM_CLAUSES_MAX 64
#define CK_FORM_BOXES_MAX 4
#define CK_FORM_COLUMNS_MAX 4
#define CK_FORM_OPTIONS_MAX 32 /* a renewal has 23 stations */
#define CK_FORM_FIELDS_MAX 96
#define CK_FORM_NAME_MAX 48
#define CK_FORM_LABEL_MAX 96
#define CK_FORM_TEXT_MAX 4096
/* Of one field: the longest name a certificate is shown with (facts.h), twice. A row cannot be
 * broken, and more than this is no row any more. */
#define CK_FORM_VALUE_MAX 1024
/* a text with its fields in */
#define CK_FORM_FILLED_MAX (CK_FORM_TEXT_MAX + 8 * CK_FORM_VALUE_MAX)

enum ck_form_kind {
	CK_KIND_TEXT,
	CK_KIND_DATE,	/* a day or an instant, shown as a day */
	CK_KIND_TIME,	/* shown to the minute */
	CK_KIND_ID,	/* of a person: all but its ends masked */
	CK_KIND_PHONE,	/* likewise */
	CK_KIND_SERIAL, /* hexadecimal, in groups of four */
	CK_KIND_WORD,	/* one of the options, alone */
	CK_KIND_CHOICE, /* one of the options, among all of them */
};

struct ck_form_option {
	char value[CK_FORM_NAME_MAX], label[CK_FORM_LABEL_MAX];
};

struct ck_form_field {
	char name[CK_FORM_NAME_MAX], label[CK_FORM_LABEL_MAX];
	enum ck_form_kind kind;
	bool kind_said;
	bool shown; /* wherever it is not empty: other parts may hang on it */
	size_t n_options;
	struct ck_form_option options[CK_FORM_OPTIONS_MAX];
};

struct ck_form_if { /* a field that is not empty, or that has this value */
	char field[CK_FORM_NAME_MAX], value[CK_FORM_NAME_MAX];
};
struct ck_form_when { /* what hangs on fields: there only if, or only if not */
	struct ck_form_if with, without;
};

struct ck_form_cell {
	struct ck_form_when when;
	char label[CK_FORM_LABEL_MAX];
	char field[CK_FORM_NAME_MAX];
	char text[CK_FORM_LABEL_MAX * 4]; /* instead of a field; neither: filled in by hand */
	int span, lines;
	bool required;
};

struct ck_form_clause {
	struct ck_form_when when;
	char text[CK_FORM_TEXT_MAX];
};

struct ck_form_box {
	struct ck_form_when when;
	char label[CK_FORM_LABEL_MAX], text[CK_FORM_LABEL_MAX * 4], date[CK_FORM_LABEL_MAX];
	bool seal;
};

enum ck_form_part { CK_PART_GRID, CK_PART_CLAUSES, CK_PART_LINES, CK_PART_BOXES };
enum ck_form_size { CK_SIZE_NORMAL, CK_SIZE_SMALL, CK_SIZE_LARGE, CK_SIZE_HUGE };

struct ck_form_section {
	struct ck_form_when when;
	char heading[CK_FORM_LABEL_MAX];
	enum ck_form_part part;
	enum ck_form_size size; /* of lines */
	int columns;		/* of a grid */
	int height_mm;		/* of boxes */
	size_t n;
	struct ck_form_cell *cells;
	struct ck_form_clause *clauses; /* and lines */
	struct ck_form_box *boxes;
};

struct ck_form {
	char name[CK_FORMCODE_FORM_MAX];
	char title[CK_FORM_LABEL_MAX], above[CK_FORM_LABEL_MAX * 2], below[CK_FORM_LABEL_MAX * 2];
	char footer[CK_FORM_LABEL_MAX * 4], page[CK_FORM_LABEL_MAX];
	int code_mm;
	size_t n_sections, n_fields;
	struct ck_form_section sections[CK_FORM_SECTIONS_MAX];
	struct ck_form_field fields[CK_FORM_FIELDS_MAX];
};

/* form_read.c */
int ck_form_read(struct ck_conf *, struct ck_form *, struct ck_err *);
void ck_form_wipe(struct ck_form *);

/* fields.c: what a record puts on a form */
struct ck_filler {
	const struct ck_form *form;
	const json_t *fields;
	const json_t *own; /* what is no field of the record: number, page, pages */
	json_t *shown;	   /* gathers name and text of every field that came to stand somewhere */
};
bool ck_filler_has(const struct ck_filler *, const struct ck_form_when *);
/* and something of it: nothing is no section */
bool ck_filler_has_section(const struct ck_filler *, const struct ck_form_section *);
const struct ck_form_field *ck_form_field(const struct ck_form *, const char *name);
/* As it stands on the paper, empty when there is none. FORM_GLYPH, FORM_TOO_LONG, FORM_FIELD (none
 * of its options). */
int ck_fill_field(
    const struct ck_filler *, const char *name, char out[CK_FORM_VALUE_MAX], struct ck_err *);
int ck_fill_text(
    const struct ck_filler *, const char *text, char out[CK_FORM_FILLED_MAX], struct ck_err *);
/* Field or text of a cell; a choice as boxes with one of them filled. FORM_FIELD */
int ck_fill_cell(const struct ck_filler *, const struct ck_form_cell *,
    char out[CK_FORM_FILLED_MAX], struct ck_err *);

/* Pieces of a text: as it stands; {name} or {name:kind}; [ and ], around what is left out when a
 * field in it is empty. "{{" and "[[" are a brace and a bracket. */
enum ck_piece { CK_PIECE_TEXT, CK_PIECE_FIELD, CK_PIECE_OPEN, CK_PIECE_CLOSE };
struct ck_pieces {
	const char *at;
	bool open;
	enum ck_piece is;
	const char *s; /* n bytes: the text, or the field's name */
	size_t n;
	const char *kind; /* behind the colon, or NULL */
	size_t kind_n;
	const char *wrong; /* what is wrong about the text */
};
/* false: at the end, or something is wrong */
bool ck_piece_next(struct ck_pieces *);
extern const char
    *const ck_form_kinds[]; /* in the order of the enum; those with options are no words of texts */
static inline bool
ck_form_kind_chooses(enum ck_form_kind k)
{
	return k >= CK_KIND_WORD;
}

#endif
