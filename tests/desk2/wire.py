"""HTTPS with the kiosk's own certificate, answers that are remembered, and faults on demand
(PROTOCOL.desk 1)."""

import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import time
import traceback

import der
import downloads
import keys
import leases
import orders
import papers
import services
from call import Call, Refusal

BASE, BODY_MAX, REMEMBERED_S = '/desk/v1/', 256 << 10, 86400
IDEMPOTENCY = re.compile(r'[A-Za-z0-9-]{8,64}')
GARBAGE = b'<html>\x1b[2J\xff\xfe Gateway \x00 Timeout</html>'
CALLS = {
    'certificate': keys.certificate, 'challenge': keys.challenge, 'key-proof': keys.key_proof,
    'envelope': keys.envelope, 'issued': keys.issued, 'lease': leases.lease, 'bind': leases.bind,
    'enrol-pair': leases.enrol_pair, 'query': leases.query, 'ack': leases.ack,
    'release': leases.release, 'quote': orders.quote, 'sms-code': orders.sms_code,
    'order': orders.order, 'pay': orders.pay, 'identity': orders.identity, 'paper': papers.paper,
    'seal': papers.seal, 'seal-ack': papers.seal_ack, 'download': downloads.download,
    'download-proof': downloads.download_proof,
    'service': services.service, 'service-query': services.query,
}


def coded(value):
    return json.dumps(value, ensure_ascii=False).encode()


def remembered(desk, kiosk, key, call, body):
    """What was answered to this very request; another one of that name is refused."""
    asked = hashlib.sha256(call.encode() + b'\0' + body).digest()
    row = desk.books.one('SELECT asked, answer FROM said WHERE kiosk=? AND key=? AND made>=?',
                         kiosk, key, desk.now() - REMEMBERED_S)
    if row and row.asked != asked:
        raise Refusal('key-reused')
    return asked, row and row.answer


def judge(desk, kiosk, call, key, body):
    """Status and body of the answer."""
    if not kiosk:
        raise Refusal('unknown-kiosk')
    if call not in CALLS or not IDEMPOTENCY.fullmatch(key or ''):
        raise Refusal('bad-request')
    refuse = desk.knobs.text('desk.refuse', call)
    if refuse is not None:
        code, _, text = refuse.rpartition(':') if ':' not in refuse else refuse.partition(':')
        raise Refusal(code or 'refused', text)
    asked, answer = remembered(desk, kiosk, key, call, body)
    if answer is not None:
        return answer
    try:
        said = json.loads(body)
    except ValueError:
        raise Refusal('bad-request') from None
    if not isinstance(said, dict):
        raise Refusal('bad-request')
    answer = coded({'ok': True, 'now': desk.now(), **CALLS[call](Call(desk, kiosk, said))})
    desk.books.do('INSERT OR REPLACE INTO said VALUES(?,?,?,?,?)', kiosk, key, asked, answer,
                  desk.now())
    return answer


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def setup(self):
        try:
            self.request.do_handshake()
        except ssl.SSLError:
            self.be_heard()
            raise
        super().setup()

    def be_heard(self):
        """A reset would overtake the alert: what the kiosk sent after its certificate is read."""
        bare = socket.socket(fileno=os.dup(self.request.fileno()))
        with bare:
            bare.settimeout(5)
            bare.shutdown(socket.SHUT_WR)
            while bare.recv(4096):
                pass

    def kiosk(self):
        shown = self.request.getpeercert(binary_form=True)
        return der.Certificate(shown).subject.first(der.COMMON_NAME) if shown else None

    def act(self, call, body):
        desk = self.server.desk
        with desk.lock, desk.books:
            leases.hear(desk)
            try:
                return 200, judge(desk, self.kiosk(), call, self.headers['Idempotency-Key'], body)
            except Refusal as refusal:
                return refusal.status, coded(refusal.body)

    def due(self, fault, call):
        return self.server.desk.knobs.due(f'desk.{fault}', call)

    def do_POST(self):
        knobs, size = self.server.desk.knobs, int(self.headers['Content-Length'] or 0)
        call = self.path.removeprefix(BASE)
        self.close_connection |= size > BODY_MAX
        if size > BODY_MAX or not self.path.startswith(BASE):
            return self.answer(404, b'')
        body = self.rfile.read(size)
        time.sleep(knobs.number('desk.delay', 0, call) / 1000)
        if self.due('lose-request', call):
            return self.end()
        if self.due('endless', call):
            return self.endless()
        status = knobs.text('desk.status', call)
        if status:
            return self.answer(int(status), coded(Refusal('busy').body))
        answer = self.act(call, body)
        if self.due('doubled', call):
            answer = self.act(call, body)
        answer = self.or_the_last(answer, call)
        if self.due('lose-reply', call):
            return self.end()
        if self.due('garbage', call):
            answer = 200, GARBAGE
        return self.answer(*answer, cut=self.due('cut', call))

    def or_the_last(self, answer, call):
        """What was answered last, as from a proxy that confuses two requests (knob stale)."""
        desk = self.server.desk
        with desk.lock:
            last, desk.last = desk.last, answer
        return last if self.due('stale', call) and last else answer

    def end(self):
        self.close_connection = True

    def endless(self):
        """It ends when the client does."""
        self.end()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        try:
            while True:
                self.wfile.write(b' ' * 4096)
        except OSError:
            pass

    def answer(self, status, body, cut=False):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        if status == 503:
            self.send_header('Retry-After', '1')
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if cut else body)
        self.close_connection |= cut

    def log_message(self, form, *values):
        self.server.desk.log(form % values)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, desk, port):
        super().__init__(('127.0.0.1', port), Handler)
        self.desk = desk
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.tls.num_tickets = 0
        pki = os.path.join(desk.directory, 'pki')
        self.tls.load_cert_chain(os.path.join(pki, 'tls.pem'), os.path.join(pki, 'tls.key'))
        self.tls.load_verify_locations(os.path.join(pki, 'kioskca.pem'))
        # whoever has none is turned away by 403; the handshake knows no such word
        self.tls.verify_mode = ssl.CERT_OPTIONAL

    def get_request(self):
        plain, address = super().get_request()
        return self.tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        self.desk.log(traceback.format_exc(limit=-3))
