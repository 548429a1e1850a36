// Foreign bytes at the parser and at sessions in every state, from one seed: random, cut, mutated, too large, and true
// frames one byte at a time. Whatever comes, the answer is a message or a refusal by name, and a state that goes on.

import { HeadwaterError } from '@headwater/log'
import { encodeMessage, MAX_FRAME_BYTES, parseMessage, type State, step } from '@headwater/replication'
import { messages } from './messages.ts'
import { configs, statesOf } from './states.ts'

/** What a run came to. */
export interface FuzzResult {
  readonly frames: number
  readonly parsed: number
  readonly refused: Readonly<Record<string, number>>
  /** Sessions that ended by a frame, by code. */
  readonly ended: Readonly<Record<string, number>>
}

type Draw = (below: number) => number

/** Runs so many frames; throws with the frame when something throws that must not. */
export function fuzz(frames: number, seed: number): FuzzResult {
  const draw = createDraw(seed)
  const good = messages.map((message) => encodeMessage(message)).filter((frame) => frame.length < 4_000)
  const starts = configs.flatMap(statesOf)
  const tooLarge = new Uint8Array(MAX_FRAME_BYTES + 1)
  const refused: Record<string, number> = {}
  const ended: Record<string, number> = {}
  let parsed = 0
  let state: State = starts[0]!
  for (let n = 0; n < frames; n++) {
    const frame = drawFrame(draw, good, tooLarge)
    if (state.phase === 'ended' || draw(50) === 0) state = starts[draw(starts.length)]!
    try {
      const message = parseMessage(frame)
      const isRefused = message instanceof HeadwaterError
      if (isRefused) refused[message.code] = (refused[message.code] ?? 0) + 1
      else parsed += 1
      const [next, outputs] = step(
        state,
        isRefused ? { type: 'misread', error: message } : { type: 'message', message, bytes: frame.length },
      )
      for (const output of outputs) {
        if (output.type === 'send') encodeMessage(output.message)
        if (output.type === 'end') ended[output.end.error.code] = (ended[output.end.error.code] ?? 0) + 1
      }
      state = next
    } catch (cause) {
      const bytes = Buffer.from(frame.subarray(0, 2_000)).toString('hex')
      throw new Error(`frame ${n} of seed ${seed} in phase ${state.phase}: ${bytes}`, { cause })
    }
  }
  return { frames, parsed, refused, ended }
}

function drawFrame(draw: Draw, good: readonly Uint8Array[], tooLarge: Uint8Array): Uint8Array {
  const kind = draw(100)
  const frame = good[draw(good.length)]!
  if (kind < 25) return Uint8Array.from({ length: draw(200) }, () => draw(256))
  if (kind < 45) return frame.subarray(0, draw(frame.length + 1))
  if (kind < 55) return frame.subarray(draw(frame.length)).subarray(0, 1)
  if (kind < 58) return tooLarge
  if (kind < 85) return mutate(draw, frame)
  return frame
}

/** Flips bits, sets bytes to what is likely to hurt, swaps runs. */
function mutate(draw: Draw, frame: Uint8Array): Uint8Array {
  const bytes = frame.slice()
  for (let changes = 1 + draw(4); changes > 0; changes--) {
    const at = draw(bytes.length)
    const way = draw(4)
    if (way === 0) bytes[at] = bytes[at]! ^ (1 << draw(8))
    else if (way === 1) bytes[at] = [0, 1, 127, 128, 254, 255][draw(6)]!
    else if (way === 2) bytes.fill(255, at, at + draw(9))
    else bytes.copyWithin(at, draw(bytes.length), draw(bytes.length + 1))
  }
  return bytes
}

/** Whole numbers from a seed (mulberry32). */
function createDraw(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
