#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/buf.h"
#include "meanwhile.h"
#include "order.h"

#define WEB_AMOUNT INT64_C(10000)
#define SEAL_BYTES 1024
#define SEAL_MAX 65536 /* PROTOCOL.desk section 18 */

/* ---- money ---- */

/* the newest payment, of a method, whose money has not come yet; empty: none */
static void
payment(struct sb *sb, const char *method, char id[SB_ID_MAX])
{
	sb_text(sb->db, id, SB_ID_MAX,
	    method != NULL
		? "SELECT id FROM payment WHERE state IN ('live','ended') AND method=?"
		  " ORDER BY rowid DESC"
		: "SELECT id FROM payment WHERE state IN ('live','ended') ORDER BY rowid DESC",
	    method != NULL ? "t" : NULL, method);
}

int
sb_pays(struct sb *sb, int n, char **v)
{
	char id[SB_ID_MAX] = "", method[32] = "";

	if (n > 1)
		return 2;
	payment(sb, n == 1 ? v[0] : NULL, id);
	if (id[0] == '\0')
		return 1;
	sb_text(sb->db, method, sizeof method, "SELECT method FROM payment WHERE id=?", "t", id);
	if (!sb_to_account(method))
		return sb_money(sb->db, id) == 0 ? 0 : 1;
	return sb_exec(sb->db, "UPDATE payment SET state='sent' WHERE id=? AND state='live'", "t",
		   id) == 0
		   ? 0
		   : 1;
}

int
sb_money_in(struct sb *sb, int n, char **v)
{
	char id[SB_ID_MAX] = "";

	(void)v;
	if (n != 0)
		return 2;
	if (!sb_text(sb->db, id, sizeof id,
		"SELECT id FROM payment WHERE method IN ('transfer','remittance') AND state IN"
		" ('live','sent','ended') ORDER BY rowid DESC",
		NULL))
		return 1;
	return sb_money(sb->db, id) == 0 ? 0 : 1;
}

int
sb_web_order(struct sb *sb, int n, char **v)
{
	char cert[SB_HEX_MAX] = "", order[SB_ID_MAX] = "", id[SB_ID_MAX] = "";
	bool paid = n > 0 && strcmp(v[0], "paid") == 0;
	int64_t months = n > 1 ? strtol(v[1], NULL, 10) : 12;

	if (n < 1 || n > 2 || months < 1 || (!paid && strcmp(v[0], "unpaid") != 0))
		return 2;
	if (!sb_text(sb->db, cert, sizeof cert,
		"SELECT sha FROM cert WHERE origin<>'issued' ORDER BY rowid DESC", NULL))
		return 1;
	sb_new_id("W-", 8, order);
	if (sb_exec(sb->db,
		"INSERT INTO orders(id, cert, state, web, months, amount) VALUES(?,?,'unpaid',1,?,?)",
		"ttii", order, cert, months, WEB_AMOUNT) != 0)
		return 1;
	puts(order);
	if (!paid)
		return 0;
	sb_new_id("Y-", 8, id);
	if (sb_exec(sb->db, "INSERT INTO payment VALUES(?,NULL,?,'web',?,0,'live')", "tti", id,
		order, WEB_AMOUNT) != 0)
		return 1;
	return sb_money(sb->db, id) == 0 ? 0 : 1;
}

/* ---- people ---- */

/* the newest visit with steps that is still open */
static bool
course(struct sb *sb, char lease[SB_ID_MAX], struct sb_course *k)
{
	return sb_text(sb->db, lease, SB_ID_MAX,
		   "SELECT lease FROM course JOIN lease ON lease.id=course.lease WHERE"
		   " state NOT IN ('released','confirmed') ORDER BY course.rowid DESC",
		   NULL) &&
	       sb_course_load(sb->db, lease, k) == 1;
}

int
sb_identity(struct sb *sb, int n, char **v)
{
	struct sb_course k = { 0 };
	char lease[SB_ID_MAX] = "";

	if (n < 1 || n > 2 || (strcmp(v[0], "passed") != 0 && strcmp(v[0], "failed") != 0))
		return 2;
	if (!course(sb, lease, &k) || k.identity[0] == '\0')
		return 1;
	snprintf(k.identity, sizeof k.identity, "%s", v[0]);
	snprintf(k.identity_text, sizeof k.identity_text, "%s", n == 2 ? v[1] : "");
	return sb_course_put(sb->db, lease, &k) == 0 ? 0 : 1;
}

