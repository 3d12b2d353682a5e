/* The seal that is renewed with the certificate: last year's on the key, a new one at the desk. */
#include <string.h>

#include "../sandbox/meanwhile.h"
#include "../sandbox/softkey.h"
#include "prove.h"

static char label[] = SEAL_LABEL;

int
seal_waits(struct world *w)
{
	char *what[] = { label };

	return sb_seal(&w->sb, 1, what) == 0 ? 0 : -1;
}

int
seal_put(struct world *w, const char *pin, const char *bytes)
{
	struct softkey *k = NULL;
	int rc = -1;

	if (sk_open("/usr/lib/softhsm/libsofthsm2.so", &k) == 0 && sk_take(k, w->serial, pin) == 0)
		rc = sk_put_data(k, label, (const unsigned char *)bytes, strlen(bytes));
	sk_close(k);
	return rc;
}

static bool
is_written(const struct trial *t)
{
	return sb_int(t->w->sb.db, 0, "SELECT state='written' FROM seal", NULL) != 0;
}

/* Whatever kept it away, the next look at the key settles it. */
static void
look_again(struct trial *t)
{
	struct visit v = { .doctor = true };

	world_shim(t->w, NULL);
	trial_visit(t, &v);
	t->w->looked++;
	if (v.status != 0)
		trial_wrong(t, "the doctor: status %d, %s %s", v.status, v.error, v.detail);
}

void
judge_seal(struct trial *t)
{
	char at_desk[SB_HEX_MAX] = "";
	struct held h;

	if (!is_written(t))
		look_again(t);
	if (!is_written(t))
		trial_wrong(t, "the desk does not know of the seal on the key");
	sb_text(t->w->sb.db, at_desk, sizeof at_desk, "SELECT sha FROM seal", NULL);
	if (held_look(t->w, t->w->on_behalf ? PASSWORD : OLD_PIN, &h) != 0 || h.seals != 1)
		trial_wrong(t, "seals on the key: %d, not 1", h.seals);
	else if (strcmp(h.seal, at_desk) != 0)
		trial_wrong(t, "the seal on the key is not the new one");
}
