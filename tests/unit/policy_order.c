/* What an order takes: what is wrong with it is told with its line; the shipped systems' own; what
 * is too dear. */
#include "t.h"

#include <string.h>

#include "policy_own.h"

#define PAID "steps = [ \"applicant\", \"payment\" ]; methods = [ \"alipay\" ]; "
#define FREE "steps = [ \"applicant\" ]; "
#define ORDER(x) "order = {\n" x "\n};"

static void
wrong(void)
{
	static const struct {
		const char *more, *told;
	} rows[] = {
		{ "order = 5;", ":1: order: expected a group" },
		{ ORDER(""), "steps: missing in this group" },
		{ ORDER("steps = [ ];"), ":2: steps: the list is empty" },
		{ ORDER("steps = [ \"dance\" ];"), ":2: steps: \"dance\" is no step" },
		{ ORDER("steps = [ \"applicant\", \"applicant\" ];"), "stands there twice" },
		{ ORDER("steps = [ \"review\" ];"), "expected \"applicant\" among them" },
		{ ORDER("steps = [ \"applicant\", \"payment\" ];"), "methods go together" },
		{ ORDER(FREE "methods = [ \"alipay\" ];"), "methods: \"payment\" and methods" },
		{ ORDER(PAID "colour = 1;"), "colour: unknown setting" },
		{ ORDER(FREE "agent = { };"), "fields: missing in this group" },
		{ ORDER(FREE "agent = { fields = [ ]; };"), "fields: the list is empty" },
		{ ORDER(FREE "agent = { fields = [ \"shoe\" ]; };"), "\"shoe\" is no field" },
		{ ORDER(FREE "agent = { fields = [ \"name\", \"name\" ]; };"), "twice" },
		{ ORDER(FREE "agent = { fields = [ \"name\" ]; optional = true; };"),
		    "optional: unknown setting" },
		{ ORDER(FREE "owner = { fields = [ \"name\" ]; };"), "when: missing" },
		{ ORDER(FREE "owner = { fields = [ \"name\" ]; when = \"never\"; };"), "when: " },
		{ ORDER("steps = [ \"applicant\", \"payment\" ]; methods = [ \"Ali\" ];"),
		    "\"Ali\": expected small letters" },
		{ ORDER(PAID "fee = { person = 1; organisation = 1; };"), "per: missing" },
		{ ORDER(PAID "fee = { person = 1; per = \"year\"; };"), "organisation: missing" },
		{ ORDER(PAID "fee = { person = -1; organisation = 1; per = \"year\"; };"),
		    "person: " },
		{ ORDER(PAID "sms_code = \"always\";"), "sms_code: " },
		{ ORDER("steps = [ \"applicant\", \"papers\" ];"), "need the list of papers" },
		{ ORDER(FREE "papers = ( { kind = \"x\"; zh = \"x\"; en = \"x\"; pages = 1; } );"),
		    "\"papers\" is none of the steps" },
		{ ORDER(PAID "papers = ( { kind = \"x\"; zh = \"x\"; pages = 1; } );"),
		    "en: missing" },
		{ ORDER(PAID "papers = ( { kind = \"x\"; zh = \"x\"; en = \"x\"; pages = 21; } );"),
		    "pages: " },
		{ ORDER(PAID "form_when = \"before\";"), "needs the paper \"form\"" },
	};
	struct ck_policy p;
	struct ck_err err;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		T(with(rows[i].more, &p, &err) == -1 && err.code == CK_E_CONFIG &&
			strstr(err.detail, rows[i].told) != NULL,
		    "told: %s (%s)", rows[i].told, err.detail);
}

static void
dear(void)
{
	struct ck_policy p;
	struct ck_err err;

	T(with(ORDER(PAID "fee = { person = 5000; organisation = 10000; per = \"year\"; };"), &p,
	      &err) == 0,
	    "by the year%s", err.detail);
	T(!ck_order_too_dear(&p.order, CK_CLASS_PERSON, 12, 5000) &&
		ck_order_too_dear(&p.order, CK_CLASS_PERSON, 12, 5001) &&
		!ck_order_too_dear(&p.order, CK_CLASS_ORG, 24, 20000) &&
		ck_order_too_dear(&p.order, CK_CLASS_ORG, 24, 20001) &&
		!ck_order_too_dear(&p.order, CK_CLASS_PERSON, 12, 0),
	    "a fen more is too dear, nothing never");
	T(with(ORDER(PAID "fee = { person = 0; organisation = 7; per = \"order\"; };"), &p, &err) ==
		    0 &&
		ck_order_too_dear(&p.order, CK_CLASS_PERSON, 12, 1) &&
		!ck_order_too_dear(&p.order, CK_CLASS_ORG, 60, 7),
	    "by the order%s", err.detail);
	T(with(ORDER(PAID), &p, &err) == 0 &&
		!ck_order_too_dear(&p.order, CK_CLASS_ORG, 12, 100000000),
	    "as the desk says%s", err.detail);
}

static void
shipped(void)
{
	static const struct {
		const char *id;
		bool steps[CK_STEPS];
		size_t agent, owner, invoice, methods, papers;
		int person, organisation;
		bool sms, before;
	} rows[] = {
		{ .id = "sheca-cisweb", .person = CK_FEE_ANY, .organisation = CK_FEE_ANY },
		{ .id = "sd-bianban", .person = CK_FEE_ANY, .organisation = CK_FEE_ANY },
		{ "sheca-issp", { true, false, false, true, false }, 2, 0, 4, 3, 0, CK_FEE_ANY,
		    CK_FEE_ANY, false, false },
		{ "sdca-dezhou", { true, false, false, true, false }, 4, 0, 6, 1, 0, 5000, 10000,
		    true, false },
		{ "szca-cgn", { true, true, true, true, true }, 3, 3, 4, 3, 3, CK_FEE_ANY,
		    CK_FEE_ANY, false, true },
	};
	struct ck_policy p;
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct ck_order_rules *o = &p.order;

		T(ck_policy_find("core/policy/systems", rows[i].id, &p, &err) == 0 &&
			memcmp(o->step, rows[i].steps, sizeof o->step) == 0 &&
			o->fields[CK_GROUP_AGENT].n == rows[i].agent &&
			o->fields[CK_GROUP_OWNER].n == rows[i].owner &&
			o->fields[CK_GROUP_INVOICE].n == rows[i].invoice &&
			o->n_methods == rows[i].methods && o->n_papers == rows[i].papers &&
			o->fee[CK_CLASS_PERSON] == rows[i].person &&
			o->fee[CK_CLASS_ORG] == rows[i].organisation &&
			o->sms_code == rows[i].sms && o->form_before == rows[i].before,
		    "%s: its order%s", rows[i].id, err.detail);
	}
	T(!ck_order_wants(&p.order, CK_GROUP_OWNER, false) &&
		ck_order_wants(&p.order, CK_GROUP_OWNER, true) &&
		!ck_order_wants(&p.order, CK_GROUP_AGENT, true),
	    "the owner of an expired one");
}

int
main(void)
{
	dir_start();
	wrong();
	dear();
	shipped();
	T(dir_end() == 0, "nothing is left");
	return T_END();
}
