// The command `headwater-hub` in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { hubProgram } from './hub-program.mjs'

export interface HubProcess {
  readonly child: ChildProcess
  readonly url: string
  readonly http: string
  /** What it wrote to its log. */
  output(): string
  /** How it ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  const running = await launch(args, cwd)
  const { code } = await running.exited
  return { code, output: running.output() }
}

/** Starts `serve` in `cwd` and waits until it is ready. With `fileBlocks`, no file may grow past as many blocks of 512 bytes. */
export async function serveProcess(
  cwd: string,
  port: number,
  args: readonly string[] = [],
  fileBlocks?: number,
): Promise<HubProcess> {
  const running = await launch(['serve', '--port', String(port), ...args], cwd, fileBlocks)
  const http = `http://127.0.0.1:${port}`
  let isOver = false
  void running.exited.then(() => {
    isOver = true
  })
  while (!(await isReady(http))) {
    if (isOver) throw new Error(`the hub did not start: ${running.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { ...running, url: `ws://127.0.0.1:${port}/`, http }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function launch(
  args: readonly string[],
  cwd: string,
  fileBlocks?: number,
): Promise<Pick<HubProcess, 'child' | 'output' | 'exited'>> {
  const command = [process.execPath, await hubProgram(), ...args]
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, ...command]
  const [program, ...rest] = fileBlocks === undefined ? command : limited
  const child = spawn(program!, rest, { cwd })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data
    })
  }
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    // Not at its exit: what it wrote last may still be on its way.
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return { child, output: () => output, exited }
}

async function isReady(http: string): Promise<boolean> {
  try {
    return (await fetch(`${http}/readyz`)).ok
  } catch {
    return false // nobody listens yet
  }
}
