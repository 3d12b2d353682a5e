/* What the line of states says, and the customer may rely on: readers and keys as they are this
 * moment, desk and CA as they were when they were last asked, own certificates that end soon. */
#ifndef CK_STATUS_H
#define CK_STATUS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "kit/page.h"
#include "screens/view.h"

struct ck_status;

/* NULL: no memory. Its engines are started by the first look. */
struct ck_status *ck_status_new(const char *program, const char *config);
void ck_status_free(struct ck_status *);

#define CK_STATUS_FDS 2
void ck_status_fds(const struct ck_status *, struct pollfd out[CK_STATUS_FDS]);
int64_t ck_status_due(const struct ck_status *); /* ck_mono_ms of the next thing to do; -1 none */
/* Takes what came and starts what is due. true: something to be seen changed. */
bool ck_status_look(struct ck_status *);
void ck_status_ask_again(struct ck_status *); /* desk and CA: something just failed */

/* The readers can't be asked: nobody knows what is in one. */
bool ck_status_silent(const struct ck_status *);
/* a key in any reader; the clerk's own does not count */
bool ck_status_key_in(const struct ck_status *);
/* and there is none, because one was pulled */
bool ck_status_key_gone(const struct ck_status *);
/* how many such keys came so far: another number, another key */
int ck_status_came(const struct ck_status *);
/* The key in this reader is the clerk's. "" = there is none. */
void ck_status_clerk_reader(struct ck_status *, const char *reader);
bool ck_status_clerk_gone(const struct ck_status *); /* it was pulled since */

/* How the printer is, as far as its list or a form on its way says: a row of printers, or a line
 * {"did":…}. Nothing is said of it before. */
void ck_status_heed(struct ck_status *, const json_t *line);

const char *ck_status_site(const struct ck_status *);	 /* "" until it is known */
bool ck_status_passphrases(const struct ck_status *);	 /* may clerks sign in by one? */
bool ck_status_services(const struct ck_status *);	 /* is there anything else to apply for? */
const char *ck_status_hotline(const struct ck_status *); /* "" = none */

#define CK_STATES_MAX 4
int ck_status_states(
    const struct ck_status *, const struct ck_ctx *, struct ck_said out[CK_STATES_MAX]);
/* An own certificate that ends within 60 days, has ended, or can't be read; text NULL: none. Valid
 * until the next look. */
struct ck_said ck_status_note(struct ck_status *, const struct ck_ctx *);

#endif
