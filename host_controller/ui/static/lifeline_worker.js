// Holds the page's line beside the page. A page reads what it is told only between two tasks, and
// after a key a browser keeps every task back until the next frame has been drawn: STOP's answer is
// therefore also put where the page can read it within the key's own task. A worker's timer is not
// slowed down in the background, so it is the clock of the page's heartbeat.
'use strict';

const AGAIN_MS = 200;
const BEAT_MS = 50; // five may be late together before the program stops the pen
let line = null;

// The address and the shared word first, then what the page has to say.
onmessage = ({ data: { address, words, shared } }) => {
  (function open() {
    const socket = new WebSocket(address);
    socket.onopen = () => { line = socket; postMessage('open'); };
    socket.onmessage = ({ data: word }) => {
      if (shared) Atomics.store(shared, 0, words.indexOf(word));
      postMessage(word);
    };
    socket.onclose = () => { line = null; postMessage('closed'); setTimeout(open, AGAIN_MS); };
  })();
  // A line that is just being closed takes nothing more; the page is told by its end.
  onmessage = ({ data: word }) => { if (line && line.readyState === WebSocket.OPEN) line.send(word); };
  setInterval(() => { if (line) postMessage('beat'); }, BEAT_MS);
};
