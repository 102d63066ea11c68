// The runs of the server, as far as they are known here. A run belongs to the server: this is a
// copy that its events keep up to date.

import { get, ignoreRefusal, post } from "./api.js";

const kMostKnown = 200;

const known = new Map();
const watchers = new Set();
const wanted = new Set();

const runPath = (id) => `/ui/runs/${encodeURIComponent(id)}`;

export const isLive = (status) => ["sending", "queued", "booting", "running", "stopping"].includes(status);

/// Returns what is known of a run, or undefined.
export const findRun = (id) => known.get(id);
export const liveRuns = () => [...known.values()].filter((run) => isLive(run.status));

/// Calls `changed` with each run that changes.
export const watchRuns = (changed) => watchers.add(changed);

function keepRun(run) {
  // Until the server confirms it, a run that was told to stop is stopping.
  if (known.get(run.run)?.status === "stopping" && isLive(run.status)) run.status = "stopping";
  run.at = Date.now();
  known.set(run.run, run);
  for (const [id, { done }] of known) {
    if (known.size <= kMostKnown) break;
    if (done) known.delete(id);
  }
  for (const watcher of watchers) watcher(run);
}

/// Reads a run from the server.
export async function loadRun(id) {
  if (wanted.has(id)) return;
  wanted.add(id);
  try {
    const run = await get(runPath(id));
    if (!(known.get(id)?.seq > run.seq)) keepRun(run);
  } catch (error) {
    // The server has forgotten it, or is gone: the next event tells.
    ignoreRefusal(error);
  } finally {
    wanted.delete(id);
  }
}

/// Applies an event of the stream. One that does not follow the one before means that something
/// was missed.
export function applyEvent({ keep, blocks, ...changes }) {
  const { run: id, seq } = changes;
  const before = known.get(id);
  const isWhole = keep === 0 && "status" in changes && "model" in changes;
  if (before && (seq < before.seq || (seq === before.seq && !isWhole))) return;
  if (!isWhole && seq !== before?.seq + 1) {
    loadRun(id);
    return;
  }
  const old = before?.blocks ?? [];
  keepRun({ ...before, ...changes, blocks: blocks ? [...old.slice(0, keep), ...blocks] : old });
}

/// Reads all live runs again: the stream was interrupted.
export const reloadRuns = () => liveRuns().forEach(({ run }) => loadRun(run));

/// Asks the server to stop a run. It has stopped when its status says so.
export async function stopRun(id) {
  const run = known.get(id);
  if (run && isLive(run.status)) keepRun({ ...run, status: "stopping" });
  try {
    await post(`${runPath(id)}/stop`);
  } catch (error) {
    if (run) known.set(id, run);
    loadRun(id);
    throw error;
  }
}

// The runs that this tab has started, for --cancel-on-close.
const mine = new Set();

/// Starts a run. Returns the server's reply.
export async function startRun(body) {
  const reply = await post("/ui/runs", body);
  mine.add(reply.run);
  loadRun(reply.run);
  return reply;
}

/// Tells the server, when this tab closes, that nobody waits for its runs.
export function cancelOnClose() {
  addEventListener("pagehide", () => {
    for (const id of mine) {
      if (isLive(known.get(id)?.status)) post(`${runPath(id)}/close`, {}, { keepalive: true }).catch(ignoreRefusal);
    }
  });
}
