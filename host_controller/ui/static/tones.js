// Tones of the alarms, made here: nothing is loaded. High cannot be muted; who mutes is asked by
// the program, the page only plays. Bursts as in monitors: high 3 + 2 pulses twice, medium three,
// low two, with four harmonics so that small loudspeakers carry them.
'use strict';

const penTones = {
  high: { pulses: [0, 0.25, 0.5, 0.95, 1.2, 1.9, 2.15, 2.4, 2.85, 3.1], pitch: 740, last: 0.16, every: 6 },
  medium: { pulses: [0, 0.3, 0.6], pitch: 520, last: 0.2, every: 10 },
  low: { pulses: [0, 0.35], pitch: 392, last: 0.22, every: 30 },
};
let penSound = null;
let penTonePriority = '';
let penToneTimer = 0;

function penPulse(pitch, at, last) {
  const tone = penSound.createOscillator();
  tone.setPeriodicWave(penSound.createPeriodicWave(
    new Float32Array(6), new Float32Array([0, 1, 0.6, 0.45, 0.35, 0.25])));
  tone.frequency.value = pitch;
  const loud = penSound.createGain();
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(0.5, at + 0.02);
  loud.gain.setValueAtTime(0.5, at + last - 0.03);
  loud.gain.linearRampToValueAtTime(0, at + last);
  tone.connect(loud).connect(penSound.destination);
  tone.start(at);
  tone.stop(at + last);
}

function penBurst() {
  clearTimeout(penToneTimer);
  const tone = penTones[penTonePriority];
  if (!tone) return;
  if (penSound && penSound.state === 'running') {
    for (const at of tone.pulses) penPulse(tone.pitch, penSound.currentTime + 0.02 + at, tone.last);
  }
  penToneTimer = setTimeout(penBurst, tone.every * 1000);
}

// Sound `priority` until told otherwise; '' is silence.
function penTone(priority) {
  if (priority === penTonePriority) return;
  penTonePriority = priority;
  document.documentElement.dataset.penTone = priority;
  penBurst();
}

// A browser gives no sound before somebody has touched the page.
function penWakeSound() {
  penSound ||= new AudioContext();
  penSound.resume().then(() => {
    const { dataset } = document.documentElement;
    if (dataset.penSound !== penSound.state) dataset.penSound = penSound.state;
    if (penTonePriority) penBurst();
  });
}
const AFTER_MS = 150; // the time of a key or a press itself belongs to STOP
for (const kind of ['pointerdown', 'keydown']) {
  document.addEventListener(kind, () => {
    if (!penSound || penSound.state !== 'running') setTimeout(penWakeSound, AFTER_MS);
  }, true);
}

// Somebody is there: the program locks its pages when nobody is.
let penTouchedAt = 0;
for (const kind of ['pointerdown', 'keydown', 'wheel']) {
  document.addEventListener(kind, () => {
    if (performance.now() - penTouchedAt < 2000 || !window.socket) return;
    penTouchedAt = performance.now();
    setTimeout(emitEvent, AFTER_MS, 'pen-touch');
  }, { capture: true, passive: true });
}
