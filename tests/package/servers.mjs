// The other side of the smoke test, in a network namespace of its own: HTTP/2 and HTTP/1.1 with TLS
// on port 443 in front of the emulator, and a DNS server on port 53 that knows one name.
//   node servers.mjs KEY CERTIFICATE EMULATOR-PORT
import dgram from "node:dgram";
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";

const [key, cert, port] = process.argv.slice(2);

const tls = http2.createSecureServer(
  { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true, minVersion: "TLSv1.3" },
  (request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith(":")));
    headers.host = request.authority || request.headers.host;
    const { method, url: path } = request;
    const forwarded = http.request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete answer.headers[name];
      response.writeHead(answer.statusCode, { ...answer.headers, "x-protocol": request.httpVersion });
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });

// An answer repeats the question. A and AAAA of dns.test exist; the second is empty.
function answer(query) {
  let end = 12;
  const labels = [];
  while (query[end] !== 0) {
    labels.push(query.subarray(end + 1, end + 1 + query[end]).toString().toLowerCase());
    end += 1 + query[end];
  }
  const type = query.readUInt16BE(end + 1);
  const isKnown = labels.join(".") === "dns.test";
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(isKnown ? 0x8580 : 0x8583, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(isKnown && type === 1 ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const question = query.subarray(12, end + 5);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat([head, question, ...(isKnown && type === 1 ? [record] : [])]);
}
const dns = dgram.createSocket("udp4", (query, from) => dns.send(answer(query), from.port, from.address));

dns.bind(53, "127.0.0.1", () => tls.listen(443, "127.0.0.1", () => console.log("ready")));
