/**
 * A file's lines, in bounded memory: the bytes come in pieces, go out as text a line, and pass by a digest of the whole.
 * A line that is longer than any commit could be is cut and marked, and the rest of it skipped; text that is no UTF-8
 * is marked too, so that the caller names it instead of storing something else.
 */
import { MAX_COMMIT_BYTES } from '@headwater/log'

/** One line. */
export interface Line {
  /** From 1, as editors count. */
  readonly number: number
  /** Without its line break; nothing when it cannot be read, and then `fault` says why. */
  readonly text: string
  readonly fault: string | undefined
  /** Bytes of the source up to the end of this line. */
  readonly through: number
}

/** Text of JSON escapes takes at most six bytes a byte; base64 and the events' names take less. */
export const MAX_LINE_BYTES: number = 6 * MAX_COMMIT_BYTES
const PIECE_CHARACTERS = 65_536
const LINE_BREAK = 10
const CARRIAGE_RETURN = 13

/** The lines of `source`; each piece of its bytes is shown to `onBytes` first. */
export async function* readLines(
  source: Blob | string,
  onBytes: (bytes: Uint8Array) => void = () => undefined,
): AsyncGenerator<Line, void, undefined> {
  const open = createOpenLine()
  let number = 0
  let through = 0
  for await (const piece of pieces(source)) {
    onBytes(piece)
    let from = 0
    for (let end = piece.indexOf(LINE_BREAK); end >= 0; end = piece.indexOf(LINE_BREAK, from)) {
      open.add(piece.subarray(from, end))
      yield { ...open.take(), number: ++number, through: through + end + 1 }
      from = end + 1
    }
    open.add(piece.subarray(from))
    through += piece.length
  }
  if (open.byteLength > 0) yield { ...open.take(), number: ++number, through }
}

/** A line whose end has not come yet. */
function createOpenLine(): {
  readonly byteLength: number
  add(bytes: Uint8Array): void
  take(): Pick<Line, 'text' | 'fault'>
} {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: Uint8Array[] = []
  let byteLength = 0
  return {
    get byteLength() {
      return byteLength
    },
    add: (bytes) => {
      byteLength += bytes.length
      if (byteLength <= MAX_LINE_BYTES) parts.push(bytes)
      else parts = []
    },
    take: () => {
      const whole = join(parts, byteLength)
      const tooLong = byteLength > MAX_LINE_BYTES
      parts = []
      byteLength = 0
      if (tooLong) return { text: '', fault: `it is longer than ${MAX_LINE_BYTES} bytes` }
      return decodeLine(decoder, whole)
    },
  }
}

function decodeLine(decoder: TextDecoder, bytes: Uint8Array): Pick<Line, 'text' | 'fault'> {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length
  try {
    return { text: decoder.decode(bytes.subarray(0, end)), fault: undefined }
  } catch {
    return { text: '', fault: 'it is no UTF-8 text' } // named with the line's number by the caller
  }
}

function join(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const only = parts[0]
  if (parts.length === 0 || only === undefined) return new Uint8Array()
  if (parts.length === 1) return only
  const whole = new Uint8Array(byteLength)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

async function* pieces(source: Blob | string): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof source === 'string') {
    const encoder = new TextEncoder()
    for (const text of textPieces(source)) yield encoder.encode(text)
    return
  }
  const reader = source.stream().getReader()
  try {
    for (let run = await reader.read(); !run.done; run = await reader.read()) yield run.value
  } finally {
    await reader.cancel()
  }
}

/** Cut between characters, never inside a surrogate pair. */
function* textPieces(text: string): Generator<string, void, undefined> {
  let from = 0
  while (from < text.length) {
    let to = Math.min(text.length, from + PIECE_CHARACTERS)
    const last = text.charCodeAt(to - 1)
    if (to < text.length && last >= 0xd800 && last < 0xdc00) to++
    yield text.slice(from, to)
    from = to
  }
}
