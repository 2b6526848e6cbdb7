# SPDX-License-Identifier: GPL-3.0-only
"""The figures of one run: what was measured, beside its aim and its anchor. A missed aim is said and fails nothing."""

import json
import os
import platform
import subprocess
import time


def median(values):
    return percentile(values, 50)


def percentile(values, percent):
    """The nearest rank, which was really measured."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Figures:
    def __init__(self):
        self.rows, self.skipped = [], []
        self.machine = {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "kernel": platform.release(),
            "load_before": os.getloadavg()[0],
            "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "commit": _commit(),
        }

    def add(self, name, value, unit, aim=None, note=""):
        """`aim` is a bound in the figure's unit: ("<=", 0.25)."""
        met = None if aim is None else (value <= aim[1] if aim[0] == "<=" else value >= aim[1])
        row = {"name": name, "value": round(value, 4), "unit": unit, "aim": aim, "met": met, "note": note}
        self.rows.append(row)
        print(_line(row), flush=True)

    def skip(self, name, why):
        self.skipped.append({"name": name, "why": str(why)})
        print(f"skipped: {name}: {why}", flush=True)

    def table(self):
        heads = f"{'figure':52} {'value':>10} {'unit':8} {'aim':>9}"
        lines = [heads, "-" * len(heads), *map(_line, self.rows)]
        return "\n".join(lines + [f"skipped: {one['name']}: {one['why']}" for one in self.skipped])

    def json(self):
        machine = {**self.machine, "load_after": os.getloadavg()[0]}
        return json.dumps({"machine": machine, "figures": self.rows, "skipped": self.skipped}, ensure_ascii=False)


def _line(row):
    aim = f"{row['aim'][0]} {row['aim'][1]:g}" if row["aim"] else ""
    verdict = {None: "", True: "met", False: "MISSED"}[row["met"]]
    return f"{row['name']:52} {row['value']:>10.4g} {row['unit']:8} {aim:>9} {verdict:6} {row['note']}".rstrip()


def _cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit():
    here = os.path.dirname(os.path.abspath(__file__))
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=here, capture_output=True, text=True, check=False
    )
    return said.stdout.strip()
