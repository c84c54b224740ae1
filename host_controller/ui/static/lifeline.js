// The page's own line to the program: heartbeat and STOP, past everything the page may be busy with.
'use strict';

const penLine = { socket: null, waits: 0, quiet: 0 };
const PRESSED_MS = 30; // without an answer for so long, the page says that STOP was pressed
const SENT_MS = 3; // the pen's own word usually follows within 2 ms, and would wait for this one's frame

// What became of a STOP: pressed, sent, taken, unheard; anything else takes the words away.
function penTell(word) {
  clearTimeout(penLine.quiet);
  const told = document.getElementById('pen-stop-told');
  if (told) told.textContent = told.dataset[word] || '';
}

async function penStopByRequest() {
  try {
    const answer = await fetch('/stop', { method: 'POST', keepalive: true, cache: 'no-store' });
    penTell((await answer.json()).taken ? 'taken' : 'unheard');
  } catch {
    penTell('unheard');
  }
}

function penStop() {
  clearTimeout(penLine.waits);
  // Not at once: a page that changes in answer to a key owes a frame, and the browser lets every
  // message wait until it is drawn; the pen's own word is usually there before.
  clearTimeout(penLine.quiet);
  penLine.quiet = setTimeout(penTell, PRESSED_MS, 'pressed');
  if (penLine.socket) {
    penLine.socket.send('stop');
    penLine.waits = setTimeout(penStopByRequest, 60); // twice does no harm, not at all would
  } else {
    penStopByRequest();
  }
}

(function openLine() {
  if (!window.clientId) { setTimeout(openLine, 20); return; } // the page is still loading
  const socket = new WebSocket(`ws://${location.host}/line/${window.clientId}`);
  socket.onopen = () => { penLine.socket = socket; };
  socket.onmessage = ({ data: word }) => {
    clearTimeout(penLine.waits);
    clearTimeout(penLine.quiet);
    if (word === 'sent') penLine.quiet = setTimeout(penTell, SENT_MS, word); else penTell(word);
  };
  socket.onclose = () => { penLine.socket = null; setTimeout(openLine, 200); };
})();

// A worker's timer, because a page's own is slowed down in the background. The page answers it, so
// a page that hangs falls silent, and the program then stops the pen. Five may be late together.
const penBeats = new Worker(URL.createObjectURL(new Blob(
  ['setInterval(() => postMessage(0), 50)'], { type: 'text/javascript' })));
penBeats.onmessage = () => {
  if (penLine.socket && window.socket && window.socket.connected) penLine.socket.send('beat');
};

// Esc always, Space wherever it would not be written into a field or press a focused button.
document.addEventListener('keydown', (event) => {
  if (event.repeat) return;
  const field = event.target.closest('input, textarea, select, [contenteditable], button, [role=button], [role=radio], [role=checkbox], [role=option], a');
  if (event.key === 'Escape' || (event.key === ' ' && !field)) {
    event.preventDefault();
    penStop();
  }
}, true);
