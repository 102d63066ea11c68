// Numbers, times and states in words.

export const tokens = (count) => `${count.toLocaleString("en")} token${count === 1 ? "" : "s"}`;

/// 0.84 s, 12.3 s, 2 min 5 s
export function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/// The same in whole seconds, for a clock that runs.
export const clock = (seconds) =>
  seconds < 60 ? `${Math.floor(seconds)} s` : duration(Math.floor(seconds));

export const rate = (value) => `${value.toFixed(1)} tokens/s`;

const kStates = {
  sending: "Sending",
  queued: "Queued",
  booting: "Booting",
  running: "Answering",
  stopping: "Stopping",
  succeeded: "Done",
  failed: "Failed",
  canceled: "Canceled",
  incomplete: "Incomplete",
};
export const stateName = (status) => kStates[status] ?? status;

/// "13:45" today, "Nov 3" this year, "Nov 3, 2025" before.
export function day(iso) {
  const date = new Date(iso);
  const now = new Date();
  if (Number.isNaN(date.getTime())) return "";
  if (date.toDateString() === now.toDateString()) {
    return date.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
  }
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en", { month: "short", day: "numeric", year });
}

/// meta/llama-2-70b-chat is shown as llama-2-70b-chat.
export const shortModel = (ref) => (ref ?? "").replace(/^.*\//, "").replace(/:.*$/, "");
