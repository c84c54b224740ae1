// Depth, planned depth and rate over the last half minute, drawn beside the page and not in it: a
// browser lets every message to a page wait until the frame after a key has been drawn, and a page
// that draws sixty times a second always owes one. So STOP's answer would wait for the traces.
// The samples come on a line of their own: at first what the chart shows, then only new ones, as
// integers of the pen's units (`trace_line.py` packs them).
'use strict';

// What uPlot asks of a page, as far as it draws: parts that take everything and do nothing.
class Part {
  constructor() {
    this.style = {};
    this.classList = { contains: () => false, add() {}, remove() {}, toggle() {} };
    this.firstChild = null;
  }
  appendChild(part) { return part; }
  insertBefore(part) { return part; }
  remove() {}
  setAttribute() {}
  addEventListener() {}
  removeEventListener() {}
  getBoundingClientRect() { return { left: 0, top: 0, width: 0, height: 0 }; }
}
let canvas = null; // the page's
self.window = self;
self.HTMLElement = Part;
self.matchMedia = () => new Part();
self.document = { createElement: (tag) => (tag === 'canvas' ? canvas : new Part()), body: new Part() };

const SAMPLE_BYTES = 10;
const AGAIN_MS = 500;
const SPAN_S = 30;
const LATE_S = 1;
const data = [[], [], [], []];
let plot = null;
let colours = {};
let due = false;
let drawn = 0; // times, for who measures it

function axis(scale, side, label, colour, format) {
  return { scale, side, label, stroke: () => colours[colour], size: 46, labelSize: 18,
    font: '13px system-ui', labelFont: '600 13px system-ui', values: (_, ticks) => ticks.map(format),
    grid: { stroke: '#8884', show: side === 3 } };
}

function begin(told) {
  canvas = Object.assign(told.canvas, { style: {}, classList: new Part().classList, remove() {}, setAttribute() {} });
  self.devicePixelRatio = told.ratio;
  importScripts('/pen-static/uplot/uPlot.iife.min.js'); // it looks at the ratio at once
  colours = told.colours;
  const figures = new Intl.NumberFormat(told.language).format;
  plot = new uPlot({
    ...told.size, legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false }, depth: { range: (_, __, high) => [0, Math.max(0.5, high * 1.15)] },
      rate: { range: (_, __, high) => [0, Math.max(100, high * 1.15)] } },
    axes: [{ stroke: () => colours.quiet, size: 26, font: '13px system-ui', grid: { show: false },
      values: (_, ticks) => ticks.map((t) => `${t} s`) },
      axis('depth', 3, told.depth, 'depth', figures), axis('rate', 1, told.rate, 'rate', figures)],
    // Thick and thin, as the axes say: without a graphics card a dashed curve takes twice the time.
    series: [{}, { scale: 'depth', stroke: () => colours.depth, width: 3, points: { show: false } },
      { scale: 'depth', stroke: () => colours.ink, width: 1, dash: [2, 4], points: { show: false } },
      { scale: 'rate', stroke: () => colours.rate, width: 1, points: { show: false } }],
  }, data);
  open(told.line);
}

function open(line) {
  data.forEach((row) => { row.length = 0; });
  const socket = new WebSocket(line);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = (message) => take(new DataView(message.data));
  socket.onclose = () => setTimeout(open, AGAIN_MS, line);
}

function take(samples) {
  const [at, depth, set, rate] = data;
  for (let i = 0; i < samples.byteLength; i += SAMPLE_BYTES) {
    const t = samples.getUint32(i, true) / 1000;
    const before = at[at.length - 1];
    if (t <= before && t > before - LATE_S) continue; // an answer that overtook a reading
    at.push(t);
    depth.push(samples.getInt16(i + 4, true) / 1000);
    set.push(samples.getUint16(i + 6, true) / 1000);
    rate.push(samples.getUint16(i + 8, true) / 100);
  }
  const last = at[at.length - 1];
  let old = 0; // older than the chart, or of before the pen's start
  while (old < at.length && (at[old] < last - SPAN_S || at[old] > last)) old += 1;
  if (old > 100 || at[0] > last) data.forEach((row) => row.splice(0, old));
  draw();
}

function draw() {
  if (due) return; // at most once a frame
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawn += 1;
    const last = data[0][data[0].length - 1] ?? 0;
    plot.setData(data, false);
    plot.setScale('x', { min: Math.max(0, last - SPAN_S), max: Math.max(last, 1) });
  });
}

const orders = {
  begin,
  size: ({ size }) => plot.setSize(size),
  colours: (told) => { colours = told.colours; plot.redraw(false, true); },
};
onmessage = ({ data: told }) => orders[told.order](told);
