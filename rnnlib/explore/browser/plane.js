// Points and curves with an x of their own.

class Plane extends Axes {
  xLimits() {
    return this.panel.xLimits;
  }

  wholeX() {
    return false;
  }

  legend() {
    const outlines = this.panel.outlines.map(([label], number) => {
      const key = svg("svg", { width: 60, height: 16, "aria-hidden": "true" });
      key.append(svg("path", { ...outlineLook(number), d: "M2 8H58" }));
      return html("li", {}, [key, label]);
    });
    return [...super.legend(), ...outlines];
  }

  fixed() {
    return this.panel.outlines.map(([, x, y], number) => {
      const points = x.map((value, i) => `${this.xAt(value)} ${this.yAt(y[i])}`);
      return svg("path", { ...outlineLook(number), d: `M${points.join("L")}` });
    });
  }

  draw(index) {
    this.index = index;
    if (this.width === 0) return;
    for (const line of this.lines) {
      const [x, y] = this.of(line);
      this.write(
        line,
        Array.from(x, (value) => this.xAt(value)),
        Array.from(y, (value) => this.yAt(value)),
      );
    }
  }

  // The x and the y of a line where the sliders stand.
  of({ offset, offsetY, steps, points }) {
    return [offset, offsetY].map((at) => {
      const start = startOf({ offset: at, steps }, this.index);
      return this.series.subarray(start, start + points);
    });
  }

  // Where the first of the points stand, and where a curve ends, in words.
  summary() {
    const { title, log, lines } = this.panel;
    const number = (value) => signed(value.toPrecision(3));
    const values = lines.map((line) => {
      const { name, kind } = line;
      const [xs, ys] = this.of(line);
      const places = [];
      for (let i = 0; i < xs.length; i++) {
        const [x, y] = [xs[i], ys[i]];
        if (x === x && y === y) places.push([x, log ? powerText(y) : number(y)]);
      }
      if (places.length === 0) return `${name} nowhere`;
      const told = kind === "curve" ? places.slice(-1) : places.slice(0, 3);
      const ends = kind === "curve" ? "ends at" : "at";
      return `${name} ${ends} ${told.map(([x, y]) => `(${number(x)}, ${y})`).join(", ")}`;
    });
    return `${title}: ${values.join("; ")}.`;
  }
}
