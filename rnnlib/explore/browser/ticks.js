// Where the ticks of an axis stand, and what they say.

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
