/* Records and ledger as lists go through them, and the store as it looks from outside. */
#include "base/clock.h"
#include "record_help.h"

struct seen {
	char numbers[512];
	int n, stop_after;
};

static int
note(void *u, const struct ck_record_head *h)
{
	struct seen *s = u;

	snprintf(s->numbers + strlen(s->numbers), sizeof s->numbers - strlen(s->numbers), "%s ",
	    h->number + 16);
	return ++s->n == s->stop_after;
}

static const char *
held(struct ck_store *st, const char *part)
{
	static struct seen s;

	s = (struct seen){ .n = 0 };
	T(ck_store_each_held(st, part, note, &s, NULL) == 0, "those held, and %s",
	    part != NULL ? part : "no others");
	return s.numbers;
}

static void
test_held(void)
{
	struct ck_store *st = help_open("held");
	struct ck_record *open = help_begin(st, "m|1"), *wiped = help_begin(st, "m|2"),
			 *kept = help_begin(st, "m|3"), *parked = help_begin(st, "m|4");
	struct seen s = { .stop_after = 2 };
	struct ck_err err = { 0 };
	int64_t count = 0;

	ck_record_keep_private(kept, 3);
	T(help_close(wiped, &err) == 0 && help_close(kept, &err) == 0 &&
		ck_record_park(parked, "line", 0, &err) == 0,
	    "one open, one wiped at its end, one kept for three days, one parked");
	T_STR(held(st, NULL), "04 03 01 ", "all but the wiped one, newest first");
	T_STR(held(st, ck_record_head(wiped)->number), "04 03 02 01 ", "and that by its number");
	T_STR(held(st, ck_record_head(wiped)->number + 12), "04 03 02 01 ", "or a part of it");
	T_STR(held(st, "%"), "04 03 01 ", "which is no pattern");
	T(ck_store_each_held(st, NULL, note, &s, &err) == 0 && s.n == 2, "until told to stop");
	T(ck_store_wipe_due(st, ck_now() + 4 * CK_DAY_S, &count, &err) == 0 && count == 1,
	    "four days later");
	T_STR(held(st, NULL), "04 01 ", "that one is wiped, too");
	ck_record_free(open);
	ck_record_free(wiped);
	ck_record_free(kept);
	ck_record_free(parked);
	ck_store_close(st);
}

/* the fact's text, "-" for none, "!" and the code for an error */
static const char *
fact(struct ck_store *st, const struct ck_record_head *h, int item, const char *name)
{
	static char text[128];
	unsigned char *p = NULL;
	struct ck_err err = { 0 };
	size_t n = 0;
	int r = ck_store_fact(st, h, item, name, &p, &n, &err);

	if (r == 1)
		snprintf(text, sizeof text, "%s%s", p, strlen((char *)p) == n ? "" : " (?)");
	else
		snprintf(text, sizeof text, r == 0 ? "-" : "!%d", err.code);
	free(p);
	return text;
}

static void
test_fact(void)
{
	struct ck_store *st = help_open("fact");
	struct ck_record *r = help_begin(st, "module|0001"), *other = help_begin(st, "module|0002");
	const struct ck_record_head *h = ck_record_head(r);
	struct ck_err err = { 0 };

	T(help_put(r, "holder", "张三", CK_FACT_SEALED, &err) == 0 &&
		help_put(r, "plain", "p", 0, &err) == 0 && help_put(r, "empty", "", 1, &err) == 0 &&
		help_put(r, "order", "O-1", CK_FACT_HANDLE, &err) == 0,
	    "facts of all kinds");
	T_STR(fact(st, h, 0, "holder"), "张三", "a sealed one");
	T_STR(fact(st, h, 0, "plain"), "p", "one that is not");
	T_STR(fact(st, h, 0, "empty"), "", "an empty one");
	T_STR(fact(st, h, 0, "order"), "O-1", "one it is found by");
	T_STR(fact(st, h, CK_ITEM_RECORD, "key"), "module|0001", "the record's own");
	T_STR(fact(st, h, 1, "holder"), "-", "no other item's");
	T_STR(fact(st, h, 0, "none"), "-", "none");
	help_sql("fact", "UPDATE fact SET record = 2 WHERE name = 'holder'");
	T_STR(fact(st, ck_record_head(other), 0, "holder"), "!5003",
	    "one that was moved to another record does not open");
	T(help_close(r, &err) == 0, "closed");
	T_STR(fact(st, h, CK_ITEM_RECORD, "key"), "-", "what was sealed is gone");
	T_STR(fact(st, h, 0, "plain"), "p", "the rest is not");
	ck_record_free(r);
	ck_record_free(other);
	ck_store_close(st);
}

static const char *
between(struct ck_store *st, int64_t from, int64_t to)
{
	static struct seen s;

	s = (struct seen){ .n = 0 };
	T(ck_store_each_between(st, from, to, note, &s, NULL) == 0, "from %lld to %lld",
	    (long long)from, (long long)to);
	return s.numbers;
}

