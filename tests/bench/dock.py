# SPDX-License-Identifier: GPL-3.0-only
"""The kiosk's developer dock: one JSON line asks, one answers."""

import json
import socket
import time

ANSWER_S_MAX = 10.0
LOOK_S = 0.05


class Refused(RuntimeError):
    """The kiosk understood and did not do it."""


class Dock:
    def __init__(self, path, seconds_max=60.0):
        until = time.monotonic() + seconds_max
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(ANSWER_S_MAX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                self.socket.close()
                if time.monotonic() > until:
                    raise
                time.sleep(LOOK_S)
        self.lines = self.socket.makefile("r", encoding="utf-8")

    def ask(self, **verb):
        self.tell(**verb)
        return self.answer()

    def tell(self, **verb):
        self.socket.sendall(json.dumps(verb).encode() + b"\n")

    def answer(self):
        line = self.lines.readline()
        if not line:
            raise ConnectionError("the kiosk closed its dock")
        answer = json.loads(line)
        if not answer["ok"]:
            raise Refused(answer["why"])
        return answer

    def page(self):
        return self.ask(verb="see")["page"]

    def wait_page(self, page, seconds_max=60.0):
        """The page shown, when it is `page` or the time is over."""
        until = time.monotonic() + seconds_max
        while (shown := self.page()) != page and time.monotonic() < until:
            time.sleep(LOOK_S)
        return shown

    def close(self):
        self.lines.close()
        self.socket.close()
