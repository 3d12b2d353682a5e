"""What the desk knows: DIR/desk2.db. Beside it lie the CA's own books, DIR/sandbox.db, of which the
desk uses what a CA shares with its business back end, and nothing else:

    cert       every certificate there is; the desk has one revoked, and says when one is settled
    envelope   the envelopes that were handed out; the desk says which are used or locked
    lease      whom to issue for: the desk writes a line for each of its leases (envelope, or
               reference and secret, bound public key, end), the CA what it issued, withdrew or
               took back
"""

import os
import secrets
import sqlite3

SCHEMA = '''
CREATE TABLE IF NOT EXISTS lease(id TEXT PRIMARY KEY, system TEXT, cert TEXT, envelope TEXT,
  orderid TEXT, order_state TEXT, way TEXT, clerk TEXT, kiosk TEXT, record TEXT, state TEXT,
  quoted INT, spki TEXT, issued TEXT, withdrawn INT DEFAULT 0, reference TEXT, secret TEXT,
  pin TEXT, why TEXT, made INT, seen INT, download TEXT);
CREATE TABLE IF NOT EXISTS download(reference TEXT PRIMARY KEY, system TEXT, code TEXT, salt BLOB,
  cert TEXT, until INT, wrong INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS holder(kiosk TEXT, record TEXT, lease TEXT,
  PRIMARY KEY(kiosk, record, lease));
CREATE TABLE IF NOT EXISTS challenge(id BLOB PRIMARY KEY, kiosk TEXT, about TEXT, envelope TEXT,
  made INT, used INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS proof(id TEXT PRIMARY KEY, kiosk TEXT, cert TEXT, until INT,
  download TEXT);
CREATE TABLE IF NOT EXISTS wrong(envelope TEXT, kiosk TEXT, cert TEXT, n INT,
  PRIMARY KEY(envelope, kiosk, cert));
CREATE TABLE IF NOT EXISTS said(kiosk TEXT, key TEXT, asked BLOB, answer BLOB, made INT,
  PRIMARY KEY(kiosk, key));
CREATE TABLE IF NOT EXISTS orders(id TEXT PRIMARY KEY, cert TEXT, state TEXT, web INT, lease TEXT,
  months INT, amount INT, said TEXT, settled TEXT);
CREATE TABLE IF NOT EXISTS course(lease TEXT PRIMARY KEY, person INT, expired INT, central INT,
  old_end INT, applicant TEXT, identity TEXT, identity_text TEXT, link TEXT, link_until INT,
  review TEXT, review_text TEXT);
CREATE TABLE IF NOT EXISTS payment(id TEXT PRIMARY KEY, lease TEXT, orderid TEXT, method TEXT,
  amount INT, until INT, state TEXT);
CREATE TABLE IF NOT EXISTS sms(lease TEXT, mobile TEXT, code TEXT, made INT, until INT,
  wrong INT DEFAULT 0, used INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS paper(lease TEXT, kind TEXT, state TEXT, text TEXT,
  PRIMARY KEY(lease, kind));
CREATE TABLE IF NOT EXISTS sheet(lease TEXT, kind TEXT, page INT, pages INT, type TEXT, sha TEXT,
  size INT, bytes BLOB, whole INT DEFAULT 0, sent INT DEFAULT 0, PRIMARY KEY(lease, kind, page));
CREATE TABLE IF NOT EXISTS seal(cert TEXT PRIMARY KEY, label TEXT, bytes BLOB, sha TEXT,
  state TEXT);
CREATE TABLE IF NOT EXISTS application(id TEXT PRIMARY KEY, kiosk TEXT, record TEXT, system TEXT,
  service TEXT, cert TEXT, form TEXT, said TEXT, UNIQUE(kiosk, record, service));
'''
# of a lease, what the CA is told
TOLD = ('id', 'system', 'cert', 'envelope', 'way', 'kiosk', 'record', 'state', 'quoted', 'spki',
        'issued', 'withdrawn', 'reference', 'secret', 'made', 'seen')
# state of a lease that is not over
OPEN = "('nothing','key','issued')"


def new_id(prefix):
    return prefix + secrets.token_hex(8)


