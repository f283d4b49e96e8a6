// The server's routes.

class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export function needsKey(error) {
  return error.status === 401;
}

async function ask(path, key, options = {}) {
  const headers = {...options.headers};
  if (key !== "") {
    headers.Authorization = `Bearer ${key}`;
  }
  let response;
  try {
    response = await fetch(path, {...options, headers});
  } catch {
    throw new ApiError("The server does not answer.", 0);
  }
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new ApiError(body.error?.message ?? body.error ?? `The server answers ${response.status}.`, response.status);
  }
  return response;
}

// base64 of little-endian floats is a third as long as numbers.
function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({length: bytes.length / 4}, (_, i) => view.getFloat32(4 * i, true));
}

export async function embed(body, key) {
  const response = await ask("/v1/embeddings", key, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({...body, encoding_format: "base64"}),
  });
  const answer = await response.json();
  return {vectors: answer.data.map(each => floats(each.embedding)), tokens: answer.usage.total_tokens};
}

export async function info(key) {
  return (await ask("/info", key)).json();
}

export async function metrics(key) {
  return (await ask("/metrics", key)).text();
}
