/*
 * What there is to print on: the queues of CUPS, and a printer of its own address that the site
 * names. A counter with such a one needs no CUPS.
 */
#include <string.h>

#include "walk/paper.h"

struct listing {
	const char *usual; /* where the site's forms go; "": the default of CUPS */
	void (*each)(void *u, const json_t *row);
	void *u;
};

static void
take(void *u, const json_t *line)
{
	const struct listing *l = u;
	json_t *row = json_object_get(line, "row");
	const char *name = json_string_value(json_object_get(row, "name"));

	if (name == NULL)
		return;
	if (*l->usual != '\0')
		json_object_set_new(row, "default", json_boolean(strcmp(name, l->usual) == 0));
	l->each(l->u, row);
}

static void
take_one(void *u, const json_t *line)
{
	json_t **row = u;

	if (*row == NULL)
		*row = json_incref(json_object_get(line, "row"));
}

int
ck_printer_alone(const char *printer, struct ck_talk *talk, json_t **row, struct ck_err *err)
{
	*row = NULL;
	if (ck_press_ask(talk, json_pack("{s:s, s:s}", "paper", "printers", "printer", printer),
		CK_PRINTERS_S, take_one, row, err) == -1)
		return -1;
	return *row != NULL ? 0 : ck_fail(err, CK_E_PRINT_GONE, "it listed nothing");
}

/* One that does not answer is a printer, too; it is told what is the matter with it. */
static int
tell_own(const struct listing *l, struct ck_talk *talk, struct ck_err *err)
{
	struct ck_err why = { 0 };
	json_t *row = NULL;

	if (ck_printer_alone(l->usual, talk, &row, &why) == -1) {
		if (why.code == CK_E_PRINT_GONE || why.code == CK_E_STOPPED)
			return ck_fail(err, why.code, "%s", why.detail);
		row = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:s, s:s, s:s, s:s, s:s}", "name",
		    l->usual, "uri", l->usual, "info", "", "default", 1, "direct", 1, "accepting",
		    0, "state", "stopped", "media", "", "sides", "", "copies", "", "why",
		    ck_err_fact((int)why.code)->name);
	}
	l->each(l->u, row);
	json_decref(row);
	return 0;
}

int
ck_printers(const struct ck_site *site, struct ck_talk *talk,
    void (*each)(void *u, const json_t *row), void *u, struct ck_err *err)
{
	struct listing l = { .usual = site->paper.printer, .each = each, .u = u };
	bool own = strstr(l.usual, "://") != NULL;
	struct ck_err why = { 0 };

	if (own && tell_own(&l, talk, err) == -1)
		return -1;
	if (ck_press_ask(talk, json_pack("{s:s}", "paper", "printers"), CK_PRINTERS_S, take, &l,
		&why) == 0 ||
	    (own && why.code == CK_E_PRINT_NO_SERVICE))
		return 0;
	return ck_fail_native(err, why.code, why.native, "%s", why.detail);
}