class Row(dict):
    """A line of a table; its values are attributes, too."""
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def new_lease(**more):
    return Row({'id': new_id('L-'), **dict.fromkeys((
        'system', 'cert', 'envelope', 'orderid', 'order_state', 'way', 'clerk', 'kiosk', 'record',
        'state', 'quoted', 'spki', 'issued', 'withdrawn', 'reference', 'secret', 'pin', 'why',
        'made', 'seen', 'download')), 'state': 'nothing', 'withdrawn': 0, **more})


class Books:
    def __init__(self, directory):
        file = os.path.join(directory, 'desk2.db')
        self.db = sqlite3.connect(file, 10, isolation_level=None, check_same_thread=False)
        self.db.row_factory = lambda cursor, values: Row(
            zip((column[0] for column in cursor.description), values))
        self.do('ATTACH ? AS ca', os.path.join(directory, 'sandbox.db'))
        # what a killed process wrote is the kernel's and stays; power cuts are not tried here
        for name in ('main', 'ca'):
            self.do(f'PRAGMA {name}.journal_mode=WAL')
            self.do(f'PRAGMA {name}.synchronous=OFF')
        self.db.executescript(SCHEMA)

    def do(self, sql, *values):
        return self.db.execute(sql, values)

    def all(self, sql, *values):
        return self.do(sql, *values).fetchall()

    def one(self, sql, *values):
        return self.do(sql, *values).fetchone()

    def value(self, sql, *values):
        row = self.one(sql, *values)
        return next(iter(row.values())) if row else None

    def put(self, table, row):
        """Insert, or write back all of it."""
        key = next(iter(row))
        marks = ','.join('?' * len(row))
        rest = ', '.join(f'{name}=excluded.{name}' for name in row if name != key)
        self.do(f'INSERT INTO {table}({",".join(row)}) VALUES({marks})'
                f' ON CONFLICT({key}) DO UPDATE SET {rest}', *row.values())

    def __enter__(self):
        self.do('BEGIN IMMEDIATE')
        return self

    def __exit__(self, kind, *_):
        self.do('ROLLBACK' if kind else 'COMMIT')

    # ---- leases, and the CA that issues for them ----

    def lease(self, where, *values):
        """The newest; released ones last."""
        return self.one(f"SELECT * FROM lease WHERE {where}"
                        " ORDER BY state='released', rowid DESC LIMIT 1", *values)

    def keep(self, lease):
        """And the CA is told what to issue for."""
        self.put('lease', lease)
        self.tell(lease)

    def tell(self, lease):
        self.put('ca.lease', {name: lease[name] for name in TOLD})

    def tell_all(self):
        """A desk that was killed may have kept what it had not told."""
        for lease in self.all('SELECT * FROM lease'):
            self.tell(lease)

    def hear(self):
        """What the CA has done since; the leases whose right it took back."""
        over = []
        for line in self.all(f'''SELECT lease.id, theirs.state, theirs.issued FROM lease
                JOIN ca.lease theirs ON theirs.id=lease.id WHERE lease.state IN {OPEN}
                AND (theirs.issued IS NOT lease.issued OR theirs.state='released')'''):
            lease = self.lease('id=?', line.id)
            lease.withdrawn = int(lease.withdrawn or bool(lease.issued and not line.issued))
            lease.issued = line.issued
            lease.state = ('released' if line.state == 'released' else
                           'issued' if line.issued else 'key' if lease.spki else 'nothing')
            self.put('lease', lease)
            if lease.state == 'released':
                over.append(lease)
        return over

    def certificate(self, sha):
        return self.one('SELECT sha, der, status, revoked_at FROM ca.cert WHERE sha=?', sha)

    def revoke(self, lease, now):
        self.do("UPDATE ca.cert SET status='revoked', revoked_at=? WHERE lease=?"
                " AND status<>'revoked'", now, lease)

    def settled(self, sha):
        self.do("UPDATE ca.cert SET certconf=coalesce(certconf, 'accepted') WHERE sha=?", sha)

    def envelope(self, serial):
        return self.one('SELECT * FROM ca.envelope WHERE serial=?', serial)

    def mark_envelope(self, serial, state):
        self.do("UPDATE ca.envelope SET state=? WHERE serial=? AND state<>'locked'", state, serial)
