// Boxes in columns and rows, arrows between them, and a number on each that has been reached.

const BOX_HEIGHT = 64;
const BOX_WIDTHS = [66, 96]; // on a narrow screen, and on a wide one
const NARROW = 600;
const ROWS = [150, 124]; // px from row to row
const MARGIN = 24;
const ASIDE = 8; // px that an arrow keeps to its left, so that there and back do not meet
const GAP = 5; // px from an arrow that rises to its number
const KIND_NAMES = { forward: "forward", direct: "back, direct", indirect: "back, indirect" };

class Diagram {
  constructor(panel, series, id) {
    this.panel = panel;
    this.series = series;
    this.index = [];
    this.width = 0;
    this.at = new Map(panel.boxes.map((box) => [box.name, box]));
    this.columns = 1 + Math.max(...panel.boxes.map((box) => box.at[0]));
    this.rows = 1 + Math.max(...panel.boxes.map((box) => box.at[1]));
    this.kinds = Object.keys(KIND_NAMES).filter((k) => panel.arrows.some((a) => a.kind === k));
    const heads = this.kinds.map((kind) => arrowHead(`${id}-${kind}`, kind));
    this.arrows = panel.arrows.map((arrow) => {
      const head = `url(#${id}-${arrow.kind})`;
      const line = svg("path", { class: "rx-arrow-line", "marker-end": head });
      const number = svg("text", { class: "rx-arrow-number" });
      const own = { class: `rx-arrow rx-${arrow.kind}`, "data-name": arrow.name };
      return { ...arrow, line, number, group: svg("g", own, [line, number]) };
    });
    this.boxes = panel.boxes.map((box) => {
      const frame = svg("rect", { class: "rx-frame", rx: 8, height: BOX_HEIGHT });
      const label = svg("text", { class: "rx-box-label", ...MIDDLE }, [box.label]);
      const value = svg("text", { class: "rx-value", ...MIDDLE });
      const gradient = svg("text", { class: "rx-gradient", ...MIDDLE });
      const parts = [frame, label, value, gradient];
      const group = svg("g", { class: "rx-box", "data-name": box.name }, parts);
      return { ...box, frame, labelText: label, valueText: value, gradientText: gradient, group };
    });
    this.svg = svg("svg", {}, [
      svg("defs", {}, heads),
      ...this.arrows.map((arrow) => arrow.group),
      ...this.boxes.map((box) => box.group),
    ]);
    this.words = html("p", { class: "rx-words" });
    this.element = html("div", { class: "rx-panel rx-diagram" }, [
      html("div", { class: "rx-title" }, [panel.title]),
      html("ul", { class: "rx-legend" }, this.kinds.map(kindEntry)),
      this.words,
      this.svg,
    ]);
  }

  layout() {
    const width = Math.floor(this.element.clientWidth);
    if (width === 0 || width === this.width) return;
    this.width = width;
    const wide = width < NARROW ? 0 : 1;
    this.boxWidth = BOX_WIDTHS[wide];
    this.digits = 2 + wide;
    this.row = ROWS[wide];
    const height = (this.rows - 1) * this.row + BOX_HEIGHT + 8;
    set(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    for (const box of this.boxes) {
      const [x, y] = this.middle(box);
      const corner = { x: round(x - this.boxWidth / 2), y: y - BOX_HEIGHT / 2 };
      set(box.frame, { ...corner, width: this.boxWidth });
      set(box.labelText, { x, y: y - 13 });
      set(box.valueText, { x, y: y + 6 });
      set(box.gradientText, { x, y: y + 24 });
    }
    for (const arrow of this.arrows) {
      const [from, to] = [arrow.start, arrow.end].map((name) => this.middle(this.at.get(name)));
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy);
      const [ux, uy] = [dx / length, dy / length];
      const side = [ASIDE * uy, -ASIDE * ux]; // to the left of the way
      const edge = Math.min(
        ux === 0 ? Infinity : this.boxWidth / 2 / Math.abs(ux),
        uy === 0 ? Infinity : BOX_HEIGHT / 2 / Math.abs(uy),
      );
      const point = (along) => [
        round(from[0] + along * ux + side[0]),
        round(from[1] + along * uy + side[1]),
      ];
      const [begin, end] = [point(edge + 3), point(length - edge - 9)];
      arrow.line.setAttribute("d", `M${begin.join(" ")}L${end.join(" ")}`);
      // Beside an arrow that rises, above or below one that lies; and near its lower end, more so
      // where it slants: above, where several meet, there is no room.
      const low = ux === 0 ? 0.4 : 0.28;
      const [x, y] = point(edge + (uy > 0 ? 1 - low : uy < 0 ? low : 0.5) * (length - 2 * edge));
      set(arrow.number, {
        x: round(x + GAP * Math.sign(uy)),
        y: round(y - 16 * ux + 5),
        "text-anchor": uy < 0 ? "end" : uy > 0 ? "start" : "middle",
      });
    }
  }

  // The middle of a box in pixels.
  middle({ at: [column, row] }) {
    const room = this.width - this.boxWidth - MARGIN; // for the numbers beside the last column
    const spacing = room / Math.max(1, this.columns - 1);
    return [round(2 + this.boxWidth / 2 + column * spacing), 2 + BOX_HEIGHT / 2 + row * this.row];
  }

  draw(index) {
    this.index = index;
    const show = (element, place, before = "") => {
      const value = place ? this.series[startOf(place, index)] : NaN;
      const there = value === value;
      const text = there ? before + decimals(value, this.digits) : "";
      if (element.textContent !== text) element.textContent = text;
      return there;
    };
    for (const box of this.boxes) {
      const there = show(box.valueText, box.value);
      show(box.gradientText, box.gradient, "d ");
      box.group.classList.toggle("rx-reached", there);
    }
    for (const arrow of this.arrows) {
      arrow.group.classList.toggle("rx-reached", show(arrow.number, arrow.value));
    }
    this.words.textContent = this.text();
  }

  text() {
    return this.panel.words[startOf(this.panel.wordsAt, this.index)];
  }

  summary() {
    return `${this.panel.title}: ${this.text()}`;
  }
}

function decimals(value, digits) {
  return signed(Math.abs(value) < 0.5 * 10 ** -digits ? "0" : value.toFixed(digits));
}

function arrowHead(id, kind) {
  const box = { viewBox: "0 0 10 10", refX: 2, refY: 5, markerWidth: 9, markerHeight: 9 };
  const own = { id, ...box, orient: "auto", markerUnits: "userSpaceOnUse" };
  return svg("marker", own, [svg("path", { class: `rx-head rx-${kind}`, d: "M0 0L10 5L0 10Z" })]);
}

function kindEntry(kind) {
  const line = svg("path", { class: "rx-arrow-line", d: "M2 8H52" });
  const head = svg("path", { class: `rx-head rx-${kind}`, d: "M50 3L60 8L50 13Z" });
  const key = { width: 62, height: 16, "aria-hidden": "true" };
  const group = svg("g", { class: `rx-arrow rx-reached rx-${kind}` }, [line, head]);
  return html("li", {}, [svg("svg", key, [group]), KIND_NAMES[kind]]);
}
