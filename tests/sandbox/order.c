#include <stdio.h>
#include <string.h>

#include "cmp.h"
#include "knob.h"
#include "order.h"

#define MONTHS_A_YEAR 12
#define AGAIN_S 1 /* PROTOCOL.desk 13: the least; no story should wait longer */

static const struct sb_terms terms[] = {
	{ .system = "sheca-issp",
	    .person = 1,
	    .organisation = 1,
	    .months = 24,
	    .methods = { "netbank", "remittance", "transfer" },
	    .invoice = "address" },
	{ .system = "sdca-dezhou",
	    .person = 5000,
	    .organisation = 10000,
	    .months = 12,
	    .methods = { "alipay" },
	    .id = true,
	    .mail = true,
	    .sms = true,
	    .invoice = "title" },
	{ .system = "szca-cgn",
	    .person = 20000,
	    .organisation = 20000,
	    .months = 24,
	    .methods = { "alipay", "wechat", "transfer" },
	    .id = true,
	    .identity = true,
	    .expired = true,
	    .proof = true },
};

const struct sb_terms *
sb_terms(const char *system)
{
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (strcmp(terms[i].system, system) == 0)
			return &terms[i];
	return NULL;
}

int64_t
sb_price(struct sb *sb, const struct sb_terms *t, const struct sb_course *k, int64_t months)
{
	int64_t year = k->person ? t->person : t->organisation;

	if (k->central)
		return 0;
	return sb_knob_number(sb, "desk.amount", NULL, (long)year) * months / MONTHS_A_YEAR;
}

bool
sb_order_settled(sqlite3 *db, const char *order)
{
	return sb_int(db, 0, "SELECT state IN ('paid','taken','done') FROM orders WHERE id=?", "t",
		   order) != 0;
}

int64_t
sb_order_amount(sqlite3 *db, const char *order)
{
	return sb_int(db, -1, "SELECT amount FROM orders WHERE id=?", "t", order);
}

bool
sb_papers_in(sqlite3 *db, const char *lease)
{
	return sb_int(db, 1,
		   "SELECT count(*) FROM paper WHERE lease=? AND kind<>'" SB_PROOF
		   "' AND state<>'in'",
		   "t", lease) == 0;
}

bool
sb_to_account(const char *method)
{
	return strcmp(method, "transfer") == 0 || strcmp(method, "remittance") == 0;
}

/* ---- courses ---- */

