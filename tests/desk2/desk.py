#!/usr/bin/python3
"""A second desk, written from core/ca/PROTOCOL.desk alone: whatever a kiosk needs must stand there.
The CA is the sandbox's, whose books say what to issue for and what was issued (books.py).

    desk.py --dir DIR serve [PORT]   until it is ended; DIR/desk2.port holds the port
    desk.py --dir DIR show           the books as JSON
    desk.py --dir DIR VERB …         what happens elsewhere (elsewhere.py)
"""

import sys

sys.dont_write_bytecode = True

import json
import os
import threading
import time

import elsewhere
import leases
import show
import wire
from books import Books
from knobs import Knobs


class Desk:
    def __init__(self, directory):
        self.directory, self.knobs, self.books = directory, Knobs(directory), Books(directory)
        self.last = None  # answer
        self.lock = threading.Lock()  # one call at a time: what it reads stays true until it writes

    def now(self):
        return int(time.time()) + self.knobs.number('desk.clock', 0)

    def log(self, text):
        print('desk2:', text, file=sys.stderr, flush=True)


def serve(desk, port='0'):
    with desk.books:
        leases.hear(desk)  # first: what the CA did meanwhile is not unsaid
        desk.books.tell_all()
    server = wire.Server(desk, int(port))
    file = os.path.join(desk.directory, 'desk2.port')
    with open(file + '.next', 'w', encoding='ascii') as out:
        out.write(str(server.server_port))
    os.rename(file + '.next', file)
    server.serve_forever()


def main(arguments):
    if len(arguments) < 3 or arguments[0] != '--dir':
        sys.exit(__doc__)
    desk, verb, more = Desk(arguments[1]), arguments[2], arguments[3:]
    if verb == 'serve':
        return serve(desk, *more)
    with desk.books:
        leases.hear(desk)
        if verb == 'show':
            return print(json.dumps(show.show(desk.books), ensure_ascii=False))
        return elsewhere.VERBS[verb](desk, *more)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
