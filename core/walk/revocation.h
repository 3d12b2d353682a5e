/*
 * Who issued a certificate and is it still good, for status (own.h). A certificate may come from
 * any stick: what it names is asked only once its issuer is proved to be one of the site's, so that
 * nobody's certificate makes the kiosk call where he likes.
 */
#ifndef CK_REVOCATION_H
#define CK_REVOCATION_H

#include <jansson.h>

#include "pki/revocation.h"
#include "walk/own.h"

/* addresses that did not answer are not tried for the key's next certificate */
#define CK_DEAF_MAX 8
struct ck_deaf {
	size_t n;
	char url[CK_DEAF_MAX][CK_URL_MAX];
	struct ck_err why[CK_DEAF_MAX];
};

/* The chain through the first system that knows the issuer, v->system; NULL there and an empty
 * chain when none does. system: no other one, NULL = any of the site. */
int ck_revocation_path(struct ck_visit *, const char *system, const struct ck_own_cert *,
    struct ck_path **, struct ck_err *);
json_t *ck_revocation_chain(const struct ck_path *);

/* What OCSP responders or lists say of it under v->system; silent: why nobody could, if anybody was
 * asked. */
json_t *ck_revocation_ask(
    struct ck_visit *, struct ck_deaf *, const struct ck_path *, struct ck_err *silent);
/* Where nobody could, a desk's word stands. */
bool ck_revocation_open(const json_t *revocation);
void ck_revocation_of_desk(json_t *revocation, const char *system, const struct ck_lookup *);

#endif
