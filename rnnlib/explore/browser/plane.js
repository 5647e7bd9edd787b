// Points and curves with an x of their own.

class Plane extends Axes {
  xLimits() {
    return this.panel.xLimits;
  }

  wholeX() {
    return false;
  }

  legend() {
    const outlines = this.panel.outlines.map(([label]) => {
      const key = svg("svg", { width: 60, height: 16, "aria-hidden": "true" });
      key.append(svg("path", { class: "rx-outline", d: "M2 8H58" }));
      return html("li", {}, [key, label]);
    });
    return [...super.legend(), ...outlines];
  }

  fixed() {
    return this.panel.outlines.map(([, x, y]) => {
      const points = x.map((value, i) => `${this.xAt(value)} ${this.yAt(y[i])}`);
      return svg("path", { class: "rx-outline", d: `M${points.join("L")}` });
    });
  }

  draw(cell) {
    this.cell = cell;
    if (this.width === 0) return;
    for (const line of this.lines) {
      const [x, y] = [[], []];
      for (let i = 0; i < line.points; i++) {
        x.push(this.xAt(this.series[line.offset + cell * line.points + i]));
        y.push(this.yAt(this.series[line.offsetY + cell * line.points + i]));
      }
      this.write(line, x, y);
    }
  }

  // Where the first of the points stand, and where a curve ends, in words.
  summary() {
    const { title, log, lines } = this.panel;
    const number = (value) => signed(value.toPrecision(3));
    const values = lines.map(({ name, kind, points, offset, offsetY }) => {
      const places = [];
      for (let i = 0; i < points; i++) {
        const x = this.series[offset + this.cell * points + i];
        const y = this.series[offsetY + this.cell * points + i];
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
