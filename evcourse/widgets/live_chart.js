// An Altair chart with parameters, and controls for them. Vega computes and draws in this page, and the kernel only hears
// of the values; where a chart has a `recompute` function, the kernel answers with new content.

async function render({ model, el }) {
  const vegaEmbed = await engine(model);
  el.classList.add("evcourse-live");
  const spec = structuredClone(model.get("spec"));
  el.classList.toggle("evcourse-wide", spec.width > 800);
  el.dataset.computedBy = model.get("tools").recomputes ? "kernel" : "browser";
  const desk = group(spec.description);
  const holder = add(el, "div", "evcourse-chart");
  const summary = add(el, "p", "evcourse-summary");
  summary.setAttribute("role", "status");
  el.prepend(desk);

  const options = { actions: false, renderer: "svg", mode: "vega-lite" };
  const { view, finalize } = await vegaEmbed(holder, spec, options);
  // Letters of 12 pixels stay above 11: what is wider than the page is scrolled instead of shrunk further.
  holder.style.setProperty("--least-width", `${0.92 * (holder.querySelector("svg")?.getAttribute("width") ?? 0)}px`);
  const answer = waiting_for_python(model, summary);
  const draw = async () => {
    for (const [name, value] of Object.entries(model.get("values"))) view.signal(name, value);
    await view.runAsync();
    if (!answer.missing()) tell(view, summary);
    el.dataset.drawn = performance.now();
  };
  const redraw = once_a_frame(draw);
  let own = false;
  const apply = (values) => {
    own = true;
    model.set("values", values);
    own = false;
    // One redraw with the kernel's answer is smoother than two; without an answer the page goes on alone.
    answer.expect(redraw);
    model.save_changes();
  };
  const past = history(model, apply);
  const set = (control, value) => {
    past.note(control);
    apply({ ...model.get("values"), [control.parameter]: value });
  };
  const controls = model.get("controls").map((control) => {
    const shown = { slider, choice, switches }[control.kind](desk, control, (value) => set(control, value));
    const show_and_set = (value) => { shown(value); set(control, value); };
    shown(model.get("values")[control.parameter]);
    if (control.drag) follow_pointer(view, holder, control, show_and_set);
    if (control.pick) pick_by_click(view, holder, control, show_and_set);
    return [control.parameter, shown];
  });
  desk.classList.toggle("evcourse-many", controls.length > 4);
  toolbar(model, el, desk, past);
  const follow_kernel = () => {
    for (const [name, shown] of controls) shown(model.get("values")[name]);
    if (!own) redraw();
  };
  const computed = () => { answer.came(); fill(view, model.get("content")); draw(); };
  const compare = () => { fill(view, model.get("kept")); redraw(); };
  model.on("change:values", follow_kernel);
  model.on("change:content", computed);
  model.on("change:kept", compare);
  fill(view, model.get("content"));
  compare();
  return () => {
    model.off("change:values", follow_kernel);
    model.off("change:content", computed);
    model.off("change:kept", compare);
    finalize();
  };
}

// New content of the chart: columns become the rows of a data set, anything else the value of a parameter.
function fill(view, content) {
  for (const [name, each] of Object.entries(content)) {
    if (name === "answer") continue;
    if (each === null || typeof each !== "object" || Array.isArray(each)) view.signal(name, each);
    else view.data(name, rows(each));
  }
}

function rows(columns) {
  const names = Object.keys(columns);
  return (columns[names[0]] ?? []).map((_, place) => Object.fromEntries(names.map((name) => [name, columns[name][place]])));
}

// Where Python computes, its answer is waited for, for a short while; the reader is told when none comes.
function waiting_for_python(model, summary) {
  let alone = null;
  let complaint = null;
  let missing = false;
  const complain = () => {
    missing = true;
    summary.textContent = "Python does not answer, so the curves are those of its last answer. Run this cell again.";
  };
  return {
    expect(redraw) {
      if (!model.get("tools").recomputes) { redraw(); return; }
      alone ??= setTimeout(() => { alone = null; redraw(); }, missing ? 0 : 150);
      complaint ??= setTimeout(complain, 4000);
    },
    came() {
      clearTimeout(alone);
      clearTimeout(complaint);
      alone = complaint = null;
      missing = false;
    },
    missing: () => missing,
  };
}

