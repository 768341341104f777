// Reads the health cards off a PDF as scanners and phones see it: as pictures.
// pdftoppm draws the pages, zbarimg reads them (Debian: poppler-utils, zbar-tools).
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Conditions under which every code must be read. Like any camera, the reader may
// look again, at another scale: at 150 dpi, where a square is two and a half dots,
// zbarimg missed one code of 142 in its drawn size and none in twice that.
export const conditions = [
  { name: "at 300 dpi", dpi: 300, turn: 0, blur: 0, scales: [1, 0.75] },
  { name: "at 150 dpi", dpi: 150, turn: 0, blur: 0, scales: [2, 1, 3] },
  { name: "blurred and turned by 3 degrees", dpi: 300, turn: 3, blur: 1, scales: [1, 0.75, 1.25] },
];

// photographs returns the cards "shc:/…" that are read off a PDF under each of the
// conditions. Wanted is how many there are to be: until then it looks again.
export function photographs(pdf, wanted) {
  let pages; // with a card on them: the others are looked at once
  return conditions.map((condition) => {
    const found = within((dir) => photograph(dir, pdf, condition, pages, wanted));
    pages ??= [...found.keys()];
    return { name: condition.name, cards: [...found.values()].flatMap((cards) => [...cards]) };
  });
}

// photograph returns a set of cards for each page that has one.
function photograph(dir, pdf, { dpi, turn, blur, scales }, pages, wanted) {
  execFileSync("pdftoppm", ["-r", dpi, "-gray", pdf, join(dir, "page")]);
  const drawn = readdirSync(dir).sort();
  const found = new Map();
  const count = () => [...found.values()].reduce((sum, cards) => sum + cards.size, 0);
  for (const [n, scale] of scales.entries()) {
    if (n > 0 && count() >= wanted) break;
    for (const [page, name] of drawn.entries()) {
      if (pages && !pages.includes(page)) continue;
      const seen = join(dir, `${name}-${n}.pgm`);
      writeImage(seen, view(soften(readImage(join(dir, name)), blur), turn, scale));
      for (const card of scan(seen)) found.set(page, (found.get(page) ?? new Set()).add(card));
    }
  }
  return found;
}

// attached returns the cards of the .smart-health-card file inside a PDF, as codes.
export function attached(pdf) {
  return within((dir) => {
    execFileSync("pdfdetach", ["-saveall", "-o", dir, pdf]);
    const files = readdirSync(dir).filter((name) => name.endsWith(".smart-health-card"));
    return files.flatMap((name) => JSON.parse(readFileSync(join(dir, name), "utf8")).verifiableCredential.map(numeric));
  });
}

// numeric is a JWS as a code holds it.
export const numeric = (jws) => "shc:/" + [...jws].map((c) => String(c.charCodeAt(0) - 45).padStart(2, "0")).join("");

function scan(path) {
  const p = spawnSync("zbarimg", ["--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path], { encoding: "utf8" });
  if (p.error || (p.status !== 0 && p.status !== 4)) throw p.error ?? new Error(p.stderr); // 4: no code
  return p.stdout.split("\n").filter((line) => line.startsWith("shc:/"));
}

function within(work) {
  const dir = mkdtempSync(join(tmpdir(), "photo-"));
  try {
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// A grey image is its width, height and dots, 0 for black.
function readImage(path) {
  const file = readFileSync(path);
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString("latin1", 0, 40));
  return { width: +width, height: +height, dots: file.subarray(head.length) };
}

function writeImage(path, { width, height, dots }) {
  writeFileSync(path, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), dots]));
}

// soften blurs an image with a Gaussian of sigma dots, across and then down.
function soften(image, sigma) {
  if (sigma === 0) return image;
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const all = weights.reduce((a, b) => a + b);
  const { width, height } = image;
  const pass = (dots, step, first) => {
    const out = Buffer.from(dots);
    for (let at = first; at < dots.length - first; at++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * dots[at + (i - reach) * step];
      out[at] = sum / all;
    }
    return out;
  };
  return { width, height, dots: pass(pass(image.dots, 1, reach), width, reach * width) };
}

// view turns an image by degrees about its middle and scales it; outside it is white.
function view(image, turn, scale) {
  if (turn === 0 && scale === 1) return image;
  const { width: w, height: h, dots } = image;
  const width = Math.round(w * scale);
  const height = Math.round(h * scale);
  const out = Buffer.alloc(width * height, 255);
  const cos = Math.cos((turn * Math.PI) / 180) / scale;
  const sin = Math.sin((turn * Math.PI) / 180) / scale;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const x = w / 2 + cos * (u + 0.5 - width / 2) - sin * (v + 0.5 - height / 2) - 0.5;
      const y = h / 2 + sin * (u + 0.5 - width / 2) + cos * (v + 0.5 - height / 2) - 0.5;
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < 0 || top < 0 || left + 1 >= w || top + 1 >= h) continue;
      const at = top * w + left;
      const above = dots[at] + (x - left) * (dots[at + 1] - dots[at]);
      const below = dots[at + w] + (x - left) * (dots[at + w + 1] - dots[at + w]);
      out[v * width + u] = above + (y - top) * (below - above);
    }
  }
  return { width, height, dots: out };
}
