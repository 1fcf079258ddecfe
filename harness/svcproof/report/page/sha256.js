// SHA-256 (FIPS 180-4) of bytes that come in parts: crypto.subtle takes only the whole, and only on secure pages.

const SHA_PRIMES = [...Array(312).keys()].filter((n) => n > 1 && !Array.from({ length: 16 }, (_, k) => k + 2).some((d) => d < n && n % d === 0));
const SHA_CONSTANTS = Int32Array.from(SHA_PRIMES.slice(0, 64), (prime) => fractionBits(Math.cbrt(prime)));
const SHA_START = Int32Array.from(SHA_PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

function fractionBits(root) {
  return ((root % 1) * 2 ** 32) | 0;
}

/** A hash of nothing: `update` takes bytes, `digest` gives the hex digest of those so far. */
function sha256() {
  const state = SHA_START.slice();
  const block = new Uint8Array(64);
  const words = new Int32Array(64);
  let length = 0;

  function update(bytes) {
    let from = 0;
    while (from < bytes.length) {
      const used = length % 64;
      const taken = Math.min(64 - used, bytes.length - from);
      block.set(bytes.subarray(from, from + taken), used);
      from += taken;
      length += taken;
      if (length % 64 === 0) compressBlock(state, block, words);
    }
  }

  function digest() {
    const [copy, rest] = [state.slice(), block.slice()];
    const used = length % 64;
    rest.fill(0, used);
    rest[used] = 0x80;
    if (used >= 56) {
      compressBlock(copy, rest, words);
      rest.fill(0);
    }
    const view = new DataView(rest.buffer);
    view.setUint32(56, Math.floor(length / 2 ** 29));
    view.setUint32(60, (length << 3) >>> 0);
    compressBlock(copy, rest, words);
    return [...copy].map((word) => hex(word >>> 0, 8)).join("");
  }

  return { update, digest };
}

function compressBlock(state, block, words) {
  for (let i = 0; i < 16; i++) {
    words[i] = (block[4 * i] << 24) | (block[4 * i + 1] << 16) | (block[4 * i + 2] << 8) | block[4 * i + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15];
    const y = words[i - 2];
    const low = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const high = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    words[i] = (words[i - 16] + low + words[i - 7] + high) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const choice = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g));
    const first = (h + choice + SHA_CONSTANTS[i] + words[i]) | 0;
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function turned(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}
