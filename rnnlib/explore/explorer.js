// Draws the panels of rnnlib.explore.Explorer and moves their lines.
//
// The model carries `_spec` (what there is to draw), `_data` (float32: each line's grid of values,
// one line after the other, log10 already taken where the axis is logarithmic) and `index` (where
// the sliders stand). A slider move reads one cell of the grid and rewrites the `d` of paths.

const SVG = "http://www.w3.org/2000/svg";
const SAVE_AFTER = 150; // ms without a move until the kernel is told the position
const READ_AFTER = 600; // ms without a move until a screen reader is told the values
const EDGE = 12; // px between the frame and the first and last point
const MARKER_GAP = 16; // px between two markers, at least

// How the lines differ, besides their colour (--line-0 … --line-5): dashes and marker shapes.
const LOOKS = [
  { dash: "none", marker: (x, y) => `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z` },
  { dash: "10 5", marker: (x, y) => `M${x - 4} ${y - 4}h8v8h-8Z` },
  { dash: "1 6", marker: (x, y) => `M${x} ${y - 5.5}l5.5 9.5h-11Z` },
  { dash: "14 5 1 5", marker: (x, y) => `M${x} ${y - 6}l6 6l-6 6l-6 -6Z` },
  { dash: "5 4", marker: (x, y) => `M${x} ${y + 5.5}l5.5 -9.5h-11Z` },
  { dash: "16 4 1 4 1 4", marker: (x, y) => `M${x - 2} ${y - 5.5}h4v11h-4Z` },
];

export default { render };

function render({ model, el }) {
  const spec = model.get("_spec");
  const series = floats(model.get("_data"));
  const uid = `explorer-${Math.random().toString(36).slice(2, 10)}`;
  let index = [...model.get("index")];
  let saving = 0;
  let reading = 0;

  const panels = spec.panels.map((panel, k) => new Panel(panel, series, `${uid}-clip-${k}`));
  const controls = spec.sliders.map((slider, k) =>
    (slider.choice ? choice : range)(slider, `${uid}-${slider.name}`, (at) => moved(k, at)),
  );
  const readout = html("p", { class: "rx-readout", "aria-live": "polite" });
  const figure = html("figure", { class: "rnnlib-explorer" }, [
    html("div", { class: "rx-controls" }, controls.map((control) => control.element)),
    html(
      "div",
      { class: "rx-panels", role: "img", "aria-label": spec.alt },
      panels.map((panel) => panel.element),
    ),
    html("figcaption", {}, [spec.caption]),
    readout,
  ]);

  function draw() {
    let cell = 0;
    spec.sliders.forEach((slider, k) => (cell = cell * slider.texts.length + index[k]));
    controls.forEach((control, k) => control.show(index[k]));
    for (const panel of panels) panel.draw(cell);
  }

  function moved(k, at) {
    index[k] = at;
    draw();
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_AFTER);
    clearTimeout(reading);
    reading = setTimeout(read, READ_AFTER);
  }

  function save() {
    saving = 0;
    model.set("index", [...index]);
    model.save_changes();
  }

  function read() {
    const at = spec.sliders.map((slider, k) => `${slider.label} ${valueText(slider, index[k])}`);
    readout.textContent = `${at.join(", ")}. ${panels.map((panel) => panel.summary()).join(" ")}`;
  }

  function followModel() {
    if (saving) return; // the student's hand is ahead of the kernel
    index = [...model.get("index")];
    draw();
  }

  // Panels are laid out in real pixels, so that text keeps its size at every width.
  const resized = new ResizeObserver(() => {
    for (const panel of panels) panel.layout();
    draw();
  });
  el.append(figure);
  for (const panel of panels) resized.observe(panel.element);
  model.on("change:index", followModel);

  return () => {
    if (saving) save();
    clearTimeout(saving);
    clearTimeout(reading);
    resized.disconnect();
    model.off("change:index", followModel);
  };
}

// ---- controls ---------------------------------------------------------------------------------

// JupyterLab leaves the arrow keys to an element with this attribute.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

function range(slider, id, moved) {
  const last = slider.texts.length - 1;
  const input = html("input", { id, type: "range", min: 0, max: last, step: 1, ...OWN_KEYS });
  const output = html("output", { for: id, "aria-live": "off" }); // the slider speaks for itself
  input.addEventListener("input", () => moved(input.valueAsNumber));
  return {
    element: html("div", { class: "rx-control" }, [
      html("label", { for: id }, [slider.label]),
      output,
      input,
    ]),
    show(at) {
      const text = valueText(slider, at);
      if (output.textContent === text) return;
      input.valueAsNumber = at;
      input.style.setProperty("--filled", `${(100 * at) / last}%`);
      input.setAttribute("aria-valuetext", text);
      output.textContent = text;
    },
  };
}

