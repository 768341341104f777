// Verifies SMART Health Cards with two implementations that share no code with
// the kiosk, nor with each other, and wants them to agree. It never goes online:
// the key set is given and stands in for the one at the issuer's address, and a
// card signed with any other key is refused before a verifier looks for it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import "./node18.mjs";

globalThis.fetch = offline;
console.log = console.warn = () => {}; // shc-sdk tells the console what it does; verify tells what counts

const require = createRequire(import.meta.url);
require("cross-fetch");
require.cache[require.resolve("cross-fetch")].exports = Object.assign(offline, { default: offline });
const pathcheck = require("@pathcheck/shc-sdk"); // CommonJS that an import finds empty
const { SHCReader, JWSProcessor, deriveKidFromPublicKey } = await import("kill-the-clipboard");

const published = new Map(); // address → key set

async function offline(address) {
  assert(published.has(address), "verifying must not go online");
  return { ok: true, status: 200, json: async () => published.get(address) };
}

// verify returns the number of doses on the card "shc:/…", or throws saying
// what is wrong, without a word of what is on the card.
export async function verify(card, jwks) {
  const jws = await pathcheck.unpack(card);
  const { header, payload } = await new JWSProcessor().parseUnverified(jws);
  const key = jwks.keys.find((k) => k.kid === header.kid);
  assert(key, "its key is not in the key set");
  assert.equal(header.alg, "ES256", "its algorithm is not ES256");
  assert.equal(header.zip, "DEF", "it is not compressed");
  assert.equal(await deriveKidFromPublicKey(key), key.kid, "its key id is not the thumbprint of the key");

  const reader = new SHCReader({ publicKey: key });
  const first = await (await reader.fromQRNumeric(card)).asBundle();

  published.set(`${payload.iss}/.well-known/jwks.json`, jwks);
  assert(await pathcheck.verify(jws), "shc-sdk refuses it");
  const { credential } = await pathcheck.unpackAndVerify(card);
  assert(same(first, credential.vc.credentialSubject.fhirBundle), "the two verifiers read different records");
  return first.entry.filter((e) => e.resource.resourceType === "Immunization").length;
}

// same compares without a difference report, which would show the record.
function same(a, b) {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
