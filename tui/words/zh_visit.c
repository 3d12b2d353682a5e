/* 中文：办理一笔业务时各个界面上的话（进行中、提问、更新前的确认、结束）。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 办到哪一步：几步同名的合成一步 */
	{ "short.key", "证书" },
	{ "short.cert", "证书" },
	{ "short.eligible", "证书" },
	{ "short.unlock", "密码" },
	{ "short.authorise", "资格" },
	{ "short.newkey", "新密钥" },
	{ "short.request", "新密钥" },
	{ "short.issue", "签发" },
	{ "short.install", "写入" },
	{ "short.confirm", "确认" },
	{ "short.pin", "改密码" },
	{ "short.retire", "办结" },
	{ "short.close", "办结" },

	/* 进行中 */
	{ "doing.renew", "正在准备更新 …" },
	{ "doing.resume", "正在查找没有办完的业务 …" },
	{ "doing.abandon", "正在查找要放弃的业务 …" },
	{ "doing.status", "正在查询证书的状态 …" },
	{ "doing.doctor", "正在检查 Key …" },
	{ "doing.pin", "正在准备修改密码 …" },
	{ "doing.sign-in", "正在核对柜员身份 …" },
	{ "doing.other", "请稍候 …" },
	{ "course.elapsed", "已用" },
	{ "course.free", "现在可以拔出 Key，还没有改动它。" },
	{ "course.pulled", "请勿拔出 Key。万一断电或被拔出：重新插入同一把 Key，"
			   "会从这一步继续，不必重来。" },
	{ "course.pulled-pin", "请勿拔出 Key，正在修改密码。现在断开的话，"
			       "就说不准密码是新的还是原来的。" },
	{ "course.pulled-other", "请勿拔出 Key，很快就好。" },

	/* 界面自己的功能键 */
	{ "fkey.back", "返回" },
	{ "fkey.away", "客户不在" },
	{ "fkey.forgotten", "忘记密码" },
	{ "fkey.qr", "二维码" },
	{ "fkey.stop", "先停在这里" },

	/* 提问：每一问的题目 */
	{ "head.key", "要办的是哪一把 Key？" },
	{ "head.insert-key", "请插入 Key" },
	{ "head.key-back", "请重新插入这把 Key" },
	{ "head.certificate", "要更新哪一张证书？" },
	{ "head.resume", "有一笔没有办完的更新，在这里继续吗？" },
	{ "head.pin", "请客户本人输入 Key 的密码（PIN）" },
	{ "head.pin-self", "请输入 Key 的密码（PIN）" },
	{ "head.own-pin", "请客户本人修改 Key 的密码（PIN）" },
	{ "head.own-pin-self", "修改 Key 的密码（PIN）" },
	{ "head.last-try", "密码可能只剩最后一次机会" },
	{ "head.unsettled-pin", "Key 现在的密码是哪一个？" },
	{ "head.unsettled-pin-typed", "请输入密码，只试这一个" },
	{ "head.envelope", "请拿出新领的密码信封" },
	{ "head.envelope-password", "请拆开信封，输入里面的密码" },
	{ "head.leave-pair", "Key 不在，要就此结束吗？" },
	{ "head.doctor-look", "有些密钥还看不到" },
	{ "head.doctor-fetch", "有一对密钥没有证书" },
	{ "head.doctor-install", "找到了 CA 签发的证书" },
	{ "head.doctor-sweep", "上次留下了半成品" },
	{ "head.doctor-drop", "有一份证书是多余的" },
	{ "head.clerk-key", "柜员签到" },
	{ "head.clerk-pin", "[{name}，]请输入您自己的 Key 的密码（PIN）" },
	{ "head.clerk-word", "柜员签到" },
	{ "head.new-word", "请定一个口令" },
	{ "head.second-clerk", "要另一位柜员同意" },
	{ "head.other", "请回答" },

	/* 题目下面的话；没有的，用 ask.* */
	{ "say.key", "同时插着几把 Key。只办其中一把，别的不会动。" },
	{ "say.insert-key", "插到底，指示灯亮起后会自动继续。" },
	{ "say.certificate", "这把 Key 里有几张证书可以更新，一次更新一张。" },
	{ "say.own-pin", "新密码要 {min} 到 {max} 位[{digits}，只能是数字]，输入两遍。" },
	{ "say.last-try",
	    "[{known}Key 自己说只剩一次机会。]再错一次，Key（{serial}）可能就会锁住；锁住以后，要到 CA 的柜台才能解锁。客户确实知道正确的密码，才可以再试。" },
	{ "say.unsettled-pin", "上次修改密码时中断了：现在的密码可能是信封密码，也可能还是原来的。"
			       "请柜员决定试哪一个，只试这一个。" },
	{ "say.envelope", "用扫描枪扫一下封面上的序列号，或者照着输入。先不要拆开信封。" },
	{ "say.envelope-password", "请对照一下，这是序列号为 {serial} 的信封。" },
	{ "say.clerk-key", "[{several}插着不止一位柜员自己的 Key，是哪一位？]请插入您自己的 Key，"
			   "插好后自动继续。" },

	/* 事实的名称 */
	{ "fact.record", "业务号" },
	{ "fact.station_text", "停在" },
	{ "fact.at", "时间" },
	{ "fact.kiosk", "终端" },
	{ "fact.holder", "在哪里办理" },
	{ "fact.holder_record", "那里的业务号" },
	{ "fact.bound_text", "办到哪里" },
	{ "fact.label", "Key" },
	{ "fact.serial", "序列号" },
	{ "fact.family", "型号" },
	{ "fact.name", "名称" },
	{ "fact.until", "有效期至" },
	{ "fact.serial-number", "证书序列号" },
	{ "fact.hash", "指纹" },
	{ "fact.system", "办理系统" },
	{ "fact.key", "Key" },
	{ "fact.way", "办理方式" },
	{ "fact.pair", "密钥" },
	{ "fact.pin", "密码（PIN）" },
	{ "fact.old", "原证书" },

	/* 两种选择，用话说出来 */
	{ "yes.resume", "继续，从中断的地方接着办" },
	{ "no.resume", "先不办，保持原样" },
	{ "yes.last-try", "客户知道密码，再试这一次" },
	{ "no.last-try", "不试了，先停在这里" },
	{ "yes.leave-pair", "就此结束，新密钥留在 Key 里不再使用" },
	{ "no.leave-pair", "先不结束，等 Key 来了再说" },
	{ "yes.doctor-look", "输入密码，继续检查" },
	{ "no.doctor-look", "不用，检查到这里" },
	{ "yes.doctor-fetch", "向 CA 查询" },
	{ "no.doctor-fetch", "不查" },
	{ "yes.doctor-install", "写回 Key" },
	{ "no.doctor-install", "不写，保持原样" },
	{ "yes.doctor-sweep", "清除" },
	{ "no.doctor-sweep", "不清除，保持原样" },
	{ "yes.doctor-drop", "删掉多余的一份" },
	{ "no.doctor-drop", "不删，保持原样" },
	{ "yes.other", "是" },
	{ "no.other", "否" },
	{ "none.insert-key", "没有 Key，不办了" },
	{ "none.key-back", "先不插，停在这里（以后可以接着办）" },
	{ "none.clerk-key", "没有带 Key" },
	{ "none.other", "没有" },

	/* 密码旁边的话和另外的路 */
	{ "tries.left", "还可以试 {tries} 次。" },
	{ "tries.last", "! 这是最后一次机会，再错 Key 就会锁住。" },
	{ "tries.low", "! 以前输错过，剩下的次数不多了。" },
	{ "tries.unknown", "这种 Key 不说还可以试几次，请想好再输。" },
	{ "hint.pin", "从未改过的话，初始密码见最初的信封。" },
	{ "way-out.away", "客户不在场" },
	{ "way-out.forgotten", "忘记密码" },
	{ "page-head.away", "客户不在场" },
	{ "page-say.away", "密码只有客户本人能输入，柜员不能代输，也不要问客户密码是什么。\n\n"
			   "可以先停在这里：办到哪里都记着，会给一个小票号。"
			   "客户来了，插入这把 Key，输入密码就接着办。" },
	{ "page-head.forgotten", "忘记密码" },
	{ "page-say.forgotten", "请不要猜：错的次数多了，Key 会锁住。从未改过的，"
				"初始密码在最初的信封里。\n\n"
				"确实想不起来，要到 CA 的柜台重置密码[（热线 {hotline}）]。"
				"可以先停在这里，重置以后插入这把 Key 接着办，不必重来。" },
	{ "page-say.forgotten-self", "请不要猜：错的次数多了，Key 会锁住。从未改过的，"
				     "初始密码在最初的信封里。\n\n"
				     "确实想不起来，请找柜员[，或拨打热线 {hotline}]。"
				     "现在可以先停在这里，想起来或重置以后再来接着办，不必重来。" },
	{ "page-head.beyond", "这一步要请柜员来办" },
	{ "page-say.beyond",
	    "您的 Key 是安全的，已经办到的都保存着。\n\n"
	    "请带着这把 Key 到人工柜台，柜员会接着办，不必重来[。热线 {hotline}]。" },
	{ "way-on.back", "回到刚才的一步" },
	{ "way-on.stop", "先停在这里" },
	{ "refused.empty", "还没有输入" },
	{ "refused.short", "太短了：至少要 {min} 位" },
	{ "refused.long", "太长了：最多 {max} 位" },
	{ "refused.digits", "只能是数字" },
	{ "refused.letters", "这里没有这样的字符，请对照一下" },

	/* 更新前的确认 */
	{ "confirm.head", "请核对，是更新这张证书吗？" },
	{ "confirm.key", "[{family} {serial}]" },
	{ "confirm.now", "现在" },
	{ "confirm.then", "更新以后" },
	{ "confirm.until-now", "[{not_after}]" },
	{ "confirm.until-then", "由 CA 签发时确定" },
	{ "confirm.pair-now", "[{alg}]" },
	{ "confirm.pair-then", "在 Key 里新生成" },
	{ "confirm.pin-now", "现在的密码" },
	{ "confirm.pin-stays", "不变" },
	{ "confirm.pin-envelope", "新信封里的密码" },
	{ "confirm.pin-maybe", "用信封的，改为信封密码" },
	{ "confirm.old-now", "正在使用" },
	{ "confirm.old-kept", "保留在 Key 里" },
	{ "confirm.old-removed", "确认新证书可用后删除" },
	{ "confirm.old-rules", "按 CA 的规定保留或删除" },
	{ "confirm.void", "更新以后要用信封里的密码，原来的密码不再有效。" },
	{ "confirm.have-envelope", "请先准备好：新领的更新用密码信封，还要知道 Key 现在的密码。" },
	{ "confirm.yes", "是这张，开始更新" },
	{ "confirm.no", "不是，返回" },

	/* 结束 */
	{ "ended.abandon-done", "已经办结" },
	{ "ended.pin-done", "密码改好了" },
	{ "ended.doctor-done", "检查完了" },
	{ "ended.status-done", "查询完了" },
	{ "ended.sign-in-done", "[{name}]已签到" },
	{ "ended.sign-out-done", "已签退" },
	{ "ended.old", "原证书" },
	{ "ended.new", "新证书" },
	{ "ended.until", "{not_after}" },
	{ "ended.pin-stays", "Key 的密码（PIN）没有变" },
	{ "ended.envelope", "请客户收好信封：里面的密码就是现在 Key 的密码" },
	{ "ended.slip", "小票号：" },
	{ "ended.later", "下次带着这把 Key 来[（{retry_at} 以后）]，插入就会接着办，不必重来。" },
	{ "ended.give-slip", "请把小票号抄给客户：在任何一台终端，凭它也能找到这笔业务。" },
	{ "ended.note-slip", "请记下或拍下小票号：在任何一台终端，凭它也能找到这笔业务。" },
	{ "ended.left", "没有继续办理" },
	{ "ended.left-say", "Key 没有任何改动，证书可以照常使用。要办的话，随时可以再来。" },
	{ "ended.colon", "：" },
	{ "ended.no-qr", "这个窗口放不下二维码，请抄下号码：" },
	{ "after.close", "结束" },
	{ "after.close-pull", "结束，请取回 Key" },
	{ "after.own-pin", "现在由客户另设密码" },
	{ "after.keep", "保存，以后再办" },
	{ "after.go-on", "现在再试一次，从中断的地方继续" },
	{ "after.again", "再试一次" },
	{ "after.abandon", "放弃这笔更新" },

	/* F1：这个界面是做什么的 */
	{ "help.course",
	    "机器正在办理。上面一行是办到哪一步，下面是已经办好的。"
	    "写着“请勿拔出”的时候，请不要动 Key；万一断开了，重新插入同一把 Key 会接着办。" },
	{ "help.choice", "请选一个：按它前面的数字，或者用方向键选好后按 Enter，也可以点一下。" },
	{ "help.insert", "机器在等 Key，插好以后自动继续，不用按键。不插的话，选下面那一行。" },
	{ "help.resume", "这把 Key 上有一笔更新没有办完。继续的话从中断的地方接着办，"
			 "已经办好的不会再办一遍；不继续的话，一切保持原样。" },
	{ "help.pin", "只有 Key 的主人可以输入密码。屏幕上只显示星号。错的次数多了 Key 会锁住；"
		      "客户不在场按 F5，忘记密码按 F6，都不会用掉一次机会。" },
	{ "help.own-pin",
	    "先输入现在的密码，再把新密码输入两遍。Enter 到下一格，Tab 和方向键也可以。"
	    "两遍不一样、长度不对的，不会送进 Key。" },
	{ "help.last-try", "再输错一次，Key 可能就锁住了。没有柜员同意，机器不会去试。"
			   "拿不准就停下：办到哪里都保存着。" },
	{ "help.unsettled",
	    "上次改密码时断开了，机器说不准现在是哪一个密码，所以要柜员决定试哪一个。"
	    "只试一次，不会自动试另一个。" },
	{ "help.envelope", "序列号印在信封封面上，可以用扫描枪。密码在信封里面，"
			   "输入时只显示星号，也不会离开这台机器。" },
	{ "help.leave", "CA 那边已经退回，只是 Key 上还留着一对没有证书的密钥，谁也用不了。"
			"同意的话，这笔业务就此结束，留下的东西记在业务日志里。" },
	{ "help.agree", "检查出来的问题，同意以后才会处理；不同意就保持原样。" },
	{ "help.sign-in", "柜员用自己的 Key 和密码签到；本受理点允许的话，也可以用编号和口令。"
			  "拔出自己的 Key，柜台就会锁上。" },
	{ "help.second-clerk", "有些事按本受理点的规定要两位柜员。请另一位柜员输入自己的编号，"
			       "以及自己的 Key 的密码或者口令。" },
	{ "help.confirm", "这里列出要更新的证书，和更新以后会有什么不同。选“开始更新”以前，"
			  "什么都不会改动。" },
	{ "help.ending",
	    "这里说办成了什么、Key 是不是安全、接下来怎么办。有小票号的业务以后可以接着办："
	    "按 F4 可以用手机扫二维码。" },
};

const struct ck_sentences ck_zh_visit = { sentences, sizeof sentences / sizeof *sentences };
