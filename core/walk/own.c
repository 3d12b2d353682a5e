#include "walk/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

struct ck_visit *
ck_own_begin(
    const struct ck_site *site, struct ck_link *link, const json_t *order, struct ck_err *err)
{
	struct ck_visit *v = calloc(1, sizeof *v);
	const char *clerk = text(order, "clerk");

	if (v == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "visit");
		return NULL;
	}
	v->site = site;
	v->talk.link = link;
	v->wish.key = text(order, "key");
	v->wish.cert = text(order, "cert");
	v->wish.medium = text(order, "medium");
	if (clerk != NULL && (v->clerk = ck_site_clerk(site, clerk)) == NULL)
		ck_fail(err, CK_E_CLERK_UNKNOWN, "%s", clerk);
	else if (ck_store_open(&site->store, &v->store, err) == 0)
		return v;
	ck_visit_close(v);
	return NULL;
}

enum ck_outcome
ck_own_end(
    struct ck_visit *v, struct ck_link *link, enum ck_outcome outcome, const struct ck_err *err)
{
	struct ck_talk talk = { .link = link, .key_written = v != NULL && v->talk.key_written };

	ck_visit_close(v);
	ck_talk_end(&talk, outcome, NULL, NULL, err);
	return outcome;
}

static bool
is_wanted(const struct ck_visit *v, const struct ck_cert_facts *f)
{
	unsigned char hash[CK_HASH_LEN];

	if (v->wish.cert == NULL)
		return true;
	return ck_unhex(v->wish.cert, hash, sizeof hash) &&
	       memcmp(hash, f->sha256, sizeof hash) == 0;
}

int
ck_own_each_cert(struct ck_visit *v,
    int (*each)(struct ck_visit *, void *, const struct ck_own_cert *, struct ck_err *), void *u,
    struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	struct ck_err unreadable = { 0 };
	size_t i, found = 0;
	int r = -1;

	ck_busy_key(v);
	if (ck_token_list(v->token, &all, err) == -1)
		goto out;
	for (i = 0; i < all.n; i++) {
		struct ck_own_cert c = {
			.der = all.at[i].cert,
			.n = all.at[i].cert_len,
			.has_private = all.at[i].has_private,
		};

		if (c.der == NULL || ck_cert_read(c.der, c.n, &c.facts, &unreadable) == -1 ||
		    !is_wanted(v, &c.facts))
			continue;
		found++;
		if (each(v, u, &c, err) == -1)
			goto out;
	}
	if (found > 0)
		r = 0;
	else if (v->wish.cert == NULL && unreadable.code != CK_E_NONE)
		*err = unreadable;
	else
		ck_fail(
		    err, CK_E_NO_CERT, "%s", v->wish.cert != NULL ? v->wish.cert : v->key.serial);
out:
	ck_entries_free(&all);
	return r;
}

int
ck_own_signed_by(const struct ck_site_system *system, const char *file, const struct ck_own_cert *c,
    bool *yes, struct ck_err *err)
{
	struct ck_issuers *issuers = NULL;

	if (ck_issuers_read(file, system->sm2_id, &issuers, err) == -1)
		return -1;
	*yes = ck_issuers_signed(issuers, c->der, c->n);
	ck_issuers_free(issuers);
	return 0;
}

int
ck_own_pin_settled(
    struct ck_visit *v, const char *name, char renewing[CK_NUMBER_MAX], struct ck_err *err)
{
	int found = ck_record_find(v->store, "key", name, &v->record, err);
	bool written = v->talk.key_written;

	renewing[0] = '\0';
	if (found == 1) {
		ck_visit_read_progress(v);
		if (v->done.newkey_meant)
			snprintf(renewing, CK_NUMBER_MAX, "%s", ck_record_head(v->record)->number);
		if (ck_pin_unsettled(v))
			found = ck_fail(
			    err, CK_E_PIN_UNSETTLED, "%s", ck_record_head(v->record)->number);
	}
	/* whatever else it waits for is none of our business: nothing may be written into it */
	ck_record_free(v->record);
	v->record = NULL;
	ck_visit_read_progress(v);
	v->talk.key_written = written;
	return found == -1 ? -1 : 0;
}
