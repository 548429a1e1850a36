/**
 * Who asks for a connection, as far as HTTP tells: the address that it comes from, and whether the page that opens it may.
 * Browsers name a page's origin and cannot be made to lie about it; programs name none and are let through to their token.
 */
import type { IncomingMessage } from 'node:http'

/** How requests are held against the hub's own place. */
export interface OriginRules {
  /** Origins that may connect, as browsers spell them, or `*`; by default the hub's own host only. */
  readonly allowedOrigins: readonly string[] | undefined
  /** Whether a proxy stands in front, whose last `X-Forwarded-For` is the address and whose `X-Forwarded-Host` is the host. */
  readonly isProxyTrusted: boolean
}

/** Where the connection comes from. */
export function addressOf(request: IncomingMessage, { isProxyTrusted }: OriginRules): string {
  const forwarded = isProxyTrusted
    ? headerOf(request, 'x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined
  return forwarded || (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}

/** Whether the page that opens the connection may; programs, which name no origin, may. */
export function isOriginAllowed(request: IncomingMessage, rules: OriginRules): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  if (rules.allowedOrigins !== undefined)
    return rules.allowedOrigins.includes('*') || rules.allowedOrigins.includes(origin)
  return URL.canParse(origin) && new URL(origin).host === hostOf(request, rules)
}

/**
 * Whether a connection really is local: from a loopback address, to a loopback name (else a page of another site could
 * reach the hub by a name that it points here), and not passed on by a proxy.
 */
export function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? ''
  const isForwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
  return isLoopback(address) && !isForwarded && isLoopback(nameOf(request.headers.host ?? ''))
}

/** Whether a host name or address is this machine's loopback. */
export function isLoopback(name: string): boolean {
  const bare = name.replace(/^\[|\]$/g, '').replace(/^::ffff:/, '')
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
}

function nameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}

function hostOf(request: IncomingMessage, { isProxyTrusted }: OriginRules): string | undefined {
  const forwarded = isProxyTrusted ? headerOf(request, 'x-forwarded-host') : undefined
  return forwarded ?? request.headers.host
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}
