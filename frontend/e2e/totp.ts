import { createHmac } from "node:crypto";
import { expect } from "@playwright/test";

const STEP_MS = 30_000;
/** A code must stay valid for this long after it is returned. */
const MARGIN_MS = 10_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Returns the code that an authenticator app shows (RFC 6238). Each code works once, and the server accepts clocks
 * that are off by one step: with `steps` of -1, 0 and 1 there are three codes at any moment, to be used in this order.
 * Near the end of a step this waits for the next one, so that the code does not expire on its way.
 */
export async function totp(secret: string, steps: -1 | 0 | 1 = 0): Promise<string> {
  await expect.poll(() => STEP_MS - (Date.now() % STEP_MS), { timeout: STEP_MS }).toBeGreaterThan(MARGIN_MS);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const hash = createHmac("sha1", decoded(secret)).update(counter).digest();
  const at = hash[19] & 0xf;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function decoded(base32: string): Buffer {
  const letters = [...base32.replace(/[\s=]/g, "").toUpperCase()];
  const bits = letters.map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
