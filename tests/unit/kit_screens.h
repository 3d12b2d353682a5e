/* The screens a counter shows, drawn with the kit alone: golden texts are made of them
 * (kit_screens.c), and a terminal shows them (tests/fake/kitshow_main.c). */
#ifndef KIT_SCREENS_H
#define KIT_SCREENS_H

#include <stdbool.h>
#include <stddef.h>

#include "../../tui/kit/card.h"
#include "../../tui/kit/input.h"
#include "../../tui/kit/list.h"
#include "../../tui/kit/message.h"
#include "../../tui/kit/page.h"
#include "../../tui/kit/qr.h"
#include "../../tui/kit/steps.h"
#include "../../tui/kit/table.h"

struct kit_show {
	struct ck_canvas *c;
	bool en, ascii;
	long seconds;		 /* of progress */
	struct ck_input input;	 /* the envelope's serial */
	struct ck_masked masked; /* the PIN */
	struct ck_cards cards;
	struct ck_list list;
	struct ck_buttons buttons;
};

#define W(chinese, english) (s->en ? (english) : (chinese))
#define N(array) ((int)(sizeof(array) / sizeof *(array)))

static struct ck_rect
kit_page(struct kit_show *s, const char *clock, bool clerk, struct ck_said lamp,
    const struct ck_function *functions, int n)
{
	const struct ck_said states[] = {
		{ CK_TONE_GOOD, W("读卡器", "Reader") },
		{ CK_TONE_GOOD, "CA" },
		{ CK_TONE_BAD, W("打印机", "Printer") },
	};
	const struct ck_page page = {
		.where =
		    W("证书服务终端 · 静安受理点 1 号机", "Certificate kiosk · Jing'an counter 1"),
		.who = clerk ? W("柜员 07", "Clerk 07") : NULL,
		.clock = clock,
		.lamp = lamp,
		.states = states,
		.n_states = N(states),
		.functions = functions,
		.n_functions = n,
	};

	ck_canvas_clear(s->c);
	return ck_page_draw(s->c, &page);
}

static struct ck_said
kit_safe(const struct kit_show *s)
{
	return (struct ck_said){ CK_TONE_SAFE, W("可以拔出 Key", "Key may be pulled") };
}

static void
kit_attract(struct kit_show *s)
{
	const struct ck_function functions[] = {
		{ CK_KEY_F(1), 'h', "F1", W("帮助", "Help"), false },
		{ CK_KEY_F(2), 'l', "F2", W("English", "中文"), false },
		{ CK_KEY_F(3), 'c', "F3", W("大字/高对比", "High contrast"), false },
		{ CK_KEY_F(9), 's', "F9", W("柜员", "Staff"), true },
	};
	static const char *const zh[] = { "更新快到期或刚到期的证书", "继续上次没有办完的业务",
		"修改 Key 的密码（PIN）", "打印申请表" };
	static const char *const en[] = { "renew a certificate that ends soon or just ended",
		"go on with what was not finished last time", "change the key's PIN",
		"print the application form" };
	const char *const *lines = W(zh, en);
	struct ck_rect r = kit_page(s, W("2026-11-20 星期五 10:32", "Fri 2026-11-20 10:32"), false,
	    (struct ck_said){ CK_TONE_PLAIN, W("没有 Key", "No key") }, functions, N(functions));
	struct ck_rect all = ck_middle(r, 60, 17), box = { all.x, all.y + 3, all.w, 10 };

	ck_put_centre(s->c, r.x, all.y, r.w, CK_S_HEAD,
	    W("请 插 入 您 的 证 书 Key", "P l e a s e   i n s e r t   y o u r   k e y"));
	ck_box(s->c, box);
	box = (struct ck_rect){ box.x + 3, box.y + 1, box.w - 6, 1 };
	ck_put(s->c, box.x, box.y, box.w, CK_S_PLAIN, W("在这里可以：", "Here you can"));
	box.y += 2;
	for (int i = 0; i < 4; i++, box.y++)
		ck_put(s->c, box.x + 2, box.y, box.w - 2, CK_S_PLAIN, lines[i]);
	box.y++;
	ck_put(s->c, box.x, box.y, box.w, CK_S_DIM,
	    W("插入后不需要密码就能看到证书的有效期。",
		"No PIN is needed to see how long it is valid."));
	ck_put_centre(s->c, r.x, all.y + 14, r.w, CK_S_PLAIN,
	    W("没有 Key，或者要新办、补办：请到人工柜台。",
		"No key, or a new one wanted? Please go to the counter."));
	ck_put_centre(
	    s->c, r.x, all.y + 15, r.w, CK_S_PLAIN, W("服务热线 962600", "Hotline 962600"));
}

