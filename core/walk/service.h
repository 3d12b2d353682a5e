/*
 * The other services of a system's menu. What is done here is the paper and the application: a form
 * is filled in, kept, printed once like every form, and handed to the desk where it takes it. Each
 * application is a record whose way is CK_SERVICE_WAY, so that it survives and is sent later; its
 * key is a random name, for it may be about no key at all. What it asks for is the CA's to do.
 */
#ifndef CK_WALK_SERVICE_H
#define CK_WALK_SERVICE_H

#include <jansson.h>

#include "walk/visit.h"

#define CK_SERVICE_WAY "service"

static inline bool
ck_is_service(const struct ck_record_head *h)
{
	return strcmp(h->way, CK_SERVICE_WAY) == 0;
}

/* ---- what is on record of one, item 0: "service", its word; "fields", sealed, an array of
 * {"name","label","value"}; "cert", sealed, where it is about one; "application", the desk's id
 * ---- */

/* service_form.c: the form is made of the record and kept. FORM_…, CONFIG */
int ck_service_form(struct ck_visit *, const struct ck_service *, struct ck_err *);

/* ---- service_send.c ---- */

/* The open record of this number becomes the visit's, for this engine alone. NO_RECORD,
 * RECORD_CLOSED, KEY_BUSY */
int ck_service_take(struct ck_visit *, const char *number, struct ck_err *);
/* Its form is made, it is sent, and the record is closed. -1 with the cause: it stays open, unless
 * the desk turned it down. said: what the desk says; id empty: it was not sent. */
int ck_service_go_on(struct ck_visit *, struct ck_application *said, struct ck_err *);
/* The same for one that nobody is at: 1 it is closed now, 0 it waits for better times, with the
 * cause. */
int ck_service_tend(struct ck_visit *, const char *number, struct ck_err *);
/* A person gives it up; one that the desk has by now cannot be: SERVICE_RECORD. */
int ck_service_drop(struct ck_visit *, const char *number, struct ck_err *);

/* ---- the services for the front; each says its rows and its "end" itself ---- */

enum ck_outcome ck_apply(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_drop_application(const struct ck_site *, struct ck_link *, const json_t *order);
/* services.c */
enum ck_outcome ck_show_services(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_application(const struct ck_site *, struct ck_link *, const json_t *order);

#endif
