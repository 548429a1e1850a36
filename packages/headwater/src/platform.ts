/**
 * The real platform: the one file of the packages that reads a clock, draws numbers, sets timers, takes Web Locks and
 * opens channels. Each power is a small function of its own, so that the page does not carry what only the engine uses.
 *
 * Where a browser keeps Web Locks from a page (it is not a secure context), tabs could delete each other's pages unseen:
 * stored databases are then refused by name. Outside of browsers, in Node, the process is the whole world and its locks
 * are a map.
 */
import { HeadwaterError, type Random, type WallClock } from '@headwater/log'
import type { NearbyChannel, OpenNearbyChannel, Socket } from '@headwater/replication'
import { createMemoryLocks, type Hold, type Locks } from '@headwater/views'
import type { Platform, Powers, Storage, TabChannel, TabMessage, Timers } from './seams.ts'

/** Time and chance. */
export function createPowers(): Powers {
  return { random, scheduler: timers }
}

/** What the engine needs. */
export function createPlatform(): Platform {
  const scheduler = { ...timers, nextTurn: createTurns() }
  const channels = { openChannel, openNearby, openSocket, onOnline }
  return { clock, random, scheduler, locks, ...channels, strictHonoured: isChromium() }
}

const clock: WallClock = { now: () => Date.now() }
const random: Random = { bytes: drawBytes(new Uint8Array(4_096)) }

const timers: Timers = {
  elapsedMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Draws a pool at a time: a call into the platform costs more than the bytes of an id. No byte is given twice. */
function drawBytes(pool: Uint8Array<ArrayBuffer>): Random['bytes'] {
  let at = pool.length
  return (length) => {
    if (at + length > pool.length) {
      crypto.getRandomValues(pool)
      at = 0
    }
    at += length
    return pool.slice(at - length, at)
  }
}

/** Timers are clamped to 4 ms in browsers; a message to oneself is a task without a delay. Node has a call for it. */
function createTurns(): () => Promise<void> {
  const immediate: unknown = Reflect.get(globalThis, 'setImmediate')
  if (typeof immediate === 'function')
    return () => new Promise<void>((resolve) => void Reflect.apply(immediate, undefined, [resolve]))
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    })
}

/** Calls back when the page becomes visible again. Nothing to do where there is no page. */
export function onVisible(listener: () => void): () => void {
  const page = 'document' in globalThis ? document : undefined
  const look = (): void => {
    if (page?.visibilityState === 'visible') listener()
  }
  page?.addEventListener('visibilitychange', look)
  return () => page?.removeEventListener('visibilitychange', look)
}

/** Calls back when the page is hidden or left, which may be the last that it is told. Nothing to do where there is no page. */
export function onHidden(listener: () => void): () => void {
  const page = 'document' in globalThis ? document : undefined
  const look = (): void => {
    if (page?.visibilityState === 'hidden') listener()
  }
  page?.addEventListener('visibilitychange', look)
  if (page) addEventListener('pagehide', listener)
  return () => {
    page?.removeEventListener('visibilitychange', look)
    if (page) removeEventListener('pagehide', listener)
  }
}

/** What the browser says of this origin's storage. Nothing where there is no such thing. */
export function browserStorage(): StorageManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.storage
}

/** Takes a Web Lock for as long as this thread lives. Resolves once it is held, also where there are none. */
export function holdForLife(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!webLocks()) return resolve()
    const forEver = new Promise<void>(() => undefined)
    webLocks()
      ?.request(name, () => {
        resolve()
        return forEver
      })
      .catch(reject)
  })
}

/** Calls `died` once the holder of the lock is gone, until the returned function is called. */
export function watchLife(name: string, died: () => void): () => void {
  const stop = new AbortController()
  webLocks()
    ?.request(name, { signal: stop.signal }, () => {
      if (!stop.signal.aborted) died()
    })
    .catch(() => undefined) // aborted, which is how watching ends
  return () => stop.abort()
}

/** The process's locks, shared by all databases in it: what Web Locks are to the tabs of an origin. */
const processLocks: Locks = /* @__PURE__ */ createMemoryLocks()

function locks(storage: Storage): Locks {
  if (storage === 'memory') return createMemoryLocks()
  const manager = webLocks()
  if (manager) return createWebLocks(manager)
  if (!('isSecureContext' in globalThis)) return processLocks
  throw new HeadwaterError(
    'STORAGE_UNAVAILABLE',
    'This page may not use Web Locks, which several tabs need.',
    {
      hint: 'Serve the page over https or from localhost, or open the database with storage: "memory".',
    },
  )
}

function webLocks(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks
}

function createWebLocks(manager: LockManager): Locks {
  const take = (name: string, options: LockOptions): Promise<Hold | undefined> =>
    new Promise((resolve, reject) => {
      manager
        .request(name, options, (lock) => {
          if (!lock) return resolve(undefined)
          return new Promise<void>((release) => resolve({ release }))
        })
        .catch((cause: unknown) => reject(notHeld(name, options.signal, cause)))
    })
  const wait = async (name: string, mode: LockMode, signal?: AbortSignal): Promise<Hold> => {
    const hold = await take(name, { mode, ...(signal ? { signal } : {}) })
    if (hold) return hold
    throw notHeld(name, signal, undefined)
  }
  return {
    shared: (name, signal) => wait(name, 'shared', signal),
    exclusive: (name, signal) => wait(name, 'exclusive', signal),
    exclusiveIfFree: (name) => take(name, { mode: 'exclusive', ifAvailable: true }),
  }
}

function notHeld(name: string, signal: AbortSignal | undefined, cause: unknown): HeadwaterError {
  if (signal?.aborted) {
    return new HeadwaterError('ABORTED', `Waiting for the lock "${name}" was given up.`, {
      hint: 'The caller aborted it.',
      cause,
    })
  }
  return new HeadwaterError('STORAGE_UNAVAILABLE', `The lock "${name}" could not be taken.`, {
    hint: 'The browser refuses Web Locks to this page; private modes and embedded pages may do so.',
    cause,
  })
}

/** Chromium flushes at `durability: 'strict'`; of others it is not known for every version. */
function isChromium(): boolean {
  return typeof navigator !== 'undefined' && /Chrom(e|ium)\//.test(navigator.userAgent)
}

function openSocket(url: string): Socket {
  return new WebSocket(url)
}

/** Browsers tell pages and workers, Node nobody. */
function onOnline(listener: () => void): () => void {
  if (!('addEventListener' in globalThis)) return () => undefined
  addEventListener('online', listener)
  return () => removeEventListener('online', listener)
}

function openNearby(name: string): OpenNearbyChannel {
  return (listener): NearbyChannel => openBroadcast(name, listener)
}

function openChannel(name: string, listener: (message: TabMessage) => void): TabChannel {
  // Other tabs of this database wrote it, by this protocol.
  return openBroadcast(name, (data) => listener(data as TabMessage))
}

function openBroadcast(
  name: string,
  listener: (data: unknown) => void,
): { readonly post: (message: unknown) => void; readonly close: () => void } {
  if (typeof BroadcastChannel === 'undefined') return { post: () => undefined, close: () => undefined }
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => listener(data)
  letProcessEnd(channel)
  let open = true
  return {
    post: (message) => {
      if (open) channel.postMessage(message)
    },
    close: () => {
      open = false
      channel.close()
    },
  }
}

/** In Node an open channel would keep the process from ending. */
function letProcessEnd(channel: object): void {
  if ('unref' in channel && typeof channel.unref === 'function') channel.unref()
}
