/* 中文：办理过程、提问和界面上的句子（出错的句子在 zh_err.c）。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 正在做什么 */
	{ "step.key", "正在查看插着哪一把 Key …" },
	{ "step.cert", "正在读 Key 里的证书（不需要密码）…" },
	{ "step.eligible", "正在核对这张证书能不能在这里更新 …" },
	{ "step.consent", "正在查看要同意的文件 …" },
	{ "step.unlock", "正在核对 Key 的密码（PIN）…" },
	{ "step.authorise", "正在核对办理资格 …" },
	{ "step.applicant", "正在问 CA 这次办理的价格和要求 …" },
	{ "step.form-before", "正在填写并签名申请表 …" },
	{ "step.papers", "正在核对和上传材料 …" },
	{ "step.identity", "正在准备手机认证 …" },
	{ "step.pay", "正在准备付款 …" },
	{ "step.review", "正在问 CA 审核的结果 …" },
	{ "step.newkey", "正在 Key 里生成新密钥，可能要一分钟 …" },
	{ "step.request", "正在准备证书申请 …" },
	{ "step.issue", "申请已送出，正在等 CA 签发新证书 …" },
	{ "step.install", "正在把新证书写入 Key …" },
	{ "step.confirm", "正在向 CA 确认新证书已经装好 …" },
	{ "step.seal", "正在更新电子印章 …" },
	{ "step.pin", "正在把 Key 的密码改为信封密码 …" },
	{ "step.retire", "正在清理原证书 …" },
	{ "step.form", "正在填写并签署申请表 …" },
	{ "step.slip", "正在打印小票 …" },
	{ "step.service", "正在申请 …" },
	{ "step.paper", "正在打印申请表 …" },
	{ "step.close", "正在结束这笔业务 …" },
	{ "step.set-pin", "正在修改 Key 的密码（PIN）…" },
	{ "step.doctor", "正在检查 Key …" },
	{ "step.sign-in", "正在核对柜员身份 …" },
	{ "step.abandon", "正在放弃这笔业务，恢复原样 …" },

	/* 已经做成了什么 */
	{ "did.key-found", "找到 Key：{family}，序列号 {serial}" },
	{ "did.key-lost", "Key 断开了：{label}，序列号 {serial}" },
	{ "did.last-step", "{record} 的新证书已经确认。插着 Key 才能看出旧证书是不是还没有清除" },
	{ "did.resumed", "接着办业务 {record}，从中断的地方继续" },
	{ "did.over", "业务 {record} 已经结束：{state_text}，{at}" },
	{ "did.found-elsewhere",
	    "在 CA 业务系统（{system}）查到：{kiosk} 的业务 {record}，{way_text}：{bound_text}" },
	{ "did.declined", "没有继续办理：{record} 保持原样" },
	{ "did.finished-elsewhere", "{kiosk} 号终端已经办完这次更新（{record}），新证书已经生效" },
	{ "did.released-elsewhere", "{kiosk} 号终端已经放弃这次更新（{record}），这里也一起复原" },
	{ "did.adopted", "接着使用另一台终端在这把 Key 上生成的密钥" },
	{ "did.cert-read", "证书：{name}，有效期到 {not_after}" },
	{ "did.eligible", "可以更新（{first_day} 至 {last_day}）" },
	{ "did.codes-proved", "授权码已核对（第二个授权码没有离开本机）" },
	{ "did.may-download", "可以下载" },
	{ "did.agreed", "已同意：{name}，版本 {version}" },
	{ "did.unlocked", "密码（PIN）正确" },
	{ "did.key-proved", "已向 CA 证明 Key 在手" },
	{ "did.envelope-proved", "信封 {serial} 可以用于这张证书" },
	{ "did.password-proved", "信封密码已核对（密码没有离开本机）" },
	{ "did.leased", "已取得更新资格" },
	{ "did.newkey-made", "新密钥已在 Key 内生成（旧密钥和旧证书仍在，可以使用）" },
	{ "did.request-made", "证书申请已准备好" },
	{ "did.issued", "CA 已签发新证书，有效期到 {not_after}" },
	{ "did.issued-before", "新证书上次已经签发，有效期到 {not_after}" },
	{ "did.issued-found", "CA 上次已经签发，新证书已取回，有效期到 {not_after}" },
	{ "did.waiting", "CA 还在处理[，{retry_at} 再查询][：{text}]" },
	{ "did.installed", "新证书已写入 Key，读回核对一致，试签名通过" },
	{ "did.confirmed", "CA 已确认新证书生效" },
	{ "did.pin-changed", "Key 的密码（PIN）已改为信封密码，原来的密码不再有效" },
	{ "did.seal-written", "电子印章已更新[（{label}）]" },
	{ "did.seal-not-written",
	    "电子印章没有写入[，原因：{title}]；证书不受影响，下次带 Key 来做“检查 Key”时可以再写" },
	{ "did.pin-unchanged", "Key 的密码（PIN）没有改，仍是原来的密码[（{why}）]" },
	{ "did.pin-settled", "已确认：Key 现在的密码就是信封密码" },
	{ "did.own-pin-changed", "Key 的密码（PIN）已经改好，以后只能用新密码" },
	{ "did.signed-in", "{name}（柜员 {clerk}）已签到" },
	{ "did.signed-out", "{name}（柜员 {clerk}）已签退" },
	{ "did.second-clerk", "{name}（柜员 {clerk}）同意" },
	{ "did.doctor-installed", "证书 {name} 已写回 Key，读回核对一致，试签名通过" },
	{ "did.doctor-swept", "业务 {left_by} 留下的半成品密钥已从 Key 里清除" },
	{ "did.doctor-dropped", "重复的过期证书（{serial}）已删掉多余的一份" },
	{ "did.doctor-well", "没有发现问题" },
	{ "did.put-aside", "原证书文件已改名保留（.old），仍可用原来的密码打开" },
	{ "did.retired", "原证书和原密钥已按规定删除" },
	{ "did.named", "标识和名称已按厂家软件的习惯设好" },
	{ "did.names-kept", "标识和名称保持原样（{why}），证书可以正常使用" },
	{ "did.kept", "原证书按规定保留在 Key 里" },
	{ "did.others-kept", "Key 里其他内容都没有动" },
	{ "did.form-made", "申请表已填好、签名并封存，共 {pages} 页" },
	{ "did.form-void", "填的内容改了，之前打印的申请表作废" },
	{ "did.form-none", "没有申请表：{title}[（{why}）]" },
	{ "did.form-by-hand",
	    "申请表印不出来，办完后要手写：[{field_text}里的 ]{character} 不在字库里" },
	{ "did.paper-printing", "申请表正在打印[，已出 {pages} 页][，共 {of} 页]" },
	{ "did.paper-trouble", "打印停住了：{title}[（{why}）]" },
	{ "did.paper-printed", "申请表已经打印[（{printer}）]" },
	{ "did.paper-seen", "申请表已经出纸，有人看过" },
	{ "did.paper-unknown", "申请表有没有出纸不能确定，要有人到打印机[ {printer} ]前看一看" },
	{ "did.paper-failed", "申请表没有打印出来[：{title}][（{why}）]" },
	{ "did.paper-left", "申请表留在打印机里，结果以后再查；不会重复打印" },
	{ "did.paper-waits", "申请表等着打印：{title}[（{why}）]" },
	{ "did.slip-printed", "小票已经打印[（{printer}）]" },
	{ "did.slip-sent", "小票已交给打印机[ {printer}]，请到出纸口看一看" },
	{ "did.closed", "业务 {record} 已办结" },
	{ "did.turned-down", "已通知 CA 不使用新证书" },
	{ "did.swept", "没有用上的新密钥和新证书已从 Key 里清除" },
	{ "did.sms-sent", "短信验证码已经发出" },
	{ "did.order-made", "订单已提交[（{order}）]：{months} 个月[，{amount_text}]" },
	{ "did.identity-passed", "经办人的身份已认证" },
	{ "did.paper-in", "材料已经交给 CA：{zh}[，{pages} 页]" },
	{ "did.paid", "CA 已收到款项[（订单 {order}）]" },
	{ "did.review-passed", "CA 审核通过" },
	{ "did.refund", "多付的 {amount_text} 会退回" },
	{ "did.released", "已退回更新资格" },
	{ "did.order-paid", "订单 {order} 仍是已付款，留给下一次更新使用" },
	{ "did.order-refund", "订单 {order} 将退款" },
	{ "did.order-refunded", "订单 {order} 已退款" },
	{ "did.abandoned", "业务 {record} 已放弃" },
	{ "did.application-kept", "申请已填好，编号 {record}" },

	/* 提问 */
	{ "ask.key", "插着不止一把 Key，是哪一把？" },
	{ "ask.insert-key", "请插入 Key，插好后自动继续；没有 Key，直接回车" },
	{ "ask.key-back", "请重新插入 Key“{label}”（序列号 {serial}）。插好以后自动继续，"
			  "密码（PIN）要再输入一次。" },
	{ "ask.resume",
	    "[上次更新（{record}）在“{station_text}”时中断（{at}，{kiosk}）。]"
	    "[这张证书的更新在 {holder} 办理（{holder_record}）：{bound_text}。]在这里继续？" },
	{ "ask.certificate", "这把 Key 里有几张证书可以更新，要更新哪一张？" },
	{ "ask.consent", "请阅读下面的文件，再决定是否同意[（第 {n} 份，共 {of} 份）]："
			 "{name}，版本 {version}（SHA-256 {sha256}）" },
	{ "ask.pin", "请客户本人输入 Key 的密码（PIN）[；还可以试 {tries} 次]。[{hint_text}]" },
	{ "ask.own-pin",
	    "请客户本人输入 Key 现在的密码（PIN）[；还可以试 {tries} 次]，再输入两遍新密码。"
	    "新密码要 {min} 到 {max} 位[{digits}，只能是数字]。"
	    "从未改过的话，初始密码见最初的信封。" },
	{ "ask.last-try", "Key（{serial}）的密码可能只剩最后一次机会，再错就会锁住。"
			  "柜员确认输入的人知道正确的密码，才可以再试。" },
	{ "ask.unsettled-pin",
	    "上次修改密码时中断了，Key 现在的密码可能是信封密码，也可能还是原来的[；"
	    "还可以试 {tries} 次]。请柜员决定试哪一个，只试这一个。" },
	{ "ask.envelope", "请拿出新领的更新用密码信封，核对封面上的序列号" },
	{ "ask.envelope-password", "请输入信封 {serial} 里的密码[；还可以试 {tries} 次]" },
	{ "ask.download",
	    "请输入 CA 给的两个下载授权码[；第一个是 {reference}][；还可以试 {tries} 次]" },
	{ "ask.make-anew",
	    "把 {name}（{class_text}，序列号 {serial}，由 {issuer} 签发，有效期到 {not_after}）重新签发到 Key“{key_label}”[，有效期到 {new_not_after}]。是这张证书吗？" },
	{ "ask.doctor-look",
	    "有些密钥要输入密码（PIN）以后才看得到。要输入密码继续检查吗？（不改动 Key）" },
	{ "ask.doctor-fetch",
	    "密钥[ {label}]（编号 {id}）没有证书。要用这个密钥向 CA 证明身份，查询签发过的证书吗？要输入密码（PIN），不改动 Key。" },
	{ "ask.doctor-install",
	    "CA 为这个密钥签发过：{name}，有效期到 {not_after}，序列号 {serial}。要把这张证书写回 Key 吗？" },
	{ "ask.doctor-sweep",
	    "编号 {id} 的密钥是已经结束的业务 {record} 留下的半成品，从来没有证书可用。要从 Key 里清除吗？" },
	{ "ask.doctor-clear",
	    "证书 {name}（{serial}）是已经放弃的业务 {record} 里签发的，CA 已经吊销，Key 里另有一张能用的证书。要把它连同密钥从 Key 里清除吗？" },
	{ "ask.doctor-seal", "CA 那里有这把 Key 的电子印章（{label}），还没有写入。现在写入吗？" },
	{ "ask.doctor-drop",
	    "过期证书 {name}（{serial}）在 Key 里有一模一样的两份。要删掉多余的一份吗？" },

	{ "ask.order", "续期多长时间？下面是 CA 的报价[{central}，由单位统一付费，您不用付款]。" },
	{ "ask.service", "请填写申请" },
	{ "ask.applicant", "请填写{group_text}" },
	{ "ask.sms-code",
	    "短信验证码已发到 {mobile}[，{until_at} 前有效]。没有收到：直接回车，再发一条[（{again_at} 以后）]" },
	{ "ask.pay-method", "[应付 {amount_text}，]怎样付款？" },
	{ "ask.payment",
	    "请付款 {amount_text}（{method_text}）[，{until_at} 前有效]。已付款的请稍等，到账后自动继续。" },
	{ "ask.identity",
	    "请经办人用手机打开下面的链接，认证身份[，{until_at} 前有效]。认证通过后自动继续。" },
	{ "ask.review",
	    "CA 正在审核[：{text}]。可能要几天，通过后自动继续；也可以先停在这里，以后再来。" },
	{ "ask.papers", "CA 还要这些材料[。下一份：{next_text}]" },
	{ "ask.clerk-key",
	    "[{several}插着不止一位柜员自己的 Key，是哪一位签到？]请插入您自己的 Key；没有，直接回车" },
	{ "ask.clerk-pin", "{name}，请输入您自己的 Key“{label}”（序列号 {serial}）的密码（PIN）"
			   "[；还可以试 {tries} 次]" },
	{ "ask.clerk-word", "请输入柜员编号和口令" },
	{ "ask.new-word", "请定一个口令，至少 {min} 个字符，输入两遍" },
	{ "ask.second-clerk",
	    "{act_text}，要另一位柜员同意（不能是柜员 {clerk} 本人）。这位柜员自己的 Key 插着的，"
	    "输入那把 Key 的密码（PIN）；没有插着的，输入口令。" },
	{ "field.clerk-key.serial", "选哪一位（输入编号）" },
	{ "field.clerk-pin.pin", "密码（PIN）" },
	{ "field.clerk-word.clerk", "柜员编号" },
	{ "field.clerk-word.passphrase", "口令" },
	{ "field.new-word.passphrase", "新口令" },
	{ "field.new-word.again", "再输一遍" },
	{ "field.second-clerk.clerk", "另一位柜员的编号" },
	{ "field.second-clerk.word", "密码（PIN）或口令" },
	{ "field.key.serial", "选哪一把（输入编号）" },
	{ "field.certificate.certificate", "选哪一张（输入编号）" },
	{ "ask.paper-trouble",
	    "{record} 的申请表没有从打印机[ {printer} ]出来。怎么办？"
	    "[{follows}打印机恢复以后会自己接着打。][再打的一份上会印着“补打第{reprint}次”。]" },
	{ "ask.paper-out", "{record} 的申请表出纸了吗？请到打印机[ {printer} ]前看一看。"
			   "答没有出纸，才可以再打一次。" },
	{ "field.paper-trouble.do", "怎么办（输入编号）" },
	{ "field.paper-out.yes", "已经出纸，输入 y；没有出纸，直接回车" },
	{ "question.paper-trouble", "打印停住以后怎么办" },
	{ "question.paper-out", "申请表出纸了没有" },
	{ "choice.printer", "改用打印机 {label}" },
	{ "choice.wait", "等打印机恢复" },
	{ "choice.again", "再打一次" },
	{ "choice.later", "以后再打" },
	{ "ask.leave-pair",
	    "业务 {record} 在 CA 已退回，但 Key 不在或打不开，新密钥还留在上面（没有证书，不能使用）。"
	    "柜员确认以后可以就此结束；插入这把 Key，会自动继续清理。" },
	{ "field.consent.yes", "同意，输入 y；不同意，直接回车（不再办理）" },
	{ "field.resume.yes", "继续请输入 y，不继续直接按回车" },
	{ "field.leave-pair.yes", "就此结束，输入 y；以后再说，直接回车" },
	{ "question.key-back", "重新插入 Key" },
	{ "question.consent", "是否同意文件的内容" },
	{ "question.resume", "是否继续" },
	{ "question.leave-pair", "柜员是否同意就此结束" },
	{ "field.pin.pin", "密码（PIN）" },
	{ "field.own-pin.pin", "现在的密码" },
	{ "field.own-pin.new", "新密码" },
	{ "field.own-pin.again", "再输一遍新密码" },
	{ "field.doctor-look.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-fetch.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-install.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-sweep.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-clear.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-seal.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.doctor-drop.yes", "同意，输入 y；不同意，直接回车" },
	{ "field.last-try.yes", "同意再试一次，输入 y；不同意，直接回车" },
	{ "field.unsettled-pin.which", "试哪一个（输入编号）" },
	{ "field.unsettled-pin.pin", "密码（PIN）" },
	{ "field.envelope.serial", "信封序列号" },
	{ "field.envelope-password.password", "信封密码" },

	{ "question.key", "用哪一把 Key" },
	{ "question.clerk-key", "柜员自己的 Key" },
	{ "question.clerk-pin", "柜员自己的 Key 的密码（PIN）" },
	{ "question.clerk-word", "柜员编号和口令" },
	{ "question.new-word", "新口令，输入两遍" },
	{ "question.second-clerk", "另一位柜员的同意" },
	{ "act.abandon", "放弃这笔更新" },
	{ "act.last-try", "再试一次可能是最后机会的密码" },
	{ "act.leave-pair", "不用 Key 就此结束这笔业务" },
	{ "act.unsettled-pin", "修改密码中断以后再试密码" },
	{ "question.insert-key", "等待插入 Key" },
	{ "question.certificate", "更新哪一张证书" },
	{ "question.pin", "Key 的密码（PIN）" },
	{ "question.own-pin", "现在的密码和新密码" },
	{ "question.doctor-look", "是否同意输入密码继续检查" },
	{ "question.doctor-fetch", "是否同意向 CA 查询" },
	{ "question.doctor-install", "是否同意写回证书" },
	{ "question.doctor-sweep", "是否同意清除半成品密钥" },
	{ "question.doctor-clear", "是否同意清除已吊销的证书和密钥" },
	{ "question.doctor-seal", "是否同意写入电子印章" },
	{ "question.doctor-drop", "是否同意删掉重复的过期证书" },
	{ "question.last-try", "柜员是否同意再试一次密码" },
	{ "question.unsettled-pin", "先试哪一个密码" },
	{ "question.envelope", "信封序列号" },
	{ "question.download", "两个下载授权码" },
	{ "question.make-anew", "是不是这张证书" },
	{ "question.order", "续期多长时间" },
	{ "question.service", "申请要填写的内容" },
	{ "question.applicant", "经办人、所有者或发票的资料" },
	{ "question.sms-code", "短信验证码" },
	{ "question.pay-method", "怎样付款" },
	{ "question.payment", "付款" },
	{ "question.identity", "手机认证身份" },
	{ "question.review", "CA 的审核" },
	{ "question.papers", "扫描的材料" },
	{ "question.envelope-password", "信封密码" },

	{ "choice.envelope", "信封密码" },
	{ "choice.old", "原来的密码" },

	/* Key 安全吗 */
	{ "safe.untouched", "安全。没有对 Key 做任何改动。" },
	{ "safe.safe", "安全。Key 没有损坏，里面的证书可以照常使用。" },
	{ "safe.added", "安全。Key 没有损坏，里面原有的内容都没有动。" },

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
	{ "end.restarted", "{title}，已经重新开始，请再输入一次" },
	{ "end.ledger", "业务日志完整，共 {lines} 行" },
	{ "end.tended",
	    "查看了 {looked} 笔，其中 {ended} 笔已结束；擦除了 {wiped} 笔已结束业务的个人信息" },
	{ "end.clerk-word", "passphrase = \"{passphrase}\";" },
	{ "end.purged", "删除了 {purged} 笔已结束的业务" },
	{ "end.untidy", "! 有程序正在读业务库：擦除的内容下次运行时才从文件里清掉" },

	{ "block.what", "发生了什么" },
	{ "block.safe", "Key 安全吗" },
	{ "block.todo", "现在怎么办" },
	{ "block.who", "找谁" },
	{ "block.detail", "详细信息" },
	{ "block.result", "结果" },
	{ "block.slip", "小票" },
	{ "block.form", "申请表" },
	{ "block.left", "留下没办的" },
	{ "block.record", "业务号" },

	/* 停在哪一步 */
	{ "station.key", "看 Key" },
	{ "station.cert", "读证书" },
	{ "station.eligible", "核对资格" },
	{ "station.consent", "同意文件" },
	{ "station.unlock", "核对密码" },
	{ "station.authorise", "取得资格" },
	{ "station.applicant", "填写订单" },
	{ "station.form-before", "申请表" },
	{ "station.papers", "交材料" },
	{ "station.identity", "手机认证" },
	{ "station.pay", "付款" },
	{ "station.review", "等待审核" },
	{ "station.newkey", "生成新密钥" },
	{ "station.request", "准备申请" },
	{ "station.issue", "等待签发" },
	{ "station.install", "写入证书" },
	{ "station.confirm", "向 CA 确认" },
	{ "station.seal", "更新电子印章" },
	{ "station.pin", "修改密码" },
	{ "station.retire", "清理原证书" },
	{ "station.form", "申请表" },
	{ "station.close", "办结" },
	{ "station.abandon", "放弃" },

	/* 一笔业务的经过：每一行的标记和内容，名称与 core/walk 里写下的一致 */
	{ "mark.intent", "开始" },
	{ "mark.done", "完成" },
	{ "mark.wait", "等待" },
	{ "mark.note", "备注" },
	{ "line.a unit's keys in a row", "开始集中更新" },
	{ "line.a key of it", "其中一把 Key" },
	{ "line.list of a unit's keys made and kept", "更新证书明细已做好并封存" },
	{ "line.the batch is over", "集中更新结束" },
	{ "line.ended without a key", "没有办 Key 就结束了" },
	{ "line.a PIN goes to the key", "密码送进 Key 核对" },
	{ "line.agreed to", "客户同意" },
	{ "line.all documents", "文件都已同意" },
	{ "line.lease", "向 CA 取得更新资格" },
	{ "line.a new lease", "CA 重新给予更新资格，证书重新申请" },
	{ "line.request", "证书申请" },
	{ "line.bound to the lease", "申请已和更新资格绑定" },
	{ "line.new pair on the key", "新密钥已在 Key 里" },
	{ "line.written, read back, signs", "新证书已写入，读回一致，试签名通过" },
	{ "line.confirm", "向 CA 确认新证书" },
	{ "line.CA and desk confirmed", "CA 已确认新证书" },
	{ "line.may be renewed", "可以更新" },
	{ "line.a credit code whose check digit is wrong, on a clerk's word",
	    "统一社会信用代码的校验位不对，由柜员确认" },
	{ "line.identity was not confirmed", "身份认证没有通过" },
	{ "line.pages of another print come in", "改收另一次打印的申请表，先前收的几页不再保留" },
	{ "line.the desk did not take it", "CA 没有接受这份材料，本机保存的已删除" },
	{ "line.the desk wants it anew", "CA 要求重新交这份材料" },
	{ "line.the order as the desk has it", "CA 业务系统里的订单" },
	{ "line.the application form is void", "申请表作废" },
	{ "line.the order is to be changed", "要修改订单" },
	{ "line.the price was shown", "价格已显示给客户" },
	{ "line.the review turned it down", "审核没有通过" },
	{ "line.seal", "电子印章" },
	{ "line.seal written, read back", "电子印章已写入，读回一致" },
	{ "line.seal not written", "电子印章没有写入" },
	{ "line.no seal to be renewed", "没有要更新的电子印章" },
	{ "line.the seal of a renewal is written", "写入更新时没有写入的电子印章" },
	{ "line.PIN becomes the envelope password", "密码改为信封密码" },
	{ "line.PIN changed", "密码已改为信封密码" },
	{ "line.PIN was changed", "查明密码已经改过" },
	{ "line.PIN unchanged", "密码没有改" },
	{ "line.PIN unchanged: the key refused the new one", "密码没有改：Key 不接受新密码" },
	{ "line.old certificate and pair kept", "原证书和原密钥保留" },
	{ "line.old certificate and pair put aside", "原证书文件已改名保留（.old）" },
	{ "line.old certificate and pair removed", "原证书和原密钥已删除" },
	{ "line.id and label", "标识和名称" },
	{ "line.id and label set", "标识和名称已设好" },
	{ "line.id and label kept", "标识和名称保持原样" },
	{ "line.application form", "填写申请表" },
	{ "line.application form signed and kept", "申请表已签名并封存" },
	{ "line.no application form", "没有申请表" },
	{ "line.to be printed", "将要打印" },
	{ "line.at the printer, not followed", "留在打印机里，没有再跟踪" },
	{ "line.printed or not, nobody knows", "有没有出纸不能确定" },
	{ "line.printed", "已经打印" },
	{ "line.not printed", "没有打印出来" },
	{ "line.renewed", "更新完成" },
	{ "line.the pair on the key is taken over", "接用另一台终端在 Key 上生成的密钥" },
	{ "line.given back at another counter", "已在另一台终端放弃" },
	{ "line.a wrong envelope password", "信封密码不对" },
	{ "line.the right envelope password", "信封密码正确" },
	{ "line.nothing was granted", "还没有取得更新资格" },
	{ "line.asked for", "要求放弃" },
	{ "line.stopped", "已经停下" },
	{ "line.new pair swept", "没有用上的新密钥已清除" },
	{ "line.confirmed at the desk", "CA 业务系统里已经确认" },
	{ "line.nothing is held at the desk", "CA 业务系统里没有占用" },
	{ "line.given back", "已退回" },
	{ "line.given back; the new pair is left on the key", "已退回，新密钥还留在 Key 里" },
	{ "line.signed in by key", "用自己的 Key 签到" },
	{ "line.signed in by passphrase", "用口令签到" },
	{ "line.a wrong PIN", "密码（PIN）不对" },
	{ "line.its owner changes the PIN", "客户修改密码（PIN）" },
	{ "line.PIN changed by its owner", "客户已改好密码（PIN）" },
	{ "line.PIN unchanged: the key refused", "密码（PIN）没有改成，Key 不接受" },
	{ "line.nobody knows whether the PIN was changed", "密码（PIN）改没改成不清楚" },
	{ "line.a passphrase is tried", "核对口令" },
	{ "line.the right passphrase", "口令正确" },
	{ "line.a wrong passphrase", "口令不对" },
	{ "line.signed out", "签退" },
	{ "line.a second clerk agrees to abandon", "另一位柜员同意放弃" },
	{ "line.a second clerk agrees to what may be the last try", "另一位柜员同意再试一次密码" },
	{ "line.a second clerk agrees to close without the key",
	    "另一位柜员同意不用 Key 就此结束" },
	{ "line.a second clerk agrees to try a PIN", "另一位柜员同意试密码" },
	{ "line.nobody came back", "到期没有人来办" },
	{ "line.the right to renew is gone", "CA 业务系统里已经没有这笔办理" },
	{ "line.renewed, and nobody came back", "已更新；其余的没有人来办" },
	{ "line.finished at another counter", "在另一台终端办完" },
	{ "line.ended after confirmation; the new certificate stays", "确认以后结束，新证书留用" },

	/* 能不能更新 */
	{ "notice.cost", "费用：{text}" },
	{ "notice.bring", "要带：{text}" },
	{ "notice.takes", "用时：{text}" },
	{ "notice.call", "电话：{text}" },
	{ "policy.eligible",
	    "v 可以更新（{class_text}）：{first_day} 至 {last_day}[；新证书到 {new_not_after}]" },
	{ "policy.window", "x 不在可以更新的日期内（{class_text}）：{first_day} 至 {last_day}" },
	{ "policy.not-yet-valid",
	    "x 证书还没有生效（{class_text}）；可以更新：{first_day} 至 {last_day}" },
	{ "policy.class", "x 这个系统不办理{class_text}的更新" },
	{ "policy.other-system", "x 这张证书属于别的系统，这个系统只更新自己的证书" },
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
	    "  certkiosk [--desk] [--theme standard|contrast|mono] [--ascii] [--no-mouse]\n"
	    "                                       在终端上打开界面：自助；--desk 只有柜员台\n"
	    "  certkiosk renew --system 系统 --way self|on-behalf|download [--key 序列号]\n"
	    "            [--cert SHA256] [--clerk 柜员] [--record 业务号] [--answers 文件|-]\n"
	    "            [--secrets-fd N] [--medium 路径] [--save-to 文件夹] [--wait 秒]\n"
	    "            （--batch 编号 代替 --system 和 --way：属于一批集中更新）\n"
	    "                                       更新证书；中断过的会接着办；\n"
	    "                                       download：柜员用两个授权码下载证书\n"
	    "  certkiosk resume 文字 [--system 系统] [--way self|on-behalf|download]\n"
	    "            [--key 序列号] [--cert SHA256] [--clerk 柜员] [--answers 文件|-]\n"
	    "            [--secrets-fd N] [--medium 路径] [--save-to 文件夹] [--wait 秒]\n"
	    "                                       按小票、业务号、信封、订单号查找没办完的\n"
	    "                                       业务，接着办；在别的终端开始的也可以\n"
	    "  certkiosk abandon 业务号 [--clerk 柜员] [--answers 文件|-] [--secrets-fd N]\n"
	    "            [--medium 路径] [--wait 秒]\n"
	    "                                       放弃一笔业务，恢复原样\n"
	    "  certkiosk keys [--medium 路径 | --watch]\n"
	    "                                       插着哪些 Key，里面有什么（不需要密码）；\n"
	    "                                       加 --watch 则随插随看，直到中断\n"
	    "  certkiosk policy --system 系统 --cert 文件 --on 日期\n"
	    "                                       这张证书那一天能不能更新\n"
	    "  certkiosk records [--all] [--names] [--last N] | --show 业务号\n"
	    "                                       没有办完的业务；全部；连同姓名；\n"
	    "                                       最近几笔；某一笔的经过\n"
	    "  certkiosk records --search 文字 [--names] [--last N]\n"
	    "                                       按业务号、小票、Key、信封、订单、姓名查找\n"
	    "  certkiosk records tend               照看没办完的，不用 Key：向业务系统查询，\n"
	    "                                       退回到期的，擦除到期的个人信息\n"
	    "  certkiosk records purge [--before 日期 | --older-than 天数]\n"
	    "                                       删除已结束的；业务日志保留\n"
	    "  certkiosk report [--day 日期] [--clerk 柜员]\n"
	    "                                       今天或某一天、某个柜员办了什么\n"
	    "  certkiosk ledger verify              核对业务日志是否完整\n"
	    "  certkiosk ledger show [--last N]     业务日志的最后几行\n"
	    "  certkiosk diagnose                   存储、规则、本机证书、CA、时钟、申请表和\n"
	    "                                       打印机、读卡器和 Key 是否都正常\n"
	    "  certkiosk check                      只检查各系统的规则和申请表：每个错误都\n"
	    "                                       说明文件、行号和原因\n"
	    "  certkiosk forms [--all]              等着打印的申请表；全部\n"
	    "  certkiosk form 编号 [--out 文件]     取出签过名的申请表（PDF）\n"
	    "  certkiosk print 编号 [--printer 打印机] [--clerk 柜员] [--answers 文件|-]\n"
	    "                                       打印等着的申请表，或由柜员补打；\n"
	    "                                       没有办完的，打印它的小票\n"
	    "  certkiosk printers                   有哪些打印机，现在怎么样\n"
	    "  certkiosk batch begin --system 系统 --way self|on-behalf --clerk 柜员\n"
	    "                                       开始集中更新，再逐把 renew --batch 编号\n"
	    "  certkiosk batch list [--all] | batch show 编号\n"
	    "                                       没有结束的集中更新；每一把 Key 的结果\n"
	    "  certkiosk batch print 编号 --clerk 柜员 [--printer 打印机] [--answers 文件|-]\n"
	    "                                       结束这一批，打印更新证书明细；以后是补打\n"
	    "  certkiosk service list [--system S]  可以申请的其他业务\n"
	    "  certkiosk service NAME --system S [--key SERIAL] [--cert SHA256] [--clerk ID]\n"
	    "            [--medium PATH] [--answers FILE|-] [--wait SECONDS]\n"
	    "                                       申请一项：做申请表，送到业务系统\n"
	    "  certkiosk service resume NUMBER [--clerk ID]\n"
	    "                                       再送一次没有送出的申请\n"
	    "  certkiosk service status NUMBER | service drop NUMBER\n"
	    "                                       CA 办得怎样了；放弃申请\n"
	    "  certkiosk pin [--key 序列号] [--clerk 柜员] [--answers 文件|-]\n"
	    "            [--secrets-fd N] [--medium 路径]\n"
	    "                                       客户本人修改 Key 的密码\n"
	    "  certkiosk export --key 序列号 [--cert SHA256] --to 目录 [--medium 路径]\n"
	    "                                       把公开的证书存成文件（不需要密码）\n"
	    "  certkiosk status [--key 序列号] [--cert SHA256] [--system 系统]\n"
	    "            [--answers 文件|-] [--medium 路径]\n"
	    "  certkiosk status --file 文件 [--system 系统]\n"
	    "                                       CA 怎么说、什么时候可以更新（不需要密码）\n"
	    "  certkiosk doctor [--key 序列号] [--clerk 柜员] [--system 系统]\n"
	    "            [--answers 文件|-] [--secrets-fd N] [--medium 路径]\n"
	    "                                       检查 Key 有什么毛病，同意以后才处理\n"
	    "  certkiosk sign-in --by key|passphrase [--answers 文件|-] [--secrets-fd N]\n"
	    "                                       柜员签到，用自己的 Key 或者口令\n"
	    "  certkiosk sign-out --clerk 柜员      柜员签退，签到签退都记入业务日志\n"
	    "  certkiosk clerk-word [--secrets-fd N]\n"
	    "                                       把口令变成设置文件里的一行\n"
	    "  certkiosk verify-form 文件 [--cert 文件]\n"
	    "                                       申请表是谁签的，是否完整\n"
	    "  certkiosk verify-form --qr 文字 --fields 文件 [--cert 文件] [--form-dir 目录]\n"
	    "                                       纸上的内容和二维码是否一致\n"
	    "\n"
	    "每个命令都可以加：--json（逐行 JSON）  --lang zh|en  --config 文件\n"
	    "密码只从终端输入，或从 --secrets-fd 指定的描述符读入，不要写在命令行上。\n"
	    "退出状态：0 办成  1 没办完（可以再来）  2 命令不对  3 已保存等待\n"
	    "          4 未受理  5 已放弃\n" },
};

static const struct ck_sentences here = { sentences, sizeof sentences / sizeof *sentences };
static const struct ck_sentences *const parts[] = {
	&here,
	&ck_zh_list,
	&ck_zh_visit,
	&ck_zh_page,
	&ck_zh_desk,
	&ck_zh_paper,
	&ck_zh_batch,
	&ck_zh_service,
	&ck_zh_order,
	&ck_zh_doctor,
};

const struct ck_words ck_words_zh = {
	.parts = parts,
	.n_parts = sizeof parts / sizeof *parts,
	.errors = ck_err_words_zh,
	.n_errors = CK_ERR_WORDS_N,
};
