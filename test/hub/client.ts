// Clients of the hub over real sockets: `connectClient` runs the protocol's own session for a replica that keeps its commits
// in a list; `connectRaw` speaks frame by frame, for what no honest client would say.

import { nodePlatform } from '@headwater/hub'
import { chainHash, type ReplicaId, type Sequence } from '@headwater/log'
import {
  createSocketConnection,
  encodeMessage,
  type Hello,
  type Message,
  type Outcome,
  openSession,
  type Position,
  parseMessage,
  type Refusal,
  type ResumeToken,
  type SentCommit,
  type Session,
  type Socket,
  type Source,
  type StreamId,
} from '@headwater/replication'
import { WebSocket } from 'ws'
import { type Author, nameOf, type Written } from './author.ts'

/** What a client holds: its own commits, and those that it received. */
export interface Device {
  readonly author: Author
  readonly source: Source
  /** Writes a commit and lets sessions know. */
  write(options?: Parameters<Author['write']>[0]): Written
  /** Writes a commit that the author made already. */
  add(commit: Written): void
  /** All commits, in order of arrival. */
  readonly commits: readonly SentCommit[]
  /** Names of all commits, in order of arrival. */
  names(): readonly string[]
  /** How far it has the hub's commits. */
  token: ResumeToken | undefined
}

/** A device over an author. */
export function createDevice(author: Author): Device {
  const commits: SentCommit[] = []
  const ends = new Map<ReplicaId, { sequence: Sequence; hash: Uint8Array }>()
  const listeners = new Set<() => void>()
  const hashes = new Map<string, Uint8Array>()
  const take = (commit: Written, envelope: Uint8Array = new Uint8Array()): void => {
    const { replica, lastSequence, bytes, previous, hash } = commit
    const firstSequence = ((ends.get(replica)?.sequence ?? 0) + 1) as Sequence
    const position = (commits.length + 1) as Position
    commits.push({ position, previous, envelope, bytes, replica, firstSequence, lastSequence })
    ends.set(replica, { sequence: lastSequence, hash })
    hashes.set(`${replica} ${lastSequence}`, hash)
    for (const listener of listeners) listener()
  }
  const store = (commit: SentCommit): Outcome => {
    const held = ends.get(commit.replica)?.sequence ?? 0
    if (commit.lastSequence <= held) return { type: 'held' }
    if (commit.firstSequence !== held + 1) return { type: 'refused', code: 'SEQUENCE_GAP', facts: {} }
    take({ ...commit, hash: chainHash(commit.previous, commit.bytes) }, commit.envelope)
    return { type: 'stored' }
  }
  const source: Source = {
    stream: `${author.replica}`.replace('-', '_') as StreamId,
    replica: author.replica,
    own: new Set([author.replica]),
    get head() {
      return commits.length as Position
    },
    vector: async () => new Map(ends),
    async read(after, { maxBytes, lacks }) {
      const run: SentCommit[] = []
      let bytes = 0
      let through = after
      for (const commit of commits.slice(after)) {
        if (lacks(commit.replica, commit.lastSequence)) {
          if (run.length > 0 && bytes + commit.bytes.length > maxBytes) break
          run.push(commit)
          bytes += commit.bytes.length
        }
        through = commit.position
      }
      return { commits: run, through, mark: new Uint8Array([1]), isEnd: through >= commits.length }
    },
    store: async (offered) => offered.map(store),
    hashesOf: async (replica, sequences) => sequences.map((sequence) => hashes.get(`${replica} ${sequence}`)),
    resume: async ({ position }) => (position <= commits.length ? position : undefined),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    author,
    source,
    write(options) {
      const written = author.write(options)
      take(written)
      return written
    },
    add: (commit) => take(commit),
    commits,
    names: () => commits.map(({ bytes }) => nameOf(bytes)),
    token: undefined,
  }
}

/** A client's session, with what it was told. */
export interface Client {
  readonly session: Session
  readonly socket: WebSocket
  readonly refusals: readonly Refusal[]
  readonly presences: readonly Uint8Array[]
  /** How far the hub has dealt with the device's commits. */
  acknowledged(): number
  /** Resolves when `condition` holds, which is looked at after everything that happens. */
  until(condition: () => boolean): Promise<void>
  /** Resolves when both sides compared. */
  readonly live: Promise<Hello>
}

export interface ConnectOptions {
  readonly url: string
  readonly workspace?: string
  readonly token?: string
  readonly origin?: string
  readonly headers?: Record<string, string>
}