static void
kit_certificates(struct kit_show *s)
{
	const struct ck_function functions[] = {
		{ CK_KEY_UP, 0, W("方向键", "Arrows"), W("选择", "choose"), false },
		{ CK_KEY_ENTER, 0, "Enter", W("确定", "go on"), false },
		{ CK_KEY_ESC, 0, "Esc", W("返回", "back"), false },
		{ CK_KEY_F(1), 'h', "F1", W("帮助", "Help"), true },
	};
	const struct ck_card cards[] = {
		{ .name = "上海某某科技有限公司",
		    .kind = W("单位身份证书", "organisation"),
		    .facts = { W("唯一识别号 001120438184130111", "Unique id 001120438184130111"),
			W("颁发者 SHECA G3", "Issuer SHECA G3"), "RSA 2048" },
		    .valid = W("2025-12-05 至 2026-12-04", "2025-12-05 to 2026-12-04"),
		    .passed = 961,
		    .tone = CK_TONE_CAREFUL,
		    .state = W("即将到期，还有 14 天", "ends soon, 14 days left"),
		    .window = W("可以更新：2026-11-04 至 2027-01-04",
			"renewable 2026-11-04 to 2027-01-04") },
		{ .name = "上海某某科技有限公司",
		    .kind = W("服务器证书", "server"),
		    .valid = W("2026-03-01 至 2027-02-28", "2026-03-01 to 2027-02-28"),
		    .passed = 726,
		    .why = W("服务器证书不在本业务范围内，请联系 021-62077128",
			"Server certificates are not renewed here; please call 021-62077128") },
	};
	const struct ck_row rows[] = {
		{ W("代更新（用新的密码信封，更新后 PIN = 信封密码）",
		      "Renew on behalf (new envelope; the PIN becomes its password)"),
		    NULL },
		{ W("自更新（客户自己输入，PIN 不变）",
		      "Renew by the customer (types the PIN, which stays)"),
		    NULL },
		{ W("继续：10-28 在“写入证书”时中断的更新",
		      "Go on: the renewal of 10-28, stopped while it was installed"),
		    NULL },
	};
	const struct ck_button more[] = {
		{ '4', "4", W("检查这把 Key", "Check this key") },
		{ '5', "5", W("修改 PIN", "Change PIN") },
		{ '6', "6", W("打印申请表", "Print the form") },
	};
	struct ck_rect r = kit_page(s, "10:33", true, kit_safe(s), functions, N(functions));

	r = (struct ck_rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 1 };
	ck_put(s->c, r.x + 1, r.y, r.w - 2, CK_S_PLAIN,
	    W("Key  飞天 ePass2003   序列号 3310090012345678",
		"Key  Feitian ePass2003   serial 3310090012345678"));
	ck_put_right(s->c, r.x + 1, r.y, r.w - 2, CK_S_GOOD, W("密码状态：正常", "PIN: in order"));
	r.y += 2;
	r.h = 12;
	s->cards.cards = cards;
	s->cards.n = N(cards);
	r.y += ck_cards_draw(s->c, r, &s->cards) + 1;
	s->list.rows = rows;
	s->list.n = N(rows);
	r.h = N(rows);
	r.y += ck_list_draw(s->c, r, &s->list);
	s->buttons = (struct ck_buttons){ more, N(more), -1 };
	r.h = 2;
	ck_buttons_draw(s->c, (struct ck_rect){ r.x + 1, r.y, r.w - 1, 2 }, &s->buttons);
}

static void
kit_steps(struct kit_show *s, struct ck_rect r, int at, enum ck_tone tone)
{
	static const char *const zh[] = { "信封", "密码", "新密钥", "签发", "写入", "确认",
		"改密码", "打印" };
	static const char *const en[] = { "Envelope", "PIN", "New key", "Issue", "Install",
		"Confirm", "Set PIN", "Print" };

	ck_steps_draw(s->c, r, &(struct ck_steps){ W(zh, en), N(zh), at, tone });
}

static struct ck_rect
kit_below_steps(struct kit_show *s, struct ck_rect r, int at, enum ck_tone tone)
{
	r.y++;
	kit_steps(s, (struct ck_rect){ r.x, r.y, r.w, 1 }, at, tone);
	return (struct ck_rect){ r.x + 4, r.y + 2, r.w - 8, r.h - 3 };
}

