// Cards made here with nothing but Node's own crypto and zlib.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { numeric } from "./photo.mjs";

const dir = mkdtempSync(join(tmpdir(), "cards-"));
after(() => rmSync(dir, { recursive: true }));

const b64 = (x) => Buffer.from(x).toString("base64url");
const mine = makeKey();
const other = makeKey();

function makeKey() {
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const { d, ...open } = jwk;
  const { crv, kty, x, y } = open;
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { kid, private: createPrivateKey({ key: jwk, format: "jwk" }), public: { ...open, use: "sig", alg: "ES256", kid } };
}

function card(doses, { key = mine, kid = key.kid } = {}) {
  const dose = (_, i) => ({
    fullUrl: `resource:${i + 1}`,
    resource: {
      resourceType: "Immunization", status: "completed", patient: { reference: "resource:0" },
      vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "08" }] }, occurrenceDateTime: "1990-01-02",
    },
  });
  const patient = { resourceType: "Patient", name: [{ family: "Doe", given: ["Jo"] }], birthDate: "1990-01-01" };
  const payload = {
    iss: "https://central.example", nbf: 1700000000,
    vc: {
      type: ["https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"],
      credentialSubject: {
        fhirVersion: "4.0.1",
        fhirBundle: {
          resourceType: "Bundle", type: "collection",
          entry: [{ fullUrl: "resource:0", resource: patient }, ...Array.from({ length: doses }, dose)],
        },
      },
    },
  };
  const head = b64(JSON.stringify({ zip: "DEF", alg: "ES256", kid }));
  const text = `${head}.${b64(deflateRawSync(JSON.stringify(payload)))}`;
  const signature = sign("sha256", Buffer.from(text), { key: key.private, dsaEncoding: "ieee-p1363" });
  return numeric(`${text}.${b64(signature)}`);
}

// spoiled changes one sign in the middle of the payload.
function spoiled(good) {
  const at = 5 + 2 * Math.floor((good.length - 5) / 4);
  const pair = good.slice(at, at + 2) === "52" ? "53" : "52";
  return good.slice(0, at) + pair + good.slice(at + 2);
}

function run(lines, key = mine) {
  writeFileSync(join(dir, "jwks.json"), JSON.stringify({ keys: [key.public] }));
  writeFileSync(join(dir, "codes.txt"), lines.join("\n") + "\n");
  const script = fileURLToPath(new URL("verify.mjs", import.meta.url));
  const p = spawnSync(process.execPath, [script, join(dir, "jwks.json"), join(dir, "codes.txt")], { encoding: "utf8" });
  return { status: p.status, out: p.stdout };
}

test("good cards are valid, and other codes are passed over", () => {
  const { status, out } = run([card(1), "https://central.example/check/ABC", card(13)]);
  assert.equal(out, "card 1 of 2: valid, 1 dose\ncard 2 of 2: valid, 13 doses\n");
  assert.equal(status, 0);
});

test("one bad card among good ones fails", () => {
  const { status, out } = run([card(2), spoiled(card(2))]);
  assert.match(out, /card 1 of 2: valid/);
  assert.match(out, /card 2 of 2: refused/);
  assert.equal(status, 1);
});

test("a card of a foreign key is refused without going online", () => {
  const { status, out } = run([card(2, { key: other })]);
  assert.match(out, /refused, its key is not in the key set/);
  assert.equal(status, 1);
});

test("a foreign signature under our key id is refused", () => {
  const { status, out } = run([card(2, { key: other, kid: mine.kid })]);
  assert.match(out, /card 1 of 1: refused/);
  assert.equal(status, 1);
});

test("a refusal shows nothing of the card", () => {
  for (const bad of [spoiled(card(2)), card(2, { key: other, kid: mine.kid })]) {
    assert.doesNotMatch(run([bad]).out, /Doe|1990/);
  }
});

test("no card at all fails", () => {
  const { status, out } = run(["https://central.example/check/ABC"]);
  assert.equal(out, "no card found\n");
  assert.equal(status, 1);
});
