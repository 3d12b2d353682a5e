/*
 * Station newkey: a new pair beside the old one, under an id that is on record before it exists.
 * The id follows from the lease (PROTOCOL.desk, 6): another counter that is handed the same one
 * looks for the pair there, though nobody had told the desk of it yet.
 */
#include <string.h>
#include <openssl/evp.h>

#include "walk/visit.h"

/* long enough never to meet another id on the key, short enough for keys that take 16 bytes */
#define NEW_ID_LEN 12

static int
id_of_lease(const char *lease, unsigned char id[NEW_ID_LEN], struct ck_err *err)
{
	static const char label[] = "certkiosk pair id v1"; /* its NUL too */
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char sha[EVP_MAX_MD_SIZE];
	int made = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		   EVP_DigestUpdate(ctx, label, sizeof label) == 1 &&
		   EVP_DigestUpdate(ctx, lease, strlen(lease)) == 1 &&
		   EVP_DigestFinal_ex(ctx, sha, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	if (!made)
		return ck_fail(err, CK_E_INTERNAL, "no id for a pair");
	memcpy(id, sha, NEW_ID_LEN);
	return 0;
}

static int
choose_id(struct ck_visit *v, enum ck_keytype type, struct ck_err *err)
{
	unsigned char id[NEW_ID_LEN];
	struct ck_fact facts[] = {
		{ .name = "new-id", .bytes = id, .n = sizeof id },
		ck_text_fact("new-type", ck_keytype_name(type), 0),
	};

	if (id_of_lease(ck_record_text(v->record, 0, "lease"), id, err) == -1)
		return -1;
	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_INTENT, .text = ck_keytype_name(type), CK_FACTS(facts) },
	    err);
}

static int
note_pair(struct ck_visit *v, const unsigned char *id, size_t n, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	const struct ck_entry *e;
	struct ck_fact spki = { .name = "new-spki", .n = CK_HASH_LEN };
	int r = -1;

	if (ck_token_list(v->token, &all, err) == -1)
		goto out;
	e = ck_entry_of(&all, id, n);
	if (e == NULL || e->has_private != CK_HAS_YES || !e->has_spki) {
		ck_fail(err, CK_E_WRITE_NOT_KEPT, "%s", v->key.serial);
		goto out;
	}
	spki.bytes = e->spki;
	r = ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_DONE,
		.text = "new pair on the key",
		.ledger = true,
		.facts = &spki,
		.n_facts = 1 },
	    err);
out:
	ck_entries_free(&all);
	return r;
}

enum ck_turn
ck_at_newkey(struct ck_visit *v, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	const char *label = v->old.label[0] != '\0' ? v->old.label : "certkiosk";
	const char *kept = ck_record_text(v->record, 0, "new-type");
	enum ck_keytype type;
	size_t n;

	if (kept != NULL && ck_keytype_from(kept) != -1)
		type = (enum ck_keytype)ck_keytype_from(kept);
	else if (ck_policy_keytype(&v->policy, &v->old.facts, v->key.rsa2048, v->key.rsa3072,
		     v->key.p256, &type, err) == -1)
		return CK_STOP;
	if (!v->done.newkey_meant && choose_id(v, type, err) == -1)
		return CK_STOP;
	n = ck_visit_id(v, id);
	ck_busy_key(v);
	if (ck_token_genkey(v->token, type, id, n, label, err) == -1 ||
	    note_pair(v, id, n, err) == -1)
		return CK_STOP;
	ck_visit_did(v, "newkey-made", "{s:s}", "type", ck_keytype_name(type));
	return CK_GO;
}
