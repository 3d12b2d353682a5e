/* English: what the CA wants done before it issues - prices, entries, payment, identity, papers,
 * review. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* where one is */
	{ "short.applicant", "Order" },
	{ "short.form-before", "Form" },
	{ "short.papers", "Papers" },
	{ "short.identity", "Identity" },
	{ "short.pay", "Payment" },
	{ "short.review", "Review" },

	/* the heading of each question */
	{ "head.order", "Renew for how long?" },
	{ "head.applicant", "Please fill in: {group_text}" },
	{ "head.sms-code", "Type the code from the text message" },
	{ "head.pay-method", "How do you want to pay?" },
	{ "head.payment", "Please pay" },
	{ "head.payment-pending", "Waiting for the money" },
	{ "head.identity", "The agent proves who he is, by phone" },
	{ "head.review", "The CA is reviewing the application" },
	{ "head.review-rejected", "Put it right now?" },
	{ "head.papers", "The CA wants these papers, too" },

	/* below the heading */
	{ "say.order",
	    "[{central}It is paid centrally: you pay nothing. ]Prices and ends are the CA's." },
	{ "say.applicant", "Do you want an invoice?" },
	{ "say.sms-code", "A code was sent to {mobile} by text message[, good until {until_at}].\n"
			  "None came? Type nothing: Enter sends another[, from {again_at} on]." },
	{ "say.pay-method", "[To be paid: {amount_text}]" },
	{ "say.review",
	    "[{text}\n]This may take days. It goes on by itself once it has passed; nobody has to wait "
	    "here: save it, and come back with the key." },
	{ "say.review-rejected",
	    "The order stays as it is, and what was paid is paid. It can be put right "
	    "now, or later." },
	{ "say.papers",
	    "[Next: {next_text}. ]Put it into the scanner, whole, straight and in colour; or "
	    "plug in a stick with pictures or a PDF of it." },

	/* beside the code */
	{ "pay-how.alipay", "Open Alipay and scan this code." },
	{ "pay-how.wechat", "Open WeChat and scan this code." },
	{ "pay-how.netbank", "Scan this code and pay by online bank on the page it opens." },
	{ "pay-how.transfer",
	    "Transfer it from your bank to this account; it mostly takes some days." },
	{ "pay-how.remittance", "Remit it at a post office; it mostly takes some days." },
	{ "pay-how.other", "Pay it as the CA tells." },
	{ "code.identity",
	    "Scan this code with WeChat or the phone's browser; it asks for ID card and face." },
	{ "code.until", "Good until {until_at}" },
	{ "code.wait-payment", "Paid already? Wait: it goes on by itself." },
	{ "code.wait-identity", "It goes on by itself once the phone says it passed." },
	{ "code.link", "No QR code can be shown here. Open this on the phone:" },

	{ "method.alipay", "Alipay" },
	{ "method.wechat", "WeChat Pay" },
	{ "method.netbank", "online bank (on your phone)" },
	{ "method.transfer", "bank transfer (done once it has arrived)" },
	{ "method.remittance", "postal remittance (done once it has arrived)" },
	{ "price.row", "{months} months   {amount_text}[, valid to {end_day}]" },
	{ "price.central",
	    "{months} months   paid centrally, nothing to pay[, valid to {end_day}]" },

	/* choices */
	{ "choice.order-later", "not now, come back later" },
	{ "choice.pay-method-change", "change the order" },
	{ "choice.pay-method-later", "not now, come back later" },
	{ "choice.applicant-yes", "with an invoice" },
	{ "choice.applicant-no", "no invoice" },
	{ "choice.payment-other", "pay in another way" },
	{ "choice.payment-again", "another code" },
	{ "choice.payment-proof", "hand in the bank's receipt" },
	{ "choice.payment-change", "change the order" },
	{ "choice.payment-later", "save it, come back later" },
	{ "choice.identity-again", "another code, try again" },
	{ "choice.identity-later", "save it, come back later" },
	{ "choice.review-correct", "put it right now, hand it in again" },
	{ "choice.review-later", "save it, come back later" },
	{ "choice.papers-scan", "it is in the scanner: scan it" },
	{ "choice.papers-later", "save it, come back later" },
	{ "choice.file", "{file} on the stick" },

	/* what is typed: of whom, how it is called, what it has to be */
	{ "group.agent", "the agent" },
	{ "group.owner", "the owner of the certificate" },
	{ "group.invoice", "the invoice" },
	{ "field.order.months", "Which one (its number)" },
	{ "field.applicant.want", "With an invoice? (its number)" },
	{ "field.applicant.name", "Name" },
	{ "field.applicant.name-invoice", "Addressee" },
	{ "field.applicant.resident-id", "ID card number" },
	{ "field.applicant.mobile", "Mobile number" },
	{ "field.applicant.mobile-invoice", "Mobile to send it to" },
	{ "field.applicant.mail", "Mail" },
	{ "field.applicant.mail-invoice", "Mail to send it to" },
	{ "field.applicant.organisation", "Organisation" },
	{ "field.applicant.credit-code", "Social credit code" },
	{ "field.applicant.legal", "Legal representative" },
	{ "field.applicant.title", "Invoice made out to" },
	{ "field.applicant.tax-id", "Taxpayer number" },
	{ "field.applicant.address", "Address" },
	{ "field.applicant.postcode", "Postcode" },
	{ "field.applicant.phone", "Telephone" },
	{ "field.applicant.bank", "Bank and account" },
	{ "field.sms-code.code", "Code" },
	{ "field.pay-method.method", "How (its number)" },
	{ "field.payment.do", "What is to be done (its number)" },
	{ "field.identity.do", "What is to be done (its number)" },
	{ "field.review.do", "What is to be done (its number)" },
	{ "field.papers.do", "What is to be done (its number)" },
	{ "rule.name", "as the ID card has it" },
	{ "rule.resident-id", "18 characters, the last may be X" },
	{ "rule.mobile", "11 digits, the first is 1" },
	{ "rule.mail", "like name@example.cn" },
	{ "rule.organisation", "the same as in the certificate" },
	{ "rule.credit-code", "18 digits and capital letters, without I, O, S, V, Z" },
	{ "rule.legal", "as the business licence has it" },
	{ "rule.title", "the full name of organisation or person" },
	{ "rule.tax-id", "as on the tax registration or business licence" },
	{ "rule.address", "with the number of the house" },
	{ "rule.postcode", "6 digits" },
	{ "rule.phone", "digits; there may be a \"-\" behind the area code" },
	{ "rule.bank", "the bank's full name and the account number" },
	{ "wrong.field", "{field_text}: this is not right[: {text}][. It has to be: {rule}]" },
	{ "wrong.doubtful",
	    "{field_text}: the check digit is wrong, compare it with the document. If that "
	    "really says so, hand it in once more and it is taken." },
	{ "wrong.doubtful-self",
	    "{field_text}: the check digit is wrong, compare it with the document. If "
	    "that really says so, please ask a clerk." },
	{ "form-page.send", "All filled in: hand it in" },

	/* papers */
	{ "paper.row", "{called}[, pages: {pages}][, scanned: {have}][: {text}]" },

	/* asked again */
	{ "again.CODE_EXPIRED",
	    "The former code has run out, use the new one. What was paid just now counts: wait a moment" },
	{ "again.AMOUNT_CHANGED-order",
	    "The CA's prices have just changed; nothing was paid. Look at the new ones and choose" },
	{ "again.AMOUNT_CHANGED",
	    "The CA's price has just changed; nothing was paid. Look at the new amount" },
	{ "again.KEY_REMOVED-payment",
	    "The key was away for a moment and is back; the payment is not touched by it" },
	{ "again.KEY_REMOVED-identity",
	    "The key was away for a moment and is back; the identity check is not touched by it" },

	/* it stands still: why, and what now */
	{ "parked.unpaid",
	    "It is not paid yet. Come back with this key to pay it; what you have paid already counts once it arrives." },
	{ "parked.transfer-pending",
	    "The money is on its way. Come back once it has arrived; keep the bank's receipt." },
	{ "parked.identity-pending",
	    "The identity check has not passed yet. Come back when it has, or to try it again." },
	{ "parked.papers-pending",
	    "The CA still waits for papers. Come back with them and the key; what it has need not be brought again." },
	{ "parked.in-review",
	    "The CA is reviewing it. Come back once it has passed; mostly a text message tells." },
	{ "parked.rejected",
	    "The review did not pass. Bring what is named and put it right; what was paid is paid." },

	/* F1 */
	{ "help.order",
	    "What the CA asks for this renewal, and how long the new certificate is valid. Who it is for and "
	    "how it is paid comes next; nothing is paid here." },
	{ "help.applicant",
	    "Fill it in as the documents have it. Enter goes to the next line, arrows and Tab do, too; "
	    "Enter on the last one hands it in. What cannot be right is shown with how it has to be. "
	    "It is kept encrypted, told to the CA alone, and wiped as the rules say." },
	{ "help.sms-code",
	    "The CA sent a code to the agent's phone. If none came, type nothing and press Enter: another "
	    "one is sent." },
	{ "help.pay-method",
	    "Choose a way to pay. By code it goes on at once; a transfer or remittance has to arrive first." },
	{ "help.payment",
	    "Nothing has to be pressed after paying: it goes on as soon as the CA has the money. A code that "
	    "has run out can be replaced; nothing is paid twice by that, and if it ever is, it is paid back. "
	    "To pay later, save it." },
	{ "help.identity",
	    "The agent himself scans the code, and shows ID card and face as the page says. Once that has "
	    "passed it goes on by itself. If it does not pass, compare name and ID number with what the "
	    "phone company's app shows for the owner of the phone." },
	{ "help.review",
	    "People at the CA look at it, which may take days. Save it and come back once it has passed; what "
	    "is done is not done again." },
	{ "help.papers",
	    "v is in, x was turned down, > comes next. Pages with a QR code are sorted by it, whatever order or "
	    "side up they have. After a break it goes on where it was; no page is sent twice." },
};

const struct ck_sentences ck_en_order = { sentences, sizeof sentences / sizeof *sentences };
