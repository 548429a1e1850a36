/**
 * The sending half of a live session: reading what the peer lacks, in frames, as far as the peer's window has room. Reading
 * begins at the resume position; when it comes to the end and the peer still lacks something that was held at the
 * beginning, it begins again at 0, since positions are only a shortcut (R1). At most one read is under way, and what it
 * gave waits for room before the next (R6).
 */
import type { ReplicaId } from '@headwater/log'
import { BATCH_BYTES, MAX_FRAME_COMMITS, MAX_UNACKED_FRAMES } from '../limits.ts'
import type { Ack, Commits, Position, SentCommit } from '../messages.ts'
import type { ReadBatch } from '../source.ts'
import { commitsFrameBytes, sentCommitBytes } from '../wire/encode.ts'
import { countEvents } from './counted.ts'
import { refuse } from './ending.ts'
import { passCommits, withoutHeld } from './holdings.ts'
import type { InputOf, Live, Output, Sending, SentFrame, Step } from './state.ts'

/** Sends and reads what can be sent and read now; afterwards says if the session has caught up. */
export function pump(live: Live): Step {
  const outputs: Output[] = []
  let sending = flush(live.sending, outputs)
  sending = readOn(sending, live.forks.isResolving, outputs)
  if (isIdle(sending)) {
    sending = endPass(sending)
    if (sending.wants) sending = readOn(sending, live.forks.isResolving, outputs)
    else sending = settle(live, sending, outputs)
  }
  const next = { ...live, sending }
  if (next.isCaughtUp || !isIdle(sending) || sending.unacked.length > 0 || live.receiving.expected.size > 0)
    return [next, outputs]
  return [{ ...next, isCaughtUp: true }, [...outputs, { type: 'caught-up' }]]
}

/** A read gave commits: pack them into frames. */
export function takeBatch(live: Live, { batch }: InputOf<'batch'>): Step {
  const sending = withPassed(live, batch.commits)
  const { receiving } = live
  return pump({
    ...live,
    receiving: { ...receiving, expected: withoutHeld(receiving.expected, batch.commits) },
    sending: {
      ...sending,
      held: toFrames(batch, live.peer.limits.frameBytes),
      at: batch.through,
      // A read that moved nothing says nothing new of the place where it stands.
      mark: batch.through === sending.at ? sending.mark : batch.mark,
      isReading: false,
      wants: sending.wants || !batch.isEnd,
    },
  })
}

/** Commits go or came: the peer holds them. Where it holds less than we thought, what was passed over is looked at again. */
export function withPassed({ sending }: Live, commits: readonly SentCommit[]): Sending {
  const { theirs, isLowered } = passCommits(sending.theirs, commits)
  if (!isLowered) return { ...sending, theirs }
  return { ...sending, theirs, rewindTo: 0 as Position, wants: true }
}

/** The peer has dealt with the oldest frame. */
export function takeAck(live: Live, { through, grantedBytes }: Ack): Step {
  const { sending } = live
  const [oldest, ...unacked] = sending.unacked
  const creditBytes = sending.creditBytes + grantedBytes
  if (oldest?.through !== through || creditBytes > live.peer.limits.windowBytes)
    return refuse('MESSAGE_UNEXPECTED', 'The peer acknowledges what was not sent.')
  const [next, outputs] = pump({
    ...live,
    sending: { ...sending, unacked, creditBytes, ackedThrough: through },
  })
  return [next, [acknowledged(live, through, oldest.events), ...outputs]]
}

/** Once a tick, so that the peer's resume position follows also where nothing had to be sent. */
export function sayPosition(live: Live): Step {
  const { sending } = live
  const { at, mark, saidThrough } = sending
  if (!isIdle(sending) || sending.unacked.length > 0 || at <= saidThrough || mark.length === 0)
    return [live, []]
  const message: Commits = { type: 'commits', through: at, mark, commits: [] }
  return pump({
    ...live,
    sending: { ...sending, held: [{ message, bytes: commitsFrameBytes(message), ...countEvents([]) }] },
  })
}

