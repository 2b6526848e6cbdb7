# SPDX-License-Identifier: GPL-3.0-only
"""A started program and everything it started: its memory and CPU, and its end.

Promises that nothing outlives `stop` that is still a descendant or in the program's session. Memory is PSS, as shared
pages are counted once over the tree. A process that ends while it is looked at counts as nothing.
"""

import contextlib
import os
import signal
import subprocess
import time

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
END_S_MAX = 5.0


class Family:
    """A process and its descendants, to be looked at."""

    def __init__(self, pid):
        self.pid = pid

    def pids(self):
        """The eldest first."""
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError):
                    parents.setdefault(int(_stat(name)[1]), []).append(int(name))
        found = [self.pid]
        for pid in found:
            found.extend(parents.get(pid, []))
        return found

    def pss_mb(self):
        """Proportional set size of the tree in MB of 10^6 bytes."""
        kib = 0
        for pid in self.pids():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
                kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kib * 1024 / 1e6

    def cpu_s(self, eldest_only=False):
        """User and system time so far, without children that have ended."""
        ticks = 0
        for pid in [self.pid] if eldest_only else self.pids():
            with contextlib.suppress(OSError):
                stat = _stat(pid)
                ticks += int(stat[11]) + int(stat[12])
        return ticks / TICKS_PER_S

    def idle_cpu_percent(self, seconds):
        """Shares of one core over `seconds`: of the whole tree, and of the eldest alone."""
        before, begun = (self.cpu_s(), self.cpu_s(eldest_only=True)), time.monotonic()
        time.sleep(seconds)
        after, passed = (self.cpu_s(), self.cpu_s(eldest_only=True)), time.monotonic() - begun
        return tuple(100 * (now - then) / passed for now, then in zip(after, before))

    def named(self, name):
        """The eldest descendant with this program name."""
        for pid in self.pids():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/comm", encoding="utf-8") as comm:
                if comm.read().strip() == name:
                    return Family(pid)
        return None


class Tree(Family):
    """A program that was started here, and is ended here."""

    def __init__(self, command, env=None, log=None, stdout=None):
        """`env` is put over the own environment; a value of None takes a name away."""
        self.log = log
        full = {**os.environ, **(env or {})}
        with open(log or os.devnull, "ab") as words:
            self.root = subprocess.Popen(
                command,
                env={name: value for name, value in full.items() if value is not None},
                stdin=subprocess.DEVNULL,
                stdout=stdout or words,
                stderr=words,
                start_new_session=True,
            )
        super().__init__(self.root.pid)

    def ended(self):
        return self.root.poll() is not None

    def last_words(self):
        if self.log is None:
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return " | ".join(lines.read().strip().split("\n")[-4:])

    def stop(self, how=signal.SIGTERM, wait_s=END_S_MAX):
        pids = self.pids()
        if not self.ended():
            self.root.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.root.wait(wait_s)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.root.pid, signal.SIGKILL)
        self.root.wait()
        # What has lost its parent but is of the session; a number that somebody else has meanwhile is spared.
        for pid in pids[1:]:
            with contextlib.suppress(OSError):
                if int(_stat(pid)[1]) == 1 and int(_stat(pid)[3]) == self.root.pid:
                    os.kill(pid, signal.SIGKILL)


def _stat(pid):
    """The fields of /proc/PID/stat behind the name, which may hold anything."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()