/* the paper's sheets are wanted anew */
static int
refuse_papers(struct sb *sb, const char *lease, const char *kind, const char *text)
{
	if (sb_exec(sb->db,
		"DELETE FROM sheet WHERE lease=?1 AND kind=coalesce(?2,kind) AND kind<>'" SB_PROOF
		"'",
		"tt", lease, kind) != 0)
		return -1;
	return sb_exec(sb->db,
	    "UPDATE paper SET state='refused', text=?3 WHERE lease=?1 AND kind=coalesce(?2,kind)"
	    " AND kind<>'" SB_PROOF "'",
	    "ttt", lease, kind, text);
}

static int
reject(struct sb *sb, const char *lease, struct sb_course *k, int n, char **v)
{
	const char *text = n > 0 ? v[0] : "材料不符合要求";

	strcpy(k->review, "failed");
	snprintf(k->review_text, sizeof k->review_text, "%s", text);
	if (n < 2) /* what can always be put right */
		strcpy(k->applicant, "wanted");
	for (int i = 1; i < n; i++)
		if (strcmp(v[i], "applicant") == 0)
			strcpy(k->applicant, "wanted");
		else if (strcmp(v[i], "papers") != 0)
			return 2;
		else if (refuse_papers(sb, lease, NULL, text) != 0)
			return 1;
	return sb_course_put(sb->db, lease, k) == 0 ? 0 : 1;
}

int
sb_review(struct sb *sb, int n, char **v)
{
	struct sb_course k = { 0 };
	char lease[SB_ID_MAX] = "";

	if (n < 1)
		return 2;
	if (!course(sb, lease, &k) || k.review[0] == '\0')
		return 1;
	if (strcmp(v[0], "rejected") == 0)
		return reject(sb, lease, &k, n - 1, v + 1);
	if (strcmp(v[0], "passed") != 0 || n != 1)
		return 2;
	strcpy(k.review, "passed");
	k.review_text[0] = '\0';
	return sb_course_put(sb->db, lease, &k) == 0 ? 0 : 1;
}

int
sb_paper_refused(struct sb *sb, int n, char **v)
{
	struct sb_course k = { 0 };
	char lease[SB_ID_MAX] = "";

	if (n != 2)
		return 2;
	if (!course(sb, lease, &k) || refuse_papers(sb, lease, v[0], v[1]) != 0)
		return 1;
	return sqlite3_changes(sb->db) == 1 ? 0 : 1;
}

int
sb_sms(struct sb *sb, int n, char **v)
{
	char code[16] = "";

	(void)v;
	if (n != 0)
		return 2;
	if (!sb_text(sb->db, code, sizeof code, "SELECT code FROM sms ORDER BY rowid DESC", NULL))
		return 1;
	puts(code);
	return 0;
}

int
sb_seal(struct sb *sb, int n, char **v)
{
	static unsigned char bytes[SEAL_MAX];
	unsigned char sha[EVP_MAX_MD_SIZE];
	long size = n > 1 ? strtol(v[1], NULL, 10) : SEAL_BYTES;
	char hex[SB_HEX_MAX] = "", cert[SB_HEX_MAX] = "";
	unsigned sha_n = 0;

	if (n < 1 || n > 2 || size < 1 || size > SEAL_MAX)
		return 2;
	if (!sb_text(sb->db, cert, sizeof cert,
		"SELECT sha FROM cert WHERE origin<>'issued' ORDER BY rowid DESC", NULL))
		return 1;
	RAND_bytes(bytes, (int)size);
	EVP_Digest(bytes, (size_t)size, sha, &sha_n, EVP_sha256(), NULL);
	ck_hex(sha, sha_n, hex);
	return sb_exec(sb->db, "INSERT OR REPLACE INTO seal VALUES(?,?,?,?,'waiting')", "ttbt",
		   cert, v[0], bytes, (size_t)size, hex) == 0
		   ? 0
		   : 1;
}
