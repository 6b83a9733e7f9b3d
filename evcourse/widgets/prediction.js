// A question to commit to before looking. The reply to a choice is shown when the learner asks to compare.

let questions = 0;

function render({ model, el }) {
  el.classList.add("evcourse-prediction");
  const name = `evcourse-question-${questions++}`;
  const fieldset = add(el, "fieldset");
  add(fieldset, "legend").textContent = model.get("prompt");
  for (const { option, words } of model.get("options")) {
    const row = add(fieldset, "label");
    const input = add(row, "input");
    Object.assign(input, { type: "radio", name, value: option });
    keep_keys(input);
    add(row, "span").textContent = words;
  }
  const commit = button(fieldset, model.get("kind") === "review" ? "Check my answer" : "Commit my prediction");
  const reply = add(el, "div");
  reply.setAttribute("role", "status");

  commit.addEventListener("click", () => {
    const chosen = fieldset.querySelector("input:checked");
    if (!chosen) return say(reply, "Choose one of the options first; a guess is welcome.");
    model.set("choice", Number(chosen.value));
    model.save_changes();
  });
  const follow = () => committed(model, fieldset, commit, reply);
  model.on("change:choice", follow);
  follow();
  return () => model.off("change:choice", follow);
}

function committed(model, fieldset, commit, reply) {
  const chosen = model.get("options").find(({ option }) => option === model.get("choice"));
  if (!chosen) return;
  fieldset.querySelector(`input[value="${chosen.option}"]`).checked = true;
  const told = `You chose: “${chosen.words}” ${chosen.reply}`;
  if (model.get("kind") === "review") return say(reply, told);
  for (const input of fieldset.querySelectorAll("input")) input.disabled = true;
  commit.disabled = true;
  say(reply, "Noted. Now go on to what follows; when you have seen enough, come back here.");
  const compare = button(reply, "Compare with what I saw");
  compare.addEventListener("click", () => {
    say(reply, told);
    // The button is gone: what was said gets the focus, so that a keyboard does not begin at the top of the page.
    reply.firstChild.tabIndex = -1;
    reply.firstChild.focus();
  });
  compare.focus();
}

function say(reply, text) {
  reply.replaceChildren();
  const line = add(reply, "p");
  line.className = "evcourse-reply";
  line.textContent = text;
}

function button(parent, text) {
  const made = add(parent, "button");
  made.type = "button";
  made.textContent = text;
  keep_keys(made);
  return made;
}

// JupyterLab's shortcuts would take the keys away; they stop only at an element that says so itself.
function keep_keys(element) { element.setAttribute("data-lm-suppress-shortcuts", "true"); }

function add(parent, kind) { return parent.appendChild(document.createElement(kind)); }

export default { render };
