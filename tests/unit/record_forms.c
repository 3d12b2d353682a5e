/* Forms and the journal of their printing: one a record, sealed, there until it was printed and its
 * days are over; one attempt at a time, whoever dies in between. */
#include "certkiosk/forms.h"
#include "certkiosk/paper.h"
#include "base/clock.h"
#include "certkiosk/papers.h"
#include "record_help.h"

#define DAY 86400
#define PERSON "Li-Xiaoming-310101199001011234"
#define CODE "CK1-CODE-OF-THE-PAGE"
#define TEMPLATE "title = \"application\";"
#define SLIP "CK-20261121-000001-KIOSK-1-X"
/* longer than a fact may be, and than a tape's piece */
#define PDF_LEN (1500 * 1000)

static char pdf[PDF_LEN];
static size_t pdf_n = PDF_LEN;

static int
put_form(struct ck_record *r, int64_t made, struct ck_err *err)
{
	const struct ck_form_made form = {
		.name = "sheca-renewal",
		.made = made,
		.pages = 2,
		.keep_days = 30,
		.part = { [CK_FORM_FIELDS] = { PERSON, strlen(PERSON) },
		    [CK_FORM_QR] = { CODE, strlen(CODE) },
		    [CK_FORM_PDF] = { pdf, pdf_n },
		    [CK_FORM_TEMPLATE] = { TEMPLATE, strlen(TEMPLATE) } },
	};
	const struct ck_fact fact = { "form", "kept", 4, 0 };
	const struct ck_line line = { .station = "form",
		.mark = CK_DONE,
		.text = "form made",
		.ledger = true,
		.facts = &fact,
		.n_facts = 1 };

	return ck_record_put_form(r, &form, &line, err);
}

/* A record with a form, closed; its number. */
static void
make(struct ck_store *st, const char *key, char number[CK_NUMBER_MAX])
{
	struct ck_record *r = help_begin(st, key);

	memcpy(number, ck_record_head(r)->number, CK_NUMBER_MAX);
	if (put_form(r, 1000, NULL) != 0 || help_close(r, NULL) != 0)
		abort();
	ck_record_free(r);
}

static bool
part_is(struct ck_store *st, const char *number, enum ck_form_part part, const void *p, size_t len)
{
	unsigned char *got = NULL;
	size_t n = 0;
	bool same = ck_form_get(st, number, part, &got, &n, NULL) == 1 && n == len &&
		    memcmp(got, p, n) == 0;

	free(got);
	return same;
}

static enum ck_code
begin_print(struct ck_store *st, const char *number, int copy, struct ck_print *p)
{
	struct ck_err err = { 0 };

	*p = (struct ck_print){ .copy = copy };
	snprintf(p->record, sizeof p->record, "%s", number);
	ck_print_begin(st, SLIP, p, &err);
	return err.code;
}

static int
count_form(void *u, const struct ck_form *f)
{
	(void)f;
	++*(int *)u;
	return 0;
}

static int
forms_in(struct ck_store *st, bool waiting)
{
	int n = 0;

	return ck_store_each_form(st, waiting, count_form, &n, NULL) == 0 ? n : -1;
}

/* ---- kept ---- */

