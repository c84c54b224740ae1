// The notice that the program is gone, and the map's zones as buttons.
'use strict';

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
