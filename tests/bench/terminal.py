# SPDX-License-Identifier: GPL-3.0-only
"""The window: first frame, memory, idle CPU and touches of the kiosk, beside a browser on an equal page.

First frames of both take turns, after one start of each that is not counted, so that files are in memory for both.
"""

import contextlib
import os
import subprocess
import sys
import time

from dock import Dock, Refused
from figures import median, percentile
from screen import arrival, first_frame

STARTS = 7
SETTLE_S = 4.0
IDLE_S = 10.0
TOUCHES = 60
# Longer than the button's own movement, so that all that follows the lift is the page's answer.
TOUCH_MS = 250
# After a touch the screen has to rest, so that the next change is the next answer.
REST_S = 0.25
QUIET_S = 1.5
START_S_MAX = 60.0
MS = 1000


def window(figures, kiosk, browser):
    ours, theirs = _first_frames(kiosk, browser)
    light, frame, cpu = (list(column) for column in zip(*ours))
    note = f"{len(ours)} starts, least {min(frame):.3f}"
    figures.add("kiosk first frame, warm, median", median(frame), "s", ("<=", 0.25), note)
    figures.add("kiosk first pixel, warm, median", median(light), "s")
    figures.add("kiosk CPU of a start, median", median(cpu), "s")
    if theirs:
        _, other_frame, other_cpu = zip(*theirs)
        note = f"{len(theirs)} starts, least {min(other_frame):.3f}"
        figures.add("chromium first frame, warm, median", median(other_frame), "s", None, note)
        figures.add("chromium CPU of a start, median", median(other_cpu), "s")
        figures.add("first frame, chromium / kiosk", median(other_frame) / median(frame), "times", (">=", 5))
        figures.add("CPU of a start, chromium / kiosk", median(other_cpu) / max(median(cpu), 0.01), "times")
    memory = _at_home(figures, kiosk)
    if browser:
        tree = browser.start()
        try:
            time.sleep(SETTLE_S)
            figures.add("chromium idle CPU of one core", tree.idle_cpu_percent(IDLE_S)[0], "%")
            pss = tree.pss_mb()
            figures.add("chromium PSS", pss, "MB", None, f"{len(tree.pids())} processes")
            figures.add("PSS, chromium / kiosk on Home", pss / memory, "times", (">=", 6))
        finally:
            tree.stop()
            kiosk.screen.wait_empty()


def _first_frames(kiosk, browser):
    programs = {kiosk: []} if browser is None else {kiosk: [], browser: []}
    for counted in range(STARTS + 1):
        for program, seen in programs.items():
            tree, times = first_frame(kiosk.screen, program.start, QUIET_S, START_S_MAX)
            tree.stop()
            if counted:
                seen.append(times)
    return programs[kiosk], programs.get(browser, [])


def _at_home(figures, kiosk):
    """PSS of the kiosk without models and camera is the answer, as the browser has none either."""
    memory = None
    for with_eyes in [True, False] if kiosk.has_eyes() else [False]:
        what = "with models and camera" if with_eyes else "no camera"
        kiosk.screen.wait_empty()
        tree = kiosk.start(with_eyes)
        try:
            dock = Dock(kiosk.socket)
            page = dock.wait_page("home")
            time.sleep(SETTLE_S)
            (idle, own_idle), memory = tree.idle_cpu_percent(IDLE_S), tree.pss_mb()
            if page == "home" == dock.page():
                note = f"{own_idle:.1f} of it the kiosk, the rest its simulated camera" if with_eyes else ""
                figures.add(f"kiosk idle CPU of one core, {what}", idle, "%", ("<=", 1), note)
                figures.add(f"kiosk PSS on Home, {what}", memory, "MB", ("<=", 90), f"{len(tree.pids())} processes")
            else:
                figures.skip(f"kiosk on Home, {what}", f"the page {page} was shown")
            if not with_eyes:
                _touches(figures, kiosk, dock)
            dock.close()
        finally:
            tree.stop()
            kiosk.screen.wait_empty()
    return memory


def _touches(figures, kiosk, dock):
    _touch_series(figures, kiosk, dock, "quiet disk")
    with _busy_disk(kiosk.folder):
        _touch_series(figures, kiosk, dock, "disk kept busy")


