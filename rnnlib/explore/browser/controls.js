// A slider for numbers, radio buttons for words.

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
