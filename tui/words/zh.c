/* 中文：办理过程、提问、列表和界面上的句子（出错的句子在 zh_err.c）。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 正在做什么 */
	{ "step.key", "正在查看插着哪一把 Key …" },
	{ "step.cert", "正在读 Key 里的证书（不需要密码）…" },
	{ "step.eligible", "正在核对这张证书能不能在这里更新 …" },
	{ "step.unlock", "正在核对 Key 的密码（PIN）…" },
	{ "step.authorise", "正在核对办理资格 …" },
	{ "step.newkey", "正在 Key 里生成新密钥，可能要一分钟 …" },
	{ "step.request", "正在准备证书申请 …" },
	{ "step.issue", "申请已送出，正在等 CA 签发新证书 …" },
	{ "step.install", "正在把新证书写入 Key …" },
	{ "step.confirm", "正在向 CA 确认新证书已经装好 …" },
	{ "step.pin", "正在把 Key 的密码改为信封密码 …" },
	{ "step.retire", "正在清理原证书 …" },
	{ "step.close", "正在结束这笔业务 …" },
	{ "step.set-pin", "正在修改 Key 的密码（PIN）…" },
	{ "step.abandon", "正在放弃这笔业务，恢复原样 …" },

	/* 已经做成了什么 */
	{ "did.key-found", "找到 Key：{family}，序列号 {serial}" },
	{ "did.key-lost", "Key 断开了：{label}，序列号 {serial}" },
	{ "did.resumed", "接着办业务 {record}，从中断的地方继续" },
	{ "did.cert-read", "证书：{name}，有效期到 {not_after}" },
	{ "did.eligible", "可以更新（{first_day} 至 {last_day}）" },
	{ "did.unlocked", "密码（PIN）正确" },
	{ "did.key-proved", "已向 CA 证明 Key 在手" },
	{ "did.envelope-proved", "信封 {serial} 可以用于这张证书" },
	{ "did.password-proved", "信封密码已核对（密码没有离开本机）" },
	{ "did.leased", "已取得更新资格" },
	{ "did.newkey-made", "新密钥已在 Key 内生成（旧密钥和旧证书仍在，可以使用）" },
	{ "did.request-made", "证书申请已准备好" },
	{ "did.issued", "CA 已签发新证书，有效期到 {not_after}" },
	{ "did.issued-found", "CA 上次已经签发，新证书已取回，有效期到 {not_after}" },
	{ "did.waiting", "CA 还在处理[，{retry_at} 再查询][：{text}]" },
	{ "did.installed", "新证书已写入 Key，读回核对一致，试签名通过" },
	{ "did.confirmed", "CA 已确认新证书生效" },
	{ "did.pin-changed", "Key 的密码（PIN）已改为信封密码，原来的密码不再有效" },
	{ "did.pin-unchanged", "Key 的密码（PIN）没有改，仍是原来的密码[（{why}）]" },
	{ "did.pin-settled", "已确认：Key 现在的密码就是信封密码" },
	{ "did.own-pin-changed", "Key 的密码（PIN）已经改好，以后只能用新密码" },
	{ "did.retired", "原证书和原密钥已按规定删除" },
	{ "did.named", "标识和名称已按厂家软件的习惯设好" },
	{ "did.names-kept", "标识和名称保持原样（{why}），证书可以正常使用" },
	{ "did.kept", "原证书按规定保留在 Key 里" },
	{ "did.closed", "业务 {record} 已办结" },
	{ "did.turned-down", "已通知 CA 不使用新证书" },
	{ "did.swept", "没有用上的新密钥和新证书已从 Key 里清除" },
	{ "did.released", "已退回更新资格" },
	{ "did.abandoned", "业务 {record} 已放弃" },

	/* 提问 */
	{ "ask.key", "插着不止一把 Key，是哪一把？" },
	{ "ask.insert-key", "请插入 Key，插好后自动继续；没有 Key，直接回车" },
	{ "ask.key-back", "请重新插入 Key“{label}”（序列号 {serial}）。插好以后自动继续，"
			  "密码（PIN）要再输入一次。" },
	{ "ask.certificate", "这把 Key 里有几张证书可以更新，要更新哪一张？" },
	{ "ask.pin", "请客户本人输入 Key 的密码（PIN）[；还可以试 {tries} 次]。"
		     "从未改过的话，初始密码见最初的信封。" },
	{ "ask.own-pin",
	    "请客户本人输入 Key 现在的密码（PIN）[；还可以试 {tries} 次]，再输入两遍新密码。"
	    "新密码要 {min} 到 {max} 位[{digits}，只能是数字]。"
	    "从未改过的话，初始密码见最初的信封。" },
	{ "ask.last-try", "Key（{serial}）的密码可能只剩最后一次机会，再错就会锁住。"
			  "柜员确认客户知道正确的密码，才可以再试。" },
	{ "ask.unsettled-pin",
	    "上次修改密码时中断了，Key 现在的密码可能是信封密码，也可能还是原来的[；"
	    "还可以试 {tries} 次]。请柜员决定试哪一个，只试这一个。" },
	{ "ask.envelope", "请拿出新领的更新用密码信封，核对封面上的序列号" },
	{ "ask.envelope-password", "请输入信封 {serial} 里的密码[；还可以试 {tries} 次]" },

	{ "field.key.serial", "选哪一把（输入编号）" },
	{ "field.certificate.certificate", "选哪一张（输入编号）" },
	{ "ask.leave-pair",
	    "业务 {record} 在 CA 已退回，但 Key 不在或打不开，新密钥还留在上面（没有证书，不能使用）。"
	    "柜员确认以后可以就此结束。" },
	{ "field.leave-pair.yes", "就此结束，输入 y；以后再说，直接回车" },
	{ "question.key-back", "重新插入 Key" },
	{ "question.leave-pair", "柜员是否同意就此结束" },
	{ "field.pin.pin", "密码（PIN）" },
	{ "field.own-pin.pin", "现在的密码" },
	{ "field.own-pin.new", "新密码" },
	{ "field.own-pin.again", "再输一遍新密码" },
	{ "field.last-try.yes", "同意再试一次，输入 y；不同意，直接回车" },
	{ "field.unsettled-pin.which", "试哪一个（输入编号）" },
	{ "field.unsettled-pin.pin", "密码（PIN）" },
	{ "field.envelope.serial", "信封序列号" },
	{ "field.envelope-password.password", "信封密码" },

	{ "question.key", "用哪一把 Key" },
	{ "question.insert-key", "等待插入 Key" },
	{ "question.certificate", "更新哪一张证书" },
	{ "question.pin", "Key 的密码（PIN）" },
	{ "question.own-pin", "现在的密码和新密码" },
	{ "question.last-try", "柜员是否同意再试一次密码" },
	{ "question.unsettled-pin", "先试哪一个密码" },
	{ "question.envelope", "信封序列号" },
	{ "question.envelope-password", "信封密码" },

	{ "choice.envelope", "信封密码" },
	{ "choice.old", "原来的密码" },

	/* Key 安全吗 */
	{ "safe.untouched", "安全。没有对 Key 做任何改动。" },
	{ "safe.safe", "安全。Key 没有损坏，里面的证书可以照常使用。" },

	/* 找谁 */
	{ "who.customer", "客户本人就能办；拿不准时问柜员" },
	{ "who.clerk", "受理点柜员" },
	{ "who.site", "本机的维护人员（先告诉柜员）" },
	{ "who.ca", "柜员；由柜员联系 CA 服务热线[ {hotline}]" },
	{ "who.program", "本机的维护人员，并请把编号和时间转给软件供应方" },

	/* 结束 */
	{ "end.done", "更新完成" },
	{ "end.parked", "已保存，还没有办完" },
	{ "end.refused", "没有办理，Key 没有任何改动" },
	{ "end.abandoned", "已放弃[{restored}，Key 恢复到办理之前的样子]"
			   "[{kept}，新证书已由 CA 确认，留在 Key 里]" },
	{ "end.failed", "没有办完" },
	{ "end.usage", "命令有误" },
	{ "end.pull", "可以拔出 Key" },
	{ "end.later", "[请在 {retry_at} 以后]再次运行，会先向 CA 查询，再继续。" },
	{ "end.restart", "{title}，正在从中断的地方重新开始 …" },
	{ "end.ledger", "业务日志完整，共 {lines} 行" },

	{ "block.what", "发生了什么" },
	{ "block.safe", "Key 安全吗" },
	{ "block.todo", "现在怎么办" },
	{ "block.who", "找谁" },
	{ "block.detail", "详细信息" },
	{ "block.result", "结果" },
	{ "block.record", "业务号" },

	/* 列表 */
	{ "keys.key", "Key  {family}[   {label}]   序列号 {serial}" },
	{ "keys.reader", "     读卡器 {reader}" },
	{ "keys.readonly", "     ! 只能读，不能写入新证书" },
	{ "keys.one-pair", "     ! 放不下两套密钥，不能更新" },
	{ "keys.pin-ok", "密码状态：正常[，还可以试 {tries} 次]" },
	{ "keys.pin-low", "密码状态：输错过，剩余次数不多[，还可以试 {tries} 次]" },
	{ "keys.pin-last", "密码状态：只剩最后一次机会" },
	{ "keys.pin-locked", "密码状态：已锁住" },
	{ "keys.pin-unset", "密码状态：还没有设置" },
	{ "keys.pin-pinpad", "密码状态：要在 Key 自带的键盘上输入" },
	{ "keys.cert", "  > {name}   {alg}   {not_before} 至 {not_after}" },
	{ "keys.issuer", "    颁发者 {issuer}" },
	{ "keys.bad-cert", "  > 无法识别的证书[   {label}]" },
	{ "keys.no-cert", "  > 没有证书的密钥[   {label}]" },
	{ "keys.no-private", "    x 没有对应的私钥，这张证书不能使用" },
	{ "keys.none", "没有找到 Key" },
	{ "export.row", "v {file}   {name}" },
	{ "status.valid", "    在有效期内" },
	{ "status.expired", "    x 已经过期" },
	{ "status.not-yet", "    x 还没有生效" },
	{ "status.system", "    {title}（{system}）" },
	{ "status.foreign", "      不是这家 CA 签发的" },
	{ "status.accepted", "      是这家 CA 签发的" },
	{ "status.issuers", "      是这家 CA 以前的颁发者签发的" },
	{ "status.good", "      CA 答复：正常" },
	{ "status.revoked", "      x CA 答复：已吊销[，{revoked_at}]" },
	{ "status.held", "      x CA 答复：已冻结" },
	{ "status.unknown", "      x CA 没有这张证书的记录" },
	{ "status.silent", "      ! 没有问到 CA：{title}" },
	{ "keys.unknown", "?  本机不认识的 Key[   读卡器 {reader}][   ATR {atr}][   USB {usb}]" },
	{ "keys.unknown-todo",
	    "     没有使用它。要让本机认识它，请安装厂家的驱动，并在 keys.d 里写上这个 ATR。" },
	{ "watch.service-up", "{at}  读卡器服务已就绪" },
	{ "watch.service-gone", "{at}  ! {title}：{what}{todo}[（{detail}）]" },
	{ "watch.reader-in", "{at}  + 读卡器 {reader}" },
	{ "watch.reader-out", "{at}  - 读卡器 {reader}" },
	{ "watch.card-in", "{at}  + Key 插入 {reader}[   ATR {atr}]" },
	{ "watch.card-out", "{at}  - Key 拔出 {reader}" },
	{ "watch.card-mute", "{at}  ! {reader} 里的 Key 没有回应：插反了、触点脏了或已损坏" },
	{ "watch.card-passed", "{at}  ! Key 在 {reader} 里只停了一下，请插紧" },
	{ "watch.key", "{at}  {after_ms} 毫秒后读到" },
	{ "watch.unknown", "{at}  ! 没有这把 Key 的驱动" },
	{ "watch.trouble", "{at}  ! {title}：{what}{todo}[（{detail}）]" },
	{ "records.row", "{record}  {touched}  {state_text}  {way_text}  {system}[  柜员 {clerk}]"
			 "[  停在：{station_text}]" },
	{ "records.none", "没有业务记录" },
	{ "records.line", "{at}  {station_text}  {mark_text}  " },

	{ "state.open", "办理中" },
	{ "state.parked", "已保存" },
	{ "state.done", "已办结" },
	{ "state.refused", "未受理" },
	{ "state.abandoned", "已放弃" },
	{ "way.self", "自更新" },
	{ "way.on-behalf", "代更新" },
	{ "station.key", "看 Key" },
	{ "station.cert", "读证书" },
	{ "station.eligible", "核对资格" },
	{ "station.unlock", "核对密码" },
	{ "station.authorise", "核对信封" },
	{ "station.newkey", "生成新密钥" },
	{ "station.request", "准备申请" },
	{ "station.issue", "等待签发" },
	{ "station.install", "写入证书" },
	{ "station.confirm", "向 CA 确认" },
	{ "station.pin", "修改密码" },
	{ "station.retire", "清理原证书" },
	{ "station.close", "办结" },
	{ "station.abandon", "放弃" },
	{ "class.person", "个人证书" },
	{ "class.organisation", "单位证书" },
	{ "class.server", "服务器证书" },

	/* 一笔业务的经过：每一行的标记和内容，名称与 core/walk 里写下的一致 */
	{ "mark.intent", "开始" },
	{ "mark.done", "完成" },
	{ "mark.wait", "等待" },
	{ "mark.note", "备注" },
	{ "line.a PIN goes to the key", "密码送进 Key 核对" },
	{ "line.lease", "向 CA 取得更新资格" },
	{ "line.request", "证书申请" },
	{ "line.bound to the lease", "申请已和更新资格绑定" },
	{ "line.new pair on the key", "新密钥已在 Key 里" },
	{ "line.written, read back, signs", "新证书已写入，读回一致，试签名通过" },
	{ "line.confirm", "向 CA 确认新证书" },
	{ "line.CA and desk confirmed", "CA 已确认新证书" },
	{ "line.may be renewed", "可以更新" },
	{ "line.PIN becomes the envelope password", "密码改为信封密码" },
	{ "line.PIN changed", "密码已改为信封密码" },
	{ "line.PIN was changed", "查明密码已经改过" },
	{ "line.PIN unchanged", "密码没有改" },
	{ "line.PIN unchanged: the key refused the new one", "密码没有改：Key 不接受新密码" },
	{ "line.old certificate and pair kept", "原证书和原密钥保留" },
	{ "line.old certificate and pair removed", "原证书和原密钥已删除" },
	{ "line.id and label", "标识和名称" },
	{ "line.id and label set", "标识和名称已设好" },
	{ "line.id and label kept", "标识和名称保持原样" },
	{ "line.renewed", "更新完成" },
	{ "line.asked for", "要求放弃" },
	{ "line.stopped", "已经停下" },
	{ "line.new pair swept", "没有用上的新密钥已清除" },
	{ "line.confirmed at the desk", "CA 业务系统里已经确认" },
	{ "line.nothing is held at the desk", "CA 业务系统里没有占用" },
	{ "line.given back", "已退回" },
	{ "line.given back; the new pair is left on the key", "已退回，新密钥还留在 Key 里" },
	{ "line.ended after confirmation; the new certificate stays", "确认以后结束，新证书留用" },

	/* 能不能更新 */
	{ "policy.eligible", "v 可以更新（{class_text}）：{first_day} 至 {last_day}" },
	{ "policy.window", "x 不在可以更新的日期内（{class_text}）：{first_day} 至 {last_day}" },
	{ "policy.not-yet-valid",
	    "x 证书还没有生效（{class_text}）；可以更新：{first_day} 至 {last_day}" },
	{ "policy.class", "x 这个系统不办理{class_text}的更新" },
	{ "policy.server-certificate", "x 服务器证书不在本业务范围内，请联系 CA" },

	/* 终端和命令行 */
	{ "prompt.digits", "这里只能输入数字编号" },
	{ "usage.verb", "没有这个命令：{text}" },
	{ "usage.no-verb", "请说明要做什么" },
	{ "usage.option", "不认识或缺少内容的选项：{text}" },
	{ "usage.misplaced", "这个命令没有选项 {text}" },
	{ "usage.missing", "缺少 {text}" },
	{ "usage.value", "写得不对：{text}" },
	{ "usage.extra", "多余的内容：{text}" },
	{ "usage.hint", "用法见 certkiosk --help" },
	{ "help.text",
	    "certkiosk - 在受理点更新客户 Key 里的证书\n"
	    "\n"
	    "  certkiosk renew --system 系统 --way self|on-behalf [--key 序列号] [--cert SHA256]\n"
	    "            [--clerk 柜员] [--record 业务号] [--answers 文件|-] [--secrets-fd N]\n"
	    "            [--wait 秒]\n"
	    "                                       更新证书；中断过的会接着办\n"
	    "  certkiosk abandon 业务号 [--clerk 柜员] [--answers 文件|-] [--secrets-fd N]\n"
	    "            [--wait 秒]\n"
	    "                                       放弃一笔业务，恢复原样\n"
	    "  certkiosk keys [--watch]             插着哪些 Key，里面有什么（不需要密码）；\n"
	    "                                       加 --watch 则随插随看，直到中断\n"
	    "  certkiosk policy --system 系统 --cert 文件 --on 日期\n"
	    "                                       这张证书那一天能不能更新\n"
	    "  certkiosk records [--all | --show 业务号]\n"
	    "                                       没有办完的业务；全部；某一笔的经过\n"
	    "  certkiosk ledger verify              核对业务日志是否完整\n"
	    "  certkiosk pin [--key 序列号] [--clerk 柜员] [--answers 文件|-] [--secrets-fd N]\n"
	    "                                       客户本人修改 Key 的密码\n"
	    "  certkiosk export --key 序列号 [--cert SHA256] --to 目录\n"
	    "                                       把公开的证书存成文件（不需要密码）\n"
	    "  certkiosk status [--key 序列号] [--cert SHA256] [--system 系统] [--answers 文件|-]\n"
	    "  certkiosk status --file 文件 [--system 系统]\n"
	    "                                       CA 怎么说、什么时候可以更新（不需要密码）\n"
	    "\n"
	    "每个命令都可以加：--json（逐行 JSON）  --lang zh|en  --config 文件\n"
	    "密码只从终端输入，或从 --secrets-fd 指定的描述符读入，不要写在命令行上。\n"
	    "退出状态：0 办成  1 没办完（可以再来）  2 命令不对  3 已保存等待  4 未受理  "
	    "5 已放弃\n" },
};

const struct ck_words ck_words_zh = {
	.sentences = sentences,
	.n_sentences = sizeof sentences / sizeof *sentences,
	.errors = ck_err_words_zh,
	.n_errors = CK_ERR_WORDS_N,
};
