/* 中文：签发以前 CA 要办的手续——报价、填写、付款、认证、材料、审核。 */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* 办到哪一步 */
	{ "short.applicant", "订单" },
	{ "short.form-before", "申请表" },
	{ "short.papers", "材料" },
	{ "short.identity", "认证" },
	{ "short.pay", "付款" },
	{ "short.review", "审核" },

	/* 每一问的题目 */
	{ "head.order", "续期多长时间？" },
	{ "head.applicant", "请填写{group_text}" },
	{ "head.sms-code", "请输入短信验证码" },
	{ "head.pay-method", "怎样付款？" },
	{ "head.payment", "请付款" },
	{ "head.payment-pending", "等款项到账" },
	{ "head.identity", "请经办人用手机认证身份" },
	{ "head.review", "CA 正在审核" },
	{ "head.review-rejected", "现在更正吗？" },
	{ "head.papers", "CA 还要这些材料" },

	/* 题目下面的话 */
	{ "say.order", "[{central}由单位统一付费，您不用付款。]价格和到期日期由 CA 确定。" },
	{ "say.applicant", "要不要开发票？" },
	{ "say.sms-code", "验证码已用短信发到 {mobile}[，{until_at} 前有效]。\n"
			  "没有收到：不用输入，按 Enter 再发一条[（{again_at} 以后）]。" },
	{ "say.pay-method", "[应付 {amount_text}]" },
	{ "say.review",
	    "[{text}\n]可能要几天。通过以后会自动继续，不用守在这里：先保存，以后带着 Key 再来。" },
	{ "say.review-rejected", "订单不变，付过的不用再付。可以现在更正，也可以以后再来。" },
	{ "say.papers", "[下一份：{next_text}。]请放进扫描仪，要完整、端正、彩色；"
			"或者插上存有图片或 PDF 的 U 盘。" },

	/* 付款、认证：扫码旁边的话 */
	{ "pay-how.alipay", "打开支付宝，扫一扫这个码。" },
	{ "pay-how.wechat", "打开微信，扫一扫这个码。" },
	{ "pay-how.netbank", "用手机扫这个码，在打开的网页上用网银付款。" },
	{ "pay-how.transfer", "请从银行转账到这个账号；到账一般要一到几天。" },
	{ "pay-how.remittance", "请到邮局汇款到这个地址；到账一般要几天。" },
	{ "pay-how.other", "请按 CA 说明的方式付款。" },
	{ "code.identity", "用微信或手机浏览器扫这个码，按提示拍身份证、做人脸识别。" },
	{ "code.until", "有效到 {until_at}" },
	{ "code.wait-payment", "已付款的请稍等，到账后自动继续。" },
	{ "code.wait-identity", "手机上通过以后，这里自动继续。" },
	{ "code.link", "这里显示不了二维码，请在手机上打开：" },

	{ "method.alipay", "支付宝" },
	{ "method.wechat", "微信支付" },
	{ "method.netbank", "网上银行（在手机上付）" },
	{ "method.transfer", "银行转账（到账后才能办完）" },
	{ "method.remittance", "邮政汇款（到账后才能办完）" },
	{ "price.row", "{months} 个月   {amount_text}[，到 {end_day}]" },
	{ "price.central", "{months} 个月   统一付费，不用付款[，到 {end_day}]" },

	/* 选择 */
	{ "choice.order-later", "先不办，以后再来" },
	{ "choice.pay-method-change", "返回修改订单" },
	{ "choice.pay-method-later", "先不付，以后再来" },
	{ "choice.applicant-yes", "要开发票" },
	{ "choice.applicant-no", "不要发票" },
	{ "choice.payment-other", "换一种付款方式" },
	{ "choice.payment-again", "换一个新的码" },
	{ "choice.payment-proof", "上传汇款凭据" },
	{ "choice.payment-change", "返回修改订单" },
	{ "choice.payment-later", "先保存，以后再来" },
	{ "choice.identity-again", "换一个新的码，再认证一次" },
	{ "choice.identity-later", "先保存，以后再来" },
	{ "choice.review-correct", "现在更正，重新提交" },
	{ "choice.review-later", "先保存，以后再来" },
	{ "choice.papers-scan", "已放进扫描仪，开始扫描" },
	{ "choice.papers-later", "先保存，以后再来" },
	{ "choice.file", "用 U 盘里的 {file}" },

	/* 填写：填谁的，各项的名称，应当是什么 */
	{ "group.agent", "经办人资料" },
	{ "group.owner", "证书所有者资料" },
	{ "group.invoice", "发票资料" },
	{ "field.order.months", "选哪一个（编号）" },
	{ "field.applicant.want", "要不要发票（编号）" },
	{ "field.applicant.name", "姓名" },
	{ "field.applicant.name-invoice", "收件人" },
	{ "field.applicant.resident-id", "身份证号" },
	{ "field.applicant.mobile", "手机号码" },
	{ "field.applicant.mobile-invoice", "接收手机" },
	{ "field.applicant.mail", "邮箱" },
	{ "field.applicant.mail-invoice", "接收邮箱" },
	{ "field.applicant.organisation", "单位名称" },
	{ "field.applicant.credit-code", "统一社会信用代码" },
	{ "field.applicant.legal", "法定代表人" },
	{ "field.applicant.title", "发票抬头" },
	{ "field.applicant.tax-id", "纳税人识别号" },
	{ "field.applicant.address", "地址" },
	{ "field.applicant.postcode", "邮编" },
	{ "field.applicant.phone", "电话" },
	{ "field.applicant.bank", "开户行和账号" },
	{ "field.sms-code.code", "验证码" },
	{ "field.pay-method.method", "怎样付款（编号）" },
	{ "field.payment.do", "怎么办（编号）" },
	{ "field.identity.do", "怎么办（编号）" },
	{ "field.review.do", "怎么办（编号）" },
	{ "field.papers.do", "怎么办（编号）" },
	{ "rule.name", "照证件上的写" },
	{ "rule.resident-id", "18 位，最后一位可以是 X" },
	{ "rule.mobile", "11 位数字，1 开头" },
	{ "rule.mail", "例如 name@example.cn" },
	{ "rule.organisation", "和证书上的单位名称一致" },
	{ "rule.credit-code", "18 位数字和大写字母，没有 I、O、S、V、Z" },
	{ "rule.legal", "照营业执照上的写" },
	{ "rule.title", "单位或个人的全称" },
	{ "rule.tax-id", "照税务登记或营业执照上的写" },
	{ "rule.address", "写到门牌号" },
	{ "rule.postcode", "6 位数字" },
	{ "rule.phone", "数字，区号后面可以有“-”" },
	{ "rule.bank", "开户行全称和账号" },
	{ "wrong.field", "{field_text}不对[：{text}][。应当是：{rule}]" },
	{ "wrong.doubtful",
	    "{field_text}的校验位不对，请对照证件。证件上确实是这样的，再提交一次就用它。" },
	{ "wrong.doubtful-self",
	    "{field_text}的校验位不对，请对照证件改过来；证件上确实是这样的，请找柜员。" },
	{ "form-page.send", "填好了，提交" },

	/* 材料 */
	{ "paper.row", "{called}[，{pages} 页][，已扫 {have} 页][：{text}]" },

	/* 重新问的时候 */
	{ "again.CODE_EXPIRED", "原来的码已经过期，请用新的；刚刚付过款的仍然有效，请稍等" },
	{ "again.AMOUNT_CHANGED-order", "CA 的价格刚刚变了，还没有付款。请看清新的价格再选" },
	{ "again.AMOUNT_CHANGED", "CA 的价格刚刚变了，还没有付款。请看清新的金额" },
	{ "again.KEY_REMOVED-payment", "刚才 Key 断开过，现在已经插好，付款不受影响" },
	{ "again.KEY_REMOVED-identity", "刚才 Key 断开过，现在已经插好，认证不受影响" },

	/* 停在这里：为什么，接下来怎么办 */
	{ "parked.unpaid",
	    "还没有付款。以后再来，插入这把 Key 就能接着付；已经付过的，到账后算数。" },
	{ "parked.transfer-pending", "款项还在路上。到账以后再来办完；汇款凭据请保留。" },
	{ "parked.identity-pending", "手机认证还没有通过。通过以后，或要再认证一次，请再来。" },
	{ "parked.papers-pending",
	    "CA 还在等材料。备齐以后带着材料和 Key 再来，已经收到的不用再交。" },
	{ "parked.in-review", "CA 正在审核。通过以后再来办完，一般会发短信。" },
	{ "parked.rejected", "审核没有通过。请按说明备好，再来更正；付过的不用再付。" },

	/* F1 */
	{ "help.order",
	    "这是 CA 对这次续期的报价和新证书的到期日期。选好以后才填写和付款，这里还不用付钱。" },
	{ "help.applicant",
	    "请照证件填写。Enter 到下一项，方向键和 Tab 也可以；最后一项按 Enter 提交。"
	    "写错的会停在那一项，说明应当怎样写。填写的内容加密保存，只给 CA，办完按规定清除。" },
	{ "help.sms-code",
	    "CA 把验证码发到了经办人的手机上。没有收到的，什么都不输入，直接按 Enter，就再发一条。" },
	{ "help.pay-method", "选一种付款方式。扫码付的马上就能接着办；转账和汇款要等款项到账。" },
	{ "help.payment",
	    "付款以后不用按键：CA 说到账了，就会自动继续。码过期了可以换一个新的，不会多收；"
	    "万一付了两次，多付的会退回。先不付的，选“先保存”，以后再来。" },
	{ "help.identity",
	    "经办人本人用手机扫码，按网页的提示拍身份证、做人脸识别。通过以后自动继续。"
	    "通不过的，请对照电信运营商 APP 里的实名信息，核对姓名和身份证号。" },
	{ "help.review",
	    "CA 的人要看一看，可能要几天。可以先保存，通过以后再来，已经办好的不会再办一遍。" },
	{ "help.papers",
	    "v 已收到，x 被退回，> 是下一份。页面上有二维码的会自动对上，次序和方向不对也没有关系。"
	    "断开了会从断开的地方接着上传，不会重复。" },
};

const struct ck_sentences ck_zh_order = { sentences, sizeof sentences / sizeof *sentences };
