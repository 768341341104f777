// Usage: node verify.mjs JWKS FILE...
//
// Verifies health cards with the keys of the key set, and says a line on each. A
// FILE is a PDF, whose codes must be read off pictures of its pages under every
// condition of photo.mjs and be those of the file inside it; or a text, whose lines
// that begin with "shc:/" are cards, and whose others are passed over.
//
// Exits with 1 unless there is at least one card and all are right.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { verify } from "./cards.mjs";
import { attached, photographs } from "./photo.mjs";

const say = (line) => process.stdout.write(`${line}\n`);

const [keys, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node verify.mjs JWKS FILE...");
  process.exit(2);
}
const jwks = JSON.parse(readFileSync(keys, "utf8"));

let wrong = 0;
const cards = files.flatMap((file) => (file.endsWith(".pdf") ? onPaper(file) : listed(file)));
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

function listed(file) {
  return readFileSync(file, "utf8").split("\n").map((line) => line.trim()).filter((line) => line.startsWith("shc:/"));
}

// onPaper returns the cards inside a PDF, and counts the conditions under which a
// camera reads others.
function onPaper(file) {
  const inside = attached(file);
  for (const { name, cards } of photographs(file, inside.length)) {
    const right = inside.filter((card) => cards.includes(card)).length;
    say(`${basename(file)} ${name}: ${right} of ${inside.length} codes read`);
    if (right < inside.length || cards.length > inside.length) wrong++;
    if (cards.length > right) say(`${basename(file)} ${name}: ${cards.length - right} codes that are not in its file`);
  }
  return inside;
}
