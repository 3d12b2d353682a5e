"""Two codes in place of a key (PROTOCOL.desk 19)."""

import hashlib
import hmac
import secrets

import der
import keys
from books import OPEN
from call import Refusal
from systems import SYSTEMS, new_end

ITERATIONS, TRIES, DAY = 1500, 5, 86400


def usable(call):
    """The codes named, or why they are good for nothing today."""
    system = call.system()
    row = call.books.one('SELECT * FROM download WHERE reference=? AND system=?',
                         call.want('reference', str), system)
    if not row:
        raise Refusal('download-unknown')
    if call.books.lease("download=? AND state='confirmed'", row.reference):
        raise Refusal('download-used')
    if row.wrong >= TRIES:
        raise Refusal('download-locked')
    open_lease = call.books.lease(f'download=? AND state IN {OPEN}', row.reference)
    if row.until and call.now > row.until and not open_lease:
        raise Refusal('download-expired')
    return row


def about(row):
    return 'download ' + row.reference


def download(call):
    row = usable(call)
    return {'salt': keys.b64(row.salt), 'iterations': ITERATIONS,
            'challenge': keys.give_challenge(call, about(row))}


def prove(call, row):
    """A wrong one is counted, and stays so though it is refused; a right one begins anew."""
    key = hashlib.pbkdf2_hmac('sha256', row.code.encode(), row.salt, ITERATIONS, 32)
    message = b'\0'.join([b'certkiosk download proof v1', row.reference.encode(),
                          keys.take_challenge(call, about(row))])
    good = hmac.compare_digest(hmac.digest(key, message, 'sha256'), call.bytes('mac'))
    row.wrong = 0 if good else row.wrong + 1
    call.books.put('download', row)
    if row.wrong >= TRIES:
        raise Refusal('download-locked')
    if not good:
        raise Refusal('download-wrong', tries_left=TRIES - row.wrong)


def download_proof(call):
    row = usable(call)
    prove(call, row)
    old = call.books.certificate(row.cert).der
    proof, until = 'P-' + secrets.token_hex(16), call.now + keys.PROOF_S
    call.books.do('INSERT INTO proof VALUES(?,?,?,?,?)', proof, call.kiosk, row.cert, until,
                  row.reference)
    end = (new_end(SYSTEMS[row.system], der.Certificate(old).not_after, call.now)
           + call.knobs.number('desk.quote', 0) * DAY)
    return {'proof': proof, 'until': until, 'certificate': keys.b64(old), 'quoted_end': end}