static void
kit_pin(struct kit_show *s)
{
	const struct ck_function functions[] = {
		{ CK_KEY_ENTER, 0, "Enter", W("确定", "go on"), false },
		{ CK_KEY_ESC, 0, "Esc", W("返回", "back"), false },
		{ CK_KEY_F(5), 'a', "F5", W("客户不在场", "Customer is not here"), false },
		{ CK_KEY_F(6), 'f', "F6", W("忘记密码", "PIN forgotten"), false },
		{ CK_KEY_F(1), 'h', "F1", W("帮助", "Help"), true },
	};
	struct ck_rect r = kit_page(s, "10:34", true, kit_safe(s), functions, N(functions)), box;

	r = kit_below_steps(s, r, 1, CK_TONE_NOW);
	r = ck_middle(r, r.w, 9);
	ck_put_centre(s->c, r.x, r.y, r.w, CK_S_HEAD,
	    W("请客户本人输入 Key 的密码（PIN）", "The customer please types the key's PIN"));
	box = ck_middle((struct ck_rect){ r.x, r.y + 2, r.w, 3 }, 30, 3);
	ck_box(s->c, box);
	ck_masked_draw(s->c, (struct ck_rect){ box.x + 2, box.y + 1, box.w - 4, 1 }, &s->masked,
	    true, CK_KEY_FOCUS);
	ck_put_centre(
	    s->c, r.x, r.y + 6, r.w, CK_S_PLAIN, W("还可以试 4 次。", "4 tries are left."));
	ck_put_centre(s->c, r.x, r.y + 7, r.w, CK_S_DIM,
	    W("从未改过的话，初始密码见信封。",
		"If it was never changed, the first PIN is in the envelope."));
}

static void
kit_progress(struct kit_show *s)
{
	const struct ck_progress progress = {
		.doing = W("正在把新证书写入 Key …", "Writing the new certificate to the key …"),
		.elapsed = W("已用", "elapsed"),
		.seconds = 7 + s->seconds,
		.n = 5,
		.of = 8,
	};
	const struct ck_said said[] = {
		{ CK_TONE_GOOD,
		    W("信封 20261120000371 已核对", "Envelope 20261120000371 was checked") },
		{ CK_TONE_GOOD,
		    W("新密钥已在 Key 内生成（旧密钥和旧证书仍在，可以使用）",
			"A new key was made inside the key (the old one is still there and works)") },
		{ CK_TONE_GOOD, W("CA 已签发，有效期到 2027-12-04",
				    "The CA has issued, valid until 2027-12-04") },
		{ CK_TONE_NOW, W("写入并读回核对", "Writing it and reading it back") },
	};
	struct ck_rect r = kit_page(s, "10:35", true,
	    (struct ck_said){ CK_TONE_CAREFUL, W("请勿拔出 Key", "Do not pull the key") }, NULL, 0);

	r = kit_below_steps(s, r, 4, CK_TONE_NOW);
	r.y++;
	r.y += ck_progress_draw(s->c, r, &progress) + 2;
	for (int i = 0; i < N(said); i++)
		r.y += ck_put_toned(
		    s->c, (struct ck_rect){ r.x, r.y, r.w, 2 }, said[i].tone, said[i].text);
	r.y += 2;
	r.h = 2;
	ck_put_wrapped(s->c, r, CK_S_DIM,
	    W("万一现在断电或 Key 被拔出：重新插入同一把 Key，会从这一步继续。",
		"If the power fails now or the key is pulled: put the same key in again, and it goes on "
		"from here."));
}

static void
kit_done(struct kit_show *s)
{
	const struct ck_function functions[] = {
		{ CK_KEY_ENTER, 0, "Enter", W("结束", "finish"), false },
		{ CK_KEY_F(1), 'h', "F1", W("帮助", "Help"), true },
	};
	const char *heads[] = { "", W("原证书", "old certificate"),
		W("新证书", "new certificate") };
	const char *cells[] = { W("序列号", "Serial"), "5D A6 74 B3 B7 5B", "5D A6 91 02 44 7E",
		W("有效期至", "Valid until"), "2026-12-04", "2027-12-04", W("名称", "Name"),
		"上海某某科技有限公司", W("（相同）", "(the same)") };
	const struct ck_button buttons[] = {
		{ '1', "1", W("现在由客户另设密码", "Customer sets another PIN") },
		{ '2', "2", W("再打印一份", "Print again") },
		{ CK_KEY_ENTER, "Enter", W("结束", "Finish") },
	};
	struct ck_table table = { .columns = 3, .rows = 3, .heads = heads, .cells = cells };
	struct ck_rect r = kit_page(s, "10:35", true, kit_safe(s), functions, N(functions));

	r = kit_below_steps(s, r, 8, CK_TONE_NOW);
	ck_put_toned(s->c, r, CK_TONE_GOOD, W("更新完成", "Renewed"));
	r.x += 2;
	r.w -= 2;
	r.y += 2;
	r.y += ck_table_draw(s->c, r, &table) + 1;
	r.y += ck_put_wrapped(s->c, r, CK_S_HEAD,
	    W("Key 的密码（PIN）已改为信封密码，原来的密码不再有效。",
		"The key's PIN is now the envelope's password; the old one no longer works."));
	r.y += ck_put_wrapped(s->c, r, CK_S_PLAIN,
	    W("新密钥已试签名，CA 已确认。原证书和密钥已按规定删除。",
		"The new key signed a test, the CA has confirmed. The old certificate and key were "
		"removed as the rules say."));
	r.y++;
	r.y += ck_put_wrapped(s->c, r, CK_S_PLAIN,
	    W("申请表 CK-20261120-000027   2 页，已打印，请签字盖章。",
		"Form CK-20261120-000027   2 pages, printed; please sign and stamp."));
	r.y++;
	r.h = 2;
	s->buttons = (struct ck_buttons){ buttons, N(buttons), 2 };
	ck_buttons_draw(s->c, (struct ck_rect){ r.x - 1, r.y, r.w + 6, 2 }, &s->buttons);
}