static void
test_kept(void)
{
	struct ck_store *st = help_open("kept");
	struct ck_record *r = help_begin(st, "p11|1");
	struct ck_err err = { 0 };
	struct ck_form f;
	char number[CK_NUMBER_MAX];
	unsigned char *none = NULL;
	size_t n = 0;

	memcpy(number, ck_record_head(r)->number, sizeof number);
	T(ck_form_of(st, number, &f, NULL) == 0, "a record without a form has none");
	T(ck_form_get(st, number, CK_FORM_PDF, &none, &n, NULL) == 0 && none == NULL,
	    "nor a document");
	T(put_form(r, 1000, NULL) == 0, "a form of %d bytes is kept", PDF_LEN);
	T_STR(ck_record_text(r, 0, "form"), "kept", "and the record says so in the same line");
	T(put_form(r, 2000, &err) == -1 && err.code == CK_E_INTERNAL,
	    "a second one is not, whoever asks");
	T(ck_form_of(st, number, &f, NULL) == 1 && f.made == 1000 && f.pages == 2 &&
		f.copies == 0 && f.mark == -1 && f.kept && f.wipe == 0 &&
		strcmp(f.name, "sheca-renewal") == 0,
	    "it is the first");
	T(help_close(r, NULL) == 0, "the record is closed");
	T(part_is(st, number, CK_FORM_PDF, pdf, sizeof pdf) &&
		part_is(st, number, CK_FORM_FIELDS, PERSON, strlen(PERSON)) &&
		part_is(st, number, CK_FORM_QR, CODE, strlen(CODE)) &&
		part_is(st, number, CK_FORM_TEMPLATE, TEMPLATE, strlen(TEMPLATE)),
	    "the form is not wiped with it, byte for byte");
	T(help_grep("kept", PERSON) == 0 && help_grep("kept", CODE) == 0 &&
		help_grep("kept", "letters of the document") == 0,
	    "nothing of it can be read in a file");
	T(forms_in(st, true) == 1, "it waits");
	ck_record_free(r);
	ck_store_close(st);
	T(help_grep("kept", "sheca-renewal") > 0, "control: its name can");
}

/* Moved to another record's row it does not open. */
static void
test_moved(void)
{
	struct ck_store *st = help_open("moved");
	char one[CK_NUMBER_MAX], two[CK_NUMBER_MAX];
	struct ck_err err = { 0 };
	unsigned char *got = NULL;
	size_t n = 0;

	make(st, "p11|1", one);
	make(st, "p11|2", two);
	help_sql("moved",
	    "UPDATE form_part SET value = (SELECT value FROM form_part WHERE record = 1"
	    " AND part = 'pdf') WHERE record = 2 AND part = 'pdf'");
	T(ck_form_get(st, two, CK_FORM_PDF, &got, &n, &err) == -1 && err.code == CK_E_STORE_DAMAGED,
	    "another record's document does not pass for this one's");
	T(part_is(st, one, CK_FORM_PDF, pdf, sizeof pdf), "its own does");
	ck_store_close(st);
}

/* ---- the journal ---- */

static struct ck_print last;

static int
take_print(void *u, const struct ck_print *p)
{
	last = *p;
	++*(int *)u;
	return 0;
}

static int
open_prints(struct ck_store *st, const char *record)
{
	int n = 0;

	return ck_store_each_print(st, record, take_print, &n, NULL) == 0 ? n : -1;
}

