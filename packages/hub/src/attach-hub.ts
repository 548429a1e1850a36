/**
 * The hub on an HTTP server: takes WebSocket upgrades at one path and leaves everything else to the server's owner. Who comes
 * in is judged in two steps: by HTTP (origin, address, counts) before a socket exists, by the token in the first message after.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { answerRequest, pathOf, refuseUpgrade } from './http/answers.ts'
import { createDoor, type Door } from './http/door.ts'
import { createHubCore, type HubCore, type HubCoreOptions } from './hub-core.ts'
import { silentLog } from './hub-log.ts'
import { type HubPlatform, nodePlatform } from './platform.ts'
import { createSocketConnection } from './sockets/socket-connection.ts'

/** How a hub is attached. Without `authenticate` only this very machine is let in. */
export interface HubOptions extends HubCoreOptions {
  /** Where upgrades are taken; default: at every path. */
  readonly path?: string
  /** Origins of pages that may connect, or `['*']`; default: the hub's own host. */
  readonly allowedOrigins?: readonly string[]
  /** Whether a proxy stands in front that sets `X-Forwarded-For` and `X-Forwarded-Host`. */
  readonly isProxyTrusted?: boolean
}

/** An attached hub. */
export interface Hub {
  /** Answers `/healthz`, `/readyz` and `/metrics`; false, and nothing done, when the request asks for something else. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** Makes the tokens that `subject` has worthless and ends its sessions within 5 s. */
  revoke(subject: string): Promise<void>
  /** Takes no more connections, ends all sessions with 1001, and resolves when they are over, after 4 s at most. */
  close(): Promise<void>
}

/** Far above a frame the library cuts the connection with 1009; in between, the session refuses by name. */
const PAYLOAD_FACTOR = 2
/** How long closing sockets have when the hub closes. */
const CLOSE_MS = 1_000

/** Attaches a hub to a server. Errors: `CONFIG_INVALID`, those of the store. */
export async function attachHub(server: Server, options: HubOptions): Promise<Hub> {
  const core = await createHubCore(options)
  const { metrics, limits } = core
  const door = createDoor({
    allowedOrigins: options.allowedOrigins,
    isProxyTrusted: options.isProxyTrusted ?? false,
    hasAuthentication: options.authenticate !== undefined,
    limits,
  })
  const sockets = new Set<WebSocket>()
  const accept = createAcceptor(core, door, options, sockets)
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (options.path === undefined || pathOf(request) === options.path) accept(request, socket, head)
  }
  server.on('upgrade', onUpgrade)
  const isReady = async (): Promise<boolean> => door.isOpen && (await core.isReady())
  return {
    handleRequest: (request, response) => answerRequest(request, response, { metrics, isReady }),
    revoke: core.revoke,
    async close() {
      door.shut()
      await core.close()
      await allClosed(sockets, options.platform ?? nodePlatform)
      server.off('upgrade', onUpgrade)
    },
  }
}

type Accept = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

function createAcceptor(core: HubCore, door: Door, options: HubOptions, open: Set<WebSocket>): Accept {
  const { limits, metrics } = core
  const { log = silentLog } = options
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes * PAYLOAD_FACTOR,
  })
  return (request, socket, head) => {
    const judgement = door.judge(request)
    if ('address' in judgement) {
      const { address } = judgement
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        open.add(webSocket)
        webSocket.once('close', () => open.delete(webSocket))
        run(webSocket, address, core, door, options)
      })
      return
    }
    const { status, code, sentence } = judgement
    metrics.turnedAway.inc({ reason: code })
    log.warn({ code, status, origin: request.headers.origin }, sentence)
    refuseUpgrade(socket, status, code, sentence)
  }
}

function run(webSocket: WebSocket, address: string, core: HubCore, door: Door, options: HubOptions): void {
  const { log = silentLog, platform = nodePlatform } = options
  const uncount = door.count(address)
  webSocket.once('close', uncount)
  const { limits, metrics } = core
  const connection = createSocketConnection(webSocket, { limits, metrics, scheduler: platform.scheduler })
  core.accept(connection, address).catch((error: unknown) => {
    log.error({ err: error }, 'A session failed.')
    connection.terminate()
  })
}

/** Waits a moment for the closing words of sockets, and cuts off those that do not come to it. */
async function allClosed(sockets: ReadonlySet<WebSocket>, { scheduler }: HubPlatform): Promise<void> {
  const startMs = scheduler.elapsedMs()
  while (sockets.size > 0 && scheduler.elapsedMs() - startMs < CLOSE_MS)
    await new Promise<void>((resolve) => void scheduler.after(20, resolve))
  for (const socket of sockets) socket.terminate()
}
