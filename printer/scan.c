/* Paper that comes in: sheets of a scanner, or those that a stick brought. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/evp.h>

#include "base/buf.h"
#include "certkiosk/facts.h"
#include "certkiosk/paper.h"
#include "code.h"
#include "document.h"
#include "picture.h"
#include "scanner.h"
#include "serve.h"

#define DPI 200 /* the code of a form is read at 100, hand-writing at 200 */
#define DPI_MIN 100
#define DPI_MAX 600
#define FOR_EVER (-1) /* a sheet is put away; a dead asker closes the link */

struct scan {
	struct ck_link *link;
	EVP_PKEY *key; /* of the site; NULL: codes are not checked */
	struct ck_err *err;
};

static int
say(struct scan *s, json_t *line)
{
	int rc = line != NULL ? ck_link_send(s->link, line, s->err)
			      : ck_fail(s->err, CK_E_NO_MEMORY, "sheet");

	json_decref(line);
	return rc;
}

static int
begin(struct scan *s, struct ck_link *link, const json_t *request, struct ck_err *err)
{
	const char *text = json_string_value(json_object_get(request, "certificate"));
	unsigned char *cert = NULL;
	size_t n = 0;

	*s = (struct scan){ .link = link, .err = err };
	if (text == NULL)
		return 0;
	cert = ck_unbase64(text, CK_CERT_MAX, &n);
	s->key = ck_code_key(cert, n);
	free(cert);
	return s->key != NULL ? 0
			      : ck_fail(err, CK_E_CERT_UNREADABLE, "no site's certificate (P-256)");
}

/* ---- a sheet, looked at ---- */

static json_t *
tell_code(const struct scan *s, const struct ck_formcode *code)
{
	char text[CK_FORMCODE_MAX] = "";

	(void)ck_formcode_make(code, text);
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:b}", "text", text, "number", code->number,
	    "form", code->form, "page", code->page, "pages", code->pages, "signed",
	    s->key != NULL && ck_code_signed(code, s->key));
}

/* A stamp may lie on the code: red ink is taken off, and it is tried again. */
static bool
find_code(const struct ck_picture *p, struct ck_picture *grey, struct ck_formcode *code,
    int *turned, struct ck_err *err)
{
	if (ck_code_find(grey, code, turned))
		return true;
	if (p->colours > 1) {
		ck_picture_free(grey);
		if (ck_picture_grey(p, true, grey, err) == -1)
			return false;
		if (ck_code_find(grey, code, turned))
			return true;
	}
	ck_picture_toner(grey);
	return ck_code_find(grey, code, turned);
}

/* What is to be seen on it, the caller's; NULL: err. */
static json_t *
look(struct scan *s, const struct ck_picture *p, int *turned)
{
	struct ck_picture grey = { 0 };
	struct ck_formcode code;
	json_t *sheet = NULL;
	bool blank, found;

	*turned = 0;
	if (ck_picture_grey(p, false, &grey, s->err) == -1)
		return NULL;
	blank = ck_picture_blank(&grey);
	found = !blank && find_code(p, &grey, &code, turned, s->err);
	if (grey.p != NULL)
		sheet = json_pack("{s:b, s:i, s:i, s:i, s:o*}", "blank", (int)blank, "turned",
		    *turned, "width", p->width, "height", p->height, "code",
		    found ? tell_code(s, &code) : NULL);
	ck_picture_free(&grey);
	return sheet;
}

/* Takes sheet. */
static int
tell(struct scan *s, json_t *sheet, const char *type, const struct ck_buf *bytes)
{
	unsigned char sha[CK_HASH_LEN];
	char hex[2 * CK_HASH_LEN + 1];

	if (EVP_Digest(bytes->p, bytes->n, sha, NULL, EVP_sha256(), NULL) != 1) {
		json_decref(sheet);
		return ck_fail(s->err, CK_E_INTERNAL, "digest");
	}
	ck_hex(sha, sizeof sha, hex);
	json_object_set_new(sheet, "type", json_string(type));
	json_object_set_new(sheet, "size", json_integer((json_int_t)bytes->n));
	json_object_set_new(sheet, "sha256", json_string(hex));
	return say(s, json_pack("{s:o}", "sheet", sheet));
}