static void
test_journal(void)
{
	struct ck_store *st = help_open("journal");
	char number[CK_NUMBER_MAX], other[CK_NUMBER_MAX], first[CK_TITLE_MAX];
	struct ck_print p, q;
	struct ck_form f;
	struct ck_err err = { 0 };
	int64_t lines = 0;

	make(st, "p11|1", number);
	make(st, "p11|2", other);
	T(begin_print(st, "CK-20200101-000099", 1, &p) == CK_E_FORM_NONE,
	    "of no record nothing is printed");
	T(begin_print(st, number, 1, &p) == CK_E_NONE, "an attempt is begun");
	memcpy(first, p.title, sizeof first);
	T(strncmp(first, SLIP "#", strlen(SLIP) + 1) == 0 &&
		strcmp(first + strlen(SLIP) + 9, ".1") == 0,
	    "its title is the slip's, and no other's");
	T(begin_print(st, number, 1, &q) == CK_E_FORM_BUSY, "no second one beside it");
	T(begin_print(st, other, 1, &q) == CK_E_NONE && open_prints(st, NULL) == 2,
	    "another record's is another matter");
	T(open_prints(st, number) == 1 && strcmp(last.title, first) == 0, "it is found by record");
	p.job = 7;
	snprintf(p.uuid, sizeof p.uuid, "urn:uuid:1");
	snprintf(p.printer, sizeof p.printer, "ipp://localhost/ipp/print");
	T(ck_print_note(st, &p, CK_PRINT_CREATED, "", NULL) == 0 && open_prints(st, number) == 1 &&
		last.job == 7 && strcmp(last.uuid, "urn:uuid:1") == 0 &&
		strcmp(last.printer, p.printer) == 0 && last.mark == CK_PRINT_CREATED,
	    "there is a job: by printer, number and uuid");
	T(ck_print_note(st, &p, CK_PRINT_HANDED, "", NULL) == 0, "handed over");
	T(ck_form_of(st, number, &f, NULL) == 1 && f.mark == CK_PRINT_HANDED && f.copies == 0,
	    "that is no paper yet");
	T(ck_print_note(st, &p, CK_PRINT_NOTHING, "PRINT_JAM", NULL) == 0, "nothing came out");
	T(ck_print_note(st, &p, CK_PRINT_OUT, "", &err) == -1 && err.code == CK_E_FORM_BUSY,
	    "what is settled stays so");
	T(begin_print(st, number, 1, &p) == CK_E_NONE && strcmp(p.title, first) != 0 &&
		strcmp(p.title + strlen(SLIP) + 9, ".2") == 0,
	    "then another may be begun, by another title");
	T(ck_print_note(st, &p, CK_PRINT_UNSURE, "", NULL) == 0 &&
		begin_print(st, number, 1, &q) == CK_E_FORM_BUSY,
	    "not while nobody has looked");
	T(ck_print_note(st, &p, CK_PRINT_OUT, "clerk 07", NULL) == 0 &&
		ck_form_of(st, number, &f, NULL) == 1 && f.copies == 1 && f.printed == p.at &&
		f.wipe == p.at + 30 * DAY && f.mark == CK_PRINT_OUT,
	    "out: and its days are counted from then");
	T(forms_in(st, true) == 1 && forms_in(st, false) == 2, "one waits, two there are");
	T(begin_print(st, number, 2, &p) == CK_E_NONE && forms_in(st, true) == 2,
	    "a copy that is on its way waits, too");
	T(ck_print_note(st, &p, CK_PRINT_UNSURE, "", NULL) == 0 && forms_in(st, true) == 2,
	    "and one that nobody knows of");
	T(ck_print_note(st, &p, CK_PRINT_DENIED, "", NULL) == 0 && forms_in(st, true) == 1 &&
		ck_form_of(st, number, &f, NULL) == 1 && f.denied == 1 && f.copies == 1,
	    "one that nobody saw is counted");
	T(ck_ledger_verify(st, &lines, NULL) == 0, "the ledger is whole");
	ck_store_close(st);
}

static int
take_loose(void *u, const struct ck_print *p)
{
	*(bool *)u |= p->mark == CK_PRINT_LOOSE;
	return 0;
}

/* What only a person can settle lies there until one comes; it must not stand before the others. */
static void
test_neglected(void)
{
	struct ck_store *st = help_open("neglected");
	char number[CK_NUMBER_MAX], key[32];
	struct ck_print p;
	bool seen = false;

	pdf_n = 100;
	for (int i = 0; i < 70; i++) {
		snprintf(key, sizeof key, "p11|%d", i);
		make(st, key, number);
		if (begin_print(st, number, 1, &p) != CK_E_NONE ||
		    ck_print_note(st, &p, i < 69 ? CK_PRINT_UNSURE : CK_PRINT_LOOSE, "", NULL) != 0)
			abort();
	}
	pdf_n = PDF_LEN;
	T(ck_store_each_print(st, NULL, take_loose, &seen, NULL) == 0 && seen,
	    "seventy are open: the one a printer can tell of is among those looked at");
	ck_store_close(st);
}

/* ---- its end ---- */

static int64_t
wipe_all(struct ck_store *st, int64_t now)
{
	int64_t count = 0;

	while (ck_store_wipe_due(st, now, &count, NULL) == 1)
		continue;
	return count;
}

static char raw[2][33];

