#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <sane/sane.h>
#include <sane/saneopts.h>

#include "base/utf8.h"
#include "scanner.h"

/* of one call; whether anybody still wants the sheet is asked in between */
#define READ_BYTES 65536
/* for a back end to let its scanner go; a sheet that is put out takes as long */
#define CLOSE_S 10
/* the longest value of an option we would set: a file name */
#define VALUE_MAX 1024

struct ck_scanner {
	const struct ck_scan_wish *wish;
	SANE_Handle h;
	bool begun;  /* the back end is up */
	bool feeder; /* sheets come from one, until it is empty */
	int sheets;
};

static int
fail(SANE_Status s, const char *what, struct ck_err *err)
{
	static const struct {
		SANE_Status status;
		enum ck_code code;
	} known[] = {
		{ SANE_STATUS_JAMMED, CK_E_SCAN_JAM },
		{ SANE_STATUS_NO_DOCS, CK_E_SCAN_EMPTY },
		{ SANE_STATUS_COVER_OPEN, CK_E_SCAN_COVER },
		{ SANE_STATUS_DEVICE_BUSY, CK_E_SCAN_BUSY },
		{ SANE_STATUS_NO_MEM, CK_E_NO_MEMORY },
	};
	enum ck_code code = CK_E_SCAN_TROUBLE;
	char clean[128];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].status == s)
			code = known[i].code;
	ck_clean_str(clean, sizeof clean, what);
	return ck_fail_native(err, code, (unsigned long)s, "%s: %s", clean, sane_strstatus(s));
}

static int
list(const SANE_Device ***devices, struct ck_err *err)
{
	SANE_Status s = sane_get_devices(devices, SANE_FALSE);

	return s == SANE_STATUS_GOOD ? 0 : fail(s, "scanners", err);
}

/* ---- options ---- */

static const SANE_Option_Descriptor *
option(SANE_Handle h, const char *name, SANE_Int *at)
{
	const SANE_Option_Descriptor *d;

	for (*at = 1; (d = sane_get_option_descriptor(h, *at)) != NULL; ++*at)
		if (d->name != NULL && strcmp(d->name, name) == 0 &&
		    SANE_OPTION_IS_ACTIVE(d->cap) && SANE_OPTION_IS_SETTABLE(d->cap))
			return d;
	return NULL;
}

union value {
	SANE_Word word;
	char text[VALUE_MAX];
};

/* false: no value of this option's type */
static bool
encode(const SANE_Option_Descriptor *d, const char *text, union value *v)
{
	char *end = NULL;
	double number = strtod(text, &end);

	*v = (union value){ 0 };
	switch (d->type) {
	case SANE_TYPE_STRING:
		snprintf(v->text, sizeof v->text, "%s", text);
		return strlen(text) < sizeof v->text && strlen(text) < (size_t)d->size;
	case SANE_TYPE_BOOL:
		v->word = strcmp(text, "yes") == 0;
		return v->word || strcmp(text, "no") == 0;
	case SANE_TYPE_INT:
	case SANE_TYPE_FIXED:
		/* what a fixed one holds (16 bits before the point) is enough for either */
		if (end == text || *end != '\0' || number < -32768 || number > 32767 ||
		    d->size != (SANE_Int)sizeof v->word)
			return false;
		v->word = d->type == SANE_TYPE_INT ? (SANE_Word)number : SANE_FIX(number);
		return true;
	default:
		return false;
	}
}

static int
set(struct ck_scanner *s, const char *name, const char *text, struct ck_err *err)
{
	SANE_Int at = 0;
	const SANE_Option_Descriptor *d = option(s->h, name, &at);
	union value v;
	SANE_Status status = d != NULL && encode(d, text, &v)
				 ? sane_control_option(s->h, at, SANE_ACTION_SET_VALUE, &v, NULL)
				 : SANE_STATUS_INVAL;

	return status == SANE_STATUS_GOOD ? 0 : fail(status, name, err);
}

