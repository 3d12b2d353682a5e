/* Station close: the last line; personal data and tape are wiped, the ledger stays. */
#include "walk/visit.h"

enum ck_turn
ck_at_close(struct ck_visit *v, struct ck_err *err)
{
	if (ck_end_record(v, CK_AT_CLOSE, CK_RECORD_DONE, "renewed", err) == -1)
		return CK_STOP;
	ck_visit_did(v, "closed", "{s:s}", "record", ck_record_head(v->record)->number);
	return CK_GO;
}