// What can be taken back. Steps of a slider in quick succession are one change.
function history(model, apply) {
  const changes = [];
  let last = { name: null, time: 0 };
  let tell = () => {};
  const push = () => { changes.push(model.get("values")); if (changes.length > 100) changes.shift(); };
  return {
    note({ parameter, kind }) {
      const now = performance.now();
      if (kind !== "slider" || parameter !== last.name || now - last.time > 800) push();
      last = { name: parameter, time: now };
      tell();
    },
    undo() { if (changes.length) { last = { name: null, time: 0 }; apply(changes.pop()); tell(); } },
    restart() { push(); last = { name: null, time: 0 }; apply(model.get("starts")); tell(); },
    on_change(listener) { tell = () => listener(changes.length); tell(); },
  };
}

function toolbar(model, el, desk, past) {
  const { undo, keep } = model.get("tools");
  const pairs = Object.entries(keep ?? {});
  if (!undo && !pairs.length) return;
  const bar = add(desk, "div", "evcourse-tools");
  if (undo) {
    const back = button(bar, "Undo", () => past.undo());
    back.title = "Ctrl+Z";
    button(bar, "Start again", () => past.restart());
    past.on_change((count) => { back.setAttribute("aria-disabled", count === 0); });
    el.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "z") return;
      past.undo();
      event.preventDefault();
      event.stopPropagation();
    });
  }
  if (!pairs.length) return;
  const holds = () => Object.values(model.get("kept")).some((columns) => Object.keys(columns).length);
  const said = () => { note.textContent = holds() ? "Grey dashed line: the run you kept." : ""; };
  const hold = (kept) => { model.set("kept", kept); model.save_changes(); said(); };
  button(bar, "Keep this run", () => hold(Object.fromEntries(pairs.map(([from, to]) => [to, current(model, from)]))));
  button(bar, "Forget it", () => hold(Object.fromEntries(pairs.map(([, to]) => [to, {}]))));
  const note = add(bar, "span");
  note.setAttribute("role", "status");
  said();
}

// The columns of a data set as it is now: from Python, or as the chart came.
function current(model, name) {
  if (model.get("content")[name]) return model.get("content")[name];
  const records = model.get("spec").datasets[name];
  return Object.fromEntries(Object.keys(records[0] ?? {}).map((column) => [column, records.map((row) => row[column])]));
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

function switches(desk, control, changed) {
  const box = add(desk, "div", "evcourse-switches");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", control.label);
  // Short names do not say what they are: several stand in a row, under the label of their group.
  if (control.options.every(([words]) => words.length <= 14)) {
    box.classList.add("evcourse-short");
    const caption = add(box, "div", "evcourse-caption");
    caption.textContent = control.label;
    caption.setAttribute("aria-hidden", "true");
  }
  const boxes = control.options.map(([words, value]) => {
    const row = add(box, "label");
    const input = add(row, "input");
    input.type = "checkbox";
    keep_keys(input);
    add(row, "span").textContent = words;
    return [input, value];
  });
  box.addEventListener("change", () => changed(boxes.filter(([input]) => input.checked).map(([, value]) => value)));
  return (values) => { for (const [input, value] of boxes) input.checked = values.includes(value); };
}

// A click on a mark chooses what it stands for; a click beside all marks goes back to the first option.
function pick_by_click(view, holder, control, changed) {
  holder.classList.add("evcourse-pickable");
  view.addEventListener("click", (_event, item) => {
    changed(item?.datum?.[control.parameter] ?? control.options[0][1]);
  });
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
  keep_keys(input);
  return [input, add(row, "output")];
}

function button(parent, words, pressed) {
  const each = add(parent, "button");
  each.type = "button";
  each.textContent = words;
  keep_keys(each);
  each.addEventListener("click", pressed);
  return each;
}

// JupyterLab's shortcuts would take the arrow keys away; they stop only at an element that says so itself.
function keep_keys(element) { element.setAttribute("data-lm-suppress-shortcuts", "true"); }

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
