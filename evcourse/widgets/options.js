// Options to choose from. The kernel checks the choice when the button is pressed; its verdict is read out.

let controls = 0;

function render({ model, el }) {
  el.classList.add("evcourse-options");
  const name = `evcourse-options-${controls++}`;
  const fieldset = add(el, "fieldset");
  add(fieldset, "legend").textContent = model.get("prompt");
  const inputs = model.get("options").map((option) => row(fieldset, name, option, model.get("several")));
  const check = add(fieldset, "button");
  check.type = "button";
  check.textContent = "Check my choice";
  keep_keys(check);
  const reply = add(el, "div");
  reply.setAttribute("role", "status");

  const choose = () => model.set("chosen", inputs.filter((each) => each.checked).map((each) => each.value));
  fieldset.addEventListener("change", () => {
    choose();
    model.save_changes();
  });
  check.addEventListener("click", () => {
    choose();
    say(reply, "Checking…");
    model.set("presses", model.get("presses") + 1);
    model.save_changes();
  });
  return follow(model, inputs, reply);
}

function follow(model, inputs, reply) {
  const mark = () => inputs.forEach((each) => { each.checked = model.get("chosen").includes(each.value); });
  const tell = () => say(reply, model.get("verdict"));
  mark();
  tell();
  model.on("change:chosen", mark);
  // The same verdict twice is no change: the press itself is answered, too.
  model.on("change:verdict", tell);
  model.on("msg:custom", tell);
  return () => {
    model.off("change:chosen", mark);
    model.off("change:verdict", tell);
    model.off("msg:custom", tell);
  };
}

function row(parent, name, [letter, words], several) {
  const label = add(parent, "label");
  const input = add(label, "input");
  Object.assign(input, { type: several ? "checkbox" : "radio", name, value: letter });
  keep_keys(input);
  add(label, "span").textContent = `${letter}. ${words}`;
  return input;
}

function say(reply, words) {
  reply.replaceChildren();
  if (!words) return;
  const box = add(reply, "div");
  box.className = "evcourse-reply";
  for (const line of words.split("\n")) add(box, "p").textContent = line;
}

// JupyterLab's shortcuts would take the keys away; they stop only at an element that says so itself.
function keep_keys(element) { element.setAttribute("data-lm-suppress-shortcuts", "true"); }

function add(parent, kind) { return parent.appendChild(document.createElement(kind)); }

export default { render };
