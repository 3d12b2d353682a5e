/* What can be asked of an engine besides a visit: keys, verdicts, records, the ledger. Each says
 * its rows and its "end" itself. */
#ifndef CK_SHOW_H
#define CK_SHOW_H

#include <jansson.h>

#include "certkiosk/ask.h"
#include "certkiosk/token.h"
#include "base/frame.h"
#include "base/site.h"
#include "pki/pki.h"
#include "policy/policy.h"
#include "walk/talk.h"

enum ck_outcome ck_show_keys(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_watch(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_verdict(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_records(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_record(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_ledger(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_ledger_check(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_report(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_diagnose(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_check_rules(const struct ck_site *, struct ck_link *, const json_t *order);
/* records that stand still are looked after (tend.c); closed ones removed (purge.c) */
enum ck_outcome ck_tend(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_purge(const struct ck_site *, struct ck_link *, const json_t *order);

/* ---- how they and the key's other services (own.h) say things ---- */

json_t *ck_time_json(int64_t); /* null for 0 */
/* Closes the store (NULL: none) and says the end of a list; takes facts. */
enum ck_outcome ck_end_of_list(
    struct ck_talk *, struct ck_store *, json_t *facts, const struct ck_err *);
/* what a certificate says, or why it can't be read; null for none */
json_t *ck_cert_json(const unsigned char *der, size_t n);
json_t *ck_verdict_json(const struct ck_verdict *);
/* what people are told of a system before they need a hotline: {"cost": {"zh", "en"}, …}; NULL: of
 * this one nothing */
json_t *ck_notice_json(const struct ck_policy *);
/* PEM or DER; der is malloc'd. CERT_UNREADABLE. */
int ck_cert_file(
    const char *file, unsigned char **der, size_t *n, struct ck_cert_facts *, struct ck_err *);
/* Looking at all keys takes many calls into their modules: the front's patience begins anew with
 * each. It lives as long as the keyring is used. */
struct ck_patience {
	struct ck_talk *talk;
	int limit;
};
void ck_patience_begin(struct ck_patience *, struct ck_talk *, struct ck_keyring *);
/* What is on a key, for ck_entries_free; its row, which list and watch share. */
int ck_key_read(
    struct ck_keyring *, const struct ck_token_info *, struct ck_entries *, struct ck_err *);
json_t *ck_key_row(
    const struct ck_site *, const struct ck_token_info *, const struct ck_entries *);
/* the longest such row: of an entry three names, then times, id, hash and label, and what JSON adds
 */
#define CK_KEY_ROW_MAX (CK_ENTRIES_MAX * (3 * CK_NAME_MAX + 900))
json_t *ck_stranger_json(const struct ck_stranger *);

#endif
