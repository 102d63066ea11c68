// What the sources of the page must not contain, and how large they are when they are served.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Service } from "./support/program.mjs";

const folder = process.env.RELLAMA_PAGE_SOURCES;
const names = readdirSync(folder, { recursive: true }).map(String).filter((name) => /\.(html|css|js|svg)$/.test(name));
const sources = names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

const kForbidden = [
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc/,
  /\beval\b|new Function|setTimeout\(["'`]|javascript:/,
  /\sstyle=|\.style\b|\son\w+=["']/,
  /<script(?![^>]*\bsrc=)/,
  /https?:\/\/(?!www\.w3\.org\/2000\/svg")[\w.]/,
  /@import|url\(/,
];

for (const { name, text } of sources) {
  test(`${name} makes no markup of text, has no inline script or style and names no other host`, () => {
    for (const pattern of kForbidden) assert.doesNotMatch(text, pattern);
    assert.ok(text.split("\n").length <= 301, "at most 300 lines");
  });
}

test("the page is at most 60 KB, and 20 KB compressed", async () => {
  const service = await Service.start();
  try {
    const headers = { authorization: `Bearer ${new URL(service.url).searchParams.get("key")}` };
    let plain = 0;
    let compressed = 0;
    for (const path of ["/", "/page.css", "/page.js", "/icon.svg"]) {
      const response = await fetch(service.origin + path, { headers });
      assert.equal(response.headers.get("content-encoding"), "gzip");
      compressed += Number(response.headers.get("content-length"));
      plain += (await response.arrayBuffer()).byteLength;
    }
    assert.ok(plain <= 60_000, `${plain} bytes`);
    assert.ok(compressed <= 20_000, `${compressed} bytes compressed`);
  } finally {
    await service.stop();
  }
});