/** Opens a session of a device with the hub. */
export async function connectClient(device: Device, options: ConnectOptions): Promise<Client> {
  const socket = await openSocket(options)
  const connection = createSocketConnection(asPlain(socket))
  const refusals: Refusal[] = []
  const presences: Uint8Array[] = []
  const waiting = new Set<() => void>()
  const happened = (): void => {
    for (const look of waiting) look()
  }
  let acknowledged = 0
  let tellLive: (hello: Hello) => void = () => undefined
  const live = new Promise<Hello>((resolve) => {
    tellLive = resolve
  })
  const { source } = device
  const { workspace = 'garden', token = '' } = options
  const party = {
    source,
    workspace,
    token,
    recall: async () => device.token,
    remember(next: ResumeToken | undefined) {
      device.token = next
      happened()
    },
    resolveFork: async () => undefined,
    resolveStamps: async () => undefined,
  }
  const session = openSession({
    connection,
    role: 'client',
    party,
    admit: async () => party,
    clock: nodePlatform.clock,
    scheduler: nodePlatform.scheduler,
    events: {
      live: (hello) => tellLive(hello),
      acknowledged(position) {
        acknowledged = position ?? acknowledged
        happened()
      },
      received: happened,
      refused(refusal) {
        refusals.push(refusal)
        happened()
      },
      presence(state) {
        presences.push(state)
        happened()
      },
      ended: happened,
    },
  })
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { session, socket, refusals, presences, acknowledged: () => acknowledged, until, live }
}

/** A connection that says what it is told to, and keeps what it hears. */
export interface Raw {
  readonly socket: WebSocket
  say(message: Message): void
  sayBytes(bytes: Uint8Array): void
  readonly heard: readonly Message[]
  /** The next message of this type, heard already or later. Rejects when the connection ends first. */
  hear<T extends Message['type']>(type: T): Promise<Extract<Message, { type: T }>>
  /** How the connection ended: the hub's bye, if any, and the close code. */
  readonly ended: Promise<{ readonly code: string | undefined; readonly closeCode: number }>
  close(): void
}

/** Opens a raw connection. */
export async function connectRaw(options: ConnectOptions): Promise<Raw> {
  const socket = new WebSocket(options.url, optionsOf(options))
  const heard: Message[] = []
  const waiting = new Set<() => void>()
  let isOver = false
  socket.on('error', () => undefined)
  const ended = new Promise<{ code: string | undefined; closeCode: number }>((resolve) => {
    socket.on('close', (closeCode) => {
      isOver = true
      for (const look of waiting) look()
      const bye = heard.find((message) => message.type === 'bye')
      resolve({ code: bye?.type === 'bye' ? bye.code : undefined, closeCode })
    })
  })
  socket.on('message', (data: Buffer) => {
    const message = parseMessage(new Uint8Array(data))
    if (message instanceof Error) throw message
    heard.push(message)
    for (const look of waiting) look()
  })
  await opened(socket)
  return {
    socket,
    say: (message) => socket.send(encodeMessage(message)),
    sayBytes: (bytes) => socket.send(bytes),
    heard,
    hear: (type) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = heard.find((message) => message.type === type)
          if (!found && !isOver) return
          waiting.delete(look)
          if (found)
            resolve(found as Parameters<typeof resolve>[0]) // found by its type
          else reject(new Error(`the connection ended before a ${type}`))
        }
        waiting.add(look)
        look()
      }),
    ended,
    close: () => socket.close(),
  }
}

async function openSocket(options: ConnectOptions): Promise<WebSocket> {
  const socket = new WebSocket(options.url, optionsOf(options))
  socket.on('error', () => undefined)
  await opened(socket)
  return socket
}

function optionsOf({ origin, headers = {} }: ConnectOptions): {
  origin?: string
  headers: Record<string, string>
} {
  return { headers, ...(origin === undefined ? {} : { origin }) }
}

async function opened(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_request, response) => reject(new Refused(response.statusCode ?? 0)))
    socket.once('error', reject)
  })
}

/** The library's socket as the transport takes it. */
function asPlain(socket: WebSocket): Socket {
  return socket
}

/** An upgrade that was refused, with its HTTP status. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`refused with ${status}`)
    this.status = status
  }
}

/** A hello of a client that holds nothing. */
export function helloOf(replica: ReplicaId, overrides: Partial<Hello> = {}): Hello {
  return {
    type: 'hello',
    versions: [1, 1],
    features: [],
    limits: { frameBytes: 1_572_864, windowBytes: 4_194_304 },
    role: 'client',
    stream: `${replica}`.replace('-', '_') as StreamId,
    replica,
    workspace: 'garden',
    token: '',
    timeMs: nodePlatform.clock.now(),
    resume: undefined,
    base: new Map(),
    ...overrides,
  }
}
