// Digests are the same wherever they are computed: at once in JavaScript, in WebAssembly once it is loaded, and in JavaScript
// where WebAssembly may not be compiled. Node's own SHA-256 is the judge.

import { createHash } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { createDigests, type Digests, startSha256 } from '../../packages/log/src/sha256.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Bytes around the edges of SHA-256's blocks of 64, and longer than what WebAssembly is handed at once. */
const samples = [...Array.from({ length: 200 }, (_, length) => length), 16_384, 16_385, 100_003].map(
  (length) => Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff),
)

test('digests are those of SHA-256 before and after they are hastened', async () => {
  const digests = createDigests()
  expectAllRight(digests)
  expect(await digests.hasten()).toBe(true)
  expectAllRight(digests)
})

test('a digest that was given stays as it is when others are computed', async () => {
  const { sha256, hasten } = createDigests()
  await hasten()
  const first = sha256(samples[3]!)
  const kept = first.slice()
  sha256(samples[4]!)
  expect(first).toEqual(kept)
})

test('digests of bytes that come bit by bit disturb neither each other nor those computed at once', async () => {
  await expectStreamsRight()
})

test('where WebAssembly may not be compiled, digests are computed in JavaScript, and the next call tries again', async () => {
  const digests = createDigests()
  vi.stubGlobal('WebAssembly', { compile: () => Promise.reject(new Error('refused by the policy')) })
  expect(await digests.hasten()).toBe(false)
  expectAllRight(digests)
  await expectStreamsRight()
  vi.unstubAllGlobals()
  expect(await digests.hasten()).toBe(true)
  expectAllRight(digests)
})

function expectAllRight({ sha256 }: Digests): void {
  for (const bytes of samples) expect(sha256(bytes)).toEqual(digestOf(bytes))
}

async function expectStreamsRight(): Promise<void> {
  const { sha256, hasten } = createDigests()
  await hasten()
  const [a, b] = [await startSha256(), await startSha256()]
  for (const bytes of samples) {
    a.update(bytes)
    sha256(bytes)
    b.update(bytes.subarray(0, bytes.length >> 1))
  }
  expect(a.digest()).toEqual(digestOf(...samples))
  expect(b.digest()).toEqual(digestOf(...samples.map((bytes) => bytes.subarray(0, bytes.length >> 1))))
}

function digestOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}
