// Lines over the same x.

class Panel extends Axes {
  xLimits() {
    const { x } = this.panel;
    return [x[0], x[x.length - 1]];
  }

  wholeX() {
    return this.panel.x.every(Number.isInteger);
  }

  // The reference lines.
  fixed(across, right) {
    return this.panel.marks.flatMap(([label, y]) => [
      svg("line", { class: "rx-mark", ...across(this.yAt(y)) }),
      svg("text", { class: "rx-mark-label", x: right - 4, y: this.yAt(y) - 7, ...END }, [label]),
    ]);
  }

  layout() {
    super.layout();
    if (this.width === 0) return;
    this.x = this.panel.x.map((value) => this.xAt(value));
    const spacing = (this.x[this.x.length - 1] - this.x[0]) / Math.max(1, this.x.length - 1);
    this.every = Math.max(1, Math.ceil(MARKER_GAP / (spacing || MARKER_GAP)));
  }

  // Move the lines to where the sliders stand: the only work of a slider move.
  draw(index) {
    this.index = index;
    if (this.width === 0) return;
    const points = this.x.length;
    for (const [k, line] of this.lines.entries()) {
      const start = startOf(line, index);
      const y = [];
      for (let i = 0; i < points; i++) y.push(this.yAt(this.series[start + i]));
      const first = Math.floor((k * this.every) / this.lines.length); // markers take turns
      this.write(line, this.x, y, this.every, first);
    }
  }

  // The last value of each line, in words.
  summary() {
    const { title, x, xLabel, log, lines } = this.panel;
    const last = x.length - 1;
    const values = lines.map((line) => {
      const { name } = line;
      const value = this.series[startOf(line, this.index) + last];
      if (value !== value) return `${name} undefined`;
      return `${name} ${log ? powerText(value) : signed(value.toPrecision(3))}`;
    });
    return `${title}, at ${xLabel} ${x[last]}: ${values.join(", ")}.`;
  }
}
