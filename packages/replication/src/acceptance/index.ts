/**
 * The laws of a connection as tests that need no test runner: for transports of others. Each law opens connections of its own
 * through what you hand in and throws when it is broken:
 *
 * ```ts
 * for (const law of connectionLaws) test(law.title, () => law.check(openMyTwoEnds, (ms) => new Promise((done) => setTimeout(done, ms))))
 * ```
 *
 * A replica over a connection that keeps them loses nothing; what they leave open (how long a frame takes, when a broken
 * network is noticed) the session covers with pings and deadlines.
 */
import type { Connection } from '../transport.ts'

/** Two ends of one fresh connection, and what a runner may have to wait for. */
export interface ConnectionPair {
  readonly left: Connection
  readonly right: Connection
}

/** A law, and its check. */
export interface ConnectionLaw {
  readonly title: string
  /** Rejects when the law is broken. `open` gives the ends of a new connection at each call. */
  readonly check: (open: () => Promise<ConnectionPair>, wait: Wait) => Promise<void>
}

/** Resolves after so many milliseconds, messages on their way handled meanwhile. */
export type Wait = (ms: number) => Promise<void>

/** How long a check waits for what must come. */
const PATIENCE_MS = 5_000

/** All that a session relies on. */
export const connectionLaws: readonly ConnectionLaw[] = [
  {
    title: 'frames arrive whole, in order, each once, both ways',
    check: async (open, wait) => {
      const { left, right } = await open()
      const [atLeft, atRight] = [record(left), record(right)]
      const frames = [...Array(50).keys()].map((n) => frameOf(n * 37, n))
      for (const frame of frames) {
        left.send(frame)
        right.send(frame)
      }
      await until(
        wait,
        () => atLeft.frames.length >= 50 && atRight.frames.length >= 50,
        'fifty frames each way',
      )
      for (const { frames: got } of [atLeft, atRight])
        expectThat(
          got.length === 50 && got.every((frame, n) => isSame(frame, frames[n]!)),
          'the frames are the same',
        )
      left.close()
    },
  },
  {
    title: 'frames of one byte and of 1.5 MiB arrive',
    check: async (open, wait) => {
      const { left, right } = await open()
      const got = record(right).frames
      const frames = [frameOf(1, 7), frameOf(1_572_864, 3), frameOf(1, 9)]
      for (const frame of frames) left.send(frame)
      await until(wait, () => got.length >= 3, 'three frames')
      expectThat(
        frames.every((frame, n) => isSame(frame, got[n]!)),
        'the frames are the same',
      )
      left.close()
    },
  },
  {
    title: 'a frame that is changed after it was sent arrives as it was',
    check: async (open, wait) => {
      const { left, right } = await open()
      const got = record(right).frames
      const frame = frameOf(100, 1)
      left.send(frame)
      frame.fill(0)
      await until(wait, () => got.length >= 1, 'a frame')
      expectThat(isSame(got[0]!, frameOf(100, 1)), 'the frame is as it was sent')
      left.close()
    },
  },
  {
    title: 'what arrives before anybody listens is kept, in order',
    check: async (open, wait) => {
      const { left, right } = await open()
      left.send(frameOf(10, 1))
      left.send(frameOf(10, 2))
      await wait(20)
      const got = record(right).frames
      left.send(frameOf(10, 3))
      await until(wait, () => got.length >= 3, 'three frames')
      expectThat(
        got.every((frame, n) => isSame(frame, frameOf(10, n + 1))),
        'the frames are in order',
      )
      left.close()
    },
  },
  {
    title: 'frames sent before close arrive, then both ends hear of it once',
    check: async (open, wait) => {
      const { left, right } = await open()
      const [atLeft, atRight] = [record(left), record(right)]
      left.send(frameOf(10, 1))
      left.send(frameOf(10, 2))
      left.close('SHUTTING_DOWN')
      await until(wait, () => atLeft.ends > 0 && atRight.ends > 0, 'both ends to end')
      expectThat(atRight.frames.length === 2, 'both frames came before the end')
      await wait(20)
      expectThat(atLeft.ends === 1 && atRight.ends === 1, 'each end ended once')
    },
  },
  {
    title: 'after the end, sending and closing do nothing',
    check: async (open, wait) => {
      const { left, right } = await open()
      const [atLeft, atRight] = [record(left), record(right)]
      right.close()
      await until(wait, () => atLeft.ends > 0 && atRight.ends > 0, 'both ends to end')
      for (const end of [left, right]) {
        end.send(frameOf(10, 1))
        end.close()
        end.close()
      }
      await wait(20)
      expectThat(atLeft.frames.length + atRight.frames.length === 0, 'nothing came after the end')
      expectThat(atLeft.ends === 1 && atRight.ends === 1, 'each end ended once')
    },
  },
  {
    title: 'who listens after the end hears of it',
    check: async (open, wait) => {
      const { left, right } = await open()
      left.send(frameOf(10, 1))
      left.close()
      await wait(20)
      const late = record(right)
      await until(wait, () => late.ends > 0, 'the end')
      expectThat(late.frames.length === 1, 'what came before the end is delivered first')
    },
  },
  {
    title: 'connections do not hear each other',
    check: async (open, wait) => {
      const [one, other] = [await open(), await open()]
      const [atOne, atOther] = [record(one.right), record(other.right)]
      one.left.send(frameOf(10, 1))
      other.left.send(frameOf(10, 2))
      await until(wait, () => atOne.frames.length > 0 && atOther.frames.length > 0, 'a frame each')
      one.left.close()
      await until(wait, () => atOne.ends > 0, 'the first to end')
      other.left.send(frameOf(10, 3))
      await until(wait, () => atOther.frames.length >= 2, 'the other to go on')
      expectThat(atOne.frames.length === 1 && atOther.ends === 0, 'each has its own')
      other.left.close()
    },
  },
]

interface Recorded {
  readonly frames: Uint8Array[]
  ends: number
}

function record(connection: Connection): Recorded {
  const recorded: Recorded = { frames: [], ends: 0 }
  connection.listen({
    frame: (frame) => recorded.frames.push(frame.slice()),
    ended: () => {
      recorded.ends += 1
    },
  })
  return recorded
}

function frameOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i * 31 + seed * 7)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new Error(`the connection breaks its law: expected that ${what}`)
}

async function until(wait: Wait, isSo: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    if (waitedMs > PATIENCE_MS) throw new Error(`the connection breaks its law: waited in vain for ${what}`)
    await wait(5)
  }
}
