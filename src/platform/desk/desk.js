// SPDX-License-Identifier: GPL-3.0-only
// Refreshes the live part of the page. Without script the whole page refreshes itself.
"use strict";

const EVERY_MS = 2000;
const live = document.getElementById("live");
const asOf = document.getElementById("live-as-of");
const stale = document.getElementById("live-stale");
const pause = document.getElementById("live-pause");

let shown = live.innerHTML;

// A part that is being used (a focused button, a selection) is not taken away from under the hand.
function inUse() {
  const selection = document.getSelection();
  return live.contains(document.activeElement) || (selection && !selection.isCollapsed && live.contains(selection.anchorNode));
}

// Only what says something new is replaced, so that a screen reader does not hear the same alarm every two seconds.
function show(text) {
  const next = document.createElement("template");
  next.innerHTML = text;
  const now = next.content.getElementById("live-as-of");
  asOf.textContent = now.textContent;
  now.remove();
  if (next.innerHTML === shown) return;
  shown = next.innerHTML;
  live.innerHTML = shown;
}

async function refresh() {
  if (pause.checked || inUse() || document.hidden) return;
  try {
    const answer = await fetch("/?by=itself&part=live", { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") location.reload();
    if (answer.ok) show(await answer.text());
    stale.hidden = answer.ok;
  } catch {
    stale.hidden = false;
  }
}

pause.closest("[hidden]").hidden = false;
setInterval(refresh, EVERY_MS);
