// SPDX-License-Identifier: GPL-3.0-only
// Refreshes the live part of the page. Without script the whole page refreshes itself.
"use strict";

const EVERY_MS = 2000;
const live = document.getElementById("live");
const stale = document.getElementById("live-stale");
const pause = document.getElementById("live-pause");

// A part that is being used (a focused button, a selection) is not taken away from under the hand.
function inUse() {
  const selection = document.getSelection();
  return live.contains(document.activeElement) || (selection && !selection.isCollapsed && live.contains(selection.anchorNode));
}

async function refresh() {
  if (pause.checked || inUse() || document.hidden) return;
  try {
    const answer = await fetch("/?by=itself&part=live", { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") location.reload();
    if (answer.ok) live.innerHTML = await answer.text();
    stale.hidden = answer.ok;
  } catch {
    stale.hidden = false;
  }
}

pause.closest("[hidden]").hidden = false;
setInterval(refresh, EVERY_MS);
