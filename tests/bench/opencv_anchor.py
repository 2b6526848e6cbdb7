# SPDX-License-Identifier: GPL-3.0-only
"""CPU time of the stages of a frame in OpenCV, as JSON: the anchor of `src/face/examples/bench.rs`.

The same frame (a photo 480 pixels high in the middle of 640 x 480), the same models, one thread, the process's CPU
clock, as many rounds. Where the kiosk gates and measures light OpenCV does nothing, which favours OpenCV.
"""

import json
import os
import time
import tomllib

import cv2
import numpy

ROUNDS = 60
WIDTH, HEIGHT = 640, 480
PHOTO = "obama-1.jpg"
# The picture the kiosk's detector sees; the detector adds rows to a multiple of 32 itself.
DETECT_SIZE = (320, 240)
FACE_SCORE_MIN = 0.6
LIVENESS_SIDE = 80
HERE = os.path.dirname(os.path.abspath(__file__))
MANIFEST = os.path.join(HERE, "..", "..", "assets", "models.toml")
# Landmark places of the embedder as documented, in parts of its side.
PLACES = numpy.float32(
    [[0.31556875, 0.46157410], [0.68262290, 0.46157410], [0.50026249, 0.64050538], [0.34947187, 0.82469196],
     [0.65343645, 0.82325089]]
)  # fmt: skip


def main():
    cv2.setNumThreads(1)
    models = os.environ["KIOSK_MODELS"]
    with open(MANIFEST, "rb") as text:
        manifest = tomllib.load(text)

    def path(model):
        return os.path.join(models, model["file"]["name"])

    frame = on_camera(cv2.imread(os.path.join(os.environ["KIOSK_PHOTOS"], PHOTO)))
    detector = cv2.FaceDetectorYN.create(path(manifest["detector"]), "", DETECT_SIZE, FACE_SCORE_MIN)
    embedder = cv2.dnn.readNet(path(manifest["embedder"]))
    side = manifest["embedder"]["side"]
    there = [one for one in manifest["liveness"] if os.path.exists(path(one))]
    fakes = [(cv2.dnn.readNet(path(one)), one["crop_scale"]) for one in there]

    def find():
        small = cv2.resize(frame, DETECT_SIZE, interpolation=cv2.INTER_AREA)
        faces = detector.detect(small)[1]
        return faces[0] * (WIDTH / DETECT_SIZE[0])

    def find_and_embed():
        face = find()
        turn, _ = cv2.estimateAffinePartial2D(face[4:14].reshape(5, 2), PLACES * side, method=cv2.LMEDS)
        embedder.setInput(cv2.dnn.blobFromImage(cv2.warpAffine(frame, turn, (side, side))))
        assert embedder.forward().size >= 16
        return face

    def gated_frame():
        left, top, width, height = find_and_embed()[:4]
        for network, scale in fakes:
            part = cut(left + width / 2, top + height / 2, width, height, scale)
            network.setInput(cv2.dnn.blobFromImage(cv2.resize(frame[part], (LIVENESS_SIDE, LIVENESS_SIDE))))
            assert network.forward().size == 3

    stages = {"detect_and_gate": find, "detect_and_embed": find_and_embed}
    if fakes:
        stages["gated_frame"] = gated_frame
    times = {name: [] for name in stages}
    for stage in stages.values():
        stage()
    for _ in range(ROUNDS):
        for name, stage in stages.items():
            before = time.process_time()
            stage()
            times[name].append((time.process_time() - before) * 1e3)
    report = {"opencv": cv2.__version__, "rounds": ROUNDS}
    for name, values in times.items():
        values.sort()
        report[name] = {"median_ms": values[len(values) // 2], "least_ms": values[0]}
    print(json.dumps(report))


def on_camera(photo):
    width = min(WIDTH, round(photo.shape[1] * HEIGHT / photo.shape[0]))
    frame = numpy.full((HEIGHT, WIDTH, 3), 128, numpy.uint8)
    left = (WIDTH - width) // 2
    frame[:, left : left + width] = cv2.resize(photo, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    return frame


def cut(x, y, width, height, scale):
    scale = min(scale, (HEIGHT - 1) / height, (WIDTH - 1) / width)
    width, height = width * scale, height * scale
    left = max(0, min(x - width / 2, WIDTH - 1 - width))
    top = max(0, min(y - height / 2, HEIGHT - 1 - height))
    return slice(int(top), int(top + height) + 1), slice(int(left), int(left + width) + 1)


if __name__ == "__main__":
    main()
