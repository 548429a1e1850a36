/**
 * The same through a log and the protocol: commits are read from the sender's log, whose events are appended before the clock
 * starts, framed, parsed, checked and merged into the receiver's log, then read from there and folded into rows. Both logs
 * are in memory, and there is no network: what is left is what replication itself costs.
 */
import { createEventRegistry, createMemoryLog, hastenSha256, type Log, ORIGIN } from '@headwater/log'
import {
  createLogSource,
  encodeMessage,
  type Position,
  parseMessage,
  type SentCommit,
} from '@headwater/replication'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { Issue } from '../fold.ts'
import { type Exchanged, type ExchangeOptions, foldInto, sumOf } from '../hand/exchange.ts'
import { type TrackerEvent, takeEvents } from '../stream.ts'
import { events as types } from './events.ts'

const FRAME_BYTES = 1_048_576

export async function exchange({ seed, events, commitEvents }: ExchangeOptions): Promise<Exchanged> {
  const registry = createEventRegistry(types)
  const sender = createMemoryLog({ events: registry, ...createPlatform() })
  const made = takeEvents(seed, events, 'mixed')
  for (let from = 0; from < events; from += commitEvents)
    await sender.append(made.slice(from, from + commitEvents))
  const receiver = createMemoryLog({ events: registry, ...createPlatform() })
  await hastenSha256()
  const start = performance.now()
  await send(sender, receiver)
  const takenAt = performance.now()
  const rows = new Map<string, Issue>()
  for (let after = ORIGIN; after < receiver.head; ) {
    const batch = await receiver.read(after)
    for (const { type, data } of batch.events) foldInto(rows, { type, version: 1, data } as TrackerEvent)
    after = batch.through
  }
  return { ms: performance.now() - start, takenMs: takenAt - start, sum: sumOf(rows) }
}

async function send(sender: Log, receiver: Log): Promise<void> {
  const from = createLogSource(sender)
  const to = createLogSource(receiver)
  for (let after = 0 as Position; after < from.head; ) {
    const { commits, through, mark } = await from.read(after, { maxBytes: FRAME_BYTES, lacks: () => true })
    await to.store(takenFrom(encodeMessage({ type: 'commits', through, mark, commits })))
    after = through
  }
}

function takenFrom(frame: Uint8Array): readonly SentCommit[] {
  const message = parseMessage(frame)
  if (!('type' in message) || message.type !== 'commits') throw new Error('the frame is refused')
  return message.commits
}
