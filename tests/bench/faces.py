# SPDX-License-Identifier: GPL-3.0-only
"""CPU of a face in the kiosk's own code, beside OpenCV with the same models on the same photo.

OpenCV is a wheel in an environment of its own below the target folder; a machine that cannot fetch it has no anchor.
"""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
WHEEL = "opencv-python-headless"
FETCH_S_MAX = 300
# Both are run in turn this often; the least of the medians is compared.
TURNS = 2
# What the choice of the engine was measured at: a frame that is found, gated, embedded and looked at for life.
GATED_FRAME_MS = 39
# Frames that decide a person, and people of a roster.
FRAMES, PEOPLE = 5, 20


def faces(figures, programs, target):
    missing = [name for name in ("KIOSK_MODELS", "KIOSK_PHOTOS") if not os.environ.get(name)]
    if missing:
        figures.skip("faces", f"{' and '.join(missing)} not set")
        return
    python = _opencv(figures, target)
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(_run([os.path.join(programs, "examples", "bench")]))
        if python:
            theirs.append(_run([python, os.path.join(HERE, "opencv_anchor.py")]))

    def least(reports, stage):
        return min(report[stage]["median_ms"] for report in reports)

    frame = least(ours, "gated_frame")
    full = ours[0]["liveness"]
    bound = ("<=", GATED_FRAME_MS * 1.3) if full else None
    note = "" if full else "without liveness models"
    figures.add("face: CPU to load the models", min(report["load_ms"] for report in ours), "ms")
    figures.add("face: CPU to find and gate", least(ours, "detect_and_gate"), "ms")
    figures.add("face: CPU to find, gate and embed", least(ours, "detect_and_embed"), "ms")
    figures.add("face: CPU of a gated frame", frame, "ms", bound, note)
    figures.add("face: CPU of a person, five gated frames", FRAMES * frame / 1e3, "s", ("<=", 0.3), "computed")
    figures.add("face: CPU of twenty people", PEOPLE * FRAMES * frame / 1e3, "s", ("<=", 6), "computed")
    if not theirs:
        return
    note = f"OpenCV {theirs[0]['opencv']}, one thread"
    for stage, what in [
        ("detect_and_gate", "find"),
        ("detect_and_embed", "find and embed"),
        ("gated_frame", "find, embed and liveness"),
    ]:
        if stage in theirs[0]:
            other = least(theirs, stage)
            figures.add(f"OpenCV: CPU to {what}", other, "ms", None, note)
            figures.add(f"CPU, kiosk / OpenCV: {what}", least(ours, stage) / other, "times")


def _run(command):
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise RuntimeError(f"{os.path.basename(command[-1])}: {said.stderr.strip()[-400:]}")
    return json.loads(said.stdout)


def _opencv(figures, target):
    """The interpreter that has OpenCV, which is fetched once."""
    home = os.path.join(target, "bench", "opencv")
    python = os.path.join(home, "bin", "python")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True, text=True)
        has = subprocess.run([python, "-c", "import cv2"], check=False, capture_output=True)
        if has.returncode != 0:
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL]
            subprocess.run(pip, check=True, capture_output=True, text=True, timeout=FETCH_S_MAX)
        return python
    except (OSError, subprocess.SubprocessError) as error:
        words = (getattr(error, "stderr", None) or str(error)).strip()[-200:]
        figures.skip("OpenCV beside the faces", f"{WHEEL} cannot be fetched: {words}")
        return None
