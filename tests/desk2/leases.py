"""The right to renew a certificate once, from the grant to the end (PROTOCOL.desk 6 to 11)."""

import hashlib
import hmac
import secrets

import der
import keys
import orders
import signature
from books import OPEN, new_id, new_lease
from call import HASH, ID, Refusal
from systems import SYSTEMS, in_window, new_end

LIVE_S, TRIES, DAY = 60, 5, 86400


def say(call, lease):
    """LEASE."""
    out = {'lease': lease.id, 'kiosk': lease.kiosk, 'record': lease.record, 'state': lease.state,
           'way': lease.way, 'quoted_end': lease.quoted}
    if lease.orderid:
        out['order'] = lease.orderid
    if lease.pin:
        out['pin'] = lease.pin
    if lease.spki and lease.state != 'released':
        out['spki'] = lease.spki
    if lease.issued and lease.state != 'released':
        out['certificate'] = keys.b64(call.books.certificate(lease.issued).der)
    out.update(orders.say(call, lease))
    return out


def prove_password(call, sha, said):
    """Which envelope; a wrong password is counted, and stays so though it is refused."""
    row = keys.usable_envelope(call, call.want('serial', str, said), sha)
    challenge = keys.take_challenge(call, sha, row.serial, said)
    key = hashlib.pbkdf2_hmac('sha256', row.password.encode(), row.salt, row.iterations, 32)
    message = b'\0'.join([b'certkiosk envelope proof v1', row.serial.encode(),
                          challenge + bytes.fromhex(sha)])
    if hmac.compare_digest(hmac.digest(key, message, 'sha256'), call.bytes('mac', said)):
        return row.serial
    call.books.do('INSERT INTO wrong VALUES(?,?,?,1)'
                  ' ON CONFLICT DO UPDATE SET n=n+1', row.serial, call.kiosk, sha)
    n = call.books.value('SELECT n FROM wrong WHERE envelope=? AND kiosk=? AND cert=?',
                         row.serial, call.kiosk, sha)
    if n >= TRIES:
        call.books.mark_envelope(row.serial, 'locked')
        raise Refusal('envelope-locked')
    if call.knobs.due('desk.no-tries'):
        raise Refusal('envelope-wrong')
    raise Refusal('envelope-wrong', tries_left=TRIES - n)


def hand_over(call, lease, way, record):
    if lease.way != way:
        raise Refusal('way-otherwise')
    if (lease.kiosk, lease.record) == (call.kiosk, record):
        return
    live = call.now - lease.seen < call.knobs.number('desk.live', LIVE_S)
    if live and lease.state != 'confirmed':
        raise Refusal('lease-elsewhere', kiosk=lease.kiosk, record=lease.record)
    lease.kiosk, lease.record = call.kiosk, record


def grant(call, system, sha, envelope, codes, way, record):
    row = call.books.certificate(sha)
    if not row:
        raise Refusal('refused', '这张证书不是本机构签发的')
    if row.status == 'revoked':
        raise Refusal('certificate-revoked')
    if row.status != 'good':
        raise Refusal('refused', '证书已冻结')
    old = der.Certificate(row.der)
    if not codes and not in_window(SYSTEMS[system], old.not_after, call.now):
        raise Refusal('outside-window')
    lease = new_lease(system=system, cert=sha, envelope=envelope, download=codes, way=way,
                      kiosk=call.kiosk, record=record, made=call.now, seen=call.now)
    quote_end(call, lease, old.not_after)
    orders.begin(call, lease, old)
    return lease


def quote_end(call, lease, not_after, years=None):
    lease.quoted = (new_end(SYSTEMS[lease.system], not_after, call.now, years)
                    + call.knobs.number('desk.quote', 0) * DAY)


