"""What renewing takes besides a key: its steps, the order, who pays, who acts (PROTOCOL.desk 13 to
16)."""

import json
import re
import secrets
import unicodedata

import der
import leases
import papers
from books import Row, new_id
from call import AMOUNT_MAX, HASH, Refusal
from systems import SYSTEMS, TERMS, TO_ACCOUNT, new_end

CODE_S, SMS_AGAIN_S, GUESSES = 900, 60, 3
NAMES = ('name', 'resident-id', 'mobile', 'mail', 'organisation', 'credit-code', 'legal', 'title',
         'tax-id', 'address', 'postcode', 'phone', 'bank')
SHAPES = {'mobile': r'1[3-9]\d{9}', 'mail': r'[^@\s]+@[^@\s]+\.[^@\s]+', 'postcode': r'\d{6}',
          'resident-id': r'\d{17}[\dX]', 'credit-code': r'[0-9A-HJ-NPQRTUWXY]{18}'}
CODES = {'alipay': 'https://qr.alipay.example/', 'wechat': 'weixin://wxpay.example/',
         'netbank': 'https://netbank.example/pay?channel=kiosk&merchant=sandbox-authority&payment='}
LINK = 'https://id.example/verify/'


def course_of(call, lease):
    """What this lease takes, as it was when it was granted; None: nothing."""
    return call.books.one('SELECT * FROM course WHERE lease=?', lease.id)


def order_of(call, lease):
    return lease.orderid and call.books.one('SELECT * FROM orders WHERE id=?', lease.orderid)


def terms_of(lease):
    return TERMS[lease.system]


