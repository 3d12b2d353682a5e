/* The other services of a menu: what is wrong with them is told with its line; the shipped ones. */
#include "t.h"

#include <string.h>

#include "policy_own.h"

#define FIELD "{ name = \"who\"; zh = \"a\"; en = \"a\"; type = \"text\"; }"
#define PAPER "{ name = \"id\"; zh = \"a\"; en = \"a\"; }"
#define ONE(id, rest) "{ id = \"" id "\"; zh = \"a\"; en = \"a\"; certificate = false; " rest " }"
#define GOOD "submits = true; fields = [ \"who\" ]; papers = [ \"id\" ];"
#define ALL(fields, papers, list) \
	"services = {\nform = \"f\";\nfields = ( " fields " );\npapers = ( " papers \
	" );\nlist = ( " list " );\n};"
#define LIST(list) ALL(FIELD, PAPER, list)

static void
wrong(void)
{
	static const struct {
		const char *more, *told;
	} rows[] = {
		{ "services = 5;", ":1: services: expected a group" },
		{ "services = { };", "form: missing" },
		{ "services = {\nform = \"A b\"; };", ":2: form: expected a form's name" },
		{ ALL("", PAPER, ONE("x", GOOD)), ":3: fields: the list is empty" },
		{ ALL(FIELD ", " FIELD, PAPER, ONE("x", GOOD)), ":3: name: \"who\" stands there" },
		{ ALL("{ name = \"who\"; zh = \"a\"; en = \"a\"; type = \"shoe\"; }", PAPER,
		      ONE("x", GOOD)),
		    ":3: type: " },
		{ ALL("{ name = \"who\"; zh = \"a\"; type = \"text\"; }", PAPER, ONE("x", GOOD)),
		    "en: missing" },
		{ ALL(FIELD, PAPER ", " PAPER, ONE("x", GOOD)), ":4: name: \"id\" stands there" },
		{ LIST(""), ":5: list: the list is empty" },
		{ LIST(ONE("X", GOOD)), ":5: id: \"X\": expected small letters" },
		{ LIST(ONE("x", GOOD) ", " ONE("x", GOOD)), ":5: id: \"x\" stands there twice" },
		{ LIST(ONE("x", "fields = [ \"who\" ]; papers = [ ];")), "submits: missing" },
		{ LIST(ONE("x", "submits = true; fields = [ ]; papers = [ ];")),
		    "fields: the list is empty" },
		{ LIST(ONE("x", "submits = true; fields = [ \"why\" ]; papers = [ ];")),
		    ":5: fields: \"why\" is no field" },
		{ LIST(ONE("x", "submits = true; fields = [ \"who\", \"who?\" ]; papers = [ ];")),
		    ":5: fields: \"who\" stands there twice" },
		{ LIST(ONE("x", "submits = true; fields = [ \"who\" ]; papers = [ \"y\" ];")),
		    ":5: papers: \"y\" is no paper" },
		{ LIST(ONE("x", GOOD " note = { zh = \"a\"; };")), "en: missing" },
		{ LIST(ONE("x", GOOD " price = 3;")), "price: unknown setting" },
	};
	struct ck_policy p;
	struct ck_err err;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		T(with(rows[i].more, &p, &err) == -1 && err.code == CK_E_CONFIG &&
			strstr(err.detail, rows[i].told) != NULL,
		    "told: %s (%s)", rows[i].told, err.detail);
}

static void
right(void)
{
	struct ck_policy p;
	struct ck_err err;

	T(with("", &p, &err) == 0 && p.services.n == 0, "none is none%s", err.detail);
	T(with(LIST(ONE("x", "submits = false; fields = [ \"who?\" ]; papers = [ ];")), &p, &err) ==
		    0 &&
		p.services.n == 1 && !p.services.at[0].submits &&
		!p.services.at[0].fields[0].required && p.services.at[0].n_papers == 0,
	    "one that is brought, with a field that may be empty%s", err.detail);
	T(ck_service_of(&p.services, "x") == &p.services.at[0] &&
		ck_service_of(&p.services, "y") == NULL,
	    "found by its name");
}

static void
shipped(void)
{
	static const struct {
		const char *id, *services;
	} rows[] = {
		{ "sheca-cisweb", "" },
		{ "sheca-issp", "upgrade+ change+ seal+ application+ revoke+! " },
		{ "sd-bianban", "" },
		{ "sdca-dezhou", "new change+ reissue unlock+! revoke+! " },
		{ "szca-cgn", "" },
	};
	struct ck_policy p;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_err err = { 0 };
		char said[256] = "";
		int rc = ck_policy_find("core/policy/systems", rows[i].id, &p, &err);

		for (size_t k = 0; rc == 0 && k < p.services.n; k++) {
			const struct ck_service *s = &p.services.at[k];
			size_t n = strlen(said);

			snprintf(said + n, sizeof said - n, "%s%s%s ", s->id,
			    s->certificate ? "+" : "", s->note.zh[0] != '\0' ? "!" : "");
		}
		T(strcmp(said, rows[i].services) == 0, "%s: %s%s", rows[i].id, said, err.detail);
	}
}

int
main(void)
{
	dir_start();
	wrong();
	right();
	shipped();
	T(dir_end() == 0, "nothing is left");
	return T_END();
}
