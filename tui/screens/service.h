/* Before something else of a system's menu is applied for: what to bring, who decides on it, and
 * whether it is handed in here. */
#ifndef CK_SERVICE_PAGE_H
#define CK_SERVICE_PAGE_H

#include <jansson.h>

#include "kit/list.h"
#include "sheet.h"
#include "view.h"

struct ck_service_page {
	const json_t *row; /* of {"do":"services"} */
	/* the screen's own */
	struct ck_list list;
	struct ck_row rows[2];
};

/* DONE: it is to be filled in. BACK: not. */
void ck_service_page_view(struct ck_service_page *, struct ck_view *);

/* Below a heading what of facts "bring" [{"zh","en"}] is to be brought, a line each. */
void ck_service_put_bring(struct ck_sheet *, const struct ck_ctx *, const json_t *facts);

#endif
