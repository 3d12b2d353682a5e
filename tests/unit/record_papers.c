/* Sheets that came in for a record: sealed, replaced, marked, and nothing of them where there is no
 * room or the program is killed. */
#include <sys/resource.h>

#include "certkiosk/papers.h"
#include "record_help.h"

#define LARGE (3 << 20)

static const struct ck_line line = { .station = "papers", .mark = CK_DONE, .ledger = true };
static struct ck_sheet_kept list[CK_SHEETS_MAX];
static size_t n_list;

static struct ck_sheet_kept
sheet(const char *kind, int page, size_t size, unsigned char hash)
{
	struct ck_sheet_kept s = { .type = "image/png", .page = page, .size = size };

	snprintf(s.kind, sizeof s.kind, "%s", kind);
	memset(s.sha256, hash, sizeof s.sha256);
	return s;
}

static int
put(struct ck_record *r, const char *kind, int page, const char *text, struct ck_err *err)
{
	struct ck_sheet_kept s = sheet(kind, page, strlen(text), (unsigned char)text[0]);

	return ck_record_put_sheet(r, &s, text, &line, err);
}

static bool
holds(struct ck_record *r, const char *kind, int page, const char *text)
{
	struct ck_sheet_kept s = sheet(kind, page, strlen(text), (unsigned char)text[0]);
	unsigned char *p = NULL;
	size_t n = 0;
	bool same = ck_record_sheet(r, &s, &p, &n, NULL) == 1 && n == strlen(text) &&
		    memcmp(p, text, n) == 0;

	free(p);
	return same;
}

static void
test_kept(void)
{
	struct ck_store *st = help_open("kept");
	struct ck_record *r = help_begin(st, "p11|1"), *other = help_begin(st, "p11|2");
	struct ck_err err = { 0 };
	struct ck_sheet_kept up = sheet("form", 1, 9, 'B');

	T(ck_record_sheets(r, list, &n_list, NULL) == 0 && n_list == 0, "none to begin with");
	T(put(r, "form", 2, "secret page two", NULL) == 0 &&
		put(r, "form", 1, "A page", NULL) == 0 &&
		put(r, "licence", 1, "a licence", NULL) == 0 &&
		put(other, "form", 1, "other", NULL) == 0,
	    "some come in");
	T(ck_record_sheets(r, list, &n_list, NULL) == 0 && n_list == 3 && list[0].page == 1 &&
		list[1].page == 2 && strcmp(list[2].kind, "licence") == 0,
	    "listed by kind and page");
	T(put(r, "form", 1, "B page...", NULL) == 0 && holds(r, "form", 1, "B page...") &&
		!holds(r, "form", 1, "A page"),
	    "another one replaces it");
	T(ck_record_sheet_up(r, &up, &line, NULL) == 0 &&
		ck_record_sheets(r, list, &n_list, NULL) == 0 && n_list == 3 && list[0].uploaded &&
		!list[1].uploaded,
	    "one is at the desk");
	up.sha256[0] = 'x';
	T(put(r, "form", 1, "C page", NULL) == 0 && ck_record_sheet_up(r, &up, &line, NULL) == 0 &&
		ck_record_sheets(r, list, &n_list, NULL) == 0 && !list[0].uploaded,
	    "what replaces it is not");
	T(help_grep("kept", "secret page two") == 0, "nothing of it can be read in any file");
	ck_record_free(r);
	ck_record_free(other);
	ck_store_close(st);
	st = help_open("kept");
	r = help_find(st, "key", "p11|1");
	T(r != NULL && holds(r, "form", 2, "secret page two"), "the next engine has it");
	help_sql("kept",
	    "UPDATE sheet_value SET value = (SELECT value FROM sheet_value WHERE n = 1)"
	    " WHERE n = (SELECT n FROM sheet WHERE kind = 'licence')");
	up = sheet("licence", 1, 9, 'a');
	T(ck_record_sheet(r, &up, &(unsigned char *){ NULL }, &(size_t){ 0 }, &err) == -1 &&
		err.code == CK_E_STORE_DAMAGED,
	    "one in another's place does not open");
	T(ck_record_drop_sheets(r, "form", &line, NULL) == 0 &&
		ck_record_sheets(r, list, &n_list, NULL) == 0 && n_list == 1,
	    "a kind is dropped");
	T(help_close(r, NULL) == 0 && ck_record_sheets(r, list, &n_list, NULL) == 0 && n_list == 0,
	    "and all of them with the record's end");
	err = (struct ck_err){ 0 };
	T(put(r, "form", 1, "late", &err) == -1 && err.code == CK_E_RECORD_CLOSED,
	    "a closed one takes none");
	ck_record_free(r);
	r = help_find(st, "key", "p11|2");
	T(r != NULL && holds(r, "form", 1, "other"), "another record's stay");
	ck_record_free(r);
	ck_store_close(st);
}

static int
put_child(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_find(st, "key", "p11|1");

	return r != NULL && put(r, "form", 1, "after", NULL) == 0 ? 0 : 1;
}

static void
test_killed(void)
{
	static const char *const points[] = { "record.before", "record.after" };

	for (int i = 0; i < 2; i++) {
		struct ck_store *st = help_open(points[i]);
		struct ck_record *r = help_begin(st, "p11|1");

		T(put(r, "form", 1, "before", NULL) == 0, "%s: one is kept", points[i]);
		ck_record_free(r);
		ck_store_close(st);
		setenv("CK_FAULT_AT", points[i], 1);
		T(help_child(put_child, points[i]) == 256 + SIGKILL, "killed at %s", points[i]);
		unsetenv("CK_FAULT_AT");
		st = help_open(points[i]);
		r = help_find(st, "key", "p11|1");
		T(r != NULL && holds(r, "form", 1, i == 0 ? "before" : "after"),
		    "%s: wholly one or the other", points[i]);
		ck_record_free(r);
		ck_store_close(st);
	}
}

/* No file may grow beyond what the store has now: what a full disk does to it. */
static int
full_child(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_find(st, "key", "p11|1");
	struct ck_sheet_kept s = sheet("form", 1, LARGE, 'L');
	char *bytes = calloc(1, LARGE);
	struct ck_err err = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	if (r == NULL || bytes == NULL ||
	    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ LARGE / 2, LARGE / 2 }) != 0)
		return 1;
	if (ck_record_put_sheet(r, &s, bytes, &line, &err) != -1)
		return 2;
	if (err.code != CK_E_STORE_FULL && err.code != CK_E_STORE_UNWRITABLE)
		return 3;
	free(bytes);
	if (!holds(r, "form", 1, "small"))
		return 4;
	return put(r, "form", 2, "another", NULL) == 0 ? 0 : 5;
}

static void
test_full(void)
{
	struct ck_store *st = help_open("full");
	struct ck_record *r = help_begin(st, "p11|1");
	int status;

	T(put(r, "form", 1, "small", NULL) == 0, "one is kept");
	ck_record_free(r);
	ck_store_close(st);
	status = help_child(full_child, "full");
	T(status == 0, "no room for the next: said, and nothing of it is kept (%d)", status);
	st = help_open("full");
	r = help_find(st, "key", "p11|1");
	T(r != NULL && holds(r, "form", 1, "small") && holds(r, "form", 2, "another"),
	    "what there was, and what found room, is there");
	ck_record_free(r);
	ck_store_close(st);
}

int
main(void)
{
	help_start();
	test_kept();
	test_killed();
	test_full();
	help_end();
	return T_END();
}
