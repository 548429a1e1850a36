/**
 * Where moments lie in a log. Of a time, it is the last place before which everything is stamped at or before it: what this
 * log held then, in the order in which things came to it, so that nothing stamped later is ever shown, and what came late is
 * not there before the place at which it came. Times are looked up in an index that is read from the log as far as it is
 * asked for, 1 MiB a step.
 */
import {
  HeadwaterError,
  type Log,
  type Offset,
  ORIGIN,
  parseCommit,
  type StoredCommit,
  type Timestamp,
  timestampToMs,
} from '@headwater/log'
import type { Moment, PastPlace } from '../../protocol.ts'

/** Moments of one log. */
export interface Places {
  /** Errors: `QUERY_INVALID` for what is no moment, or lies beyond the head; `ABORTED`, those of reading. */
  find(moment: Moment, signal: AbortSignal): Promise<PastPlace>
}

/** A step of the index: up to here, everything is stamped at or before `latest`. */
interface Step {
  readonly through: Offset
  readonly latest: number
}

const START: Step = { through: ORIGIN, latest: 0 }

/** Nothing indexed yet. */
export function createPlaces(log: Log): Places {
  let steps: Step[] = [START]
  let version = log.voidsVersion

  /** The last place up to which all is stamped at or before `ms`. */
  const findTime = async (ms: number, signal: AbortSignal): Promise<Offset> => {
    if (version !== log.voidsVersion) steps = [START]
    version = log.voidsVersion
    for (let step = steps.findLast(({ latest }) => latest <= ms) ?? START; ; ) {
      const { commits, through } = await log.readCommits(step.through, { signal })
      const end = lastWithin(commits, ms) ?? step.through
      const next = { through, latest: Math.max(step.latest, ...commits.map(commitMs)) }
      if (step === steps.at(-1) && through > step.through) steps.push(next)
      if (through <= step.through || next.latest > ms) return end
      step = next
    }
  }
  return {
    async find(moment, signal) {
      const head = await log.refresh()
      checkMoment(moment, head)
      const through = moment.type === 'offset' ? (moment.offset as Offset) : await findTime(moment.ms, signal)
      const end = await log.lastCommit(through)
      return { offset: end?.offset ?? ORIGIN, time: end ? timestampToMs(end.timestamp) : 0 }
    },
  }
}

/** The end of the last commit before the first that is stamped later; nothing where that is the very first. */
function lastWithin(commits: readonly StoredCommit[], ms: number): Offset | undefined {
  const later = commits.findIndex((commit) => commitMs(commit) > ms)
  const last = later < 0 ? commits.at(-1) : commits[later - 1]
  return last && ((last.firstOffset + headOf(last).count - 1) as Offset)
}

function commitMs(commit: StoredCommit): number {
  return timestampToMs(headOf(commit).timestamp)
}

function headOf({ bytes }: StoredCommit): { readonly timestamp: Timestamp; readonly count: number } {
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) throw head
  return head
}

function checkMoment(moment: Moment, head: Offset): void {
  if (moment.type === 'time') {
    if (!Number.isNaN(moment.ms)) return
    throw new HeadwaterError('QUERY_INVALID', 'What was given as a moment is no date.', {
      hint: 'Give a valid Date, or an offset of this log.',
    })
  }
  const { offset } = moment
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= head) return
  throw new HeadwaterError('QUERY_INVALID', `The log ends at offset ${head}; there is no moment ${offset}.`, {
    hint: 'Offsets are whole numbers from 0 to the head, which `status` tells.',
    facts: { head },
  })
}
