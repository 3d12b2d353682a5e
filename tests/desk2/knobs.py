"""Faults on demand, as tests/sandbox/knob.h has them: a file DIR/knobs/NAME, or NAME.CALL. Those of
the wire, which count the CA's requests as well, are the sandbox's alone."""

import os
import threading

_lock = threading.Lock()


class Knobs:
    def __init__(self, directory):
        self.directory = os.path.join(directory, 'knobs')

    def _read(self, name, call):
        for file in ([f'{name}.{call}'] if call else []) + [name]:
            path = os.path.join(self.directory, file)
            try:
                with open(path, encoding='utf-8', newline='\n') as knob:
                    lines = knob.read().split('\n') + ['']
                return path, lines[0], int(lines[1] or 0)
            except FileNotFoundError:
                continue
        return None, None, 0

    def _write(self, path, *lines):
        new = os.path.join(self.directory, '#')
        with open(new, 'w', encoding='utf-8') as knob:
            knob.write(''.join(f'{line}\n' for line in lines))
        os.rename(new, path)

    def number(self, name, otherwise, call=None):
        """The value as it stands."""
        path, value, _ = self._read(name, call)
        return int(value) if path else otherwise

    def text(self, name, call=None):
        """The value; one time less is left where times are counted."""
        with _lock:
            path, value, times = self._read(name, call)
            if times == 1:
                os.unlink(path)
            elif times > 1:
                self._write(path, value, times - 1)
            return value

    def due(self, name, call=None):
        """Is it this request's turn? The value counts down."""
        with _lock:
            path, value, _ = self._read(name, call)
            if path is None or value == 'always':
                return path is not None
            left = int(value)
            if left == 1:
                os.unlink(path)
            elif left > 1:
                self._write(path, left - 1)
            return left > 0
