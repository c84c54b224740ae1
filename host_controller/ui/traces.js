// The place of the live traces. They are drawn by `trace_worker.js`, which owns their samples; the
// page only tells it how large the place is and in which colours.
export default {
  template: '<div class="pen-traces" role="img" :aria-label="label"><canvas ref="canvas"></canvas></div>',
  props: { path: String, label: String, depth: String, rate: String, language: String },
  mounted() {
    const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim() || '#888';
    const place = this.$refs.canvas;
    const size = () => ({ width: place.clientWidth || 640, height: place.clientHeight || 120 });
    const colours = () => ({ quiet: css('--quiet'), ink: css('--ink'), depth: css('--trace-depth'), rate: css('--trace-rate') });
    const canvas = place.transferControlToOffscreen();
    this.worker = new Worker('/pen-static/trace_worker.js');
    this.worker.postMessage({ order: 'begin', canvas, line: `ws://${location.host}${this.path}`,
      size: size(), ratio: devicePixelRatio, colours: colours(), language: this.language,
      depth: this.depth, rate: this.rate }, [canvas]);
    this.sizes = new ResizeObserver(() => this.worker.postMessage({ order: 'size', size: size() }));
    this.sizes.observe(this.$el);
    const isDark = () => document.body.classList.contains('body--dark');
    let dark = isDark();
    this.themes = new MutationObserver(() => {
      if (isDark() === dark) return; // asking for colours lays out the page
      dark = isDark();
      this.worker.postMessage({ order: 'colours', colours: colours() });
    });
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  },
  unmounted() {
    this.sizes.disconnect();
    this.themes.disconnect();
    this.worker.terminate();
  },
};
