// Requests to the server that served this page.

/// Why a request was refused, and what to do about it.
export class RequestError extends Error {
  constructor(message, { remedy, param }) {
    super(message);
    this.remedy = remedy;
    this.param = param;
  }
}

async function refusal(response) {
  let said = {};
  try {
    said = (await response.json()).error ?? {};
  } catch {
    // Something between this page and the server answered.
  }
  const after = response.headers.get("retry-after");
  if (after) said.remedy ||= `Try again in ${after} s.`;
  return new RequestError(said.message ?? `The server answered with status ${response.status}.`, said);
}

// Sends a request and returns the response if it is a success.
async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new RequestError("The server cannot be reached.", {
      remedy: "Check that “rellama serve” is still running, then try again.",
    });
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/// For `catch`: nothing needs to be said about a request that failed, but mistakes are not hidden.
export function ignoreRefusal(error) {
  if (!(error instanceof RequestError)) throw error;
}

export const get = async (path) => (await send(path)).json();

export async function post(path, body = {}, options = {}) {
  const response = await send(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...options,
  });
  return response.json().catch(() => null);
}