/* The first and the last of its sealed bytes, to look for afterwards. */
static void
raw_bytes(const char *store)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_open(help_path(store, "records.db"), &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db,
		"SELECT substr(value, 100, 16), substr(value, -16) FROM form_part"
		" WHERE part = 'pdf'",
		-1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		abort();
	for (int i = 0; i < 2; i++)
		memcpy(raw[i], sqlite3_column_blob(stmt, i), 16);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static int raw_hits;

static int
raw_search(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	FILE *f = type == FTW_F && sb->st_size > 0 ? fopen(path, "rb") : NULL;
	char *p = NULL;
	size_t n = (size_t)sb->st_size;

	(void)at;
	if (f == NULL)
		return 0;
	if ((p = malloc(n)) == NULL || fread(p, 1, n, f) != n)
		abort();
	for (int i = 0; i < 2; i++)
		raw_hits += memmem(p, n, raw[i], 16) != NULL;
	free(p);
	fclose(f);
	return 0;
}

static int
raw_left(const char *store)
{
	struct ck_store_conf conf = help_conf(store);

	raw_hits = 0;
	if (nftw(conf.dir, raw_search, 16, FTW_PHYS) != 0)
		abort();
	return raw_hits;
}

static void
test_wiped(void)
{
	struct ck_store *st = help_open("wiped");
	char number[CK_NUMBER_MAX];
	struct ck_print p;
	struct ck_form f;
	int64_t now = ck_now();

	make(st, "p11|1", number);
	raw_bytes("wiped");
	T(raw_left("wiped") >= 2, "control: sealed bytes are found when searched for");
	T(wipe_all(st, now + 9999 * DAY) == 0, "not printed: it stays however long it takes");
	T(begin_print(st, number, 1, &p) == CK_E_NONE &&
		ck_print_note(st, &p, CK_PRINT_OUT, "", NULL) == 0,
	    "printed");
	T(ck_store_any_due(st, now + 29 * DAY, NULL) == 0 && wipe_all(st, now + 29 * DAY) == 0,
	    "on the 29th day it is there");
	T(part_is(st, number, CK_FORM_PDF, pdf, sizeof pdf), "whole");
	T(ck_store_any_due(st, now + 31 * DAY, NULL) == 1 && wipe_all(st, now + 31 * DAY) == 1 &&
		ck_store_tidy(st, NULL) == 1,
	    "on the 31st it goes");
	T(ck_form_of(st, number, &f, NULL) == 1 && !f.kept && f.copies == 1 && f.wipe == 0,
	    "that there was one, and that it is on paper, is still known");
	T(!part_is(st, number, CK_FORM_PDF, pdf, sizeof pdf) && raw_left("wiped") == 0,
	    "of its bytes nothing is left in any file");
	ck_store_close(st);
}

static bool
purged(struct ck_store *st)
{
	int64_t after = 0, count = 0;

	return ck_store_purge(st, NULL, ck_now() + DAY, &after, &count, NULL) == 0 && count == 1;
}

static void
test_purged(void)
{
	struct ck_store *st = help_open("purged");
	char number[CK_NUMBER_MAX];
	struct ck_print p;
	struct ck_form f;
	char days[32];

	make(st, "p11|1", number);
	raw_bytes("purged");
	T(!purged(st), "not printed: it stays");
	T(begin_print(st, number, 1, &p) == CK_E_NONE &&
		ck_print_note(st, &p, CK_PRINT_OUT, "", NULL) == 0 && !purged(st),
	    "printed: for its days");
	T(begin_print(st, number, 2, &p) == CK_E_NONE, "a copy is begun");
	snprintf(days, sizeof days, "%lld", 31LL * DAY);
	setenv("CK_FAULT_CLOCK", days, 1);
	T(!purged(st), "they are over, and the copy may be out: it stays");
	T(ck_print_note(st, &p, CK_PRINT_NOTHING, "", NULL) == 0 && purged(st) &&
		ck_store_tidy(st, NULL) == 1,
	    "the record is purged, and all it has with it");
	unsetenv("CK_FAULT_CLOCK");
	T(ck_form_of(st, number, &f, NULL) == 0 && open_prints(st, NULL) == 0 &&
		raw_left("purged") == 0,
	    "form, journal, bytes");
	T(ck_print_note(st, &p, CK_PRINT_OUT, "", NULL) == -1, "and nothing more is said of it");
	ck_store_close(st);
}

/* ---- killed ---- */

static int
print_child(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_print p;
	int bad = begin_print(st, getenv("FORM"), 1, &p) != CK_E_NONE ||
		  ck_print_note(st, &p, CK_PRINT_OUT, "", NULL) != 0;

	ck_store_close(st);
	return bad;
}

static int
form_child(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_begin(st, "p11|killed");

	return put_form(r, 1000, NULL) != 0;
}

static void
test_killed(void)
{
	static const struct {
		const char *point;
		int open, copies;
	} points[] = { { "record.before", 0, 0 }, { "record.after", 1, 0 },
		{ "record.before#2", 1, 0 }, { "record.after#2", 0, 1 } };
	struct ck_store *st = help_open("killed");
	char number[CK_NUMBER_MAX];
	struct ck_form f = { .copies = -1 };
	struct ck_record *r = NULL;

	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		char key[16];

		snprintf(key, sizeof key, "p11|%zu", i);
		make(st, key, number);
		setenv("FORM", number, 1);
		setenv("CK_FAULT_AT", points[i].point, 1);
		T(help_child(print_child, "killed") == 256 + SIGKILL, "killed at %s",
		    points[i].point);
		unsetenv("CK_FAULT_AT");
		T(open_prints(st, number) == points[i].open &&
			ck_form_of(st, number, &f, NULL) == 1 && f.copies == points[i].copies,
		    "%s: %d to be looked after, %d out", points[i].point, points[i].open,
		    points[i].copies);
	}
	/* the record's first commit, then the form's */
	setenv("CK_FAULT_AT", "record.before#2", 1);
	T(help_child(form_child, "killed") == 256 + SIGKILL, "killed before a form is kept");
	unsetenv("CK_FAULT_AT");
	r = help_find(st, "key", "p11|killed");
	T(r != NULL && ck_record_text(r, 0, "form") == NULL &&
		ck_form_of(st, ck_record_head(r)->number, &f, NULL) == 0,
	    "neither form nor line");
	T(r != NULL && put_form(r, 1000, NULL) == 0, "it is made again");
	ck_record_free(r);
	ck_store_close(st);
}

