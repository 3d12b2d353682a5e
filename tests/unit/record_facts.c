/* What a record holds: lines, facts, states, handles. */
#include "base/clock.h"
#include "record_help.h"

static void
test_facts(void)
{
	struct ck_store *st = help_open("facts");
	struct ck_record *r = help_begin(st, "p11|0001"), *again = NULL;
	struct ck_err err = { 0 };
	size_t n = 99;

	T(ck_record_get(r, 0, "subject", &n) == NULL && n == 0, "a fact never put is not there");
	T(help_put(r, "subject", "CN=Li", CK_FACT_SEALED, &err) == 0, "a sealed fact is put");
	T_STR(ck_record_text(r, 0, "subject"), "CN=Li", "and read from memory");
	T(ck_record_text(r, 1, "subject") == NULL, "another item doesn't have it");
	T(help_put(r, "id", "ab12", 0, &err) == 0 && help_put(r, "id", "cd34", 0, &err) == 0,
	    "a plain one is put, and put again");
	T(help_put(r, "empty", "", 0, &err) == 0, "an empty one is put");
	T(help_put(r, "gone", "x", 0, &err) == 0 && help_put(r, "gone", NULL, 0, &err) == 0,
	    "one is put and taken away");

	again = help_find(st, "number", ck_record_head(r)->number);
	T(again != NULL, "found by number");
	T_STR(ck_record_text(again, 0, "subject"), "CN=Li", "the sealed fact is back");
	T_STR(ck_record_text(again, 0, "id"), "cd34", "the later plain one is back");
	T(ck_record_get(again, 0, "empty", &n) != NULL && n == 0, "the empty one is there");
	T(ck_record_get(again, 0, "gone", NULL) == NULL, "the one taken away is not");
	T_STR(ck_record_text(again, CK_ITEM_RECORD, "key"), "p11|0001", "the key is a fact too");
	ck_record_free(again);
	ck_record_free(r);
	ck_store_close(st);
}

static void
test_by_fact(void)
{
	struct ck_store *st = help_open("by-fact");
	struct ck_record *first = help_begin(st, "k1"), *second = help_begin(st, "k2"), *got = NULL;
	struct ck_line last = { .station = "abandon", .text = "given back" };
	struct ck_err err = { 0 };

	T(help_put(first, "new-id", "ab", 0, &err) == 0 &&
		help_put(second, "new-id", "cd", 0, &err) == 0 &&
		help_put(second, "hidden", "ab", CK_FACT_SEALED, &err) == 0,
	    "two records with an id each");
	T(ck_record_close(first, CK_RECORD_ABANDONED, &last, &err) == 0, "one is closed");
	T(ck_record_by_fact(st, "new-id", "ab", 2, &got, &err) == 1, "which is found");
	T_STR(got ? ck_record_head(got)->number : NULL, ck_record_head(first)->number, "by its id");
	ck_record_free(got);
	got = NULL;
	T(ck_record_by_fact(st, "new-id", "cd", 2, &got, &err) == 1, "the open one too");
	T_STR(got ? ck_record_text(got, 0, "hidden") : NULL, "ab", "with all its facts");
	ck_record_free(got);
	got = NULL;
	T(help_put(second, "new-id", "ab", 0, &err) == 0 &&
		ck_record_by_fact(st, "new-id", "ab", 2, &got, &err) == 1,
	    "two with the same");
	T_STR(got ? ck_record_head(got)->number : NULL, ck_record_head(second)->number,
	    "the newer one is found");
	ck_record_free(got);
	got = NULL;
	T(ck_record_by_fact(st, "new-id", "a", 1, &got, &err) == 0 && got == NULL, "not by half");
	T(ck_record_by_fact(st, "hidden", "ab", 2, &got, &err) == 0 && got == NULL,
	    "not by what is sealed");
	ck_record_free(first);
	ck_record_free(second);
	ck_store_close(st);
}

