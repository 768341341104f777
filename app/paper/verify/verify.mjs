// Usage: node verify.mjs JWKS FILE...
//
// Verifies every line of the files that begins with "shc:/" with the keys of the
// key set, prints one line a card, and exits with 1 unless there is at least one
// card and all are right. Other lines, such as web addresses, are passed over.
import { readFileSync } from "node:fs";
import { verify } from "./cards.mjs";

const say = (line) => process.stdout.write(`${line}\n`);

const [keys, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node verify.mjs JWKS FILE...");
  process.exit(2);
}
const jwks = JSON.parse(readFileSync(keys, "utf8"));
const lines = files.flatMap((f) => readFileSync(f, "utf8").split("\n"));
const cards = lines.map((l) => l.trim()).filter((l) => l.startsWith("shc:/"));

let wrong = 0;
for (const [i, card] of cards.entries()) {
  const name = `card ${i + 1} of ${cards.length}`;
  try {
    const doses = await verify(card, jwks);
    say(`${name}: valid, ${doses} ${doses === 1 ? "dose" : "doses"}`);
  } catch (e) {
    wrong++;
    say(`${name}: refused, ${e.message}`);
  }
}
if (cards.length === 0) say("no card found");
process.exit(wrong > 0 || cards.length === 0 ? 1 : 0);
