/* PROTOCOL.desk section 17: sheets, in parts. */
#include "base/buf.h"
#include "certkiosk/desk.h"
#include "desk_wire.h"

int
ck_desk_paper(struct ck_desk *d, const char *lease, const struct ck_paper_sheet *sheet,
    size_t offset, const unsigned char *bytes, size_t n, size_t *have, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	char sha[2 * CK_HASH_LEN + 1] = "";
	json_t *ask = NULL;
	int got = 0, rc = -1;

	*have = 0;
	if (n > CK_PAPER_PART_MAX || sheet->size > CK_PAPER_SHEET_MAX || offset > sheet->size ||
	    n > sheet->size - offset)
		return ck_fail(err, CK_E_INTERNAL, "a part that is not of its sheet");
	ck_hex(sheet->sha256, CK_HASH_LEN, sha);
	ask = json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:I, s:I, s:o}", "lease", lease, "kind",
	    sheet->kind, "page", sheet->page, "pages", sheet->pages, "type", sheet->type, "sha256",
	    sha, "size", (json_int_t)sheet->size, "offset", (json_int_t)offset, "bytes",
	    ck_json_bytes(bytes, n));
	if (ck_desk_call(d, CK_CALL_PAPER, ask, &a, err) == 0 &&
	    ck_field_int(&a, a.body, "have", true, 0, (int)sheet->size, &got) == 1) {
		*have = (size_t)got;
		rc = 0;
	}
	ck_desk_said_free(&a);
	return rc;
}