static void
test_bytes(void)
{
	struct ck_store *st = help_open("bytes");
	struct ck_record *r = help_begin(st, "k"), *again = NULL;
	static unsigned char big[65537];
	struct ck_fact facts[] = { { "a", "\0\1\2", 3, CK_FACT_SEALED }, { "b", big, 65536, 0 },
		{ "a", "later", 5, CK_FACT_SEALED } };
	struct ck_line line = { .item = 3, .station = "request", .facts = facts, .n_facts = 3 };
	struct ck_err err = { 0 };
	size_t n = 0;

	memset(big, 'x', sizeof big);
	T(ck_record_put(r, &line, &err) == 0, "bytes with NULs, 64 KiB, and a name put twice");
	T_STR(ck_record_text(r, 3, "a"), "later", "of a name put twice the later one holds");
	again = help_find(st, "key", "k");
	T(again != NULL && ck_record_get(again, 3, "b", &n) != NULL && n == 65536, "64 KiB back");
	T_STR(again ? ck_record_text(again, 3, "a") : NULL, "later", "and the later one on disk");
	facts[1].n = 65537;
	T(ck_record_put(r, &line, &err) == -1 && err.code == CK_E_INTERNAL, "more is refused");
	facts[1].n = 1;
	facts[1].name = "a|b";
	T(ck_record_put(r, &line, NULL) == -1, "so is a name with a bar");
	line.n_facts = 1;
	line.item = 8;
	T(ck_record_put(r, &line, NULL) == -1, "an item that can't be");
	line.item = 0;
	line.station = "a-station-too-long";
	T(ck_record_put(r, &line, NULL) == -1, "a station name that is too long");
	ck_record_free(again);
	ck_record_free(r);
	ck_store_close(st);
}

static void
test_head(void)
{
	struct ck_store *st = help_open("head");
	struct ck_record *r = NULL;
	const struct ck_record_head *h = NULL;
	struct ck_err err = { 0 };
	char number[32];
	int64_t before = ck_now();
	int y = 0, m = 0, d = 0;

	T(ck_record_begin(st, "s", "self", NULL, "k1", &r, &err) == 0, "begun without a clerk");
	h = ck_record_head(r);
	ck_day_split(ck_day_of(h->opened), &y, &m, &d);
	snprintf(number, sizeof number, "CK-%04d%02d%02d-000001", y, m, d);
	T_STR(h->number, number, "the number is the day in China and a count");
	T(h->opened >= before && h->touched == h->opened && h->closed == 0, "its times");
	T_STR(h->clerk, "", "no clerk");
	T(h->state == CK_RECORD_OPEN && h->station[0] == '\0', "open, at no station");
	T(help_put(r, NULL, NULL, 0, &err) == 0, "a line without facts");
	T_STR(ck_record_head(r)->station, "newkey", "its station is that of the last line");
	T(ck_record_park(r, "authority", 4711, &err) == 0, "parked");
	ck_record_free(r);
	r = help_find(st, "key", "k1");
	h = ck_record_head(r);
	T(h->state == CK_RECORD_PARKED, "and found parked");
	T_STR(h->station, "newkey", "at its station");
	T_STR(h->reason, "authority", "for this reason");
	T(h->next == 4711 && h->since == h->touched, "until then, since its last line");
	T(ck_record_park(r, "a reason that is too long for it", 1, &err) == -1 && err.code == CK_E_INTERNAL,
	    "a reason is a word");
	T(help_put(r, NULL, NULL, 0, NULL) == 0 && h->state == CK_RECORD_OPEN &&
		h->reason[0] == '\0' && h->since == 0 && h->next == 0,
	    "a line opens it again");
	err = (struct ck_err){ 0 };
	T(help_close(r, &err) == 0 && ck_record_head(r)->closed >= before, "closed");
	T(help_put(r, NULL, NULL, 0, &err) == -1 && err.code == CK_E_RECORD_CLOSED,
	    "a closed record takes no line");
	ck_record_free(r);
	r = help_begin(st, "k2");
	T_STR(ck_record_head(r)->number + 12, "000002", "the count goes on");
	ck_record_free(r);
	ck_store_close(st);
}

