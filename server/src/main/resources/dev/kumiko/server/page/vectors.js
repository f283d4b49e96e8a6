// Vectors of any number of texts, by as few requests as the server allows.
import {embed} from "/page/api.js";

// The server takes 8 MB a request unless told otherwise; a character has 3 bytes at most.
const MOST_CHARACTERS = 1_000_000;

export function cosine(a, b) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

export function batches(texts, most) {
  const all = [];
  let characters = Infinity;
  for (const text of texts) {
    if (characters + text.length > MOST_CHARACTERS || all.at(-1).length === most) {
      all.push([]);
      characters = 0;
    }
    all.at(-1).push(text);
    characters += text.length;
  }
  return all;
}

function excerpt(text) {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

// The server counts the texts of one request: name the text itself.
function named(error, texts) {
  error.message = error.message.replace(/^input(?:\[(\d+)\])?(?= )/, (all, index) => `“${excerpt(texts[index ?? 0])}”`);
  return error;
}

// Returns a vector for each text, as a map, and the requests that it took. Vectors that are known are not asked for.
export async function vectorsOf(texts, {model, most, key, known = new Map(), asking = () => {}}) {
  const found = new Map();
  const missing = new Set(texts.filter(text => !known.has(text)));
  const bodies = batches(missing, most).map(input => ({model, input}));
  let tokens = 0;
  let done = 0;
  for (const body of bodies) {
    asking(bodies, done, missing.size);
    const answer = await embed(body, key).catch(error => {
      throw named(error, body.input);
    });
    body.input.forEach((text, i) => found.set(text, answer.vectors[i]));
    tokens += answer.tokens;
    done += body.input.length;
  }
  texts.filter(text => !found.has(text)).forEach(text => found.set(text, known.get(text)));
  return {vectors: found, tokens, computed: missing.size};
}
