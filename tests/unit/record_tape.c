/* The tape of an item. */
#include "record_help.h"

static int
put(struct ck_tape t, int step, const char *kind, const char *bytes, struct ck_err *err)
{
	return t.put(t.u, step, kind, (const unsigned char *)bytes, strlen(bytes), err);
}

static const char *
get(struct ck_tape t, int step, const char *kind)
{
	static char text[64];
	unsigned char *p = NULL;
	size_t n = 0;

	if (t.get(t.u, step, kind, &p, &n, NULL) != 1)
		return NULL;
	snprintf(text, sizeof text, "%.*s", (int)n, (const char *)p);
	free(p);
	return text;
}

static void
test_steps(void)
{
	struct ck_store *st = help_open("tape");
	struct ck_record *r = help_begin(st, "k");
	struct ck_tape zero = ck_record_tape(r, 0), one = ck_record_tape(r, 1);
	struct ck_err err = { 0 };
	unsigned char *p = NULL;
	size_t n = 0;

	T(zero.get(zero.u, 0, "req", &p, &n, &err) == 0 && err.code == CK_E_NONE, "blank at first");
	T(put(zero, 0, "req", "ir", &err) == 0 && put(zero, 0, "rep", "ip", &err) == 0 &&
		put(zero, 1, "req", "conf", &err) == 0 && put(one, 0, "req", "other", &err) == 0,
	    "two steps of one item, one of another");
	T_STR(get(zero, 0, "req"), "ir", "a request");
	T_STR(get(zero, 0, "rep"), "ip", "its reply");
	T_STR(get(one, 0, "req"), "other", "another item's");
	T(put(zero, 0, "req", "again", &err) == -1 && err.code == CK_E_INTERNAL,
	    "a step is put only once");
	T_STR(get(zero, 0, "req"), "ir", "and stays what it was");
	T(put(zero, 2, "odd", "x", NULL) == -1 && put(zero, -1, "req", "x", NULL) == -1,
	    "no other kinds, no steps before the first");
	T(put(ck_record_tape(r, 8), 0, "req", "x", NULL) == -1 &&
		put(ck_record_tape(r, -2), 0, "req", "x", NULL) == -1,
	    "no items that can't be");
	ck_record_free(r);
	ck_store_close(st);

	st = help_open("tape");
	r = help_find(st, "key", "k");
	zero = ck_record_tape(r, 0);
	T_STR(get(zero, 1, "req"), "conf", "still there for the next engine");
	T(ck_record_clear_tape(r, 0, NULL) == 0, "wiped for a new transaction");
	T(get(zero, 0, "req") == NULL && get(zero, 1, "req") == NULL, "nothing on it");
	T_STR(get(ck_record_tape(r, 1), 0, "req"), "other", "the other item's stays");
	T(put(zero, 0, "req", "new", NULL) == 0, "and a new one begins");
	ck_record_free(r);
	ck_store_close(st);
}

static void
test_sizes(void)
{
	struct ck_store *st = help_open("sizes");
	struct ck_record *r = help_begin(st, "k");
	struct ck_tape t = ck_record_tape(r, 0);
	unsigned char *big = calloc(1, (1 << 20) + 1), *p = NULL;
	size_t n = 0;

	T(t.put(t.u, 0, "rep", big, 1 << 20, NULL) == 0, "a reply of 1 MiB");
	T(t.get(t.u, 0, "rep", &p, &n, NULL) == 1 && n == 1 << 20 && memcmp(p, big, n) == 0,
	    "comes back whole");
	free(p);
	T(t.put(t.u, 1, "rep", big, (1 << 20) + 1, NULL) == -1, "one byte more is refused");
	T(t.put(t.u, 2, "rep", NULL, 0, NULL) == 0 && t.get(t.u, 2, "rep", &p, &n, NULL) == 1 &&
		n == 0,
	    "an empty one is something");
	free(p);
	free(big);
	ck_record_free(r);
	ck_store_close(st);
}

int
main(void)
{
	help_start();
	test_steps();
	test_sizes();
	help_end();
	return T_END();
}
