// Similarities of sentences as a table of shades.
import {$, element} from "/page/dom.js";
import {cosine} from "/page/vectors.js";

export const MOST_SENTENCES = 100;
const MANY = 12;

function channels(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim().split(" ").map(Number);
}

// As WCAG defines it.
function luminance(rgb) {
  const [r, g, b] = rgb.map(each => each / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// From --low at 0 to --high at 1; the better of black and white has a contrast of 4.5 on anything.
export function shadeAll() {
  const low = channels("--low");
  const high = channels("--high");
  for (const cell of $("heat-map").querySelectorAll("td[data-similarity]")) {
    const share = Math.min(Math.max(Number(cell.dataset.similarity), 0), 1);
    const mixed = low.map((from, i) => Math.round(from + share * (high[i] - from)));
    cell.style.background = `rgb(${mixed.join(" ")})`;
    cell.style.color = luminance(mixed) > 0.179 ? "#000" : "#fff";
  }
}

function decimals(similarity) {
  const text = similarity.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}

function heading(text, number) {
  const head = element("th", "", {scope: "row", title: text});
  const row = element("div", "");
  row.append(element("b", String(number)), element("span", text, {dir: "auto"}));
  head.append(row);
  return head;
}

export function showHeatMap(texts, vectors) {
  const numbers = element("tr", "");
  numbers.append(element("td", ""), ...texts.map((text, i) => element("th", String(i + 1), {scope: "col", title: text})));
  const rows = texts.map((text, i) => {
    const row = element("tr", "");
    row.append(heading(text, i + 1), ...texts.map(other => {
      const similarity = cosine(vectors.get(text), vectors.get(other));
      return element("td", decimals(similarity), {"data-similarity": similarity, title: `${text}\n${other}`});
    }));
    return row;
  });
  const table = $("heat-map");
  const head = element("thead", "");
  const body = element("tbody", "");
  head.append(numbers);
  body.append(...rows);
  table.replaceChildren(table.caption, head, body);
  table.classList.toggle("many", texts.length > MANY);
  shadeAll();
}
