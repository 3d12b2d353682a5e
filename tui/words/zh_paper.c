/* 中文：申请表和打印机，在各个界面上的话。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 办到哪一步、进行中 */
	{ "doing.print", "正在准备打印申请表 …" },
	{ "course.paper", "更新已经办完，现在可以拔出 Key。申请表打印好以后会自动往下走。" },
	{ "course.paper-only", "打印申请表不用 Key。打印好以后会自动往下走。" },
	{ "fkey.paper-stop", "不等了" },

	/* 提问 */
	{ "say.paper-trouble", "[打印机：{printer}。]"
			       "申请表已经保存好，以后再打也不用 Key 和密码。"
			       "[再打的一份上会印着“补打第{reprint}次”。]" },
	{ "say.paper-out",
	    "[打印机：{printer}。]每一页都在才算出来了。机器不会自己再打一张；选“没有”以后，可以再选要不要重打。" },
	{ "page-say.beyond-paper-trouble",
	    "打印机要请柜员看一看，处理好以后会自动接着打印。\n\n更新已经办完，申请表也保存好了，什么都不会丢：以后再打，也不用您的 Key[。热线 {hotline}]。" },
	{ "page-say.beyond-paper-out",
	    "打印机没有说清楚申请表打出来没有。请柜员到出纸口看一看。\n\n更新已经办完，申请表也保存好了，什么都不会丢[。热线 {hotline}]。" },

	/* 结束 */
	{ "ended.form-printed", "申请表已打印，请客户核对、签字盖章" },
	{ "ended.form-printed-self", "申请表已打印，请核对、签字盖章，交给柜员" },
	{ "ended.form-waits", "申请表还没有打印[（{title}）]，已保存：菜单“申请表”里可以打印" },
	{ "ended.form-waits-self", "申请表还没有打印[（{title}）]，已保存：请找柜员打印" },
	{ "ended.form-printing",
	    "申请表在打印机那里，还没有出完[（{title}）]：菜单“申请表”里可以查" },
	{ "ended.form-printing-self", "申请表在打印机那里，还没有出完[（{title}）]：请找柜员" },
	{ "ended.form-unknown", "说不准申请表打印出来没有：请看出纸口，再查清" },
	{ "ended.form-unknown-self", "说不准申请表打印出来没有：请找柜员看一看" },
	{ "ended.form-wiped", "申请表已过保存期，已经清除" },
	{ "after.print", "现在打印申请表" },
	{ "after.print-look", "查清申请表打印好没有" },
	{ "after.reprint", "再打印一份申请表" },

	/* 补打前的确认 */
	{ "reprint.head", "再打印一份吗？" },
	{ "reprint.what", "[这份申请表已经打印过 {reprint} 次，没看到纸的也算在内。]"
			  "[{unsettled}上一次打印的结果还没有查清，会先去查。]" },
	{ "reprint.final", "[新打的一份上会印着“补打第{reprint}次”，]业务日志里记下是谁打的。" },
	{ "reprint.no", "不打，返回" },
	{ "reprint.yes", "再打印一份" },

	/* 柜员的菜单和列表 */
	{ "duty.forms", "申请表" },
	{ "duty.forms-about", "{forms} 份等着打印" },
	{ "duty.forms-none", "没有待打印的，可以预览、补打" },
	{ "duty.forms-unknown", "预览、打印、补打" },
	{ "does.preview", "预览" },
	{ "does.print", "打印" },
	{ "does.printer", "换打印机" },
	{ "does.all", "最近的" },
	{ "does.waiting", "等打印" },
	{ "does.form", "申请表" },
	{ "title.forms", "等着打印的申请表" },
	{ "title.forms-all", "最近的申请表" },
	{ "title.form", "申请表" },
	{ "title.printers", "在哪一台打印机上打？" },
	{ "empty.forms", "没有等着打印的申请表。按 F4 看最近的，可以补打。" },
	{ "empty.forms-all", "还没有申请表。更新办完以后，申请表就在这里。" },
	{ "empty.form", "这份申请表里什么也没有。" },
	{ "empty.printers", "没有打印机。请维护人员在本机设置好打印机，再来打印。" },
	{ "column.made_at", "做好" },
	{ "column.form", "状态" },
	{ "column.pages", "页数" },
	{ "column.copies", "已打" },
	{ "column.printer", "打印机" },
	{ "column.info", "说明" },
	{ "cell.made_at", "[{made_at}]" },
	{ "cell.form", "[{form_text}]" },
	{ "cell.pages", "[{pages}]" },
	{ "cell.copies", "[{copies} 份]" },
	{ "cell.printer", "[{name}]" },
	{ "cell.info", "[{info}]" },
	{ "cell.printer_state", "[{printer_state_text}]" },
	{ "column.printer_state", "状态" },
	{ "printer-state.ready", "可以打印" },
	{ "printer-state.queued", "可以接收任务" },
	{ "printer-state.stopped", "已暂停" },
	{ "printer-state.rejecting", "不收新任务" },
	{ "detail.form", "[{form_name}][，{pages} 页]" },
	{ "detail.printed", "[最近一次打印 {printed_at}]" },
	{ "detail.wipe", "[{wipe_after} 以后清除，之前可以补打]" },
	{ "detail.form-waits", "还没有打印。F5 打印，不用 Key 和密码。" },
	{ "detail.form-printing", "已经交给打印机。F5 看看打印好没有，不会重复打印。" },
	{ "detail.form-unknown", "说不准打印出来没有。F5 查一查，查不到会问您。" },
	{ "detail.form-printed", "已经打印。F5 再打一份，上面会标明是补打。" },
	{ "detail.form-wiped", "已过保存期，内容已经清除，不能再打。" },
	{ "detail.printer", "[{name}][   {info}][   纸 {media}]" },
	{ "detail.form-of", "[申请表：{form_text}]" },
	{ "detail.printer-default", "平时用的打印机" },
	{ "form-name.sheca-renewal", "数字证书更新申请表" },

	/* 状态行、帮助 */
	{ "states.printer", "打印机" },
	{ "help.paper-trouble",
	    "更新已经办完，只是申请表还没有从打印机里出来。照上面说的处理好打印机，会自动接着打印。"
	    "选“以后再打”也不会丢：菜单里的“申请表”随时可以打印。" },
	{ "help.paper-out",
	    "机器不能证明纸出来了没有，只有看一看才知道。说“出来了”，这份申请表就算打印好了；说“没有”，"
	    "可以马上重打。没有您的话，机器不会再打一张。" },
	{ "help.reprint",
	    "多出来的一份上面标着“补打”，和原来的一份分得清。不需要就返回，什么都不会打印。" },
	{ "help.forms",
	    "办完的更新都有一份申请表。Enter 预览；F5 打印，打印过的再打一份并标明补打；F6 换一台打印机；"
	    "F4 在等打印的和最近的之间换。“结果未知”的，F5 先查它出纸没有，不会多打一张。更早的请在“没有办完的”里按业务号查找，再按 F8。" },
	{ "help.form",
	    "申请表上的字，和打印出来的一样。方向键和 PgUp、PgDn 上下看；F5 打印，F6 换一台打印机。" },
	{ "help.printers",
	    "本机能用的打印机，停下的写着原因。选一台就在那里打印这一份；平时用哪一台不会改变。" },
	{ "form-state.waits", "等打印" },
	{ "form-state.printed", "已打印" },
	{ "form-state.printing", "结果未知" },
	{ "form-state.unknown", "要去看看" },
	{ "form-state.wiped", "已清除" },
};

const struct ck_sentences ck_zh_paper = { sentences, sizeof sentences / sizeof *sentences };