static void
test_between(void)
{
	struct ck_store *st = help_open("between");

	for (int i = 1; i <= 4; i++) {
		char key[16];

		snprintf(key, sizeof key, "m|%d", i);
		ck_record_free(help_begin(st, key));
	}
	/* begun and ended; begun alone; a line long after its begin; a line in between */
	help_sql("between",
	    "UPDATE record SET opened = 1000, touched = 1999, closed = 1999, state = 2 WHERE id = 1;"
	    "UPDATE record SET opened = 2000, touched = 2000 WHERE id = 2;"
	    "UPDATE record SET opened = 500, touched = 9000 WHERE id = 3;"
	    "UPDATE record SET opened = 500, touched = 9000 WHERE id = 4;"
	    "INSERT INTO line VALUES(3, 1, 500, 0, 's', 0, ''), (3, 2, 9000, 0, 's', 0, ''),"
	    " (4, 1, 500, 0, 's', 0, ''), (4, 2, 1500, 0, 's', 0, ''),"
	    " (4, 3, 9000, 0, 's', 0, '')");
	T_STR(between(st, 1000, 2000), "04 01 ", "begun, ended, a line of an older one");
	T_STR(between(st, 2000, 3000), "02 ", "the end belongs to the next");
	T_STR(between(st, 1999, 2000), "01 ", "the last second");
	T_STR(between(st, 500, 501), "04 03 ", "the begin");
	T_STR(between(st, 9000, 9001), "04 03 ", "the last line");
	T_STR(between(st, 3000, 9000), "", "nothing was done then");
	T_STR(between(st, 2000, 1000), "", "a time that ends before it begins");
	ck_store_close(st);
}

/* ---- the ledger ---- */

static int
note_line(void *u, const struct ck_ledger_row *l)
{
	char *out = u;

	snprintf(out + strlen(out), 256 - strlen(out), "%lld:%.3s:%s:%s ", (long long)l->seq,
	    l->record, l->mark, l->text);
	return 0;
}

static const char *
lines(struct ck_store *st, int64_t before, int64_t last)
{
	static char out[256];

	out[0] = '\0';
	T(ck_ledger_each(st, before, last, note_line, out, NULL) == 0, "lines before %lld, %lld",
	    (long long)before, (long long)last);
	return out;
}

static void
test_ledger(void)
{
	struct ck_store *st = help_open("ledger");
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };

	T_STR(lines(st, 0, 10), "", "nothing was written down yet");
	r = help_begin(st, "m|1");
	T(help_put(r, NULL, NULL, 0, &err) == 0 && help_put(r, NULL, NULL, 0, &err) == 0 &&
		ck_ledger_note(st, "m|1", "pin", CK_DONE, "changed \033[31m", &err) == 0,
	    "three lines");
	T_STR(lines(st, 0, 2), "3:key:done:changed \xef\xbf\xbd[31m 2:CK-:intent:a line ",
	    "the last two, newest first, filtered");
	T_STR(lines(st, 2, 10), "1:CK-:intent:a line ", "those before");
	T_STR(lines(st, 1, 10), "", "none");
	help_sql("ledger", "UPDATE ledger SET text = x'ff1b' WHERE seq = 1");
	T_STR(lines(st, 2, 1), "1:CK-:intent:\xef\xbf\xbd\xef\xbf\xbd ",
	    "a line somebody has been at is shown, filtered");
	ck_record_free(r);
	ck_store_close(st);
}

/* ---- from outside ---- */

static int
count_files(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	(void)path;
	(void)sb;
	(void)type;
	(void)at;
	help_hits++;
	return 0;
}

static int
files(const char *name)
{
	help_hits = 0;
	nftw(help_path(name, ""), count_files, 8, FTW_PHYS);
	return help_hits;
}

static enum ck_code
look(struct ck_store_conf conf, struct ck_store_seen *seen)
{
	struct ck_err err = { 0 };

	T(ck_store_look(&conf, seen, &err) == (err.code == CK_E_NONE ? 0 : -1), "looked at");
	return err.code;
}

static void
test_look(void)
{
	struct ck_store_conf conf = help_conf("look"), deep = help_conf("no/such"),
			     other = help_conf("strange");
	struct ck_store_seen seen;
	char strange[4096];

	T(look(conf, &seen) == CK_E_NONE && !seen.made && seen.room > 0, "no store yet");
	T(access(conf.dir, F_OK) != 0, "and none is made");
	T(look(deep, &seen) == CK_E_STORE_UNWRITABLE, "nor can there be one");
	mkdir(conf.dir, 0700);
	T(look(conf, &seen) == CK_E_NONE && !seen.made && files("look") == 1, "an empty folder");
	ck_store_close(help_open("look"));
	T(look(conf, &seen) == CK_E_NONE && seen.made, "a store");
	conf.reserve = INT64_MAX;
	T(look(conf, &seen) == CK_E_STORE_FULL && seen.made && seen.room > 0 &&
		seen.reserve == INT64_MAX,
	    "too little room");
	conf.reserve = 0;
	help_sql("look", "PRAGMA user_version = 1");
	T(look(conf, &seen) == CK_E_NONE && seen.made, "one of an earlier version");
	help_sql("look", "PRAGMA user_version = 99");
	T(look(conf, &seen) == CK_E_STORE_NEWER, "one of a later");
	help_sql("look", "PRAGMA user_version = 1");
	chmod(help_path("look", "site.key"), 0644);
	T(look(conf, &seen) == CK_E_SITE_KEY, "a site key that others can read");
	rename(help_path("look", "site.key"), help_path("look", "k"));
	T(look(conf, &seen) == CK_E_SITE_KEY && access(help_path("look", "site.key"), F_OK) != 0,
	    "a site key that is gone is not made anew");
	memset(strange, 'x', sizeof strange);
	mkdir(other.dir, 0700);
	help_write(help_path("strange", "records.db"), strange, sizeof strange, 0600);
	T(look(other, &seen) == CK_E_STORE_DAMAGED && !seen.made, "a file that is no store");
}

int
main(void)
{
	help_start();
	test_held();
	test_fact();
	test_between();
	test_ledger();
	test_look();
	help_end();
	return T_END();
}
