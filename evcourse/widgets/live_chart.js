// An Altair chart with parameters, and controls for them. Everything runs in this page: Vega computes and draws,
// and the kernel only hears of the values.

async function render({ model, el }) {
  const vegaEmbed = await engine(model);
  el.classList.add("evcourse-live");
  const spec = structuredClone(model.get("spec"));
  const desk = group(spec.description);
  const holder = add(el, "div", "evcourse-chart");
  const summary = add(el, "p", "evcourse-summary");
  summary.setAttribute("role", "status");
  el.prepend(desk);

  const options = { actions: false, renderer: "svg", mode: "vega-lite" };
  const { view, finalize } = await vegaEmbed(holder, spec, options);
  const redraw = once_a_frame(async () => {
    for (const [name, value] of Object.entries(model.get("values"))) view.signal(name, value);
    await view.runAsync();
    tell(view, summary);
    el.dataset.drawn = performance.now();
  });
  const set = (name, value) => {
    model.set("values", { ...model.get("values"), [name]: value });
    model.save_changes();
    redraw();
  };
  const controls = model.get("controls").map((control) => {
    const shown = { slider, choice }[control.kind](desk, control, (value) => set(control.parameter, value));
    shown(model.get("values")[control.parameter]);
    if (control.drag) follow_pointer(view, holder, control, (value) => { shown(value); set(control.parameter, value); });
    return [control.parameter, shown];
  });
  const follow_kernel = () => {
    for (const [name, shown] of controls) shown(model.get("values")[name]);
    redraw();
  };
  model.on("change:values", follow_kernel);
  redraw();
  return () => { model.off("change:values", follow_kernel); finalize(); };
}

// Vega arrives once a kernel, with a widget of its own; see _Engine in live_chart.py.
async function engine(model) {
  await model.widget_manager.get_model(model.get("engine").replace("IPY_MODEL_", ""));
  while (!globalThis.evcourseVegaEmbed) await new Promise((ready) => setTimeout(ready, 10));
  return globalThis.evcourseVegaEmbed;
}

function slider(desk, control, changed) {
  const [input, value] = labelled(desk, control, "input");
  input.type = "range";
  const steps = control.logarithmic ? Math.log(control.high / control.low) / Math.log(1 + control.step) : 0;
  const number = (position) => control.logarithmic ? rounded(control.low * (control.high / control.low) ** (position / Math.round(steps))) : Number(position);
  const position = (number) => control.logarithmic ? Math.round(steps) * Math.log(number / control.low) / Math.log(control.high / control.low) : number;
  input.min = control.logarithmic ? 0 : control.low;
  input.max = control.logarithmic ? Math.round(steps) : control.high;
  input.step = control.logarithmic ? 1 : control.step;
  const say = (number) => {
    value.textContent = `${number.toLocaleString("en-GB", { maximumSignificantDigits: 4 })} ${control.unit}`.trim();
    input.setAttribute("aria-valuetext", value.textContent);
  };
  input.addEventListener("input", () => { say(number(input.value)); changed(number(input.value)); });
  return (number) => { input.value = position(number); say(number); };
}

function choice(desk, control, changed) {
  const [select] = labelled(desk, control, "select");
  for (const [words] of control.options) add(select, "option").textContent = words;
  select.addEventListener("change", () => changed(control.options[select.selectedIndex][1]));
  return (value) => { select.selectedIndex = control.options.findIndex(([, each]) => each === value); };
}

// The pointer's place on the horizontal axis becomes the value, while the button is held down over the chart.
function follow_pointer(view, holder, control, changed) {
  const read = (event) => {
    if (!(event.buttons & 1)) return;
    const [left] = view.origin();
    const svg = holder.querySelector("svg");
    const box = svg.getBoundingClientRect();
    const place = (event.clientX - box.left) * (svg.viewBox.baseVal.width / box.width) - left;
    const number = view.scale("x").invert(place);
    changed(rounded(Math.min(control.high, Math.max(control.low, number))));
    event.preventDefault();
  };
  holder.classList.add("evcourse-draggable");
  holder.addEventListener("pointerdown", read);
  holder.addEventListener("pointermove", read);
}

function tell(view, summary) {
  try { summary.textContent = view.signal("summary"); } catch { summary.hidden = true; }
}

function group(name) {
  const fieldset = document.createElement("fieldset");
  const legend = add(fieldset, "legend");
  legend.textContent = "Controls";
  fieldset.setAttribute("aria-label", `Controls of the chart: ${name}`);
  return fieldset;
}

function labelled(desk, control, kind) {
  const row = add(desk, "label");
  add(row, "span").textContent = control.label;
  const input = add(row, kind);
  // JupyterLab's shortcuts would take the arrow keys away; they stop only at an element that says so itself.
  input.setAttribute("data-lm-suppress-shortcuts", "true");
  return [input, add(row, "output")];
}

function add(parent, kind, name) {
  const child = document.createElement(kind);
  if (name) child.className = name;
  return parent.appendChild(child);
}

function once_a_frame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; work(); });
  };
}

function rounded(number) { return Number(number.toPrecision(3)); }

export default { render };