def lease(call):
    system, sha = call.system(), call.proof()
    way = call.one_of('way', ('self', 'on-behalf', 'download'))
    record, codes = call.shaped('record', ID), call.codes()
    clerk = call.shaped('clerk', ID) if 'clerk' in call.said else None
    serial = None
    if 'envelope' in call.said:
        serial = prove_password(call, sha, call.want('envelope', dict))
    elif SYSTEMS[system].envelope and not codes:
        raise Refusal('envelope-needed')
    if (way == 'download') != bool(codes) or call.books.lease(
            f'cert=? AND download IS NOT ? AND state IN {OPEN}', sha, codes):
        raise Refusal('way-otherwise')
    it = call.books.lease("cert=? AND envelope IS ? AND download IS ? AND system=?"
                          " AND state<>'released'", sha, serial, codes, system)
    if it:
        hand_over(call, it, way, record)
    else:
        it = grant(call, system, sha, serial, codes, way, record)
    it.clerk, it.seen = clerk, call.now
    if serial:
        call.books.mark_envelope(serial, 'used')
    call.books.keep(it)
    call.books.do('INSERT OR IGNORE INTO holder VALUES(?,?,?)', call.kiosk, record, it.id)
    return say(call, it)


def bind(call):
    it = call.lease()
    try:
        request = der.Request(call.bytes('request'))
    except der.Wrong:
        raise Refusal('request-wrong') from None
    old = der.Certificate(call.books.certificate(it.cert).der)
    if (not signature.good(request.key, request.signed, request.signature, request.algorithm)
            or request.subject.canonical() != old.subject.canonical()):
        raise Refusal('request-wrong')
    spki = hashlib.sha256(request.key).hexdigest()
    if it.spki != spki:
        if it.spki and not (it.withdrawn and not it.issued):
            raise Refusal('bound-otherwise')
        if not orders.passed(call, it):
            raise Refusal('not-yet')
        it.spki, it.state = spki, 'key'
        call.books.keep(it)
    return say(call, it)


def enrol_pair(call):
    it = call.lease()
    if call.proof() != it.cert:
        raise Refusal('proof-unknown')
    if it.envelope and not SYSTEMS[it.system].est:
        raise Refusal('envelope-serves')
    if it.state == 'confirmed':
        raise Refusal('refused', '证书已签发并确认')
    if not it.reference:
        it.reference, it.secret = new_id('R-'), secrets.token_hex(16)
        call.books.keep(it)
    return {'reference': it.reference, 'secret': it.secret}


def query(call):
    system, found = call.system(), None
    if 'lease' in call.said:
        found = call.books.lease('id=?', call.text('lease'))
    elif 'envelope' in call.said:
        found = call.books.lease('envelope=?', call.text('envelope'))
    elif 'spki' in call.said:
        found = call.books.lease('spki=?', call.shaped('spki', HASH))
    elif 'order' in call.said:
        found = call.books.lease('orderid=?', call.text('order'))
    else:
        visit = call.want('visit', dict)
        found = call.books.lease(
            'id IN (SELECT lease FROM holder WHERE kiosk=? AND record=?)',
            call.text('kiosk', where=visit), call.text('record', where=visit))
    if not found or found.system != system:
        return {'found': False}
    return {'found': True, **say(call, found)}


def ack(call):
    it = call.lease()
    pin = call.one_of('pin', ('changed', 'unchanged'))
    if it.issued != call.shaped('certificate_sha256', HASH):
        raise Refusal('certificate-wrong')
    it.state, it.pin = 'confirmed', pin
    call.books.keep(it)
    call.books.settled(it.issued)
    orders.done(call, it)
    return say(call, it)


def hear(desk):
    """A right the CA took back is given back like one a kiosk released."""
    for lease in desk.books.hear():
        end(desk, lease)


def end(desk, lease):
    desk.books.revoke(lease.id, desk.now())
    lease.state, lease.issued = 'released', None
    orders.give_back(desk, lease)
    desk.books.keep(lease)
    if lease.envelope:
        desk.books.mark_envelope(lease.envelope, 'free')


def release(call):
    it = call.lease(over=True)
    if it.state == 'confirmed':
        raise Refusal('lease-confirmed')
    if it.state != 'released':
        it.why = call.text('why')
        end(call.desk, it)
    out = say(call, it)
    if it.order_state:
        out['order_state'] = it.order_state
    return out