/* Half an hour before and after midnight in China, which is afternoon in Greenwich. */
static void
test_day(void)
{
	struct ck_store *st = help_open("day");
	char shift[32];
	int64_t t = 0, now = ck_now();

	for (int i = 0; i < 2; i++) {
		struct ck_record *r = NULL;

		ck_time_read(i == 0 ? "2031-03-31T15:30:00Z" : "2031-03-31T16:30:00Z", &t);
		snprintf(shift, sizeof shift, "%lld", (long long)(t - now));
		setenv("CK_FAULT_CLOCK", shift, 1);
		r = help_begin(st, i == 0 ? "a" : "b");
		T_STR(ck_record_head(r)->number,
		    i == 0 ? "CK-20310331-000001" : "CK-20310401-000002",
		    "the number has China's day");
		ck_record_free(r);
	}
	unsetenv("CK_FAULT_CLOCK");
	ck_store_close(st);
}

/* Two hold the same record; one closes it. */
static void
test_closed_elsewhere(void)
{
	struct ck_store *a = help_open("elsewhere"), *b = help_open("elsewhere");
	struct ck_record *ra = help_begin(a, "k"), *rb = help_find(b, "key", "k");
	struct ck_err err = { 0 };

	T(rb != NULL && help_close(rb, &err) == 0, "closed by one");
	T(help_put(ra, "f", "v", 0, &err) == -1 && err.code == CK_E_RECORD_CLOSED,
	    "the other's line is refused");
	T(ck_record_get(ra, 0, "f", NULL) == NULL, "and nothing of it kept in memory");
	ck_record_free(ra);
	ck_record_free(rb);
	ck_store_close(a);
	ck_store_close(b);
}

static void
test_handles(void)
{
	struct ck_store *st = help_open("handles");
	struct ck_record *a = help_begin(st, "k1"), *b = help_begin(st, "k2"), *r = NULL;
	struct ck_err err = { 0 };

	T(ck_record_begin(st, "s", "self", NULL, "k1", &r, &err) == -1 && err.code == CK_E_KEY_BUSY,
	    "a second open record for a key is refused");
	T_STR(err.detail, ck_record_head(a)->number, "naming the first");
	T(help_put(a, "envelope", "E-1", CK_FACT_HANDLE, NULL) == 0, "an envelope is a handle");
	err = (struct ck_err){ 0 };
	T(help_put(b, "envelope", "E-1", CK_FACT_HANDLE, &err) == -1 &&
		err.code == CK_E_LEASE_ELSEWHERE,
	    "another record can't have it");
	T_STR(err.detail, ck_record_head(a)->number, "naming who has");
	T(ck_record_get(b, 0, "envelope", NULL) == NULL, "and hasn't, not even in memory");
	T(help_put(b, "lease", "E-1", CK_FACT_HANDLE, NULL) == 0, "but as a lease it may");
	T(help_put(a, "envelope", "E-1", CK_FACT_HANDLE, NULL) == 0, "the same again is fine");
	T(help_put(a, "envelope", "E-2", CK_FACT_HANDLE, NULL) == 0, "and so is a change");
	T(help_put(b, "envelope", "E-1", CK_FACT_HANDLE, NULL) == 0, "which frees the old one");
	T(help_put(b, "envelope", NULL, 0, NULL) == 0 && help_find(st, "envelope", "E-1") == NULL,
	    "taken away it is found no more");
	r = help_find(st, "envelope", "E-2");
	T_STR(r ? ck_record_head(r)->number : NULL, ck_record_head(a)->number, "found by envelope");
	ck_record_free(r);
	T(help_close(a, NULL) == 0 && help_find(st, "key", "k1") == NULL &&
		help_find(st, "envelope", "E-2") == NULL,
	    "a closed record is not found by handle");
	r = help_find(st, "number", ck_record_head(a)->number);
	T(r != NULL && ck_record_head(r)->state == CK_RECORD_DONE, "but by number");
	ck_record_free(r);
	r = help_begin(st, "k1");
	T(r != NULL, "its key may begin another");
	ck_record_free(r);
	ck_record_free(a);
	ck_record_free(b);
	ck_store_close(st);
}