int
sb_course_load(sqlite3 *db, const char *lease, struct sb_course *k)
{
	sqlite3_stmt *st = sb_prepare(db,
	    "SELECT person, expired, central, old_end, applicant, identity, identity_text, link,"
	    " link_until, review, review_text FROM course WHERE lease=?",
	    "t", lease);
	int rc = st != NULL ? sqlite3_step(st) : SQLITE_ERROR;

	memset(k, 0, sizeof *k);
	if (rc == SQLITE_ROW) {
		k->person = sqlite3_column_int(st, 0) != 0;
		k->expired = sqlite3_column_int(st, 1) != 0;
		k->central = sqlite3_column_int(st, 2) != 0;
		k->old_end = sqlite3_column_int64(st, 3);
		sb_col_copy(st, 4, k->applicant, sizeof k->applicant);
		sb_col_copy(st, 5, k->identity, sizeof k->identity);
		sb_col_copy(st, 6, k->identity_text, sizeof k->identity_text);
		sb_col_copy(st, 7, k->link, sizeof k->link);
		k->link_until = sqlite3_column_int64(st, 8);
		sb_col_copy(st, 9, k->review, sizeof k->review);
		sb_col_copy(st, 10, k->review_text, sizeof k->review_text);
	}
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int
sb_course_put(sqlite3 *db, const char *lease, const struct sb_course *k)
{
	return sb_exec(db,
	    "INSERT INTO course(lease, person, expired, central, old_end, applicant, identity,"
	    " identity_text, link, link_until, review, review_text)"
	    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT(lease) DO UPDATE SET"
	    " applicant=?6, identity=?7, identity_text=?8, link=?9, link_until=?10, review=?11,"
	    " review_text=?12",
	    "tiiiittttitt", lease, (int64_t)k->person, (int64_t)k->expired, (int64_t)k->central,
	    k->old_end, k->applicant, k->identity, k->identity_text, k->link, k->link_until,
	    k->review, k->review_text);
}

int
sb_course_corrected(sqlite3 *db, const char *lease, struct sb_course *k)
{
	if (strcmp(k->review, "failed") == 0 && strcmp(k->applicant, "passed") == 0 &&
	    sb_papers_in(db, lease)) {
		strcpy(k->review, "pending");
		k->review_text[0] = '\0';
	}
	return sb_course_put(db, lease, k);
}

/* a person's certificate names no organisation */
static bool
of_person(sqlite3 *db, const char *cert)
{
	X509 *x = sb_stored(db, cert);
	bool person = x != NULL && X509_NAME_get_index_by_NID(
				       X509_get_subject_name(x), NID_organizationName, -1) < 0;

	X509_free(x);
	return person;
}

static int
want_papers(sqlite3 *db, const char *lease)
{
	return sb_exec(db,
	    "INSERT INTO paper(lease, kind, state) VALUES(?1,'form','wanted'), (?1,'licence','wanted')",
	    "t", lease);
}

/* The order of the web, or of a visit given up, whose applicant was heard there. Of the web:
 * nothing but its payment is left. */
static bool
take_order(struct sb_call *c, struct sb_lease *l, struct sb_course *k)
{
	int64_t months = 0;

	if (l->order[0] == '\0' &&
	    !sb_text(c->db, l->order, sizeof l->order,
		"SELECT id FROM orders WHERE cert=? AND state='unpaid' AND web=1 ORDER BY rowid",
		"t", l->cert))
		return false;
	strcpy(k->applicant, "passed");
	months = sb_int(c->db, 0, "SELECT months FROM orders WHERE id=?", "t", l->order);
	if (months != 0)
		l->quoted =
		    sb_chosen_end(l->system, k->old_end, c->now, (int)(months / MONTHS_A_YEAR));
	sb_exec(c->db, "UPDATE payment SET lease=? WHERE orderid=? AND lease IS NULL", "tt", l->id,
	    l->order);
	return sb_int(c->db, 0, "SELECT web FROM orders WHERE id=?", "t", l->order) != 0;
}

int
sb_course_begin(struct sb_call *c, struct sb_lease *l, int64_t old_end)
{
	const struct sb_terms *t = sb_terms(l->system);
	struct sb_course k = { .old_end = old_end, .applicant = "wanted" };

	if (t == NULL || sb_knob_number(c->sb, "desk.steps", l->system, 0) == 0)
		return 0;
	k.person = of_person(c->db, l->cert);
	k.expired = old_end < c->now;
	k.central = sb_knob_number(c->sb, "desk.central", NULL, 0) != 0;
	if (!take_order(c, l, &k)) {
		if (t->identity)
			strcpy(k.identity, "wanted");
		if (t->expired && k.expired) {
			strcpy(k.review, "pending");
			if (want_papers(c->db, l->id) != 0)
				return -1;
		}
	}
	return sb_course_put(c->db, l->id, &k);
}

/* ---- the steps, as a LEASE says them ---- */

static json_t *
step(json_t *list, const char *name, const char *state, const char *text)
{
	json_t *one = json_pack("{s:s, s:s}", "step", name, "state", state);

	if (text != NULL && text[0] != '\0')
		json_object_set_new(one, "text", json_string(text));
	if (strcmp(state, "pending") == 0)
		json_object_set_new(one, "again", json_integer(AGAIN_S));
	json_array_append_new(list, one);
	return one;
}

/* which: the rest of a WHERE. NULL when there are none. */
static json_t *
papers(sqlite3 *db, const char *lease, bool proof)
{
	sqlite3_stmt *st = sb_prepare(db,
	    "SELECT kind, state, text FROM paper WHERE lease=? AND (kind='" SB_PROOF
	    "')=? ORDER BY rowid",
	    "ti", lease, (int64_t)proof);
	json_t *list = NULL;

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		json_t *one =
		    json_pack("{s:s, s:s}", "kind", sb_col(st, 0), "state", sb_col(st, 1));

		if (sb_col(st, 2)[0] != '\0')
			json_object_set_new(one, "text", json_string(sb_col(st, 2)));
		if (list == NULL)
			list = json_array();
		json_array_append_new(list, one);
	}
	sqlite3_finalize(st);
	return list;
}

/* a code nobody can use any more waits for nothing; of a transfer the proof is still wanted */
static void
say_payment(struct sb_call *c, const struct sb_lease *l, json_t *list)
{
	char method[32] = "", state[16] = "";
	json_t *proof = NULL, *one = NULL;
	int64_t until = 0;
	bool pending = false;

	if (l->order[0] != '\0' &&
	    (sb_order_settled(c->db, l->order) || sb_order_amount(c->db, l->order) == 0)) {
		step(list, "payment", "passed", NULL);
		return;
	}
	until = sb_int(c->db, -1,
	    "SELECT until FROM payment WHERE lease=? AND state IN ('live','sent')"
	    " ORDER BY rowid DESC",
	    "t", l->id);
	sb_text(c->db, method, sizeof method,
	    "SELECT method FROM payment WHERE lease=? AND state IN ('live','sent')"
	    " ORDER BY rowid DESC",
	    "t", l->id);
	sb_text(c->db, state, sizeof state,
	    "SELECT state FROM paper WHERE lease=? AND kind='" SB_PROOF "'", "t", l->id);
	if (strcmp(method, "transfer") == 0)
		proof = papers(c->db, l->id, true);
	pending = method[0] != '\0' && (until == 0 || until > c->now) &&
		  (proof == NULL || strcmp(state, "in") == 0);
	one = step(list, "payment", pending ? "pending" : "wanted", NULL);
	if (pending || proof != NULL)
		json_object_set_new(one, "method", json_string(method));
	if (proof != NULL)
		json_object_set_new(one, "papers", proof);
}

