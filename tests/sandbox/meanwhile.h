/* What happens elsewhere while a kiosk waits: customers pay, people look at papers. Verbs of
 * sandboxctl; each is about the newest there is. 0, 1 nothing there, 2 usage. */
#ifndef SANDBOX_MEANWHILE_H
#define SANDBOX_MEANWHILE_H

#include "sandbox.h"

int sb_pays(struct sb *, int n, char **v);
int sb_money_in(struct sb *, int n, char **v);
int sb_identity(struct sb *, int n, char **v);
int sb_review(struct sb *, int n, char **v);
int sb_paper_refused(struct sb *, int n, char **v);
int sb_web_order(struct sb *, int n, char **v);
int sb_sms(struct sb *, int n, char **v);
int sb_seal(struct sb *, int n, char **v);

#endif