struct seen {
	struct ck_store *st; /* look each record up on the way */
	int n;
	int stop_at;
	char texts[8][300];
};

static int
see_line(void *u, const struct ck_line_row *row)
{
	struct seen *s = u;

	snprintf(s->texts[s->n % 8], sizeof s->texts[0], "%d %s %s %s", row->item, row->station,
	    row->mark, row->text);
	return ++s->n == s->stop_at;
}

static void
test_lines(void)
{
	struct ck_store *st = help_open("lines");
	struct ck_record *r = help_begin(st, "k");
	char loud[400];
	struct ck_line lines[] = {
		{ -1, "key", CK_NOTE, "first", false, NULL, 0 },
		{ 0, "newkey", CK_INTENT, "bell \a and escape \033[2J", false, NULL, 0 },
		{ 0, "newkey", CK_DONE, loud, true, NULL, 0 },
		{ 0, "review", CK_WAIT, NULL, false, NULL, 0 },
	};
	struct seen s = { 0 };
	int64_t links = 0;

	memset(loud, 'x', sizeof loud - 1);
	loud[sizeof loud - 1] = '\0';
	for (int i = 0; i < 4; i++)
		T(ck_record_put(r, &lines[i], NULL) == 0, "line %d", i);
	T(ck_record_lines(r, see_line, &s, NULL) == 0 && s.n == 4, "four lines");
	T_STR(s.texts[0], "-1 key note first", "oldest first");
	T(strchr(s.texts[1], '\a') == NULL && strchr(s.texts[1], '\033') == NULL, "filtered");
	T(strlen(s.texts[2]) == strlen("0 newkey done ") + 255, "cut at 255 bytes");
	T_STR(s.texts[3], "0 review wait ", "a line may have no text");
	s = (struct seen){ .stop_at = 2 };
	T(ck_record_lines(r, see_line, &s, NULL) == 0 && s.n == 2, "stopped when told");
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == 1, "one of them is in the ledger");
	ck_record_free(r);
	ck_store_close(st);
}

static int
see_head(void *u, const struct ck_record_head *h)
{
	struct seen *s = u;

	if (s->st != NULL) {
		struct ck_record *r = help_find(s->st, "number", h->number);

		T(r != NULL, "%s is found on the way", h->number + 12);
		ck_record_free(r);
	}
	snprintf(s->texts[s->n % 8], sizeof s->texts[0], "%s %s", h->number + 12,
	    ck_record_state_names[h->state]);
	return ++s->n == s->stop_at;
}

static void
test_each(void)
{
	struct ck_store *st = help_open("each");
	struct ck_record *r[3];
	struct seen s = { 0 };

	for (int i = 0; i < 3; i++)
		r[i] = help_begin(st, i == 0 ? "a" : i == 1 ? "b" : "c");
	T(help_close(r[1], NULL) == 0 && ck_record_park(r[0], "person", 0, NULL) == 0,
	    "one parked, one closed, one open");
	T(ck_store_each(st, false, see_head, &s, NULL) == 0 && s.n == 3, "three records");
	T_STR(s.texts[0], "000003 open", "newest first");
	T_STR(s.texts[1], "000002 done", "then the closed one");
	s = (struct seen){ .st = st };
	T(ck_store_each(st, true, see_head, &s, NULL) == 0 && s.n == 2, "two are not closed");
	T_STR(s.texts[1], "000001 parked", "the parked one is one of them");
	s = (struct seen){ .stop_at = 1 };
	T(ck_store_each(st, false, see_head, &s, NULL) == 0 && s.n == 1, "stopped when told");
	for (int i = 0; i < 3; i++)
		ck_record_free(r[i]);
	ck_store_close(st);
}

int
main(void)
{
	help_start();
	test_facts();
	test_by_fact();
	test_bytes();
	test_head();
	test_day();
	test_closed_elsewhere();
	test_handles();
	test_lines();
	test_each();
	help_end();
	return T_END();
}
