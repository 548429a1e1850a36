/** What the hub answers over HTTP: its health, its readiness, its metrics, and refusals of connections that never become one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HubMetrics } from '../metrics.ts'

/** What the answers stand on. */
export interface HttpParts {
  readonly metrics: HubMetrics
  /** Whether the hub takes connections and its store answers. */
  isReady(): Promise<boolean>
}

/** Answers `/healthz`, `/readyz` and `/metrics`; false when the request asks for something else. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, parts: HttpParts): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  switch (pathOf(request)) {
    case '/healthz':
      say(response, 200, 'alive\n')
      return true
    case '/readyz':
      parts.isReady().then(
        (isReady) => say(response, isReady ? 200 : 503, isReady ? 'ready\n' : 'not ready\n'),
        () => say(response, 503, 'not ready\n'),
      )
      return true
    case '/metrics':
      parts.metrics.text().then(
        (text) => say(response, 200, text),
        () => say(response, 500, 'no metrics\n'),
      )
      return true
    default:
      return false
  }
}

/** The path of a request, without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

/** Refuses an upgrade, by name. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, sentence: string): void {
  const body = JSON.stringify({ code, message: sentence })
  const head = [
    `HTTP/1.1 ${status} ${code}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(text)
}
