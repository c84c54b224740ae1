// The notice that the program is gone, and the map's zones as buttons.
'use strict';

document.addEventListener('DOMContentLoaded', () => {
  setInterval(() => {
    const gone = document.getElementById('pen-gone');
    // Only when it changes: setting it makes the page owe a frame, and STOP's answer waits for that.
    if (gone && window.socket && gone.hidden !== window.socket.connected) gone.hidden = window.socket.connected;
  }, 100);
});

// A button that was pressed with mouse or finger does not keep the focus: Space then stops, and is
// not that button again. It also spares the page a frame at the next key, for which STOP's answer
// would wait. Who goes by keys keeps the focus.
document.addEventListener('click', (event) => {
  const button = event.detail > 0 && event.target.closest('button');
  const focused = document.activeElement; // the button, or a part of it that its library focuses
  if (button && button.contains(focused) && !button.closest('.q-dialog, .q-menu')) focused.blur();
});

// Zones of the map are checkboxes: by click or Enter. The drawing is made anew after every change,
// so the zone in `focus` gets it again, if it was in this drawing or has gone with the old one.
function penMap(id, names, chosen, focus) {
  const root = document.getElementById(id);
  if (!root) return;
  const svg = root.querySelector('svg');
  if (svg) svg.setAttribute('role', 'group');
  const lost = !document.activeElement || document.activeElement === document.body;
  for (const zone of root.querySelectorAll('[data-zone]')) {
    const name = names[zone.dataset.zone];
    if (!name) continue;
    zone.setAttribute('tabindex', '0');
    zone.setAttribute('role', 'checkbox');
    zone.setAttribute('aria-checked', chosen.includes(zone.dataset.zone));
    zone.setAttribute('aria-label', name);
    const choose = () => root.dispatchEvent(new CustomEvent('zone', { detail: zone.dataset.zone }));
    zone.onclick = choose; // not added: the same drawing may be given its names twice
    zone.onkeydown = (event) => { if (event.key === 'Enter') choose(); };
    if (lost && zone.dataset.zone === focus) zone.focus({ preventScroll: true });
  }
}
