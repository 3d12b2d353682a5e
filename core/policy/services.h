/*
 * The other services of a system's menu: what is asked of a person, what he brings, and whether the
 * desk takes the application. The group "services" of its file, told in sheca-issp.conf. Part of
 * policy.h.
 */
#ifndef CK_POLICY_SERVICES_H
#define CK_POLICY_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

#include "certkiosk/desk.h"
#include "base/person.h"

#define CK_SERVICES_MAX 8
#define CK_SERVICE_FIELDS_MAX 12
#define CK_SERVICE_PAPERS_MAX 8

struct ck_service_called { /* in both languages */
	char zh[192], en[192];
};
struct ck_service_field {
	char name[CK_WORD_MAX];
	struct ck_service_called label;
	enum ck_person type; /* what it has to be; CK_PERSON_NAME: any text */
};
struct ck_service_paper {
	char name[CK_WORD_MAX];
	struct ck_service_called called;
};
struct ck_service {
	char id[CK_WORD_MAX];
	struct ck_service_called title, note; /* note: what the CA does with it, and when */
	bool certificate; /* it is about one of this system on a key that is in */
	bool submits;	  /* the desk takes it; else it is the form alone that is brought */
	size_t n_fields, n_papers;
	struct {
		int at; /* in fields */
		bool required;
	} fields[CK_SERVICE_FIELDS_MAX];
	int papers[CK_SERVICE_PAPERS_MAX]; /* in papers */
};
struct ck_services {
	char form[33]; /* its template; empty: there are no services */
	size_t n_fields, n_papers, n;
	struct ck_service_field fields[CK_SERVICE_FIELDS_MAX];
	struct ck_service_paper papers[CK_SERVICE_PAPERS_MAX];
	struct ck_service at[CK_SERVICES_MAX];
};

/* NULL: there is none of this name */
const struct ck_service *ck_service_of(const struct ck_services *, const char *id);

#endif
