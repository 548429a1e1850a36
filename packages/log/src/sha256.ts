/**
 * SHA-256 without promises: a commit has many short bodies, and WebCrypto takes longer to be called than to hash one. Plain
 * JavaScript does it at once; WebAssembly does it three times as fast once it is loaded, for those who hash much: who syncs, a
 * hub, an import. The digests are the same.
 */
import { sha256 as inJavaScript } from '@noble/hashes/sha2.js'

/** A digest that is being computed. */
export interface Sha256 {
  update(bytes: Uint8Array): void
  /** The 32 bytes. Called once, at the end. */
  digest(): Uint8Array
}

/** Digests at once, and a way to have them faster. */
export interface Digests {
  /** The 32 bytes of a digest. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /**
   * Has `sha256` compute in WebAssembly from when that is loaded. Answers false where it cannot be had (a content security policy
   * without `wasm-unsafe-eval`, or no network): all goes on in JavaScript, and the next call tries again. Never rejects.
   */
  readonly hasten: () => Promise<boolean>
}

/** Digests that begin in JavaScript. */
export function createDigests(): Digests {
  let digestOf: (bytes: Uint8Array) => Uint8Array = inJavaScript
  let hastening: Promise<boolean> | undefined
  const hasten = async (): Promise<boolean> => {
    try {
      const hasher = await openHasher()
      digestOf = (bytes) => hasher.init().update(bytes).digest('binary')
      return true
    } catch {
      hastening = undefined
      return false
    }
  }
  return {
    sha256: (bytes) => digestOf(bytes),
    hasten: () => {
      hastening ??= hasten()
      return hastening
    },
  }
}

/** Those of this page, worker or thread: digests depend on the bytes alone, so that all may share them. */
const digests = createDigests()
/** The 32 bytes of a digest. */
export const sha256: Digests['sha256'] = digests.sha256
/** Has digests computed in WebAssembly from when that is loaded (`Digests.hasten`). */
export const hastenSha256: Digests['hasten'] = digests.hasten

/** Begins a digest of bytes that come bit by bit, in WebAssembly where that may be had. */
export async function startSha256(): Promise<Sha256> {
  try {
    const hasher = (await openHasher()).init()
    return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.digest('binary') }
  } catch {
    const hash = inJavaScript.create()
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
  }
}

/** A digest with a memory of its own. Rejects where WebAssembly may not be compiled. */
async function openHasher(): ReturnType<typeof import('./sha256-wasm.ts').createSHA256> {
  const { createSHA256 } = await import('./sha256-wasm.ts')
  return createSHA256()
}
