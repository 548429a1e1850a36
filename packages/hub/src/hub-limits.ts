/**
 * The hub's limits, with their defaults; README lists them. What lies below the protocol's or the log's own limits would make
 * commits that no client can ever send, and is refused at start.
 */
import { MAX_COMMIT_BYTES } from '@headwater/log'
import { HELLO_MS, MAX_FRAME_BYTES, MIN_FRAME_BYTES, WINDOW_BYTES } from '@headwater/replication'
import { configInvalid } from './config-invalid.ts'

/** What a hub takes from its connections. */
export interface HubLimits {
  /** Author's bytes of a commit. Not below the log's 1 MiB. Above: the commit is refused as `COMMIT_TOO_LARGE`. */
  readonly commitBytes: number
  /** Bytes of a frame. Default 1.5 MiB. Above: the session ends with `FRAME_TOO_LARGE`, far above: closed with 1009. */
  readonly frameBytes: number
  /** Bytes of commits on their way from one connection, granted again as they are stored. Default 4 MiB. */
  readonly windowBytes: number
  /** Until the first message. Default, and most, 5 s. Then: the session ends with `PEER_SILENT`. */
  readonly helloMs: number
  /** How long a socket may take nothing of what waits for it. Default 30 s. Then: closed with 1013. */
  readonly undrainedMs: number
  /** Messages a second, and how many at once. Default 200 and 2,000. Above: the socket is read more slowly. */
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** Connections from one address, and of all. Default 256 and 10,000. Above: refused with HTTP 429 and 503. */
  readonly connectionsPerAddress: number
  readonly connections: number
}

/** The defaults. */
export const DEFAULT_HUB_LIMITS: HubLimits = {
  commitBytes: MAX_COMMIT_BYTES,
  frameBytes: MAX_FRAME_BYTES,
  windowBytes: WINDOW_BYTES,
  helloMs: HELLO_MS,
  undrainedMs: 30_000,
  messagesPerSecond: 200,
  messageBurst: 2_000,
  connectionsPerAddress: 256,
  connections: 10_000,
}

/** The least that each may be, and why. */
const LEAST: Readonly<Record<keyof HubLimits, readonly [least: number, because: string]>> = {
  commitBytes: [MAX_COMMIT_BYTES, 'clients write commits of up to 1 MiB'],
  frameBytes: [MIN_FRAME_BYTES, 'a commit of 1 MiB with its envelope must fit'],
  windowBytes: [MAX_FRAME_BYTES, 'a frame must fit'],
  helloMs: [100, 'a hello needs a moment'],
  undrainedMs: [1_000, 'networks pause'],
  messagesPerSecond: [1, 'a session needs messages'],
  messageBurst: [64, 'a hello brings its vector in parts'],
  connectionsPerAddress: [1, 'there must be one'],
  connections: [1, 'there must be one'],
}

/** The defaults with what was set. Errors: `CONFIG_INVALID`. */
export function toHubLimits(set: Partial<HubLimits> = {}): HubLimits {
  const limits = { ...DEFAULT_HUB_LIMITS, ...set }
  for (const [name, [least, because]] of Object.entries(LEAST)) {
    const value = limits[name as keyof HubLimits] // LEAST has just these names
    if (!Number.isSafeInteger(value) || value < least)
      throw configInvalid(`The limit ${name} is ${value}; the least is ${least}, because ${because}.`)
  }
  if (limits.helloMs > HELLO_MS)
    throw configInvalid(`The limit helloMs is ${limits.helloMs}; the most is ${HELLO_MS}.`)
  if (limits.windowBytes < limits.frameBytes)
    throw configInvalid(`The limit windowBytes is below frameBytes: a frame must fit into the window.`)
  return limits
}