function flush(sending: Sending, outputs: Output[]): Sending {
  let { creditBytes, saidThrough } = sending
  const unacked = [...sending.unacked]
  const held = [...sending.held]
  while (held[0] && held[0].bytes <= creditBytes && unacked.length < MAX_UNACKED_FRAMES) {
    const { message, bytes, events, runs } = held.shift()!
    outputs.push({ type: 'send', message })
    creditBytes -= bytes
    saidThrough = message.through
    unacked.push({ through: message.through, events, runs })
  }
  return { ...sending, creditBytes, saidThrough, unacked, held }
}

function readOn(sending: Sending, isResolving: boolean, outputs: Output[]): Sending {
  const { theirs, creditBytes, held, isReading, wants } = sending
  if (!wants || isReading || isResolving || held.length > 0 || creditBytes <= 0) return sending
  const maxBytes = Math.min(BATCH_BYTES, creditBytes)
  const at = sending.rewindTo ?? sending.at
  outputs.push({ type: 'read', after: at, maxBytes, theirs, withheld: withheldBy(sending) })
  return { ...sending, at, rewindTo: undefined, isReading: true, wants: false }
}

function withheldBy({ blocked, reclaim }: Sending): ReadonlySet<ReplicaId> {
  const withheld = new Set(blocked.keys())
  return reclaim ? withheld.add(reclaim.replica) : withheld
}

function isIdle({ wants, isReading, held }: Sending): boolean {
  return !wants && !isReading && held.length === 0
}

/** The first pass is over, unless it began late and left something out. */
function endPass(sending: Sending): Sending {
  const { pass, theirs } = sending
  if (!pass) return sending
  const withheld = withheldBy(sending)
  const left = [...pass.owed].filter(
    ([id, sequence]) => !withheld.has(id) && (theirs.get(id) ?? 0) < sequence,
  )
  if (left.length === 0 || pass.from === 0) return { ...sending, pass: undefined }
  const origin = 0 as Position
  return { ...sending, pass: { from: origin, owed: new Map(left) }, at: origin, wants: true }
}

/** Where nothing is on its way, all that was read counts as acknowledged. */
function settle(live: Live, sending: Sending, outputs: Output[]): Sending {
  const { at, ackedThrough, unacked } = sending
  if (unacked.length > 0 || at <= ackedThrough) return sending
  outputs.push(acknowledged(live, at, 0))
  return { ...sending, ackedThrough: at }
}

/** While commits of our own are held back or refused, nothing behind them counts as acknowledged. */
function acknowledged({ sending, ours }: Live, position: Position, events: number): Output {
  const isWhole = ![...withheldBy(sending)].some((replica) => ours.has(replica))
  return { type: 'acknowledged', position: isWhole ? position : undefined, events }
}

function toFrames({ commits, through, mark }: ReadBatch, maxBytes: number): readonly SentFrame[] {
  const frames: SentFrame[] = []
  const close = (group: readonly SentCommit[], isLast: boolean): void => {
    const end = isLast ? { through, mark } : { through: group.at(-1)!.position, mark: NO_MARK }
    const message: Commits = { type: 'commits', ...end, commits: group }
    frames.push({ message, bytes: commitsFrameBytes(message), ...countEvents(group) })
  }
  let group: SentCommit[] = []
  let bytes = 0
  const room = maxBytes - ROOM_FOR_MARK_BYTES
  for (const commit of commits) {
    const more = sentCommitBytes(commit)
    if (group.length > 0 && (bytes + more > room || group.length === MAX_FRAME_COMMITS)) {
      close(group, false)
      group = []
      bytes = 0
    }
    group.push(commit)
    bytes += more
  }
  if (group.length > 0) close(group, true)
  return frames
}

/** A frame that ends inside a read has none: the receiver remembers the last that had. */
const NO_MARK = new Uint8Array(0)
const ROOM_FOR_MARK_BYTES = 128
