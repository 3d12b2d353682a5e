/* The other services of the systems' menus: which one, what it takes, and then it is applied for.
 */
#ifndef CK_SERVICES_FACE_H
#define CK_SERVICES_FACE_H

#include "stage.h"

/* key: whose certificate it is about, NULL: asked for where one is needed. READY when one was
 * applied for and its end was seen; BACK when none was; or why the face is left. */
enum ck_stage_went ck_services(struct ck_stage *, const char *key, const char *clerk);

#endif
