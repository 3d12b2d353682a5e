/* Within policy: what reading a system's file takes from its own checks, and they from it. */
#ifndef CK_POLICY_READ_H
#define CK_POLICY_READ_H

#include "base/conf.h"
#include "policy/policy.h"

#define CK_MONTHS_MAX 120 /* certificates of ten years exist; nobody opens a longer window */
#define CK_DAYS_MAX 3660  /* the same in days */
#define CK_YEARS_MAX 10

/* An identifier goes into paths and records: nothing but what this lets through. */
bool ck_good_id(const char *id, size_t n);
/* "2.5.4.10": numbers with dots between, at least two */
bool ck_looks_oid(const char *);

/* Where it stands in a list that NULL ends; -1: nowhere. */
int ck_index_of(const char *word, const char *const *words);

/* consent.c: which documents there are, not their texts */
int ck_policy_consents(const struct ck_conf_at *root, struct ck_policy *, struct ck_err *);

/* order.c */
int ck_policy_order(const struct ck_conf_at *root, struct ck_policy *, struct ck_err *);

/* services.c */
int ck_policy_services(const struct ck_conf_at *root, struct ck_policy *, struct ck_err *);

/* check.c: each setting is right by itself; are they together? CONFIG. */
int ck_policy_check(const struct ck_conf_at *root, const struct ck_policy *, struct ck_err *);

#endif