/* Said to be void by its record: the next one takes its place, and nothing stays of it. */
static void
test_void(void)
{
	struct ck_store *st = help_open("void");
	struct ck_record *r = help_begin(st, "p11|9");
	const struct ck_fact gone = { .name = "form" };
	const struct ck_line line = { .station = "applicant",
		.mark = CK_NOTE,
		.text = "void",
		.facts = &gone,
		.n_facts = 1 };
	const struct ck_line in = { .station = "papers", .mark = CK_DONE, .text = "came in" };
	struct ck_sheet_kept sheet = { .kind = "form", .type = "image/png", .page = 1, .size = 3 },
			     kept[CK_SHEETS_MAX];
	char number[CK_NUMBER_MAX];
	struct ck_print p;
	struct ck_form f;
	int64_t lines = 0;
	size_t n = 9;

	memcpy(number, ck_record_head(r)->number, sizeof number);
	T(put_form(r, 1000, NULL) == 0 && begin_print(st, number, 1, &p) == CK_E_NONE,
	    "a form is kept, and may be at the printer");
	T(ck_record_put_sheet(r, &sheet, "abc", &in, NULL) == 0, "a page of it came back");
	T(ck_record_put(r, &line, NULL) == 0 && put_form(r, 2000, NULL) == 0,
	    "one whose record does not speak of it any more makes room");
	T(ck_form_of(st, number, &f, NULL) == 1 && f.made == 2000 && f.copies == 0 &&
		f.mark == -1 && f.kept && part_is(st, number, CK_FORM_PDF, pdf, sizeof pdf),
	    "the new one is whole, and not printed yet");
	T(forms_in(st, false) == 1, "there is one");
	T(ck_record_sheets(r, kept, &n, NULL) == 0 && n == 0, "no page of the one before is left");
	T(begin_print(st, number, 1, &p) == CK_E_NONE, "nor is it at any printer");
	T(ck_ledger_verify(st, &lines, NULL) == 0 && lines > 0, "the ledger is whole");
	ck_record_free(r);
	ck_store_close(st);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof pdf; i++)
		pdf[i] = "letters of the document "[i % 24];
	help_start();
	test_kept();
	test_void();
	test_moved();
	test_journal();
	test_neglected();
	test_wiped();
	test_purged();
	test_killed();
	help_end();
	return T_END();
}
