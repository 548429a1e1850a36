/**
 * The rolling hash of a workspace: one hash over all its commits up to a position, so that a resume token can say "I have
 * all that you had up to here" and a hub with another past can tell. `rolling(0) = 0{32}`, `rolling(n) = SHA-256(rolling(n −
 * 1) ‖ chain hash of commit n)`; a voided commit stays in it.
 */
import { createHash } from 'node:crypto'

/** The rolling hash before the first commit. */
export const ROLLING_START: Uint8Array = new Uint8Array(32)

/** The rolling hash after one more commit. */
export function rollOn(rolling: Uint8Array, chainHash: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(rolling).update(chainHash).digest())
}