/* ---- from a scanner ---- */

static int
hand_over(const struct ck_buf *b, struct ck_err *err)
{
	size_t done = 0;

	while (done < b->n) {
		ssize_t did = pwrite(CK_PAPER_FILE, b->p + done, b->n - done, (off_t)done);

		if (did == -1 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		done += (size_t)did;
	}
	if (done < b->n || ftruncate(CK_PAPER_FILE, (off_t)b->n) == -1)
		return ck_fail_native(
		    err, CK_E_NO_MEMORY, (unsigned long)errno, "%s", strerror(errno));
	return 0;
}

static int
taken(struct scan *s)
{
	json_t *line = NULL;
	int rc = ck_link_recv(s->link, FOR_EVER, &line, s->err) == 1 &&
			 json_is_true(json_object_get(line, "go"))
		     ? 0
		     : ck_fail(s->err, CK_E_LINK, "the sheet was not taken");

	json_decref(line);
	return rc;
}

/* one that was looked at, on its way */
struct sheet {
	json_t *seen;
	const char *type;
	struct ck_buf bytes;
};

static void
free_sheet(struct sheet *sheet)
{
	json_decref(sheet->seen);
	ck_buf_free(&sheet->bytes);
}

static int
develop(struct scan *s, struct ck_picture *p, struct sheet *out)
{
	int turned = 0;

	*out = (struct sheet){ .bytes.max = CK_SCAN_SHEET_MAX };
	if ((out->seen = look(s, p, &turned)) != NULL &&
	    ck_picture_turn(p, (360 - turned) % 360, s->err) == 0 &&
	    ck_picture_write(p, &out->bytes, &out->type, s->err) == 0)
		return 0;
	free_sheet(out);
	return -1;
}

/* Takes the sheet. */
static int
pass_on(struct scan *s, struct sheet *sheet)
{
	int rc = -1;

	if (hand_over(&sheet->bytes, s->err) == 0) {
		rc = tell(s, sheet->seen, sheet->type, &sheet->bytes);
		sheet->seen = NULL;
	}
	free_sheet(sheet);
	return rc == 0 ? taken(s) : -1;
}

static bool
is_unwanted(void *u)
{
	struct scan *s = u;
	struct pollfd link = { .fd = ck_link_fd(s->link), .events = POLLIN };

	return poll(&link, 1, 0) != 0;
}

static int
run(struct scan *s, struct ck_scanner *scanner)
{
	struct ck_picture p = { 0 };
	struct sheet sheet;
	int sheets = 0, got;

	while ((got = ck_scanner_page(scanner, &p, s->err)) == 1) {
		if (sheets++ == CK_SCAN_SHEETS_MAX)
			got = ck_fail(s->err, CK_E_SCAN_MANY, "%d", CK_SCAN_SHEETS_MAX);
		else if ((got = develop(s, &p, &sheet)) == 0)
			got = pass_on(s, &sheet);
		ck_picture_free(&p);
		if (got == -1)
			return -1;
	}
	return got == 0 ? say(s, json_pack("{s:s, s:i}", "end", "scanned", "sheets", sheets)) : -1;
}

/* Before the scanner is let go, which may take a back end for ever. */
static int
say_why(struct ck_link *link, const struct ck_err *why)
{
	struct ck_err unheard = { 0 };
	struct scan s = { .link = link, .err = &unheard };

	return say(&s, json_pack("{s:s, s:o}", "end", "failed", "error", ck_err_json(why)));
}

int
ck_serve_scan(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	const char *name = json_string_value(json_object_get(request, "scanner"));
	const json_t *dpi = json_object_get(request, "dpi");
	struct scan s;
	struct ck_scan_wish wish = { .scanner = name != NULL ? name : "",
		.colour = json_is_true(json_object_get(request, "colour")),
		.dpi = dpi != NULL ? (int)json_integer_value(dpi) : DPI,
		.options = json_object_get(request, "options"),
		.unwanted = is_unwanted,
		.u = &s };
	struct ck_scanner *scanner = NULL;
	int rc = -1;

	if (wish.dpi < DPI_MIN || wish.dpi > DPI_MAX)
		return ck_fail(err, CK_E_USAGE, "dpi");
	if (begin(&s, link, request, err) == 0 && ck_scanner_open(&wish, &scanner, err) == 0)
		rc = run(&s, scanner) == 0 ? 0 : say_why(link, err);
	ck_scanner_close(scanner);
	EVP_PKEY_free(s.key);
	return rc;
}

static int
tell_row(void *u, json_t *row)
{
	return say(u, row != NULL ? json_pack("{s:o}", "row", row) : NULL);
}

int
ck_serve_scanners(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct scan s = { .link = link, .err = err };

	(void)request;
	return ck_scanners(tell_row, &s, err) == 0 ? say(&s, json_pack("{s:s}", "end", "listed"))
						   : -1;
}

/* ---- from a stick ---- */

static int
read_file(struct ck_buf *b, struct ck_err *err)
{
	unsigned char some[65536];
	struct stat st;
	off_t at = 0;
	ssize_t got;

	b->max = CK_SCAN_SHEET_MAX;
	if (fstat(CK_PAPER_FILE, &st) == 0 && st.st_size > CK_SCAN_SHEET_MAX)
		return ck_fail(err, CK_E_SHEET_LARGE, "%lld bytes", (long long)st.st_size);
	while ((got = pread(CK_PAPER_FILE, some, sizeof some, at)) != 0) {
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return ck_fail_native(err, CK_E_SHEET_UNREADABLE, (unsigned long)errno,
			    "%s", strerror(errno));
		if (ck_buf_add(b, some, (size_t)got) == -1)
			return ck_fail(err, CK_E_SHEET_LARGE, "%d bytes", CK_SCAN_SHEET_MAX);
		at += got;
	}
	return 0;
}

static int
read_picture(struct scan *s, const struct ck_buf *bytes)
{
	struct ck_picture p = { 0 };
	const char *type = NULL;
	json_t *sheet = NULL;
	int turned = 0, rc = -1;

	if (ck_picture_read(bytes->p, bytes->n, &p, &type, s->err) == 0 &&
	    (sheet = look(s, &p, &turned)) != NULL && tell(s, sheet, type, bytes) == 0)
		rc = taken(s);
	ck_picture_free(&p);
	return rc;
}

/* All of its pages, as many as there were. */
static int
develop_all(struct scan *s, const struct ck_buf *bytes, struct sheet *sheets, int *n)
{
	struct ck_document *d = ck_document_open(CK_PAPER_FILE, bytes, ck_link_fd(s->link), s->err);
	struct ck_picture p = { 0 };
	int got = -1;

	while (d != NULL && (got = ck_document_page(d, &p, s->err)) == 1) {
		if (*n == CK_SCAN_SHEETS_MAX)
			got = ck_fail(s->err, CK_E_SHEET_PAGES, "%d", CK_SCAN_SHEETS_MAX);
		else if ((got = develop(s, &p, &sheets[*n])) == 0)
			++*n;
		ck_picture_free(&p);
		if (got == -1)
			break;
	}
	ck_document_close(d);
	if (got == 0 && *n == 0)
		ck_fail(s->err, CK_E_SHEET_DAMAGED, "%s", "no pages");
	return s->err->code == CK_E_NONE ? 0 : -1;
}

/* Its pages take its place in the file: not before all are there. */
static int
read_document(struct scan *s, const struct ck_buf *bytes)
{
	struct sheet sheets[CK_SCAN_SHEETS_MAX];
	int n = 0, i = 0;
	int rc = develop_all(s, bytes, sheets, &n);

	while (i < n && rc == 0)
		rc = pass_on(s, &sheets[i++]);
	while (i < n)
		free_sheet(&sheets[i++]);
	return rc;
}

int
ck_serve_read(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct ck_buf bytes = { 0 };
	struct scan s;
	int rc = -1;

	if (begin(&s, link, request, err) == 0 && read_file(&bytes, err) == 0)
		rc = ck_is_document(&bytes) ? read_document(&s, &bytes) : read_picture(&s, &bytes);
	if (rc == 0)
		rc = say(&s, json_pack("{s:s}", "end", "read"));
	ck_buf_free(&bytes);
	EVP_PKEY_free(s.key);
	return rc;
}
