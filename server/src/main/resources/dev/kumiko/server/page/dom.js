// Elements, and what is written into them.

export const $ = id => document.getElementById(id);

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

// The lines of a field that are not blank.
export function lines(id) {
  return $(id).value.split("\n").map(line => line.trim()).filter(line => line !== "");
}

export function count(number, thing) {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

// Names and values; nodes stay where they are, so that what is selected stays so.
export function facts(list, entries) {
  if (list.children.length !== 2 * entries.length) {
    list.replaceChildren(...entries.flatMap(() => [element("dt", ""), element("dd", "")]));
  }
  entries.flat().forEach((text, i) => {
    if (list.children[i].textContent !== text) {
      list.children[i].textContent = text;
    }
  });
}

// Says how it went in a panel.
export function say(panel, text, error = false) {
  const status = panel.querySelector(".status");
  if (status.textContent !== text) {
    status.textContent = text;
  }
  status.classList.toggle("error", error);
}
