// A pair of axes: what a panel of lines and a plane of points have in common.

const MIDDLE = { "text-anchor": "middle" };
const END = { "text-anchor": "end" };

class Axes {
  // `series` holds all numbers; each of panel.lines says where its own begin.
  constructor(panel, series, clipId) {
    this.panel = panel;
    this.series = series;
    this.index = [];
    this.width = 0;
    this.tall = false;
    this.clip = svg("rect");
    this.axes = svg("g");
    this.lines = panel.lines.map((line) => {
      const { marker, dash } = LOOKS[line.look];
      const style = `--line: var(--line-${line.look})`;
      const kind = line.kind === "points" ? "rx-places" : "rx-line";
      return {
        ...line,
        marker,
        path: svg("path", { class: kind, style, "stroke-dasharray": dash, "data-line": line.name }),
        markers: svg("path", { class: markersClass(line.kind), style }),
      };
    });
    this.svg = svg("svg", {}, [
      svg("clipPath", { id: clipId }, [this.clip]),
      this.axes,
      svg(
        "g",
        { "clip-path": `url(#${clipId})` },
        this.lines.flatMap((line) => [line.path, line.markers]),
      ),
    ]);
    this.element = html("div", { class: "rx-panel" }, [
      html("div", { class: "rx-title" }, [panel.title]),
      html("ul", { class: "rx-legend" }, this.legend()),
      this.svg,
    ]);
  }

  legend() {
    return this.panel.lines.map(({ name, look, kind }) => legendEntry(name, look, kind));
  }

  // Place everything that a slider does not move. Does nothing while the panel is hidden.
  layout() {
    const width = Math.floor(this.element.clientWidth);
    if (width === 0 || width === this.width) return;
    this.width = width;
    const { xLabel, yLabel, log } = this.panel;
    let [xLimits, yLimits] = [this.xLimits(), this.panel.yLimits];
    const height = Math.round(Math.min(400, Math.max(270, (this.tall ? 0.9 : 0.64) * width)));
    const [top, bottom] = [38, height - 56];
    const rows = (bottom - top) / (log ? 30 : 38); // a tick every 30 or 38 px
    const yTicksOf = (limits) => (log ? logTicks : linearTicks)(...limits, rows);
    let yTicks = yTicksOf(yLimits);
    const left = 16 + 9 * Math.max(...yTicks.map((tick) => tick.text.length));
    const right = width - 6;
    const inner = right - left - 2 * EDGE;
    if (this.panel.equal) {
      [xLimits, yLimits] = stretched(xLimits, yLimits, inner, bottom - top);
      yTicks = yTicksOf(yLimits);
    }
    this.low = [xLimits[0], yLimits[0]];
    this.left = left + EDGE;
    this.bottom = bottom;
    this.xScale = inner / (xLimits[1] - xLimits[0] || 1);
    this.yScale = (bottom - top) / (yLimits[1] - yLimits[0]);

    set(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    set(this.clip, { x: left, y: top - 6, width: right - left, height: bottom - top + 12 });
    // Where the limits of the axes lie in pixels, for whoever reads values back from the paths.
    this.svg.dataset.x = JSON.stringify(xLimits.map((value) => [value, this.xAt(value)]));
    this.svg.dataset.y = JSON.stringify(yLimits.map((value) => [value, this.yAt(value)]));

    const across = (y) => ({ x1: left, x2: right, y1: y, y2: y });
    const xTicks = linearTicks(...xLimits, inner / 85, this.wholeX());
    this.axes.replaceChildren(
      svg("text", { class: "rx-axis-label", x: 0, y: 17 }, [yLabel]),
      svg("text", { class: "rx-axis-label", x: (left + right) / 2, y: height - 8, ...MIDDLE }, [
        xLabel,
      ]),
      ...yTicks.flatMap(({ at, text }) => [
        svg("line", { class: at === 0 && !log ? "rx-zero" : "rx-grid", ...across(this.yAt(at)) }),
        svg("text", { x: left - 8, y: this.yAt(at) + 5, ...END }, [text]),
      ]),
      svg("line", { class: "rx-axis", ...across(bottom) }),
      ...xTicks.flatMap(({ at, text }) => [
        svg("line", {
          class: "rx-axis",
          x1: this.xAt(at),
          x2: this.xAt(at),
          y1: bottom,
          y2: bottom + 6,
        }),
        svg("text", { x: this.xAt(at), y: bottom + 23, ...MIDDLE }, [text]),
      ]),
      ...this.fixed(across, right),
    );
  }

  xAt(value) {
    return round(this.left + (value - this.low[0]) * this.xScale);
  }

  yAt(value) {
    const y = this.bottom - (value - this.low[1]) * this.yScale;
    return round(Math.min(1e4, Math.max(-1e4, y)));
  }

  // Rewrite one line from its points in pixels, of which some may be NaN: a gap. A point alone is
  // a line of no length, which still shows.
  write(line, x, y, every = 1, first = 0) {
    let d = "";
    let dots = "";
    let pen = "M";
    for (let i = 0; i < x.length; i++) {
      if (x[i] !== x[i] || y[i] !== y[i]) {
        pen = "M";
        continue;
      }
      d += pen === "M" ? `M${x[i]} ${y[i]}h0` : `L${x[i]} ${y[i]}`;
      pen = line.kind === "points" ? "M" : "L";
      if (i % every === first) dots += line.marker(x[i], y[i]);
    }
    line.path.setAttribute("d", d);
    if (line.kind !== "curve") line.markers.setAttribute("d", dots);
  }
}

// Limits that are wider where there is room, so that one unit is as long in x as in y.
function stretched(xLimits, yLimits, width, height) {
  const scale = Math.min(width / (xLimits[1] - xLimits[0]), height / (yLimits[1] - yLimits[0]));
  return [
    [xLimits, width],
    [yLimits, height],
  ].map(([[low, high], pixels]) => {
    const more = (pixels / scale - (high - low)) / 2;
    return [low - more, high + more];
  });
}
