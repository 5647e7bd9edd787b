// How lines differ, besides their colour (--line-0 … --line-5): by dashes and by marker shapes.

const EDGE = 12; // px between the frame and the first and last point
const MARKER_GAP = 16; // px between two markers, at least

const LOOKS = [
  { dash: "none", marker: (x, y) => `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z` },
  { dash: "10 5", marker: (x, y) => `M${x - 4} ${y - 4}h8v8h-8Z` },
  { dash: "1 6", marker: (x, y) => `M${x} ${y - 5.5}l5.5 9.5h-11Z` },
  { dash: "14 5 1 5", marker: (x, y) => `M${x} ${y - 6}l6 6l-6 6l-6 -6Z` },
  { dash: "5 4", marker: (x, y) => `M${x} ${y + 5.5}l5.5 -9.5h-11Z` },
  { dash: "16 4 1 4 1 4", marker: (x, y) => `M${x - 2} ${y - 5.5}h4v11h-4Z` },
];

// Markers on a line cover it; points show what lies below them.
const markersClass = (kind) => (kind === "points" ? "rx-markers rx-open" : "rx-markers");

// Outlines differ by their dashes alone.
const outlineLook = (number) => ({
  class: "rx-outline",
  "stroke-dasharray": ["none", "7 4", "2 4"][number % 3],
});

// A name in a legend, with its line, its marker, or both.
function legendEntry(name, look, kind = "line") {
  const style = `--line: var(--line-${look})`;
  const key = svg("svg", { width: 60, height: 16, style, "aria-hidden": "true" });
  if (kind !== "points") {
    const dash = LOOKS[look].dash;
    key.append(svg("path", { class: "rx-line", d: "M2 8H58", "stroke-dasharray": dash }));
  }
  if (kind !== "curve") {
    key.append(svg("path", { class: markersClass(kind), d: LOOKS[look].marker(30, 8) }));
  }
  return html("li", {}, [key, name]);
}
