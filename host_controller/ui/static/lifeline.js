// The page's own line to the program: heartbeat and STOP, past everything the page may be busy with.
'use strict';

const WORDS = ['', 'sent', 'taken', 'unheard']; // of the program, by their number in penLine.shared
const ANSWER_MS = 7; // longest wait for one within the key's own task, which takes a core
const SENT_MS = 3; // the pen's own word usually follows the program's within 2 ms
const PRESSED_MS = 30; // without an answer for so long, the page says that STOP was pressed
const penLine = {
  worker: new Worker('/pen-static/lifeline_worker.js'),
  shared: window.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null,
  open: false,
  waits: 0,
  quiet: 0,
};

// What became of a STOP: pressed, sent, taken, unheard; anything else takes the words away.
function penTell(word) {
  clearTimeout(penLine.quiet);
  const told = document.getElementById('pen-stop-told');
  const words = told && (told.dataset[word] || '');
  if (told && told.textContent !== words) told.textContent = words;
}

async function penStopByRequest() {
  try {
    const answer = await fetch('/stop', { method: 'POST', keepalive: true, cache: 'no-store' });
    penTell((await answer.json()).taken ? 'taken' : 'unheard');
  } catch {
    penTell('unheard');
  }
}

// The answer within ANSWER_MS: of the pen if it is there, else of the program, else none. The page
// does nothing meanwhile, which is what it would do anyway: after a key a browser keeps every
// message back until the next frame has been drawn.
function penAnswer() {
  const end = performance.now() + ANSWER_MS;
  let word = '';
  do {
    word = WORDS[Atomics.load(penLine.shared, 0)] || '';
  } while ((!word || word === 'sent') && performance.now() < end);
  return word;
}

function penStop() {
  clearTimeout(penLine.waits);
  clearTimeout(penLine.quiet);
  if (!penLine.open) {
    penLine.quiet = setTimeout(penTell, PRESSED_MS, 'pressed');
    penStopByRequest();
    return;
  }
  if (penLine.shared) Atomics.store(penLine.shared, 0, 0);
  penLine.worker.postMessage('stop');
  const word = penLine.shared ? penAnswer() : '';
  if (word) {
    penTell(word);
    return;
  }
  penLine.quiet = setTimeout(penTell, PRESSED_MS, 'pressed');
  penLine.waits = setTimeout(penStopByRequest, 60); // twice does no harm, not at all would
}

function penHear(word) {
  if (word === 'open' || word === 'closed') {
    penLine.open = word === 'open';
  } else if (word === 'beat') {
    // The page answers it, so a page that hangs falls silent, and the program then stops the pen.
    if (window.socket && window.socket.connected) penLine.worker.postMessage(word);
  } else {
    clearTimeout(penLine.waits);
    clearTimeout(penLine.quiet);
    if (word === 'sent') penLine.quiet = setTimeout(penTell, SENT_MS, word); else penTell(word);
  }
}

(function openLine() {
  if (!window.clientId) { setTimeout(openLine, 20); return; } // the page is still loading
  const address = `ws://${location.host}/line/${window.clientId}`;
  penLine.worker.onmessage = ({ data: word }) => penHear(word);
  penLine.worker.postMessage({ address, words: WORDS, shared: penLine.shared });
})();

// Esc always, Space wherever it would not be written into a field or press a focused button.
document.addEventListener('keydown', (event) => {
  if (event.repeat) return;
  const field = event.target.closest('input, textarea, select, [contenteditable], button, [role=button], [role=radio], [role=checkbox], [role=option], a');
  if (event.key === 'Escape' || (event.key === ' ' && !field)) {
    event.preventDefault();
    penStop();
  }
}, true);
