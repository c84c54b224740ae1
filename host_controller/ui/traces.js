// Depth, planned depth and rate over the last half minute. Receives only new samples, as integers
// of the pen's units one after the other: t_ms, depth_um, depth_set_um, rate_chz. Drawn at most once
// a frame.
export default {
  template: '<div class="pen-traces" role="img" :aria-label="label"></div>',
  props: { label: String, depth: String, rate: String, window: { default: 30 } },
  mounted() {
    const css = (name) => () => getComputedStyle(document.body).getPropertyValue(name) || '#000';
    const size = () => ({ width: (this.$el.clientWidth || 648) - 8, height: (this.$el.clientHeight || 128) - 8 });
    this.data = [[], [], [], []];
    const axis = (scale, side, label, stroke) => ({ scale, side, label, stroke, size: 46, labelSize: 18,
      font: '13px system-ui', labelFont: '600 13px system-ui', grid: { stroke: '#8884', show: side === 3 } });
    this.plot = new uPlot({
      ...size(), legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, depth: { range: (_, __, high) => [0, Math.max(0.5, high * 1.15)] },
        rate: { range: (_, __, high) => [0, Math.max(100, high * 1.15)] } },
      axes: [{ stroke: css('--quiet'), size: 26, font: '13px system-ui', grid: { show: false },
        values: (_, ticks) => ticks.map((t) => t + ' s') },
        axis('depth', 3, this.depth, css('--trace-depth')), axis('rate', 1, this.rate, css('--trace-rate'))],
      series: [{}, { scale: 'depth', stroke: css('--trace-depth'), width: 3, points: { show: false } },
        { scale: 'depth', stroke: css('--ink'), width: 1, dash: [2, 4], points: { show: false } },
        { scale: 'rate', stroke: css('--trace-rate'), width: 2, dash: [6, 3], points: { show: false } }],
    }, this.data, this.$el);
    this.sizes = new ResizeObserver(() => this.plot.setSize(size()));
    this.sizes.observe(this.$el);
    this.due = false;
  },
  unmounted() { this.sizes.disconnect(); this.plot.destroy(); },
  methods: {
    push(samples) {
      const units = [1000, 1000, 1000, 100];
      for (let i = 0; i < samples.length; i += 1) this.data[i % 4].push(samples[i] / units[i % 4]);
      const times = this.data[0];
      const last = times[times.length - 1];
      let old = 0;
      while (old < times.length && (times[old] < last - this.window || times[old] > last)) old += 1;
      if (old > 100 || times[0] > last) this.data.forEach((row) => row.splice(0, old));
      if (this.due) return;
      this.due = true;
      requestAnimationFrame(() => {
        this.due = false;
        this.plot.setData(this.data, false);
        this.plot.setScale('x', { min: Math.max(0, last - this.window), max: last });
      });
    },
  },
};
