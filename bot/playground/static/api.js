// The page's only way to the server.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || response.statusText);
  return body;
}

export const get = async (path) => answer(await fetch(`/play/${path}`));

export const post = async (path, body) =>
  answer(await fetch(`/play/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));

// EventSource reconnects by itself; every "hello" means: load everything anew, something may have been missed.
export function listen(onEvent, onLost) {
  const source = new EventSource("/play/stream");
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = onLost;
}
