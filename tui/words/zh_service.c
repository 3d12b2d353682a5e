/* Chinese: the other services of a menu. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "service.row",
	    "{service}   {called_text}   [{title}，{system}][   只打印申请表，由本人带去办理{brought}][   电话 {hotline}]" },
	{ "service.none", "这里没有可以申请的其他业务。" },
	{ "service.bring", "  - 请携带：{text}" },
	{ "service.note", "  ! {text}" },
	{ "service.sent",
	    "v 已申请：{title_text}。编号 {record}，CA 受理号 {application}。申请表：{form_text}[。CA 答复：{text}][。电话 {hotline}]" },
	{ "service.brought",
	    "v {title_text}的申请表已做好：{form_text}。请连同要携带的材料交到 CA。编号 {record}[。电话 {hotline}]" },
	{ "service.kept",
	    "> 申请保存为 {record}，由 records tend 或者 service resume {record} 送出。" },
	{ "service.dropped", "v 这份申请已放弃，CA 没有收到过。" },
	{ "service.application",
	    "{record}   {service}   {state_text}[   {application}][：{text}]" },
	{ "service-state.received", "已收到" },
	{ "service-state.in-work", "正在办理" },
	{ "service-state.done", "已办好" },
	{ "service-state.refused", "没有受理" },
	{ "service-state.not-sent", "CA 没有这份申请" },
	{ "form-name.service-application", "业务申请表" },
	{ "way.service", "其他业务" },
	{ "tended.sent", "{record}  申请已送到 CA" },
	{ "line.application filled in", "申请已填好" },
	{ "line.application at the desk", "CA 业务系统里的申请" },
	{ "line.application form made and kept", "申请表已做好并封存" },
	{ "line.application sent to the desk", "申请正在送往 CA" },
	{ "line.application handed in", "申请已送到 CA" },
	{ "line.no application was made", "没有申请什么" },
	{ "line.the form is brought to the CA", "申请表由本人带到 CA" },
	{ "line.application given up", "申请已放弃" },
};

const struct ck_sentences ck_zh_service = { sentences, sizeof sentences / sizeof *sentences };
