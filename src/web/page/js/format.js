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

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/// A status in words.
export const stateName = (status) => ({ running: "Answering", succeeded: "Done" })[status] ?? capital(status);

/// "13:45" today, "Nov 3, 2025" before.
export function day(iso) {
  const date = new Date(iso);
  if (date.toDateString() === new Date().toDateString()) return date.toTimeString().slice(0, 5);
  return date.toLocaleDateString("en", { month: "short", day: "numeric", year: "numeric" });
}

/// meta/llama-2-70b-chat is shown as llama-2-70b-chat.
export const shortModel = (ref) => (ref ?? "").replace(/^.*\//, "").replace(/:.*$/, "");
