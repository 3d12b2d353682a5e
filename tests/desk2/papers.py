"""Sheets, scanned or photographed, in parts; and the seal (PROTOCOL.desk 17, 18)."""

import hashlib

import orders

from call import HASH, WORD, Refusal
from keys import b64

PROOF = 'transfer-proof'
PAGES_MAX, SHEET_MAX, PART_MAX = 20, 8 << 20, 131072
FIRST = {'image/png': b'\x89PNG\r\n\x1a\n', 'image/jpeg': b'\xff\xd8\xff',
         'application/pdf': b'%PDF-'}


def say(call, lease, kind=None):
    """The papers of step "papers", or the one that proves a transfer."""
    if kind:
        rows = call.books.all('SELECT kind, state, text FROM paper WHERE lease=? AND kind=?',
                              lease.id, kind) or [{'kind': kind, 'state': 'wanted'}]
    else:
        rows = call.books.all('SELECT kind, state, text FROM paper WHERE lease=? AND kind<>?'
                              ' ORDER BY rowid', lease.id, PROOF)
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def wanted(call, lease, kind):
    course = orders.course_of(call, lease)
    if not course or course.review == 'passed' or lease.state != 'nothing':
        return False
    if kind != PROOF:
        return any(paper['kind'] == kind for paper in say(call, lease))
    payment = orders.live_payment(call, lease)
    return bool(payment) and payment.method in orders.terms_of(lease).proof


class Sheet:
    """What a part says of the sheet it is of."""

    def __init__(self, call):
        self.lease = call.lease()
        self.kind = call.shaped('kind', WORD)
        self.pages = call.number('pages', 1, PAGES_MAX)
        self.page = call.number('page', 1, self.pages)
        self.type = call.one_of('type', FIRST)
        self.sha = call.shaped('sha256', HASH)
        self.size = call.number('size', 1, 1 << 40)
        self.offset = call.number('offset', 0, self.size)
        self.part = call.bytes('bytes')
        if len(self.part) > PART_MAX or self.offset + len(self.part) > self.size:
            raise Refusal('bad-request')
        self.place = self.lease.id, self.kind, self.page


def paper(call):
    sheet = Sheet(call)
    if not wanted(call, sheet.lease, sheet.kind):
        raise Refusal('paper-unknown')
    if sheet.size > SHEET_MAX:
        raise Refusal('paper-wrong')
    row = call.books.one('SELECT * FROM sheet WHERE lease=? AND kind=? AND page=? AND sha=?'
                         ' AND pages=? AND size=?', *sheet.place, sheet.sha, sheet.pages,
                         sheet.size)
    have = len(row.bytes) if row else 0
    if row and sheet.part:
        call.books.do('UPDATE sheet SET sent=sent+? WHERE lease=? AND kind=? AND page=?',
                      len(sheet.part), *sheet.place)
    if row and row.whole or not sheet.part or sheet.offset != have:
        return {'have': have}
    return {'have': take(call, sheet, row, (row.bytes if row else b'') + sheet.part)}


def take(call, sheet, row, data):
    if not row:
        begin(call, sheet)
    if len(data) == sheet.size:
        if hashlib.sha256(data).hexdigest() != sheet.sha:
            data = b''
        elif not data.startswith(FIRST[sheet.type]):
            call.books.do('DELETE FROM sheet WHERE lease=? AND kind=? AND page=?', *sheet.place)
            raise Refusal('paper-wrong')
    call.books.do('UPDATE sheet SET bytes=?, type=?, whole=? WHERE lease=? AND kind=? AND page=?',
                  data, sheet.type, int(len(data) == sheet.size), *sheet.place)
    whole = call.books.value('SELECT sum(whole) FROM sheet WHERE lease=? AND kind=?',
                             *sheet.place[:2])
    if whole == sheet.pages:
        call.books.do("UPDATE paper SET state='in', text=NULL WHERE lease=? AND kind=?",
                      *sheet.place[:2])
        orders.corrected(call, sheet.lease)
    return len(data)


def want_form(call, lease):
    """A form that is in has the words of the order before."""
    call.books.do("DELETE FROM sheet WHERE lease=? AND kind='form'", lease.id)
    call.books.do("UPDATE paper SET state='wanted' WHERE lease=? AND kind='form' AND state='in'",
                  lease.id)


def begin(call, sheet):
    """Of the pages only those stay that were counted the same way."""
    books = call.books
    books.do("INSERT INTO paper VALUES(?,?,'wanted',NULL) ON CONFLICT DO UPDATE SET"
             " state=iif(state='in', 'wanted', state)", *sheet.place[:2])
    books.do('DELETE FROM sheet WHERE lease=? AND kind=? AND (page=? OR pages<>?)', *sheet.place,
             sheet.pages)
    books.do("INSERT INTO sheet(lease, kind, page, pages, type, sha, size, bytes, sent)"
             " VALUES(?,?,?,?,?,?,?,x'',?)", *sheet.place, sheet.pages, sheet.type, sheet.sha,
             sheet.size, len(sheet.part))


def sealed(call):
    """The seal that waits for this confirmed lease, or None."""
    lease = call.lease()
    if lease.state != 'confirmed':
        raise Refusal('not-yet')
    return call.books.one('SELECT * FROM seal WHERE cert=?', lease.cert)


def seal(call):
    row = sealed(call)
    if not row:
        return {'seal': False}
    return {'seal': True, 'label': row.label, 'sha256': row.sha, 'bytes': b64(row.bytes)}


def seal_ack(call):
    row = sealed(call)
    result = call.one_of('result', ('written', 'not-written'))
    if not row or row.sha != call.shaped('sha256', HASH):
        raise Refusal('certificate-wrong')
    call.books.do('UPDATE seal SET state=? WHERE cert=?', result, row.cert)
    return {}