/* What most scanners have, and some have not. */
static void
prefer(struct ck_scanner *s, const char *name, const char *text)
{
	struct ck_err none = { 0 };

	if (json_object_get(s->wish->options, name) == NULL)
		(void)set(s, name, text, &none);
}

static bool
is_feeder(const char *source)
{
	return strcasestr(source, "feeder") != NULL || strcasestr(source, "adf") != NULL;
}

/* Back ends name them as they like; "ADF Duplex" stands behind "ADF". */
static void
prefer_feeder(struct ck_scanner *s)
{
	SANE_Int at = 0;
	const SANE_Option_Descriptor *d = option(s->h, SANE_NAME_SCAN_SOURCE, &at);
	union value v = { 0 };

	if (d == NULL || d->type != SANE_TYPE_STRING || d->size > (SANE_Int)sizeof v.text)
		return;
	if (d->constraint_type == SANE_CONSTRAINT_STRING_LIST)
		for (const SANE_String_Const *name = d->constraint.string_list; *name != NULL;
		     name++)
			if (is_feeder(*name)) {
				prefer(s, SANE_NAME_SCAN_SOURCE, *name);
				break;
			}
	(void)option(s->h, SANE_NAME_SCAN_SOURCE, &at);
	if (sane_control_option(s->h, at, SANE_ACTION_GET_VALUE, v.text, NULL) == SANE_STATUS_GOOD)
		s->feeder = is_feeder(v.text);
}

static int
set_up(struct ck_scanner *s, struct ck_err *err)
{
	const char *name = NULL;
	json_t *value = NULL;
	char dpi[16];

	json_object_foreach((json_t *)(uintptr_t)s->wish->options, name,
	    value) if (!json_is_string(value) ||
		       set(s, name, json_string_value(value), err) == -1) return ck_fail(err,
	    CK_E_SCAN_TROUBLE, "%s", name);
	prefer_feeder(s);
	/* the words of SANE's standard, 4.5 */
	prefer(s, SANE_NAME_SCAN_MODE,
	    s->wish->colour ? SANE_VALUE_SCAN_MODE_COLOR : SANE_VALUE_SCAN_MODE_GRAY);
	prefer(s, SANE_NAME_BIT_DEPTH, "8");
	snprintf(dpi, sizeof dpi, "%d", s->wish->dpi);
	prefer(s, SANE_NAME_SCAN_RESOLUTION, dpi);
	return 0;
}

/* ---- a run ---- */

static int
open_device(struct ck_scanner *s, struct ck_err *err)
{
	const SANE_Device **devices = NULL;
	const char *name = s->wish->scanner;
	SANE_Status status;

	if (*name == '\0') {
		if (list(&devices, err) == -1)
			return -1;
		if (devices[0] == NULL)
			return ck_fail(err, CK_E_SCAN_NONE, "%s", name);
		name = devices[0]->name;
	}
	status = sane_open(name, &s->h);
	if (status == SANE_STATUS_GOOD)
		return 0;
	/* gone since, or never there: back ends tell it in either way */
	if (status == SANE_STATUS_INVAL || status == SANE_STATUS_IO_ERROR)
		return ck_fail_native(err, CK_E_SCAN_NONE, (unsigned long)status, "%s", name);
	return fail(status, name, err);
}

int
ck_scanner_open(const struct ck_scan_wish *wish, struct ck_scanner **out, struct ck_err *err)
{
	struct ck_scanner *s = calloc(1, sizeof *s);
	SANE_Status status;

	if (s == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "scanner");
	s->wish = wish;
	status = sane_init(NULL, NULL);
	s->begun = status == SANE_STATUS_GOOD;
	if (!s->begun) {
		fail(status, "sane", err);
	} else if (open_device(s, err) == 0 && set_up(s, err) == 0) {
		*out = s;
		return 0;
	}
	ck_scanner_close(s);
	return -1;
}

