/* 中文：集中更新，一个单位的 Key 一把接一把。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 命令行 */
	{ "batch.begun",
	    "v 集中更新开始了，编号 {record}。每一把 Key 用 renew --batch {record} 办理。" },
	{ "batch.none", "没有没结束的集中更新。" },
	{ "batch.no-key", "这一批还没有办过 Key。" },
	{ "batch.row",
	    "{record}   {state_text}   [{title}   ][{way_text}   ][柜员 {clerk}   ][{keys} 把][，已更新 {done} 把][，未办完 {parked} 把][   明细：{form_text}]" },
	{ "batch.key",
	    "{no}. [{name}   ][Key {key_serial}   ]{result_text}[：{why_text}][   {slip}][   新证书 {new_serial}][，到 {new_not_after}]" },
	{ "batch-result.done", "已更新" },
	{ "batch-result.parked", "未办完" },
	{ "batch-result.refused", "不能更新" },
	{ "batch-result.abandoned", "已放弃" },
	{ "batch-result.failed", "没有办成" },
	{ "batch-result.skipped", "跳过" },
	{ "form-name.renewal-list", "更新证书明细" },
};

const struct ck_sentences ck_zh_batch = { sentences, sizeof sentences / sizeof *sentences };
