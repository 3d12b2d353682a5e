"""Applications for the other services of a menu (PROTOCOL.desk 20)."""

import json

from books import new_id
from call import HASH, WORD, Refusal

TAKEN = {
    'sheca-issp': {'upgrade': True, 'change': True, 'seal': True, 'application': True,
                   'revoke': True},
    'sdca-dezhou': {'new': False, 'change': True, 'reissue': False, 'unlock': True, 'revoke': True},
}
FIELDS_MAX, TEXT_MAX = 12, 200


def record_of(call):
    return call.text('record', where=call.want('visit', dict))


def fields_of(call):
    fields = call.want('fields', list)
    if not 0 < len(fields) <= FIELDS_MAX:
        raise Refusal('bad-request')
    names = set()
    for field in fields:
        if not isinstance(field, dict):
            raise Refusal('bad-request')
        names.add(call.shaped('name', WORD, field))
        call.text('value', TEXT_MAX, field)
    if len(names) < len(fields):
        raise Refusal('bad-request')
    return fields


def say(call, row):
    state, _, text = (call.knobs.text('desk.service') or 'received').partition(':')
    return {'application': row.id, 'state': state, **({'text': text} if text else {})}


def service(call):
    system, name, record = call.system(), call.shaped('service', WORD), record_of(call)
    form, fields = call.shaped('form_sha256', HASH), fields_of(call)
    if name not in TAKEN.get(system, {}):
        raise Refusal('service-unknown')
    cert = call.certificate().sha if TAKEN[system][name] else ''
    place = call.kiosk, record, name
    find = 'SELECT * FROM application WHERE kiosk=? AND record=? AND service=?'
    row = call.books.one(find, *place)
    if not row:
        call.books.do('INSERT INTO application VALUES(?,?,?,?,?,?,?,?)', new_id('A-'), call.kiosk,
                      record, system, name, cert, form, json.dumps(fields, ensure_ascii=False))
        row = call.books.one(find, *place)
    return say(call, row)


def query(call):
    call.system()
    row = call.books.one('SELECT * FROM application WHERE kiosk=? AND record=?', call.kiosk,
                         record_of(call))
    return {'found': True, **say(call, row)} if row else {'found': False}
