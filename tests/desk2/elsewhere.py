"""What happens elsewhere while a kiosk waits: customers pay, people look at papers, another kiosk
is at it. Each is about the newest there is; 0, 1 nothing there."""

import hashlib
import secrets

from books import OPEN, Row, new_id, new_lease
from papers import PROOF
from systems import TO_ACCOUNT, years_later

WEB_AMOUNT = 20000


def money(books, payment):
    """It settles its order, or goes back."""
    order = books.one('SELECT * FROM orders WHERE id=?', payment.orderid)
    lease = books.lease('id=?', payment.lease)
    settles = (order.state == 'unpaid' and lease.state != 'released'
               and order.amount == payment.amount)
    if settles:
        books.do("UPDATE payment SET state='ended' WHERE orderid=? AND state='live'", order.id)
        order.state, order.settled = 'taken', payment.id
        books.put('orders', order)
    payment.state = 'paid' if settles else 'refund'
    books.put('payment', payment)
    return 0


def pays(desk, method='%'):
    payment = desk.books.one("SELECT * FROM payment WHERE method LIKE ? AND state IN"
                             " ('live','ended') ORDER BY rowid DESC", method)
    return money(desk.books, payment) if payment else 1


def money_in(desk):
    marks = ','.join('?' * len(TO_ACCOUNT))
    payment = desk.books.one(f"SELECT * FROM payment WHERE method IN ({marks}) AND state IN"
                             " ('live','ended') ORDER BY rowid DESC", *TO_ACCOUNT)
    return money(desk.books, payment) if payment else 1


def course(desk):
    return desk.books.one(f'SELECT course.* FROM course JOIN lease ON lease.id=lease WHERE'
                          f' state IN {OPEN} ORDER BY course.rowid DESC')


def identity(desk, result, text=None):
    it = course(desk)
    if not it or not it.identity:
        return 1
    it.identity, it.identity_text = result, text or '身份核验未通过'
    desk.books.put('course', it)
    return 0


def refuse_papers(desk, lease, text, kind='%'):
    desk.books.do('DELETE FROM sheet WHERE lease=? AND kind LIKE ? AND kind<>?', lease, kind, PROOF)
    return desk.books.do("UPDATE paper SET state='refused', text=? WHERE lease=? AND kind LIKE ?"
                         " AND kind<>?", text, lease, kind, PROOF).rowcount


def review(desk, result, text=None, *steps):
    it = course(desk)
    if not it:
        return 1
    it.review = 'passed' if result == 'passed' else 'failed'
    it.review_text = text
    if result == 'rejected' and ('applicant' in steps or not steps):
        it.applicant = 'wanted'
    if 'papers' in steps:
        refuse_papers(desk, it.lease, text)
    desk.books.put('course', it)
    return 0


def paper_refused(desk, kind, text):
    it = course(desk)
    return 0 if it and refuse_papers(desk, it.lease, text, kind) else 1


def newest(desk):
    return desk.books.value("SELECT sha FROM ca.cert WHERE origin<>'issued' ORDER BY rowid DESC")


def add_order(desk, name, cert, **more):
    desk.books.put('orders', Row(id=name, cert=cert, **{
        'state': 'paid', 'web': 1, 'lease': None, 'months': None, 'amount': None, 'said': None,
        'settled': None, **more}))


def order(desk, name, cert):
    add_order(desk, name, cert)
    return 0


def web_order(desk, state, months='12'):
    name = new_id('W-')
    add_order(desk, name, newest(desk), state=state, months=int(months), amount=WEB_AMOUNT)
    print(name)
    return 0


def sms(desk):
    print(desk.books.value('SELECT code FROM sms ORDER BY rowid DESC'))
    return 0


def seal(desk, label, size='1000'):
    data = secrets.token_bytes(int(size))
    desk.books.put('seal', Row(cert=newest(desk), label=label, bytes=data,
                               sha=hashlib.sha256(data).hexdigest(), state='waiting'))
    return 0


def download_codes(desk, reference, code, cert, system='sd-bianban', until=None):
    desk.books.put('download', Row(reference=reference, system=system, code=code,
                                   salt=secrets.token_bytes(16), cert=cert, wrong=0,
                                   until=desk.now() + int(until.rstrip('s')) if until else None))
    return 0


def lease_of_other_kiosk(desk, cert, envelope, kiosk='kiosk-9', record='CK-20260101-000001',
                         silent='0'):
    now = desk.now()
    lease = new_lease(system='sheca-cisweb', cert=cert, envelope=envelope, way='on-behalf',
                      kiosk=kiosk, record=record, quoted=years_later(now, 1), made=now,
                      seen=now - int(silent))
    desk.books.keep(lease)
    print(lease.id)
    return 0


VERBS = {
    'download-codes': download_codes,
    'order': order,
    'lease-of-other-kiosk': lease_of_other_kiosk,
    'pays': pays,
    'money-in': money_in,
    'identity': identity,
    'review': review,
    'paper-refused': paper_refused,
    'web-order': web_order,
    'sms': sms,
    'seal': seal,
}
