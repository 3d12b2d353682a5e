/* Station close: the last line; personal data and tape are wiped, the ledger stays. */
#include "walk/visit.h"

enum ck_turn
ck_at_close(struct ck_visit *v, struct ck_err *err)
{
	struct ck_line last = {
		.station = ck_station_name(CK_AT_CLOSE),
		.mark = CK_DONE,
		.text = "renewed",
		.ledger = true,
	};

	ck_record_keep_private(v->record, v->policy.keep_private_days);
	if (ck_record_close(v->record, CK_RECORD_DONE, &last, err) == -1)
		return CK_STOP;
	ck_visit_read_progress(v);
	ck_visit_did(v, "closed", "{s:s}", "record", ck_record_head(v->record)->number);
	return CK_GO;
}