static int
kit_answer(struct kit_show *s, struct ck_rect r, const char *label, const char *text)
{
	int hang = s->en ? 16 : 14, lines;

	ck_put(s->c, r.x, r.y, hang, CK_S_DIM, label);
	lines = ck_put_wrapped(
	    s->c, (struct ck_rect){ r.x + hang, r.y, r.w - hang, 3 }, CK_S_PLAIN, text);
	return lines;
}

static void
kit_failure(struct kit_show *s)
{
	const struct ck_function functions[] = {
		{ '1', 0, W("数字", "Digits"), W("选择", "choose"), false },
		{ CK_KEY_ENTER, 0, "Enter", W("确定", "go on"), false },
		{ CK_KEY_F(1), 'h', "F1", W("帮助", "Help"), true },
		{ CK_KEY_F(4), 'q', "F4", W("二维码", "QR code"), true },
	};
	const struct ck_row rows[] = {
		{ W("再试一次（先查询）", "Try again (asks first)"), NULL },
		{ W("保存，稍后继续", "Keep it and go on later"), NULL },
		{ W("放弃本次更新", "Give this renewal up"),
		    W("要柜员同意", "takes a clerk's word") },
	};
	const char *number = "20261120-0371";
	struct ck_qr *qr = ck_qr_new("CK:20261120-0371:4102");
	struct ck_rect r = kit_page(s, "10:41", false, kit_safe(s), functions, N(functions)), body,
		       beside;
	int w = 0, h = 0;

	r = kit_below_steps(s, r, 3, CK_TONE_BAD);
	body = r;
	ck_put_toned(s->c, r, CK_TONE_BAD, W("没有收到 CA 的答复", "No answer from the CA"));
	ck_put_right(s->c, r.x, r.y, r.w, CK_S_DIM, "CK-4102");
	r.y += 2;
	r.y += kit_answer(s, r, W("发生了什么", "What happened"),
	    W("申请已送出，等待 60 秒没有答复。", "The request was sent; no answer for 60 s."));
	r.y += kit_answer(s, r, W("Key 安全吗", "The key"),
	    W("安全。原证书没有变，密码没有变，新密钥在等证书。",
		"It is safe. Old certificate and PIN are unchanged, the new key waits for its "
		"certificate."));
	r.y += kit_answer(s, r, W("现在怎么办", "What now"),
	    W("不必重来。网络恢复后插入这把 Key，会先向 CA 查询是否已经签发，再继续。",
		"Nothing is lost. Put this key in when the line is back: the CA is asked first "
		"whether it has issued, then it goes on."));
	r.y += kit_answer(s, r, W("找谁", "Who helps"),
	    W("柜员；SHECA 热线 021-62077128", "The clerk; SHECA hotline 021-62077128"));
	r.y++;
	beside = (struct ck_rect){ r.x + r.w, r.y, 0, body.y + body.h - r.y };
	if (qr != NULL)
		ck_qr_size(qr, s->ascii, &w, &h);
	if (r.w > 2 * w && h <= beside.h) {
		beside.w = w;
		beside.x -= w;
	}
	r.y += kit_answer(s, r, W("业务号", "Number"), number) + 1;
	s->list.rows = rows;
	s->list.n = N(rows);
	r.h = 3;
	ck_list_draw(s->c, (struct ck_rect){ r.x - 2, r.y, r.w - beside.w, 3 }, &s->list);
	if (qr != NULL)
		ck_qr_draw(s->c, beside, qr, s->ascii);
	ck_qr_free(qr);
}

static const struct {
	const char *name;
	void (*draw)(struct kit_show *);
} kit_shown[] = {
	{ "attract", kit_attract },
	{ "certificates", kit_certificates },
	{ "pin", kit_pin },
	{ "progress", kit_progress },
	{ "done", kit_done },
	{ "failure", kit_failure },
};

#endif
