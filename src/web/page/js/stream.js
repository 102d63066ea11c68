// One event stream for all tabs. A browser opens six connections to a host; if every tab had its
// own stream, the seventh could not load. The tab that holds a lock reads the stream and passes each
// event on. If that tab is put to sleep, another one takes the lock away from it.

const kName = "rellama-stream";
const kSilence = 35_000;  // the server says something every ten seconds
const kLongestPause = 10_000;

/// Calls `event` with each event, and `connected` with whether the stream is there.
export function listen(event, connected) {
  // Browsers have locks on https and loopback only.
  const channel = navigator.locks && new BroadcastChannel(kName);
  let heard = Date.now();
  const receive = (message) => {
    heard = Date.now();
    const { event: text, connected: isConnected } = message.data;
    try {
      if (text) event(JSON.parse(text));
      if (isConnected !== undefined) connected(isConnected);
    } catch (error) {
      // A mistake of this page is no reason to read the stream again.
      reportError(error);
    }
  };
  const pass = (data) => {
    receive({ data });
    channel?.postMessage(data);
  };
  if (!channel) {
    read(pass, new AbortController().signal);
    return;
  }
  channel.addEventListener("message", receive);
  const lead = async (options) => {
    const stop = new AbortController();
    try {
      await navigator.locks.request(kName, options, () => read(pass, stop.signal));
    } catch {
      // Another tab took the lock.
    }
    stop.abort();
    lead({});
  };
  lead({});
  // Timers of a sleeping tab do not run, so only a tab that is awake takes over.
  setInterval(() => {
    if (document.hidden || Date.now() - heard < kSilence) return;
    heard = Date.now();
    lead({ steal: true });
  }, 5_000);
}

async function read(pass, stop) {
  for (let pause = 500; !stop.aborted; pause = Math.min(2 * pause, kLongestPause)) {
    try {
      await readOnce((data) => {
        pause = 250;
        pass(data);
      }, stop);
    } catch {
      // Told below.
    }
    if (stop.aborted) return;
    pass({ connected: false });
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function readOnce(pass, stop) {
  const silence = new AbortController();
  let timer;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), kSilence);
  };
  stop.addEventListener("abort", () => silence.abort());
  restart();
  try {
    const response = await fetch("/ui/events", { cache: "no-store", signal: silence.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    pass({ connected: true });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      restart();
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith("data:")) pass({ event: line.slice(5) });
        else if (line.startsWith(":")) pass({});
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