static json_t *
steps(struct sb_call *c, const struct sb_lease *l, const struct sb_course *k)
{
	json_t *list = json_array(), *sheets = papers(c->db, l->id, false);

	step(list, "applicant", k->applicant, NULL);
	if (sheets != NULL)
		json_object_set_new(
		    step(list, "papers", sb_papers_in(c->db, l->id) ? "passed" : "wanted", NULL),
		    "papers", sheets);
	if (k->identity[0] != '\0')
		step(list, "identity", k->identity, k->identity_text);
	if (!k->central)
		say_payment(c, l, list);
	if (k->review[0] != '\0')
		step(list, "review", k->review, k->review_text);
	return list;
}

int
sb_say_lease(struct sb_call *c, const struct sb_lease *l)
{
	struct sb_course k = { 0 };
	int64_t refund = sb_int(c->db, 0,
	    "SELECT sum(amount) FROM payment WHERE lease=? AND state IN ('refund','refunded')", "t",
	    l->id);
	int course = sb_course_load(c->db, l->id, &k);

	if (course < 0 || sb_lease_say(c->db, l, c->out) != 0)
		return -1;
	if (course == 1 && strcmp(l->state, "released") != 0)
		json_object_set_new(c->out, "steps", steps(c, l, &k));
	if (refund > 0)
		json_object_set_new(c->out, "refund", json_integer(refund));
	return 0;
}

bool
sb_course_passed(struct sb_call *c, const struct sb_lease *l)
{
	struct sb_course k = { 0 };
	json_t *list = NULL, *one = NULL;
	bool passed = true;
	size_t i = 0;

	if (sb_course_load(c->db, l->id, &k) != 1)
		return true;
	list = steps(c, l, &k);
	json_array_foreach(list, i,
	    one) if (strcmp(json_string_value(json_object_get(one, "state")), "passed") != 0)
	    passed = false;
	json_decref(list);
	return passed;
}

int
sb_want_course(struct sb_call *c, struct sb_lease *l, struct sb_course *k)
{
	if (sb_want_open_lease(c, l) != 0)
		return -1;
	if (sb_course_load(c->db, l->id, k) != 1)
		return sb_refuse(c, "refused", "这个业务系统没有订单");
	return 0;
}

/* ---- the end ---- */

int
sb_course_end(struct sb_call *c, const struct sb_lease *l)
{
	char how[SB_KNOB_MAX] = "paid";

	if (sb_exec(c->db,
		"UPDATE payment SET state='ended' WHERE lease=? AND state IN ('live','sent')", "t",
		l->id) != 0)
		return -1;
	if (l->order[0] == '\0')
		return 0;
	if (!sb_order_settled(c->db, l->order))
		return sb_exec(
		    c->db, "UPDATE orders SET state='void' WHERE id=? AND web=0", "t", l->order);
	sb_knob_text(c->sb, "desk.refund", NULL, how, sizeof how);
	if (strcmp(how, "paid") != 0 &&
	    sb_exec(c->db,
		"UPDATE payment SET state=? WHERE id=(SELECT settled FROM orders WHERE id=?)", "tt",
		how, l->order) != 0)
		return -1;
	return sb_exec(c->db, "UPDATE orders SET state=? WHERE id=?", "tt", how, l->order);
}

int
sb_say_order_back(struct sb_call *c, const struct sb_lease *l)
{
	char state[16] = "";

	if (!sb_text(
		c->db, state, sizeof state, "SELECT state FROM orders WHERE id=?", "t", l->order) ||
	    strcmp(state, "void") == 0 || strcmp(state, "unpaid") == 0)
		return 0;
	/* by now the next renewal may have it */
	if (strncmp(state, "refund", 6) != 0)
		strcpy(state, "paid");
	return json_object_set_new(c->out, "order_state", json_string(state));
}

/* What else could still be paid ends when the order is settled: who pays it is given it back. */
int
sb_money(sqlite3 *db, const char *payment)
{
	if (sb_exec(db,
		"UPDATE orders SET settled=?1, state=CASE WHEN EXISTS(SELECT 1 FROM lease WHERE"
		" orderid=orders.id AND state<>'released') THEN 'taken' ELSE 'paid' END"
		" WHERE state='unpaid' AND id=(SELECT orderid FROM payment WHERE id=?1)"
		" AND amount=(SELECT amount FROM payment WHERE id=?1)",
		"t", payment) != 0)
		return -1;
	if (sb_exec(db,
		"UPDATE payment SET state='ended' WHERE state IN ('live','sent') AND id<>?1 AND"
		" orderid=(SELECT id FROM orders WHERE settled=?1)",
		"t", payment) != 0)
		return -1;
	return sb_exec(db,
	    "UPDATE payment SET state=CASE WHEN EXISTS(SELECT 1 FROM orders WHERE settled=?1)"
	    " THEN 'paid' ELSE 'refund' END WHERE id=?1",
	    "t", payment);
}
