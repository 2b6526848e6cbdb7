# SPDX-License-Identifier: GPL-3.0-only
"""How the kiosk, its platform and the browser it is compared with are started."""

import json
import os
import shutil
import signal
import subprocess
import threading

import screen as screens
from dock import Dock
from tree import Tree

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = f"{screens.WIDTH}x{screens.HEIGHT}"
PLATFORM_START_S_MAX = 60.0


class Kiosk:
    """A kiosk enrolled by `kioskctl demo` in `folder`/demo, and the platform it belongs to."""

    def __init__(self, programs, folder, screen, models, photos):
        self.programs, self.folder, self.screen = programs, folder, screen
        self.models, self.photos = models, photos
        self.data = os.path.join(folder, "demo")
        self.socket = os.path.join(folder, "dock")
        self.platform = None

    def demo(self, play):
        """`kioskctl demo` as a newcomer starts it; its dock is the second answer."""
        command = [self._program("kioskctl"), "demo", "--data", self.data]
        if self.photos:
            command += ["--camera", self.photos]
        if self.models:
            command += ["--models", self.models]
        if play:
            command += ["--play"]
        # The photos are given as the camera; without models nobody shall be counted by them.
        env = {"XDG_RUNTIME_DIR": self.folder}
        tree = screens.start(command, self.screen, env, os.path.join(self.folder, "demo.log"))
        return tree, os.path.join(self.folder, f"cell-terminal-{tree.root.pid}", "dock")

    def enrol(self):
        """Leaves an enrolled kiosk that has seen its platform."""
        tree, dock_path = self.demo(play=False)
        try:
            dock = Dock(dock_path)
            page = dock.wait_page("home")
            dock.close()
            return page
        except OSError as error:
            raise RuntimeError(f"the demo does not start: {tree.last_words()}") from error
        finally:
            tree.stop(signal.SIGINT, 20.0)

    def start_platform(self):
        """Where the kiosk was enrolled, so that Home is measured with its link up."""
        with open(os.path.join(self.data, "ports.json"), encoding="utf-8") as text:
            ports = json.load(text)
        command = [self._program("platform"), "serve", "--data", os.path.join(self.data, "platform")]
        command += ["--gateway", ports["gateway"], "--desk", ports["desk"]]
        log = os.path.join(self.folder, "platform.log")
        self.platform = Tree(command, log=log, stdout=subprocess.PIPE)
        # Its first line says where it listens.
        listening = threading.Thread(target=self.platform.root.stdout.readline, daemon=True)
        listening.start()
        listening.join(PLATFORM_START_S_MAX)
        if listening.is_alive() or self.platform.ended():
            raise RuntimeError(f"the platform does not listen: {self.platform.last_words()}")

    def start(self, with_eyes=False):
        """The kiosk by itself; `with_eyes` gives it models and a camera."""
        command = [self._program("kiosk"), "--data", os.path.join(self.data, "kiosk"), "--size", SIZE]
        command += ["--dock", self.socket]
        if with_eyes:
            command += ["--camera", self.photos, "--models", self.models]
        else:
            command += ["--camera", "none"]
        return screens.start(command, self.screen, {"KIOSK_MODELS": None}, os.path.join(self.folder, "kiosk.log"))

    def has_eyes(self):
        return bool(self.models and self.photos)

    def stop(self):
        if self.platform:
            self.platform.stop()

    def _program(self, name):
        return os.path.join(self.programs, name)


class Browser:
    """Debian's Chromium as a kiosk on an equal page, with all it can be told to leave out."""

    OPTIONS = (
        "--kiosk --no-sandbox --disable-gpu --no-first-run --no-default-browser-check --disable-sync "
        "--disable-extensions --disable-component-update --disable-background-networking "
        "--disable-features=Translate,MediaRouter --password-store=basic --window-position=0,0 "
        f"--window-size={screens.WIDTH},{screens.HEIGHT}"
    ).split()

    def __init__(self, folder, screen):
        self.folder, self.screen = folder, screen

    @staticmethod
    def is_there():
        return shutil.which("chromium") is not None

    @staticmethod
    def version():
        said = subprocess.run(["chromium", "--version"], capture_output=True, text=True, check=False)
        return said.stdout.strip()

    def start(self):
        profile = os.path.join(self.folder, "profile")
        page = "file://" + os.path.join(HERE, "page.html")
        command = ["chromium", *self.OPTIONS, f"--user-data-dir={profile}", page]
        return screens.start(command, self.screen, {}, os.path.join(self.folder, "browser.log"))
