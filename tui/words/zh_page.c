/* The page around every screen. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "page.title", "证书服务终端[ · {site}]" },
	{ "page.too-small", "窗口太小：至少要 80 列、24 行。请把窗口放大，内容都还在。" },
	{ "page.clerk", "柜员 {clerk}" },
	{ "function.help", "帮助" },
	{ "function.language", "English" },
	{ "function.theme", "高对比" },
	{ "function.staff", "柜员" },
	{ "lamp.leave", "请勿拔出 Key" },
	{ "lamp.gone", "Key 被拔出了，请马上插回去" },
	{ "lamp.free", "可以拔出 Key" },
	{ "lamp.silent", "读卡器没有应答" },
	{ "lamp.none", "没有 Key" },
	{ "states.reader", "读卡器" },
	{ "states.ca", "CA" },
	{ "states.own-ends", "本终端的证书有效期到 {not_after}，请通知维护人员更换" },
	{ "states.own-unreadable", "本终端的证书读不出来，请通知维护人员" },
	{ "day.mon", "星期一" },
	{ "day.tue", "星期二" },
	{ "day.wed", "星期三" },
	{ "day.thu", "星期四" },
	{ "day.fri", "星期五" },
	{ "day.sat", "星期六" },
	{ "day.sun", "星期日" },
	{ "sign-in.head", "柜员签到" },
	{ "sign-in.key", "用柜员自己的 Key（插入后输入它的密码）" },
	{ "sign-in.word", "用口令" },
	{ "idle.warning", "您还在吗？" },
	{ "idle-text.warning",
	    "已经有一会儿没有操作了。为保护您的资料，30 秒后将清屏，没办完的业务会保存好。" },
	{ "idle.mask", "内容已遮住" },
	{ "idle-text.mask", "正在等您付款或在手机上操作，办理的内容都还在。按任意键继续查看。" },
	{ "idle.on", "我还在，继续" },
};

const struct ck_sentences ck_zh_page = { sentences, sizeof sentences / sizeof *sentences };