def begin(call, lease, old):
    """At the grant."""
    stays = TERMS.get(lease.system) if call.knobs.number(f'desk.steps.{lease.system}', 0) else None
    order = None
    if not lease.envelope:
        order = call.books.one("SELECT * FROM orders WHERE cert=? AND (state='paid' OR"
                               " state='unpaid' AND web=1) ORDER BY state, rowid LIMIT 1",
                               lease.cert)
    if order:
        lease.orderid = order.id
        order.lease = lease.id
        order.state = 'taken' if order.state == 'paid' else order.state
        call.books.put('orders', order)
        if order.months:
            leases.quote_end(call, lease, old.not_after, order.months // 12)
    if not stays:
        return
    web, expired = bool(order and order.web), old.not_after < call.now
    course = Row(lease=lease.id, person=int(not old.organisation), expired=int(expired),
                 central=call.knobs.number('desk.central', 0), old_end=old.not_after,
                 applicant='passed' if order else 'wanted',
                 identity='wanted' if stays.identity and not web else None, identity_text=None,
                 link=None, link_until=0, review=None, review_text=None)
    if expired and stays.expired and not web:
        course.review = 'pending'
        for kind in stays.expired:
            call.books.do("INSERT INTO paper VALUES(?,?,'wanted',NULL)", lease.id, kind)
    call.books.put('course', course)


# ---- steps ----

def live_payment(call, lease):
    """The one that can be paid, or is on its way."""
    return call.books.one("SELECT * FROM payment WHERE lease=? AND state='live' AND"
                          " (until IS NULL OR until>?) ORDER BY rowid DESC", lease.id, call.now)


def payment_step(call, lease):
    order, payment = order_of(call, lease), live_payment(call, lease)
    if order and order.settled or order and order.state in ('taken', 'done', 'paid'):
        return {'step': 'payment', 'state': 'passed'}
    if not payment:
        return {'step': 'payment', 'state': 'wanted'}
    out = {'step': 'payment', 'state': 'pending', 'method': payment.method}
    if payment.method in terms_of(lease).proof:
        out['papers'] = papers.say(call, lease, papers.PROOF)
        if out['papers'][0]['state'] != 'in':
            out['state'] = 'wanted'
    return out


def reviewed(call, lease, course):
    """Does somebody look at it, and what did he say?"""
    payment = live_payment(call, lease)
    order = order_of(call, lease)
    if not payment and order and order.settled:
        payment = call.books.one('SELECT * FROM payment WHERE id=?', order.settled)
    if course.review is None and payment and payment.method in terms_of(lease).proof:
        return 'pending'
    return course.review


def steps(call, lease):
    course = course_of(call, lease)
    if not course:
        return []
    out = [{'step': 'applicant', 'state': course.applicant}]
    wanted = papers.say(call, lease)
    if wanted:
        out.append({'step': 'papers', 'papers': wanted,
                    'state': 'passed' if all(p['state'] == 'in' for p in wanted) else 'wanted'})
    if course.identity:
        out.append({'step': 'identity', 'state': course.identity})
        if course.identity == 'failed':
            out[-1]['text'] = course.identity_text
    if not course.central:
        out.append(payment_step(call, lease))
    review = reviewed(call, lease, course)
    if review:
        out.append({'step': 'review', 'state': review})
        if review == 'failed':
            out[-1]['text'] = course.review_text
    for step in out:
        if step['state'] == 'pending':
            step['again'] = 1
    return out


def passed(call, lease):
    return all(step['state'] == 'passed' for step in steps(call, lease))


def corrected(call, lease):
    """What was rejected is looked at again once all of it is put right."""
    course = course_of(call, lease)
    if course.review == 'failed' and course.applicant == 'passed' and all(
            paper['state'] == 'in' for paper in papers.say(call, lease)):
        course.review, course.review_text = 'pending', None
        call.books.put('course', course)


def say(call, lease):
    out, all_steps = {}, steps(call, lease)
    if all_steps:
        out['steps'] = all_steps
    refund = call.books.value(
        "SELECT sum(amount) FROM payment WHERE lease=? AND state='refund'", lease.id)
    if refund:
        out['refund'] = refund
    return out


def done(call, lease):
    call.books.do("UPDATE orders SET state='done' WHERE id=?", lease.orderid)


def give_back(desk, lease):
    """At the release."""
    order = order_of(desk, lease)
    desk.books.do("UPDATE payment SET state='ended' WHERE lease=? AND state='live'", lease.id)
    if not order:
        return
    order.lease = None
    if order.state != 'unpaid':
        order.state = lease.order_state = desk.knobs.text('desk.refund') or 'paid'
        if order.state != 'paid':
            desk.books.do("UPDATE payment SET state='refund' WHERE id=?", order.settled)
    elif not order.web:
        order.state = 'void'
    desk.books.put('orders', order)


# ---- quote, order ----

def open_course(call):
    lease = call.lease()
    course = course_of(call, lease)
    if not course:
        raise Refusal('refused', '这次办理不需要订单')
    return lease, course


def price(call, lease, course, months):
    terms = terms_of(lease)
    year = call.knobs.number('desk.amount', terms.person if course.person else terms.organisation)
    return 0 if course.central else min(year * months // 12, AMOUNT_MAX)


def settled(order):
    return bool(order) and order.state in ('taken', 'done')


def amount_due(call, lease, course, order, months):
    return order.amount if settled(order) else price(call, lease, course, months)


def groups(lease, course):
    terms = terms_of(lease)
    out = ['agent', 'invoice']
    if terms.expired and course.expired:
        out.append('owner')
    if terms.sms and not lease.clerk:
        out.append('sms-code')
    return out


def quote(call):
    lease, course = open_course(call)
    order, terms = order_of(call, lease), terms_of(lease)
    fixed = order and (settled(order) or order.web)
    return {'payer': 'central' if course.central else 'customer',
            'methods': [] if course.central else terms.methods, 'ask': groups(lease, course),
            'choices': [{'months': months,
                         'amount': amount_due(call, lease, course, order, months),
                         'quoted_end': new_end(SYSTEMS[lease.system], course.old_end, call.now,
                                               months // 12)}
                        for months in ((order.months,) if fixed else terms.months)]}


def wrong(name):
    return Refusal('field-wrong', field=name)


def resident_id_good(text):
    """GB 11643: ISO 7064 MOD 11-2."""
    total = sum(int(digit) << 17 - i for i, digit in enumerate(text[:17]))
    return '10X98765432'[total % 11] == text[17]


def fields(call, group, wanted):
    """A group as it came; what must be in it is."""
    if group not in call.said and not wanted:
        return None
    given = call.want(group, dict) if group in call.said else {}
    for name, value in given.items():
        if name not in NAMES or not isinstance(value, str):
            raise Refusal('bad-request')
        if len(value) > 200 or value and not re.fullmatch(SHAPES.get(name, '.*'), value):
            raise wrong(name)
        if name == 'resident-id' and value and not resident_id_good(value):
            raise wrong(name)
    for name in wanted:
        if not given.get(name, '').strip():
            raise wrong(name)
    return given


def folded(name):
    """Full and half width, kinds of brackets and spaces are no difference between two owners."""
    return ''.join(unicodedata.normalize('NFKC', name or '').casefold().split())


def check_owner(call, lease, owner):
    old = der.Certificate(call.books.certificate(lease.cert).der)
    name = old.organisation or old.subject.first(der.COMMON_NAME)
    if folded(owner['organisation']) != folded(name):
        raise Refusal('owner-other')


def check_code(call, lease, mobile):
    """The last code that was sent; one that served once serves its mobile for good."""
    books = call.books
    if books.one('SELECT 1 FROM sms WHERE lease=? AND mobile=? AND used=1', lease.id, mobile):
        return
    sent = books.one('SELECT rowid, * FROM sms WHERE lease=? ORDER BY rowid DESC', lease.id)
    if sent and sent.wrong >= GUESSES:
        raise Refusal('sms-wait', again=wait_for_code(call, lease) or 1)
    good = sent and sent.mobile == mobile and sent.until > call.now and secrets.compare_digest(
        sent.code.encode(), str(call.said.get('sms_code', '')).encode())
    if not good:
        if sent and 'sms_code' in call.said:
            books.do('UPDATE sms SET wrong=wrong+1 WHERE rowid=?', sent.rowid)
        raise Refusal('sms-wrong')
    books.do('UPDATE sms SET used=1 WHERE rowid=?', sent.rowid)


def wait_for_code(call, lease):
    made = call.books.value('SELECT max(made) made FROM sms WHERE lease=?', lease.id)
    return max(0, made + call.knobs.number('desk.sms-again', SMS_AGAIN_S) - call.now) if made else 0


def sms_code(call):
    lease, course = open_course(call)
    mobile = call.text('mobile')
    if 'sms-code' not in groups(lease, course):
        raise Refusal('refused')
    if not re.fullmatch(SHAPES['mobile'], mobile):
        raise wrong('mobile')
    wait = wait_for_code(call, lease)
    if wait:
        raise Refusal('sms-wait', again=wait)
    until = call.now + call.knobs.number('desk.code-life', CODE_S)
    call.books.do('INSERT INTO sms(lease, mobile, code, made, until) VALUES(?,?,?,?,?)', lease.id,
                  mobile, f'{secrets.randbelow(10**6):06}', call.now, until)
    return {'until': until, 'again': call.knobs.number('desk.sms-again', SMS_AGAIN_S)}


def check_consents(call):
    for consent in call.want('consents', list):
        if not isinstance(consent, dict):
            raise Refusal('bad-request')
        for name in ('name', 'version'):
            call.text(name, where=consent)
        call.shaped('sha256', HASH, consent)
        call.want('at', int, consent)


def choose(call, lease, course, order):
    """Months and amount, as they were shown."""
    months, amount = call.number('months', 1, 120), call.number('amount', 0, AMOUNT_MAX)
    if months not in terms_of(lease).months or order and months != order.months and (
            settled(order) or order.web):
        raise Refusal('refused', '没有这个年限')
    due = amount_due(call, lease, course, order, months)
    if amount != due:
        raise Refusal('amount-changed', amount=due)
    return months, amount


def order(call):
    lease, course = open_course(call)
    old = order_of(call, lease)
    asked, terms = groups(lease, course), terms_of(lease)
    check_consents(call)
    months, amount = choose(call, lease, course, old)
    said = {'agent': fields(call, 'agent', terms.agent),
            'owner': fields(call, 'owner', ('organisation',) if 'owner' in asked else ()),
            'invoice': fields(call, 'invoice', terms.invoice if 'invoice' in call.said else ())}
    if 'owner' in asked:
        check_owner(call, lease, said['owner'])
    if 'sms-code' in asked:
        check_code(call, lease, said['agent']['mobile'])
    row = old or Row(id=new_id('O-'), cert=lease.cert, web=0, lease=lease.id, months=months,
                     amount=amount, said=None, settled=None,
                     state='taken' if course.central else 'unpaid')
    if (months, amount) != (row.months, row.amount):
        call.books.do("UPDATE payment SET state='ended' WHERE lease=? AND state='live'", lease.id)
    said = {group: given for group, given in said.items() if given is not None}
    words = json.dumps({**said, 'consents': call.said['consents']}, ensure_ascii=False)
    if row.said and (months, words) != (row.months, row.said):
        papers.want_form(call, lease)
    row.months, row.amount, row.said = months, amount, words
    call.books.put('orders', row)
    lease.orderid, course.applicant = row.id, 'passed'
    leases.quote_end(call, lease, course.old_end, months // 12)
    call.books.keep(lease)
    call.books.put('course', course)
    corrected(call, lease)
    return leases.say(call, lease)


# ---- pay, identity ----

def account(payment):
    return [{'label': '收款单位', 'value': '沙箱认证有限公司'},
            {'label': '开户银行', 'value': '沙箱银行总行营业部'},
            {'label': '账号', 'value': '6200 0000 0000 0000 017'},
            {'label': '附言', 'value': payment.id}]


def pay(call):
    lease, course = open_course(call)
    method, amount = call.want('method', str), call.number('amount', 0, AMOUNT_MAX)
    row, terms = order_of(call, lease), terms_of(lease)
    if not row:
        raise Refusal('not-yet')
    if course.central or settled(row):
        raise Refusal('paid-already')
    if method not in terms.methods:
        raise Refusal('method-unknown')
    due = price(call, lease, course, row.months)
    if amount != due:
        raise Refusal('amount-changed', amount=due)
    payment = live_payment(call, lease)
    if not payment or (payment.method, payment.amount) != (method, amount):
        payment = new_payment(call, lease, method, amount)
        row.amount = amount
        call.books.put('orders', row)
    out = {'payment': payment.id, 'method': method, 'amount': amount}
    if method in TO_ACCOUNT:
        out['account'] = account(payment)
    else:
        out.update(until=payment.until, code=CODES[method] + payment.id)
    if method in terms.proof:
        out['proof'] = True
    return out


def new_payment(call, lease, method, amount):
    """Any other can be paid no more."""
    life = None if method in TO_ACCOUNT else call.knobs.number('desk.code-life', CODE_S)
    call.books.do("UPDATE payment SET state='ended' WHERE lease=? AND state='live'", lease.id)
    payment = Row(id='Y-' + secrets.token_hex(16), lease=lease.id, orderid=lease.orderid,
                  method=method, amount=amount, until=None if life is None else call.now + life,
                  state='live')
    call.books.put('payment', payment)
    return payment


def identity(call):
    lease, course = open_course(call)
    if not course.identity or course.identity == 'passed':
        raise Refusal('refused', '无需身份核验')
    if not lease.orderid:
        raise Refusal('not-yet')
    if course.identity != 'pending' or course.link_until <= call.now:
        course.link = LINK + secrets.token_hex(16)
        course.link_until = call.now + call.knobs.number('desk.code-life', CODE_S)
        course.identity, course.identity_text = 'pending', None
        call.books.put('course', course)
    return {'code': course.link, 'until': course.link_until}
