/* English: a unit's keys in a row. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "batch.begun",
	    "v Keys in a row have begun: {record}. Each is renewed by renew --batch {record}." },
	{ "batch.none", "There are no keys in a row that are open." },
	{ "batch.no-key", "No key of it was put in yet." },
	{ "batch.row",
	    "{record}   {state_text}   [{title}   ][{way_text}   ][clerk {clerk}   ][{keys} keys][, {done} renewed][, {parked} not finished][   list: {form_text}]" },
	{ "batch.key",
	    "{no}. [{name}   ][key {key_serial}   ]{result_text}[: {why_text}][   {slip}][   new certificate {new_serial}][, to {new_not_after}]" },
	{ "batch-result.done", "renewed" },
	{ "batch-result.parked", "not finished" },
	{ "batch-result.refused", "can't be renewed" },
	{ "batch-result.abandoned", "given up" },
	{ "batch-result.failed", "failed" },
	{ "batch-result.skipped", "left out" },
	{ "form-name.renewal-list", "List of renewed certificates" },
};

const struct ck_sentences ck_en_batch = { sentences, sizeof sentences / sizeof *sentences };