function choice(slider, id, moved) {
  const inputs = slider.texts.map((text, k) => {
    const own = { id: `${id}-${k}`, name: id, value: text, ...OWN_KEYS };
    const input = html("input", { type: "radio", ...own });
    input.addEventListener("input", () => moved(k));
    return input;
  });
  const options = slider.texts.map((_, k) =>
    html("label", { for: `${id}-${k}` }, [inputs[k], valueText(slider, k)]),
  );
  return {
    element: html("fieldset", { class: "rx-control" }, [
      html("legend", {}, [slider.label]),
      html("div", { class: "rx-options" }, options),
    ]),
    show: (at) => (inputs[at].checked = true),
  };
}

function valueText(slider, at) {
  const space = /^[°%]?$/.test(slider.unit) ? "" : " ";
  return slider.texts[at] + space + slider.unit;
}

const MIDDLE = { "text-anchor": "middle" };
const END = { "text-anchor": "end" };

// ---- one panel --------------------------------------------------------------------------------

class Panel {
  constructor(panel, series, clipId) {
    this.panel = panel;
    this.series = series;
    this.cell = 0;
    this.width = 0;
    this.clip = svg("rect");
    this.axes = svg("g");
    this.lines = panel.lines.map(({ name, look, offset }) => {
      const style = { class: "rx-line", "data-line": name, style: `--line: var(--line-${look})` };
      return {
        offset,
        marker: LOOKS[look].marker,
        path: svg("path", { ...style, "stroke-dasharray": LOOKS[look].dash }),
        markers: svg("path", { class: "rx-markers", style: style.style }),
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
      html("ul", { class: "rx-legend" }, panel.lines.map(legendEntry)),
      this.svg,
    ]);
  }

  // Place everything that a slider does not move. Does nothing while the panel is hidden.
  layout() {
    const width = Math.floor(this.element.clientWidth);
    if (width === 0 || width === this.width) return;
    this.width = width;
    const { x, xLabel, yLabel, yLimits, log, marks } = this.panel;
    const height = Math.round(Math.min(400, Math.max(270, 0.64 * width)));
    const [top, bottom] = [38, height - 56];
    const rows = (bottom - top) / (log ? 30 : 38); // a tick every 30 or 38 px
    const yTicks = (log ? logTicks : linearTicks)(...yLimits, rows);
    const left = 16 + 9 * Math.max(...yTicks.map((tick) => tick.text.length));
    const right = width - 6;
    const limits = [x[0], x[x.length - 1]];
    const span = limits[1] - limits[0] || 1;
    const inner = right - left - 2 * EDGE;
    const xAt = (value) => round(left + EDGE + ((value - limits[0]) / span) * inner);
    this.y0 = bottom;
    this.yScale = (bottom - top) / (yLimits[1] - yLimits[0]);
    const yAt = (value) => round(this.y0 - (value - yLimits[0]) * this.yScale);

    set(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    set(this.clip, { x: left, y: top - 6, width: right - left, height: bottom - top + 12 });
    // Where the limits of the axes lie in pixels, for whoever reads values back from the paths.
    this.svg.dataset.x = JSON.stringify(limits.map((value) => [value, xAt(value)]));
    this.svg.dataset.y = JSON.stringify(yLimits.map((value) => [value, yAt(value)]));

    this.x = x.map(xAt);
    const spacing = inner / Math.max(1, x.length - 1);
    this.every = Math.max(1, Math.ceil(MARKER_GAP / spacing));

    const across = (y) => ({ x1: left, x2: right, y1: y, y2: y });
    const xTicks = linearTicks(...limits, inner / 85, x.every(Number.isInteger));
    const middle = (left + right) / 2;
    this.axes.replaceChildren(
      svg("text", { class: "rx-axis-label", x: 0, y: 17 }, [yLabel]),
      svg("text", { class: "rx-axis-label", x: middle, y: height - 8, ...MIDDLE }, [xLabel]),
      ...yTicks.flatMap(({ at, text }) => [
        svg("line", { class: at === 0 && !log ? "rx-zero" : "rx-grid", ...across(yAt(at)) }),
        svg("text", { x: left - 8, y: yAt(at) + 5, ...END }, [text]),
      ]),
      svg("line", { class: "rx-axis", ...across(bottom) }),
      ...xTicks.flatMap(({ at, text }) => [
        svg("line", { class: "rx-axis", x1: xAt(at), x2: xAt(at), y1: bottom, y2: bottom + 6 }),
        svg("text", { x: xAt(at), y: bottom + 23, ...MIDDLE }, [text]),
      ]),
      ...marks.flatMap(([label, y]) => [
        svg("line", { class: "rx-mark", ...across(yAt(y)) }),
        svg("text", { class: "rx-mark-label", x: right - 4, y: yAt(y) - 7, ...END }, [label]),
      ]),
    );
  }

  // Move the lines to one cell of the grid: the only work of a slider move.
  draw(cell) {
    this.cell = cell;
    if (this.width === 0) return;
    const { series, x, y0, yScale, every } = this;
    const low = this.panel.yLimits[0];
    for (const [k, { offset, path, markers, marker }] of this.lines.entries()) {
      const start = offset + cell * x.length;
      const first = Math.floor((k * every) / this.lines.length); // thinned markers take turns
      let d = "";
      let dots = "";
      let pen = "M";
      for (let i = 0; i < x.length; i++) {
        const value = series[start + i];
        if (value !== value) {
          pen = "M"; // NaN: a gap
          continue;
        }
        const y = round(Math.min(1e4, Math.max(-1e4, y0 - (value - low) * yScale)));
        d += pen === "M" ? `M${x[i]} ${y}h0` : `L${x[i]} ${y}`; // h0: a point alone still shows
        pen = "L";
        if (i % every === first) dots += marker(x[i], y);
      }
      path.setAttribute("d", d);
      markers.setAttribute("d", dots);
    }
  }

  // The last value of each line, in words.
  summary() {
    const { title, x, xLabel, log, lines } = this.panel;
    const last = x.length - 1;
    const values = lines.map(({ name, offset }) => {
      const value = this.series[offset + this.cell * x.length + last];
      if (value !== value) return `${name} undefined`;
      return `${name} ${log ? powerText(value) : signed(value.toPrecision(3))}`;
    });
    return `${title}, at ${xLabel} ${x[last]}: ${values.join(", ")}.`;
  }
}

function legendEntry({ name, look }) {
  const style = `--line: var(--line-${look})`;
  const key = svg("svg", { width: 60, height: 16, style, "aria-hidden": "true" }, [
    svg("path", { class: "rx-line", d: "M2 8H58", "stroke-dasharray": LOOKS[look].dash }),
    svg("path", { class: "rx-markers", d: LOOKS[look].marker(30, 8) }),
  ]);
  return html("li", {}, [key, name]);
}

// ---- ticks ------------------------------------------------------------------------------------

// About `count` round numbers between low and high: multiples of 1, 2 or 5 times a power of ten.
function linearTicks(low, high, count, whole = false) {
  const rough = (high - low) / Math.max(1, count) || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = power * [1, 2, 5, 10].find((factor) => factor * power >= 0.75 * rough);
  if (whole) step = Math.max(1, Math.round(step));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    ticks.push({ at: k * step, text: tickText(k * step, step) });
  }
  return ticks;
}

// The same for an axis that shows 10^low to 10^high: whole decades, or 1-2-5 when there are few.
function logTicks(low, high, count) {
  if (high - low < 2) {
    const ticks = [];
    for (let decade = Math.floor(low); decade <= high; decade++) {
      for (const factor of [1, 2, 5]) {
        const at = decade + Math.log10(factor);
        if (at < low || at > high) continue;
        ticks.push({ at, text: tickText(factor * 10 ** decade, 10 ** decade) });
      }
    }
    if (ticks.length > 1) return ticks;
  }
  const decades = linearTicks(low, high, count, true);
  return decades.map(({ at }) => ({ at, text: `10${superscript(at)}` }));
}

function tickText(value, step) {
  if (value === 0) return "0";
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals <= 4 && Math.abs(value) < 1e5) return signed(value.toFixed(decimals));
  return powerText(Math.log10(Math.abs(value)), value < 0 ? "−" : "");
}

function powerText(log10, sign = "") {
  const exponent = Math.floor(log10 + 1e-9);
  const digits = (10 ** (log10 - exponent)).toPrecision(2).replace(/\.0$/, "");
  return `${sign}${digits}×10${superscript(exponent)}`;
}

const superscript = (n) => String(n).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");
const signed = (text) => text.replace("-", "−");
const round = (pixels) => Math.round(pixels * 100) / 100;

// ---- small helpers ----------------------------------------------------------------------------

function floats(bytes) {
  const start = bytes.byteOffset ?? 0; // a DataView in a live notebook, perhaps a buffer elsewhere
  return new Float32Array((bytes.buffer ?? bytes).slice(start, start + bytes.byteLength));
}

const html = (tag, ...rest) => set(document.createElement(tag), ...rest);
const svg = (tag, ...rest) => set(document.createElementNS(SVG, tag), ...rest);

function set(element, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
