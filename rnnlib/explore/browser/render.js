// Puts controls and panels together and moves them.
//
// The model carries `_spec` (what there is to draw), `_data` (float32: each array of the grid, one
// after the other, log10 already taken where an axis is logarithmic) and `index` (where the sliders
// stand). An array tells where it begins, and by how much each slider moves on in it; a slider move
// looks its numbers up there and rewrites a few attributes.

const SAVE_AFTER = 150; // ms without a move until the kernel is told the position
const READ_AFTER = 600; // ms without a move until a screen reader is told the values
const KINDS = { panel: Panel, plane: Plane, diagram: Diagram };

export default { render };

function render({ model, el }) {
  const spec = model.get("_spec");
  const series = floats(model.get("_data"));
  const uid = `explorer-${Math.random().toString(36).slice(2, 10)}`;
  let index = [...model.get("index")];
  let saving = 0;
  let reading = 0;

  const panels = spec.panels.map((panel, k) => new KINDS[panel.kind](panel, series, `${uid}-clip-${k}`));
  const tall = spec.panels.some((panel) => panel.equal); // then all, to be of one height
  for (const panel of panels) panel.tall = tall;
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
    controls.forEach((control, k) => control.show(index[k]));
    for (const panel of panels) panel.draw(index);
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
