/**
 * `headwater-hub serve`: data directory, store, HTTP server and hub in one process, until SIGTERM or SIGINT; then it stops
 * accepting, writes what is under way, says goodbye with 1001 and is gone within 5 s. Without a way to check tokens it
 * listens on loopback only, and says so.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HeadwaterError } from '@headwater/log'
import { type Logger, pino } from 'pino'
import { attachHub, type Hub } from '../attach-hub.ts'
import type { Authenticate } from '../auth/access.ts'
import { createJwtAuthenticate } from '../auth/jwt.ts'
import { configInvalid } from '../config-invalid.ts'
import { defaultStampKeyFile, readStampKey, takeDataDirectory } from '../data/data-directory.ts'
import { isLoopback } from '../http/origin.ts'
import { nodePlatform } from '../platform.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { HubStore } from '../store/store.ts'
import type { Flags } from './arguments.ts'

/** The least that it exits within after a signal, in milliseconds. */
const EXIT_MS = 4_800

/** Serves until a signal comes. Errors, before anything listens: `CONFIG_INVALID`, `STORE_IN_USE`, those of the store. */
export async function serve(flags: Flags): Promise<void> {
  const log = pino({ level: flags.logLevel, base: { name: 'headwater-hub' } })
  const authenticate = await createAuthenticate(flags)
  if (authenticate === undefined && !isLoopback(flags.host)) throw needsAuthentication(flags.host)
  const { random } = nodePlatform
  const stampKey = await readStampKey(flags.stampKey ?? defaultStampKeyFile(flags.data), flags.data, random)
  const directory = await takeDataDirectory(flags.data)
  const { synchronous, isUnsafe } = flags
  const onLost = (error: unknown): void => {
    log.fatal({ err: error }, 'The store is lost; the hub ends.')
    process.exit(1)
  }
  const store = await openSqliteStore(
    { file: directory.file, stampKey, synchronous, isUnsafe },
    { ...nodePlatform, onLost },
  )
  if (!store.isDurable)
    log.warn('The store is not durable: acknowledged commits may be lost with the machine.')
  const server = createServer()
  const hub = await attachHub(server, {
    ...optionsOf(flags),
    ...(authenticate ? { authenticate } : {}),
    store,
    log,
  })
  server.on('request', (request, response) => {
    if (hub.handleRequest(request, response)) return
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('not found\n')
  })
  await listen(server, flags)
  sayListening(server, authenticate !== undefined, log)
  await signalled()
  log.info('The hub is being stopped.')
  nodePlatform.scheduler.after(EXIT_MS, () => process.exit(1))
  await stop(server, hub, store)
  directory.release()
  log.info('The hub has stopped.')
}

function optionsOf({ path, origins, isProxyTrusted, limits }: Flags) {
  const optional = {
    ...(path === undefined ? {} : { path }),
    ...(origins === undefined ? {} : { allowedOrigins: origins }),
  }
  return { ...optional, isProxyTrusted, limits }
}

async function createAuthenticate(flags: Flags): Promise<Authenticate | undefined> {
  const { secretFile, jwks, issuer, audience } = flags
  const secret = secretFile ? (await readFile(secretFile, 'utf8')).trim() : process.env.HEADWATER_HUB_SECRET
  const claims = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  }
  const keys = jwks === undefined ? {} : await readKeySet(jwks)
  if (secret === undefined && jwks === undefined) return undefined
  const shared = secret === undefined ? {} : { secret: new TextEncoder().encode(secret) }
  return createJwtAuthenticate({ ...claims, ...keys, ...shared }, nodePlatform.clock)
}

async function readKeySet(place: string) {
  if (/^https?:/.test(place)) return { jwksUrl: place }
  try {
    return { jwks: JSON.parse(await readFile(place, 'utf8')) }
  } catch (cause) {
    throw configInvalid(
      `The key set ${place} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    )
  }
}

async function listen(server: Server, { host, port }: Flags): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(configInvalid(`Cannot listen at ${host}:${port}: ${cause.message}`)),
    )
    server.listen(port, host, resolve)
  })
}

function sayListening(server: Server, hasAuthentication: boolean, log: Logger): void {
  const { address, port } = server.address() as AddressInfo // it listens at a port, not at a pipe
  const fields = { address, port }
  if (hasAuthentication) log.info(fields, 'The hub listens.')
  else
    log.warn(
      fields,
      'The hub listens on loopback only, and everybody on this machine may do everything: no way to check tokens is configured.',
    )
}

async function signalled(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

async function stop(server: Server, hub: Hub, store: HubStore): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  await hub.close()
  server.closeAllConnections()
  await store.close()
  await closed
}

function needsAuthentication(host: string): HeadwaterError {
  return configInvalid(
    `The hub would listen at ${host} without a way to check tokens.`,
    'Configure --secret-file or --jwks, or listen on loopback.',
  )
}
