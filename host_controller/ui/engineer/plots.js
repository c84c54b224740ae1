// Telemetry as five plots over one time axis. Receives only new samples, in the pen's integers:
// [t_ms, depth_um, depth_set_um, rate_chz, rate_set_chz, current_ma, supply_mv, temperature_cdeg, state].
// Cursor, pause, span, zoom and the figures of what is visible are the browser's own work.
const KEPT_S = 120; // as long as the program keeps readings
const REPLAY_S = 3600;
const GAP_MS = 1000; // a longer silence is drawn as one
const LATE_MS = 1000;
const RESTART_MS = 500; // how wide a start of the pen is drawn
const WRAP_MS = 2 ** 30;
const FIGURES_MS = 250;
const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim() || '#888';
const ROW = 9; // of a sample; behind it the pen's own clock is kept for the readout
const COLUMNS = ROW + 1;

export default {
  template: `
    <div class="eng-plots" :class="{ 'eng-is-replay': replay }" role="group" :aria-label="texts.plots"
         tabindex="0" ref="root" @keydown="key">
      <div class="eng-readout-time" ref="time"></div>
      <div v-for="panel in panels" :key="panel.key" class="eng-panel">
        <div class="eng-canvas" :ref="'canvas-' + panel.key" role="img" :aria-label="panel.label"></div>
        <div class="eng-readout">
          <div class="eng-name">{{ panel.label }}<span v-if="panel.set"> ┄ {{ texts.set }}</span></div>
          <div class="eng-now"><span :ref="'now-' + panel.key">–</span> <span class="eng-unit">{{ panel.unit }}</span></div>
          <div class="eng-figures" :ref="'figures-' + panel.key"></div>
        </div>
      </div>
    </div>`,
  props: { panels: Array, texts: Object, states: Array },
  data: () => ({ replay: '' }),
  mounted() {
    this.columns = Array.from({ length: COLUMNS }, () => []);
    this.view = this.columns;
    this.span = 30;
    this.paused = false;
    this.due = false;
    this.offset = 0;
    this.lastMs = null;
    this.figuresAt = 0;
    this.plots = this.panels.map((panel, index) => this.plot(panel, index));
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.$refs.root);
    this.onResize = () => this.fit();
    window.addEventListener('resize', this.onResize);
    this.themes = new MutationObserver(() => this.plots.forEach((plot) => plot.redraw(false, true)));
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.onShown = () => this.$emit('shown', { visible: !document.hidden });
    document.addEventListener('visibilitychange', this.onShown);
    this.fit();
    // Said again until it was heard: what is sent while the connection comes back is lost.
    this.greeting = setInterval(() => this.$emit('ready', {}), 700);
    this.$emit('ready', {});
  },
  beforeUnmount() { this.gone = true; clearInterval(this.greeting); },
  unmounted() {
    this.sizes.disconnect();
    this.themes.disconnect();
    window.removeEventListener('resize', this.onResize);
    document.removeEventListener('visibilitychange', this.onShown);
    this.plots.forEach((plot) => plot.destroy());
  },
  methods: {
    marked(figures) { return figures.replace('.', this.texts.mark); }, // of the language
    fixed(value, decimals) { return this.marked(value.toFixed(decimals)); },
    box(panel) { const found = this.$refs['canvas-' + panel.key]; return Array.isArray(found) ? found[0] : found; },
    slot(name) { const found = this.$refs[name]; return Array.isArray(found) ? found[0] : found; },
    plot(panel, index) {
      const last = index === this.panels.length - 1;
      const stroke = () => css('--ink');
      const grid = { stroke: () => css('--line'), width: 0.5 };
      const series = [{}];
      if (panel.set) series.push({ stroke: () => css('--quiet'), width: 1.5, dash: [5, 4], points: { show: false } });
      series.push({ stroke: () => css(panel.colour), width: 2, points: { show: false } });
      return new uPlot({
        width: 600, height: 100, legend: { show: false }, padding: [6, 8, last ? 0 : 4, 0],
        cursor: { sync: { key: 'pen-telemetry', scales: ['x', null] }, drag: { x: true, y: false }, y: false,
          points: { size: 7 } },
        scales: { x: { time: false }, y: { range: (_, low, high) => this.range(panel, low, high) } },
        axes: [{ stroke, grid, size: last ? 26 : 0, splits: (u, _, min, max, step) => this.splits(min, max, step), values: (_, ticks) => (last ? ticks.map((t) => this.clock(t)) : ticks.map(() => '')), font: '12px system-ui', ticks: { show: last } },
          { stroke, grid, size: 62, font: '12px system-ui', space: 22, values: (_, ticks) => ticks.map((v) => this.fixed(v, panel.ticks)) }],
        series,
        hooks: {
          setSelect: [(u) => { if (u.select.width > 2 && !this.paused) this.hold(true); }],
          setScale: [(u, scale) => { if (scale === 'x' && this.paused) this.figures(true); }],
          setCursor: [(u) => { if (u === this.plots?.[0]) this.readout(u.cursor.idx); }],
        },
      }, this.rows(panel), this.box(panel));
    },
    range(panel, low, high) {
      if (low === null || low === undefined) return panel.least;
      const room = Math.max((high - low) * 0.08, panel.room);
      return [Math.min(low - room, panel.least[0] ?? low), Math.max(high + room, panel.least[1] ?? high)];
    },
    anchor() { return (this.replay ? this.view[0][0] : this.view[0][this.view[0].length - 1]) ?? 0; },
    splits(min, max, step) { // even numbers of seconds from the newest, or from a replay's beginning
      const from = this.anchor();
      const first = Math.ceil((min - from) / step - 1e-9);
      const count = Math.floor((max - from) / step + 1e-9) - first + 1;
      return Array.from({ length: Math.max(0, count) }, (_, i) => from + (first + i) * step);
    },
    clock(t) { // seconds before the newest; of a replay, since its beginning
      if (!this.replay) {
        const ago = t - this.anchor();
        return Math.abs(ago) < 0.0005 ? '0' : `${ago < 0 ? '−' : '+'}${this.marked(String(Number(Math.abs(ago).toFixed(1))))} s`;
      }
      const since = t - this.anchor();
      const minutes = Math.floor(since / 60);
      return `${minutes}:${this.fixed(since - minutes * 60, 1).padStart(4, '0')}`;
    },
    rows(panel) {
      const scaled = (column) => this.view[column].map((v) => (v === null ? null : v / panel.scale));
      return [this.view[0], ...(panel.set ? [scaled(panel.set)] : []), scaled(panel.column)];
    },
    fit() {
      const last = this.panels.length - 1;
      const top = this.$refs.root.getBoundingClientRect().top + window.scrollY;
      const footer = document.querySelector('footer')?.offsetHeight ?? 0;
      const room = (window.innerHeight - top - footer - 66) / this.panels.length;
      const height = Math.round(Math.max(60, Math.min(170, room)));
      this.top = top;
      this.plots.forEach((plot, i) => plot.setSize({
        width: Math.max(200, this.box(this.panels[i]).clientWidth), height: height + (i === last ? 22 : 0) }));
    },
    push(rows) {
      const kept = this.columns;
      for (const row of rows) {
        const step = this.lastMs === null ? 0 : row[0] - this.lastMs;
        if (step < 0 && step > -LATE_MS) continue; // an answer that overtook a reading
        // The pen's clock wraps, and begins anew with the pen; the axis goes on.
        if (step < 0) this.offset += this.lastMs + (step < -WRAP_MS / 2 ? WRAP_MS - this.lastMs : RESTART_MS);
        const at = (row[0] + this.offset) / 1000;
        if (this.lastMs !== null && (step > GAP_MS || step < 0)) {
          kept[0].push(at - 0.001);
          for (let i = 1; i < COLUMNS; i += 1) kept[i].push(null);
        }
        this.lastMs = row[0];
        kept[0].push(at);
        for (let i = 1; i < ROW; i += 1) kept[i].push(row[i]);
        kept[ROW].push(row[0]);
      }
      const times = kept[0];
      let old = 0;
      while (old < times.length && times[old] < times[times.length - 1] - this.keep()) old += 1;
      if (old > 250) kept.forEach((column) => column.splice(0, old));
      if (!this.paused) this.draw();
    },
    greeted() { clearInterval(this.greeting); },
    keep() { return this.replay ? REPLAY_S : KEPT_S; },
    from(end) { return this.span ? end - this.span : this.view[0][0] ?? end - 1; }, // span 0: all there is
    clear() {
      this.columns = Array.from({ length: COLUMNS }, () => []);
      if (!this.paused) this.view = this.columns;
      this.offset = 0;
      this.lastMs = null;
      this.draw();
    },
    setReplay(name) { this.replay = name; this.hold(false); this.clear(); this.$nextTick(() => this.fit()); },
    setSpan(seconds) {
      this.span = seconds;
      if (this.paused) this.zoom(this.view[0][this.view[0].length - 1] ?? 0);
      this.draw();
    },
    hold(paused) { // also by dragging: what is looked at does not run away
      if (this.paused === paused) return;
      this.paused = paused;
      this.view = paused ? this.columns.map((column) => column.slice()) : this.columns;
      this.$emit('paused', { paused });
      if (paused) this.plots.forEach((plot, i) => plot.setData(this.rows(this.panels[i]), false));
      this.draw();
    },
    zoom(end) { this.plots.forEach((plot) => plot.setScale('x', { min: this.from(end), max: end })); },
    draw() {
      if (this.due || document.hidden) return;
      this.due = true;
      requestAnimationFrame(() => {
        this.due = false;
        if (this.gone) return;
        if (!this.paused) {
          const end = this.view[0][this.view[0].length - 1] ?? (this.span || 1);
          this.plots.forEach((plot, i) => plot.batch(() => {
            plot.setData(this.rows(this.panels[i]), false);
            plot.setScale('x', { min: this.from(end), max: end });
          }));
        }
        if (this.plots[0].cursor.idx === null || this.plots[0].cursor.left < 0) this.readout(null);
        this.figures(false);
      });
    },
    readout(idx) {
      const times = this.view[0];
      const at = idx ?? times.length - 1;
      const known = at >= 0 && at < times.length && this.view[8][at] !== null;
      const where = idx === null || idx === undefined ? this.texts.newest : this.texts.cursor;
      this.$refs.time.textContent = known
        ? `${where} ${this.fixed(this.view[ROW][at] / 1000, 2)} s · ${this.states[this.view[8][at]] ?? ''}` : this.texts.nothing;
      for (const panel of this.panels) {
        const text = known ? this.fixed(this.view[panel.column][at] / panel.scale, panel.decimals) : '–';
        const set = known && panel.set ? ` ┄ ${this.fixed(this.view[panel.set][at] / panel.scale, panel.decimals)}` : '';
        this.slot('now-' + panel.key).textContent = text + set;
      }
    },
    figures(at_once) { // of what is visible, a few times a second
      const now = performance.now();
      if (!at_once && now - this.figuresAt < FIGURES_MS) return;
      this.figuresAt = now;
      if (Math.abs(this.$refs.root.getBoundingClientRect().top + window.scrollY - this.top) > 4) this.fit();
      const scale = this.plots[0].scales.x;
      for (const panel of this.panels) {
        const column = this.view[panel.column];
        let count = 0; let sum = 0; let squares = 0; let low = Infinity; let high = -Infinity;
        let first = null;
        for (let i = this.view[0].length - 1; i >= 0 && this.view[0][i] >= scale.min; i -= 1) {
          const value = column[i];
          if (value === null || this.view[0][i] > scale.max) continue;
          first ??= value;
          const off = value - first; // differences: squares of large numbers lose their last digits
          count += 1; sum += off; squares += off * off;
          low = Math.min(low, value); high = Math.max(high, value);
        }
        const say = (value) => this.fixed(value / panel.scale, panel.decimals);
        const mean = count ? sum / count : 0;
        const sigma = count > 1 ? Math.sqrt(Math.max(0, (squares - sum * mean) / (count - 1))) : 0;
        this.slot('figures-' + panel.key).textContent = count
          ? `${this.texts.least} ${say(low)} · ${this.texts.most} ${say(high)}\n${this.texts.mean} ${say(first + mean)} · σ ${say(sigma)} · n ${count}` : '';
      }
    },
    key(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] * (event.shiftKey ? 25 : 1);
      if (!step) return;
      event.preventDefault();
      if (!this.paused) this.hold(true);
      const plot = this.plots[0];
      const scale = plot.scales.x;
      const last = this.view[0].length - 1;
      const from = plot.cursor.idx ?? last;
      const at = Math.max(0, Math.min(last, from + step));
      const left = plot.valToPos(Math.max(scale.min, Math.min(scale.max, this.view[0][at])), 'x');
      this.plots.forEach((each) => each.setCursor({ left, top: 10 }));
    },
    extent() { // what is on the screen, for the export: of how many samples the first and how many
      const scale = this.plots[0].scales.x;
      const known = this.view[8].map((state) => state !== null);
      let count = 0; let after = 0;
      this.view[0].forEach((t, i) => {
        if (!known[i]) return;
        if (t < scale.min) return;
        if (t > scale.max) after += 1; else count += 1;
      });
      return [count, after];
    },
  },
};
