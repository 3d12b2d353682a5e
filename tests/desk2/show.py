"""The books as one JSON object, for stories to assert on, in the shape of `sandboxctl show`. No
password and no secret is in it."""

from books import OPEN

LISTS = {
    'leases': "SELECT id lease, system, cert, envelope, reference, orderid 'order', way, clerk,"
              ' kiosk, record, state, quoted, spki, issued, withdrawn, pin, why, download'
              ' FROM lease ORDER BY rowid',
    'certificates': 'SELECT sha, serial, origin, status, revoked_at, envelope, lease, certconf,'
                    ' spki FROM ca.cert ORDER BY rowid',
    'envelopes': 'SELECT serial, bound, original_of, state, open,'
                 ' (SELECT coalesce(sum(n), 0) FROM main.wrong WHERE envelope=serial) wrong,'
                 ' (SELECT count(*) FROM ca.cert c WHERE c.envelope=e.serial'
                 " AND origin='issued') issued FROM ca.envelope e ORDER BY rowid",
    'downloads': 'SELECT reference, system, cert, until, wrong FROM download ORDER BY rowid',
    'orders': "SELECT id 'order', cert, state, lease, months, amount, said, settled FROM orders"
              ' ORDER BY rowid',
    'payments': "SELECT id payment, lease, orderid 'order', method, amount, until, state"
                ' FROM payment ORDER BY rowid',
    'papers': 'SELECT paper.lease, paper.kind, state, text, page, pages, type, sha, size, whole,'
              ' sent, coalesce(length(bytes), 0) have FROM paper LEFT JOIN sheet USING(lease, kind)'
              ' ORDER BY paper.rowid, page',
    'courses': 'SELECT * FROM course ORDER BY rowid',
    'messages': 'SELECT lease, mobile, made, until, wrong, used FROM sms ORDER BY rowid',
    'seals': 'SELECT cert, label, sha, length(bytes) size, state FROM seal ORDER BY rowid',
    'applications': 'SELECT id application, kiosk, record, system, service, cert, form, said'
                    ' FROM application ORDER BY rowid',
    'transactions': 'SELECT tid, reference, issued, state, polls,'
                    ' (SELECT count(*) FROM ca.exchange e WHERE e.tid=tx.tid) exchanges'
                    ' FROM ca.tx ORDER BY rowid',
}
COUNTS = {
    'issued': "ca.cert WHERE origin='issued'",
    'live': "ca.cert WHERE origin='issued' AND status='good'",
    'certconf': "ca.cert WHERE certconf='accepted'",
    'unconfirmed': "ca.cert WHERE origin='issued' AND status='good' AND certconf IS NULL",
    'rejected': "ca.cert WHERE certconf='rejected'",
    'revoked': "ca.cert WHERE status='revoked'",
    'confirmed': "main.lease WHERE state='confirmed'",
    'released': "main.lease WHERE state='released'",
    'open': f'main.lease WHERE state IN {OPEN}',
}


def show(books):
    out = {name: books.all(sql) for name, sql in LISTS.items()}
    out['counts'] = {name: books.value(f'SELECT count(*) n FROM {rows}')
                     for name, rows in COUNTS.items()}
    out['counts']['wrong'] = books.value('SELECT coalesce(sum(n), 0) n FROM main.wrong')
    return out
