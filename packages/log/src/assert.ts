/**
 * What must never happen. A failed assertion is a bug in Headwater, is never caught to go on, and is not a
 * `HeadwaterError`: operating errors and foreign data have names of their own in `error.ts`.
 */

/** Throws when `condition` is false; the message says what was believed. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug in headwater: ${message}`)
}

/** Ends an exhaustive `switch`; does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`bug in headwater: unexpected case ${JSON.stringify(value)}`)
}
