// What has to work in the page even when the program is slow: STOP, the page's own heartbeat, and
// the notice that the program is gone.
'use strict';

// STOP goes by a request of its own, past everything that the page's connection may be busy with.
async function penStop() {
  const told = document.getElementById('pen-stop-told');
  if (told) told.textContent = told.dataset.sent;
  try {
    const answer = await fetch('/stop', { method: 'POST', keepalive: true, cache: 'no-store' });
    const taken = (await answer.json()).taken;
    if (told) told.textContent = taken ? told.dataset.taken : told.dataset.unheard;
  } catch {
    if (told) told.textContent = told.dataset.unheard;
  }
}

// Esc always, Space wherever it would not be written into a field or press a focused button.
document.addEventListener('keydown', (event) => {
  if (event.repeat) return;
  const field = event.target.closest('input, textarea, select, [contenteditable], button, [role=button], [role=radio], [role=checkbox], [role=option], a');
  if (event.key === 'Escape' || (event.key === ' ' && !field)) {
    event.preventDefault();
    penStop();
  }
}, true);

// A worker's timer, because a page's own is slowed down in the background. The page answers it, so
// a page that hangs falls silent, and the program then lets the pen stop.
const beats = new Worker(URL.createObjectURL(new Blob(
  ['setInterval(() => postMessage(0), 80)'], { type: 'text/javascript' })));
beats.onmessage = () => { if (window.socket && window.socket.connected) emitEvent('pen-beat'); };

document.addEventListener('DOMContentLoaded', () => {
  setInterval(() => {
    const gone = document.getElementById('pen-gone');
    if (gone && window.socket) gone.hidden = window.socket.connected;
  }, 100);
});

// Zones of the map are buttons: by click, Enter or the arrow of the eye.
function penMap(id, names, chosen) {
  const root = document.getElementById(id);
  if (!root) return;
  for (const zone of root.querySelectorAll('[data-zone]')) {
    const name = names[zone.dataset.zone];
    if (!name) continue;
    zone.setAttribute('tabindex', '0');
    zone.setAttribute('role', 'checkbox');
    zone.setAttribute('aria-checked', chosen.includes(zone.dataset.zone));
    zone.setAttribute('aria-label', name);
    const choose = () => root.dispatchEvent(new CustomEvent('zone', { detail: zone.dataset.zone }));
    zone.addEventListener('click', choose);
    zone.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') choose();
    });
  }
}