void
ck_scanner_close(struct ck_scanner *s)
{
	if (s == NULL)
		return;
	/* back ends join threads here that may hang; all was said, and we end with it */
	alarm(CLOSE_S);
	if (s->h != NULL) {
		/* a sheet that is half way through is put out */
		sane_cancel(s->h);
		sane_close(s->h);
	}
	if (s->begun)
		sane_exit();
	free(s);
}

/* Lines may be padded, and of a feeder nobody knows how many come. */
static int
take(const SANE_Parameters *is, const struct ck_buf *raw, struct ck_picture *p, struct ck_err *err)
{
	size_t line = (size_t)is->bytes_per_line, row;
	size_t lines = line > 0 ? raw->n / line : 0;

	*p = (struct ck_picture){ .width = is->pixels_per_line,
		.height = (int)lines,
		.colours = is->format == SANE_FRAME_RGB ? 3 : 1 };
	row = (size_t)p->width * (size_t)p->colours;
	if (p->width <= 0 || lines == 0 || row > line)
		return ck_fail(err, CK_E_SCAN_TROUBLE, "a sheet without pixels");
	if ((p->p = malloc(row * lines)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "sheet");
	for (size_t y = 0; y < lines; y++)
		memcpy(p->p + y * row, raw->p + y * line, row);
	return 0;
}

static int
read_sheet(struct ck_scanner *s, struct ck_picture *p, struct ck_err *err)
{
	struct ck_buf raw = { .max = (size_t)CK_PICTURE_PIXELS_MAX * 3 };
	unsigned char some[READ_BYTES];
	SANE_Parameters is;
	SANE_Status status = sane_get_parameters(s->h, &is);
	SANE_Int n = 0;
	int rc = -1;

	if (status != SANE_STATUS_GOOD)
		return fail(status, "sheet", err);
	if (is.depth != 8 || (is.format != SANE_FRAME_GRAY && is.format != SANE_FRAME_RGB))
		return ck_fail(
		    err, CK_E_SCAN_TROUBLE, "frame %d of depth %d", (int)is.format, is.depth);
	while ((status = sane_read(s->h, some, sizeof some, &n)) == SANE_STATUS_GOOD) {
		if (s->wish->unwanted(s->wish->u)) {
			ck_fail(err, CK_E_LINK, "the sheet is not wanted");
			goto out;
		}
		if (ck_buf_add(&raw, some, (size_t)n) == -1) {
			ck_fail(err, CK_E_SHEET_LARGE, "more than %zu bytes", raw.max);
			goto out;
		}
	}
	rc = status == SANE_STATUS_EOF ? take(&is, &raw, p, err) : fail(status, "sheet", err);
out:
	ck_buf_free(&raw);
	return rc;
}

int
ck_scanner_page(struct ck_scanner *s, struct ck_picture *p, struct ck_err *err)
{
	SANE_Status status;

	if (s->sheets > 0 && !s->feeder)
		return 0;
	status = sane_start(s->h);
	if (status == SANE_STATUS_NO_DOCS && s->sheets > 0)
		return 0;
	if (status != SANE_STATUS_GOOD)
		return fail(status, "sheet", err);
	if (read_sheet(s, p, err) == -1)
		return -1;
	s->sheets++;
	return 1;
}

/* ---- which there are ---- */

int
ck_scanners(int (*each)(void *u, json_t *row), void *u, struct ck_err *err)
{
	const SANE_Device **devices = NULL;
	SANE_Status status = sane_init(NULL, NULL);
	int rc = -1;

	if (status != SANE_STATUS_GOOD)
		return fail(status, "sane", err);
	if (list(&devices, err) == 0)
		for (rc = 0; rc == 0 && *devices != NULL; devices++)
			rc = each(u, json_pack("{s:s, s:s, s:s, s:s}", "name", (*devices)->name,
					 "vendor", (*devices)->vendor, "model", (*devices)->model,
					 "type", (*devices)->type));
	sane_exit();
	return rc;
}
