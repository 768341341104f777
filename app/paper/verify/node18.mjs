// What kill-the-clipboard needs and Debian 12's Node 18 lacks.
import { webcrypto } from "node:crypto";
import { Duplex } from "node:stream";
import { createInflateRaw } from "node:zlib";

globalThis.crypto ??= webcrypto;
try {
  new DecompressionStream("deflate-raw");
} catch {
  globalThis.DecompressionStream = function () {
    return Duplex.toWeb(createInflateRaw());
  };
}
