// SPDX-License-Identifier: GPL-3.0-only
// The board of alarms: asks until something happened, shows it at once, and sounds while an alarm calls.
"use strict";

const AGAIN_MS = 1000;
const BEEP_MS = 700;
const stale = document.getElementById("board-stale");
const muted = document.getElementById("board-muted");
const sound = new AudioContext();

const board = () => document.getElementById("board");

// A card in which somebody types or stands is not taken away from under the hand; the others are.
function show(text) {
  const next = document.createElement("template");
  next.innerHTML = text;
  const fresh = next.content.getElementById("board");
  const inUse = document.activeElement && document.activeElement.closest("article");
  const kept = inUse && board().contains(inUse) ? inUse : null;
  const place = kept && fresh.querySelector("#" + CSS.escape(kept.id));
  if (place) place.replaceWith(kept);
  else if (kept) fresh.append(kept);
  board().replaceWith(fresh);
}

async function follow() {
  for (;;) {
    try {
      const by = board().dataset.by ? "&by=" + board().dataset.by : "";
      const address = "/alarms?part=board&since=" + board().dataset.seen + by;
      const answer = await fetch(address, { redirect: "manual", cache: "no-store" });
      // Signed out: that must not look like a quiet board.
      stale.hidden = answer.ok;
      if (answer.ok) show(await answer.text());
      else await new Promise((done) => setTimeout(done, AGAIN_MS));
    } catch {
      stale.hidden = false;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}

function beep() {
  muted.hidden = sound.state === "running";
  if (sound.state !== "running") return;
  if (!board().dataset.rings && stale.hidden) return;
  const tone = sound.createOscillator();
  const loud = sound.createGain();
  tone.type = "square";
  // A board that hears nothing sounds too, lower.
  tone.frequency.value = stale.hidden ? 880 : 440;
  loud.gain.setValueAtTime(0.3, sound.currentTime);
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.25);
}

document.getElementById("board-sound").addEventListener("click", () => sound.resume());
document.addEventListener("click", () => sound.resume(), { once: true });
setInterval(beep, BEEP_MS);
follow();