def _touch_series(figures, kiosk, dock, what):
    """The language is changed, which draws the whole page anew.

    The first changed pixel is the button under the finger. A button acts when the finger is lifted, by a timer in the
    kiosk; the page has answered when nine tenths of what changes after that are there.
    """
    pressed, answered, lost = [], [], 0
    for _ in range(TOUCHES):
        kiosk.screen.watch(time.monotonic(), REST_S, REST_S)
        begun = time.monotonic()
        dock.tell(verb="touch", id="language", ms=TOUCH_MS)
        changes = kiosk.screen.watch(begun, TOUCH_MS / MS + REST_S, 2.0)
        dock.answer()
        lift = TOUCH_MS / MS
        under, after = ([one for one in changes if (one[0] > lift) == late] for late in (False, True))
        if not under or not after:
            lost += 1
            continue
        pressed.append(under[0][0] * MS)
        answered.append((arrival(under[-1][1], after) - lift) * MS)
    if not pressed:
        figures.skip(f"touch to visible answer, {what}", "no touch changed the screen")
        return
    note = f"{len(pressed)} touches, {lost} without a change"
    figures.add(f"touch to first pixel, p50, {what}", percentile(pressed, 50), "ms", None, note)
    figures.add(f"touch to first pixel, p99, {what}", percentile(pressed, 99), "ms", ("<=", 50))
    figures.add(f"lift to the page's answer, p50, {what}", percentile(answered, 50), "ms")
    figures.add(f"lift to the page's answer, p99, {what}", percentile(answered, 99), "ms", ("<=", 50))


BUSY = """
import os, sys
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
block = bytes(1 << 20)
while True:
    os.pwrite(file, block, 0)
    os.fsync(file)
"""


@contextlib.contextmanager
def _busy_disk(folder):
    """A neighbour that writes and syncs a megabyte over and over on the disk of the store."""
    path = os.path.join(folder, "busy")
    neighbour = subprocess.Popen([sys.executable, "-c", BUSY, path])
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()
        os.remove(path)


ROLL_CALL_PAGE = "roll-call"
ROLL_CALL_SAMPLES = 20
PLAY_S_MAX = 600.0
# A play rehearses with the photos before it opens the window.
REHEARSAL_S_MAX = 150.0
PREVIEW_S = 1.0
# Between two frames of the simulated camera.
CAMERA_MS = 50.0


def roll_call(figures, kiosk):
    """Plays a whole roll call and looks at the kiosk while names are called."""
    tree, dock_path = kiosk.demo(play=True)
    eyes = "models and camera" if kiosk.has_eyes() else "no models or no camera: by PIN and officer"
    samples, gaps, pauses, lost = [], [], [], ""
    try:
        dock = Dock(dock_path, REHEARSAL_S_MAX + START_S_MAX)
        eldest = tree.named("kiosk")
        until = time.monotonic() + PLAY_S_MAX
        while not tree.ended() and time.monotonic() < until:
            try:
                seen = dock.ask(verb="see")
                page = seen["page"]
            except Refused:
                # A window that is too busy to say.
                continue
            except OSError as error:
                lost = f"its dock was lost ({error}); "
                break
            mirror = "mirror" in seen["ids"] or not kiosk.has_eyes()
            if page == ROLL_CALL_PAGE and mirror and len(samples) < ROLL_CALL_SAMPLES:
                samples.append(eldest.pss_mb())
                changes = kiosk.screen.watch(time.monotonic(), PREVIEW_S, PREVIEW_S)
                gaps += [(after[0] - before[0]) * MS for before, after in zip(changes, changes[1:])]
                # Apart from the watching, which takes a part of the processor itself.
                with contextlib.suppress(OSError, Refused):
                    worst = dock.ask(verb="pauses", ms=int(PREVIEW_S * MS))["worst_us"]
                    pauses += [pause / MS for pause in worst]
            else:
                time.sleep(0.5)
        played = tree.root.poll() == 0
    finally:
        tree.stop(wait_s=20.0)
        kiosk.screen.wait_empty()
    if not samples:
        figures.skip("kiosk in roll call", f"{lost}it never came to one: {tree.last_words()}")
        return played
    note = f"{eyes}; {len(samples)} samples, median {median(samples):.1f}"
    figures.add("kiosk PSS in roll call, most", max(samples), "MB", ("<=", 160), note)
    if kiosk.has_eyes() and gaps and pauses:
        figures.add("preview in roll call", MS * len(gaps) / sum(gaps), "per s", (">=", 15), "camera gives 20")
        note = f"longest pause of the window's thread in each of {len(pauses)} pictures"
        figures.add("UI frame while matching, p50", percentile(pauses, 50), "ms")
        figures.add("UI frame while matching, p99", percentile(pauses, 99), "ms", ("<=", 33), note)
        note = f"beyond the camera's {CAMERA_MS:.0f}: the eye looks between two pictures"
        figures.add("lateness of a preview frame, p50", max(percentile(gaps, 50) - CAMERA_MS, 0.0), "ms")
        figures.add("lateness of a preview frame, p99", percentile(gaps, 99) - CAMERA_MS, "ms", None, note)
    if not played:
        figures.skip("the rest of the roll call", f"the play did not end well: {tree.last_words()}")
    return played
