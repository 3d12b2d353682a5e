/* What every program of ours does first that handles secrets or names of people. */
#ifndef CK_HARDEN_H
#define CK_HARDEN_H

/* No core, no tracing by others of the same user, no group or world access to what it writes; it
 * ends with whoever started it, and a link that is gone is an error to be told, not a signal. */
void ck_harden(void);

#endif
