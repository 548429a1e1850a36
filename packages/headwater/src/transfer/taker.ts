/**
 * What a line of an import is: a commit of an export, an event of another program, or a fault. The same lines give the
 * same answers in both passes over a file, since all that is looked at is fixed when the import begins.
 */
import { HeadwaterError, isTooFarAhead, parseCommit, type VersionVector } from '@headwater/log'
import { isCommitLine, lineToCommit } from './commit-line.ts'
import { type ForeignEvent, type LineRules, lineFault, parseForeign, parseLine } from './foreign-line.ts'
import type { Line } from './lines.ts'

/** What a line is. */
export type Taken =
  | { readonly type: 'commit'; readonly bytes: Uint8Array }
  | ({ readonly type: 'event' } & ForeignEvent)
  | { readonly type: 'fault'; readonly error: HeadwaterError }

/** Takes the lines of one pass, in order. */
export interface Taker {
  readonly take: (line: Line) => Taken
}

/** Judges lines by `rules` and by what the log held when the import began. */
export function createTaker(rules: LineRules & { readonly vector: VersionVector }): Taker {
  const reached = new Map<string, number>()
  /** A commit must follow what is held of its replica, or what the file brought before it. */
  const refusal = (bytes: Uint8Array): string | undefined => {
    const head = parseCommit(bytes)
    if (head instanceof HeadwaterError) return head.message
    const held = reached.get(head.replica) ?? rules.vector.get(head.replica)
    if (head.firstSequence > held + 1) {
      return `it is sequence ${head.firstSequence} of replica ${head.replica}, of which ${held} is the last known`
    }
    if (isTooFarAhead(head.timestamp, rules.nowMs)) return 'its timestamp is over a day ahead of this clock'
    reached.set(head.replica, Math.max(held, head.firstSequence + head.count - 1))
    return undefined
  }
  const takeCommit = (line: Line, parsed: unknown): Taken => {
    const bytes = commitOf(line, parsed)
    const why = refusal(bytes)
    if (why !== undefined) throw lineFault(line, why)
    return { type: 'commit', bytes }
  }
  return {
    take: (line) => {
      try {
        const parsed = parseLine(line)
        if (isCommitLine(parsed)) return takeCommit(line, parsed)
        return { type: 'event', ...parseForeign(line, parsed, rules) }
      } catch (error) {
        if (error instanceof HeadwaterError) return { type: 'fault', error }
        throw error
      }
    },
  }
}

function commitOf(line: Line, parsed: unknown): Uint8Array {
  try {
    return lineToCommit(parsed)
  } catch (cause) {
    throw lineFault(line, cause instanceof Error ? cause.message : String(cause), cause)
  }
}
