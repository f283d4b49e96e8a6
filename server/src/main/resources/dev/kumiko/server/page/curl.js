// The command that asks what the page just asked.
import {$} from "/page/dom.js";

// Linux takes no longer argument than 128 KiB.
const LONGEST = 100_000;

function quoted(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

// For any POSIX shell; the key stays out of it.
export function command(origin, body, key) {
  const json = JSON.stringify(body);
  const url = `${origin}/v1/embeddings`;
  const parts = [
    `curl ${/^[\w:/.-]+$/.test(url) ? url : `--globoff ${quoted(url)}`}`,
    "-H 'Content-Type: application/json'",
    ...(key ? ['-H "Authorization: Bearer $API_KEY"'] : []),
  ];
  const long = new TextEncoder().encode(json).length > LONGEST;
  return [...parts, long ? "-d @- << 'END'" : `-d ${quoted(json)}`].join(" \\\n  ") + (long ? `\n${json}\nEND` : "");
}

async function copy(button, pre) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
    button.textContent = "Copied";
    setTimeout(() => button.textContent = "Copy", 2000);
  } catch { // Browsers let pages of other machines copy by TLS only.
    getSelection().selectAllChildren(pre);
    pre.focus();
    button.textContent = "Selected";
  }
}

// Shows the first of some requests.
export function showCurl(panel, bodies, key) {
  const place = panel.querySelector(".curl");
  if (place.hidden) {
    place.append($("curl").content.cloneNode(true));
    place.querySelector("button").addEventListener("click", event => copy(event.target, place.querySelector("pre")));
    place.hidden = false;
  }
  const many = bodies.length > 1;
  place.querySelector("h2").textContent = many ? `The first of ${bodies.length} requests with curl` : "The same with curl";
  place.querySelector("button").textContent = "Copy";
  place.querySelector(".note").textContent = key ? "With the API key in the variable API_KEY." : "";
  place.querySelector("pre").textContent = command(location.origin, bodies[0], key !== "");
}
