// Elements, numbers and words.

const SVG = "http://www.w3.org/2000/svg";

const html = (tag, ...rest) => set(document.createElement(tag), ...rest);
const svg = (tag, ...rest) => set(document.createElementNS(SVG, tag), ...rest);

function set(element, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function floats(bytes) {
  const start = bytes.byteOffset ?? 0; // a DataView in a live notebook, perhaps a buffer elsewhere
  return new Float32Array((bytes.buffer ?? bytes).slice(start, start + bytes.byteLength));
}

// Where an array's numbers for these positions of the sliders begin.
function startOf({ offset, steps }, index) {
  return steps.reduce((start, step, k) => start + step * index[k], offset);
}

const superscript = (n) => String(n).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");
const signed = (text) => text.replace("-", "−");
const round = (pixels) => Math.round(pixels * 100) / 100;
