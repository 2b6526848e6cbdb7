# SPDX-License-Identifier: GPL-3.0-only
"""A virtual screen whose pixels are read from memory, without the help of what draws on it.

Xvfb keeps its picture in a mapped file of the X window dump format (`-fbdir`). Only some rows are read, and of these
every byte, which finds any change larger than the distance of two rows. Limits: one screen of 24 bits.
"""

import mmap
import operator
import os
import struct
import subprocess
import time

from tree import Tree

WIDTH, HEIGHT = 1280, 800
# Twenty pixels are less than a line of text.
ROW_STEP = 20
POLL_S = 0.001
START_S_MAX = 20.0
HEADER = struct.Struct(">25I")
COLOUR_BYTES = 12


class Screen:
    def __init__(self, folder):
        reader, writer = os.pipe()
        server = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-br", "-nocursor"]
        server += ["-fbdir", folder, "-nolisten", "tcp", "-noreset"]
        os.set_inheritable(writer, True)
        self.server = subprocess.Popen(
            server, pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = f":{number.readline().strip()}"
        if self.name == ":":
            raise RuntimeError("failed to start Xvfb")
        with open(os.path.join(folder, "Xvfb_screen0"), "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = HEADER.unpack_from(self.memory)
        self.begin = header[0] + header[19] * COLOUR_BYTES
        self.stride = header[12]

    def rows(self):
        memory, begin, stride = self.memory, self.begin, self.stride
        places = range(begin, begin + HEIGHT * stride, ROW_STEP * stride)
        return [memory[place : place + stride] for place in places]

    def is_empty(self):
        return not any(any(row) for row in self.rows())

    def wait_empty(self, seconds=START_S_MAX):
        until = time.monotonic() + seconds
        while not self.is_empty():
            if time.monotonic() > until:
                raise RuntimeError("the screen does not become empty")
            time.sleep(POLL_S)

    def watch(self, begun, quiet_s, seconds_max):
        """What was seen since `begun`: (time, rows) of each change, until nothing changed for `quiet_s`.

        It ends after `seconds_max` at the latest.
        """
        changes = []
        last = self.rows()
        last_change = None
        while True:
            now = time.monotonic()
            rows = self.rows()
            if rows != last:
                last, last_change = rows, now
                changes.append((now - begun, rows))
            if now - begun > seconds_max or (last_change and now - last_change > quiet_s):
                return changes
            time.sleep(POLL_S)

    def stop(self):
        self.memory.close()
        self.server.terminate()
        self.server.wait()


def arrival(before, changes, share=0.9):
    """Seconds to the first picture that has `share` of the pixels in which the last one differs from `before`."""
    final = changes[-1][1]
    turned = sum(_unlike(row, last) for row, last in zip(before, final))
    for at, rows in changes:
        if sum(_unlike(row, last) for row, last in zip(rows, final)) <= (1 - share) * turned:
            return at
    return changes[-1][0]


def _unlike(row, other):
    if row == other:
        return 0
    return sum(map(operator.ne, memoryview(row).cast("I"), memoryview(other).cast("I")))


def first_frame(screen, start_program, quiet_s, seconds_max):
    """Starts a program on the empty screen.

    Returns its tree and the seconds to its first pixel, to the first picture of which nine tenths stay, and of CPU
    until the screen was quiet. The second is the figure: an empty window is not a frame.
    """
    screen.wait_empty()
    before, begun = screen.rows(), time.monotonic()
    tree = start_program()
    changes = screen.watch(begun, quiet_s, seconds_max)
    if not changes:
        tree.stop()
        raise RuntimeError(f"nothing was drawn: {tree.last_words()}")
    return tree, (changes[0][0], arrival(before, changes), tree.cpu_s())


def start(command, screen, env=None, log=None):
    return Tree(command, {"DISPLAY": screen.name, "WAYLAND_DISPLAY": None, **(env or {})}, log)
