// Depth and rate over the last half minute. Receives only new samples: [t_s, depth_mm, rate_hz].
export default {
  template: '<div class="pen-traces" role="img" :aria-label="label"></div>',
  props: { label: String, depth: String, rate: String, window: { default: 30 } },
  mounted() {
    const ink = () => getComputedStyle(document.body).getPropertyValue('--ink') || '#000';
    this.data = [[], [], []];
    const axis = (scale, side, label) => ({ scale, side, label, stroke: ink, size: 56, grid: { stroke: '#8885' } });
    this.plot = new uPlot({
      width: this.$el.clientWidth || 640, height: 190, legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, depth: { range: (_, __, high) => [0, Math.max(1, high * 1.15)] },
        rate: { range: (_, __, high) => [0, Math.max(100, high * 1.15)] } },
      axes: [{ stroke: ink, grid: { stroke: '#8885' }, values: (_, ticks) => ticks.map((t) => t + ' s') },
        axis('depth', 3, this.depth), axis('rate', 1, this.rate)],
      series: [{}, { scale: 'depth', stroke: '#1d8a80', width: 3, points: { show: false } },
        { scale: 'rate', stroke: '#a85b00', width: 2, dash: [6, 3], points: { show: false } }],
    }, this.data, this.$el);
    this.sizes = new ResizeObserver(() => this.plot.setSize({ width: this.$el.clientWidth, height: 190 }));
    this.sizes.observe(this.$el);
    this.due = false;
  },
  unmounted() { this.sizes.disconnect(); this.plot.destroy(); },
  methods: {
    push(samples) {
      for (const sample of samples) sample.forEach((value, i) => this.data[i].push(value));
      const times = this.data[0];
      let old = 0;
      while (old < times.length && times[old] < times[times.length - 1] - this.window) old += 1;
      if (old) this.data.forEach((row) => row.splice(0, old));
      if (this.due) return;
      this.due = true;
      requestAnimationFrame(() => { this.due = false; this.plot.setData(this.data); });
    },
  },
};
