"""What is known of a certificate, and who has its key (PROTOCOL.desk 3, 4, 5, 12)."""

import base64
import hashlib
import secrets

import signature
from books import OPEN
from call import Refusal

CHALLENGE_S, PROOF_S = 300, 1800


def b64(data):
    return base64.b64encode(data).decode()


def certificate(call):
    call.system()
    shown = call.certificate()
    row = call.books.certificate(shown.sha)
    out = {'status': row.status if row else 'unknown'}
    if row and row.status == 'revoked':
        out['revoked_at'] = row.revoked_at
    out['orders'] = call.books.all(
        "SELECT id 'order' FROM orders WHERE cert=? AND state='paid' ORDER BY rowid", shown.sha)
    out['leases'] = call.books.all(
        f"SELECT id lease, kiosk, record, made granted FROM lease WHERE cert=? AND state IN {OPEN}"
        " ORDER BY rowid", shown.sha)
    return out


def give_challenge(call, about, envelope=None):
    challenge = secrets.token_bytes(32)
    call.books.do('INSERT INTO challenge(id, kiosk, about, envelope, made) VALUES(?,?,?,?,?)',
                  challenge, call.kiosk, about, envelope, call.now)
    return b64(challenge)


def take_challenge(call, about, envelope=None, where=None):
    """It is used up by that, whatever is made of it."""
    challenge = call.bytes('challenge', where)
    if not call.books.do(
            'UPDATE challenge SET used=1 WHERE id=? AND kiosk=? AND about=? AND envelope IS ?'
            ' AND used=0 AND made>=?', challenge, call.kiosk, about, envelope,
            call.now - CHALLENGE_S).rowcount:
        raise Refusal('challenge-unknown')
    return challenge


def challenge(call):
    call.system()
    if 'public_key' in call.said:
        about = hashlib.sha256(call.bytes('public_key')).hexdigest()
        return {'challenge': give_challenge(call, about)}
    return {'challenge': give_challenge(call, call.certificate().sha)}


def prove(call, words, key, about):
    message = b'\0'.join([words, call.kiosk.encode(),
                          take_challenge(call, about) + bytes.fromhex(about)])
    if not signature.good(key, message, call.bytes('signature')):
        raise Refusal('proof-wrong')


def key_proof(call):
    call.system()
    shown = call.certificate()
    prove(call, b'certkiosk key proof v1', shown.key, shown.sha)
    proof, until = 'P-' + secrets.token_hex(16), call.now + PROOF_S
    call.books.do('INSERT INTO proof VALUES(?,?,?,?,NULL)', proof, call.kiosk, shown.sha, until)
    return {'proof': proof, 'until': until}


def envelope(call):
    call.system()
    sha = call.proof()
    if call.codes():
        raise Refusal('proof-unknown')
    row = usable_envelope(call, call.want('serial', str), sha)
    return {'salt': b64(row.salt), 'iterations': row.iterations,
            'challenge': give_challenge(call, sha, row.serial)}


def usable_envelope(call, serial, sha):
    """The envelope, or why it is none for this certificate."""
    row = call.books.envelope(serial)
    if not row:
        raise Refusal('envelope-unknown')
    if row.state == 'locked':
        raise Refusal('envelope-locked')
    if row.original_of == sha:
        raise Refusal('envelope-original')
    taken = [lease.cert for lease in call.books.all(
        "SELECT cert FROM lease WHERE envelope=? AND state<>'released'", serial)]
    if sha not in taken:
        if row.state == 'used' or taken:
            raise Refusal('envelope-used')
        if row.original_of or row.bound not in (None, '', sha):
            raise Refusal('envelope-foreign')
    return row


def issued(call):
    call.system()
    key = call.bytes('public_key')
    about = hashlib.sha256(key).hexdigest()
    prove(call, b'certkiosk public key proof v1', key, about)
    row = call.books.one("SELECT sha, der, status FROM ca.cert WHERE spki=?"
                         " ORDER BY status<>'good', rowid DESC LIMIT 1", about)
    if not row:
        return {'found': False}
    out = {'found': True, 'status': row.status, 'certificate': b64(row.der)}
    lease = call.books.lease(f'issued=? AND state IN {OPEN}', row.sha)
    if lease:
        out['visit'] = {'kiosk': lease.kiosk, 'record': lease.record}
    return out
