// The hub as a process: signals, commands beside a running hub, backups, and `kill -9` under load.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createAuthor } from './author.ts'
import { connectClient, connectRaw, createDevice, helloOf } from './client.ts'
import { freePort, type HubProcess, runCommand, serveProcess } from './hub-process.ts'
import { runKills } from './kills.ts'
import { SECRET, signToken } from './running-hub.ts'

const started: HubProcess[] = []
const folders: string[] = []
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-hub-'))
  folders.push(folder)
  return folder
}
async function serve(folder: string, args: readonly string[] = []): Promise<HubProcess> {
  const hub = await serveProcess(folder, await freePort(), args)
  started.push(hub)
  return hub
}
afterEach(async () => {
  for (const hub of started.splice(0)) {
    hub.child.kill('SIGKILL')
    await hub.exited
  }
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

test('SIGTERM: sessions end with 1001, what is acknowledged is kept, and the process is gone within 5 s (R8)', async () => {
  const folder = await freshFolder()
  const hub = await serve(folder)
  const device = createDevice(createAuthor('ann'))
  for (let i = 0; i < 50; i++) device.write({ atMs: Date.now() - 1_000 + i })
  const client = await connectClient(device, { url: hub.url })
  const raw = await connectRaw({ url: hub.url })
  raw.say(helloOf(createAuthor('bob').replica))
  await raw.hear('hello')
  await client.until(() => client.acknowledged() === 50)
  const startMs = Date.now()
  hub.child.kill('SIGTERM')
  expect(await raw.ended).toEqual({ code: 'SHUTTING_DOWN', closeCode: 1001 })
  expect(await client.session.ended).toMatchObject({ error: { code: 'SHUTTING_DOWN' }, again: 'later' })
  expect(await hub.exited).toEqual({ code: 0, signal: null })
  expect(Date.now() - startMs).toBeLessThan(5_000)
  const { output } = await runCommand(['workspaces'], folder)
  expect(output).toContain('garden\t50 commits')
  for (const line of hub.output().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
})

test('one data directory has one hub; without tokens nothing but loopback is listened at, and it says so', async () => {
  const folder = await freshFolder()
  const hub = await serve(folder)
  await expect.poll(() => hub.output()).toContain('loopback only')
  const second = await runCommand(['serve', '--port', String(await freePort())], folder)
  expect(second).toMatchObject({ code: 1, output: expect.stringContaining('STORE_IN_USE') })
  const open = await runCommand(['serve', '--host', '0.0.0.0'], folder)
  expect(open).toMatchObject({ code: 1, output: expect.stringContaining('CONFIG_INVALID') })
  const inside = await runCommand(['serve', '--stamp-key', 'headwater-hub/key'], folder)
  expect(inside).toMatchObject({ code: 1, output: expect.stringContaining('inside the data directory') })
  const unsafe = await runCommand(['serve', '--synchronous', 'normal', '--data', 'other'], folder)
  expect(unsafe).toMatchObject({ code: 1, output: expect.stringContaining('STORE_UNSAFE') })
})

test('a backup of a running hub, restored: another epoch, and clients send again what it lost (R1)', async () => {
  const folder = await freshFolder()
  const hub = await serve(folder)
  const device = createDevice(createAuthor('ann'))
  const write = (count: number): void => {
    for (let i = 0; i < count; i++) device.write({ atMs: Date.now() + device.commits.length })
  }
  write(5)
  const client = await connectClient(device, { url: hub.url })
  await client.until(() => client.acknowledged() === 5)
  expect(await runCommand(['backup', 'copy.db'], folder)).toMatchObject({ code: 0 })
  expect(await runCommand(['backup', 'copy.db'], folder)).toMatchObject({ code: 1 })
  write(5)
  await client.until(() => client.acknowledged() === 10)
  expect(await runCommand(['restore', 'copy.db', '--force'], folder)).toMatchObject({ code: 1 })
  hub.child.kill('SIGTERM')
  await hub.exited
  expect(await runCommand(['restore', 'copy.db'], folder)).toMatchObject({ code: 1 })
  expect(await runCommand(['restore', 'nothing.db', '--force'], folder)).toMatchObject({ code: 1 })
  await writeFile(join(folder, 'junk.db'), 'this is no database, and never was one')
  expect((await runCommand(['restore', 'junk.db', '--force'], folder)).output).toContain(
    'STORAGE_UNAVAILABLE',
  )
  expect((await runCommand(['workspaces'], folder)).output).toContain('garden\t10 commits')
  expect(await runCommand(['restore', 'copy.db', '--force'], folder)).toMatchObject({ code: 0 })
  expect((await runCommand(['workspaces'], folder)).output).toContain('garden\t5 commits')
  const restored = await serve(folder)
  const again = await connectClient(device, { url: restored.url })
  await again.until(() => again.acknowledged() >= 10)
  expect((await again.live).stream).not.toBe((await client.live).stream)
  expect((await runCommand(['workspaces'], folder)).output).toContain('garden\t10 commits')
})

test('the command `revoke` ends the sessions of a running hub within 5 s, and outlives a restore', async () => {
  const folder = await freshFolder()
  await writeFile(join(folder, 'secret'), SECRET)
  const hub = await serve(folder, ['--secret-file', 'secret'])
  const token = await signToken()
  const client = await connectClient(createDevice(createAuthor('ann')), { url: hub.url, token })
  await client.live
  expect(await runCommand(['backup', 'copy.db'], folder)).toMatchObject({ code: 0 })
  expect(await runCommand(['revoke', 'ann'], folder)).toMatchObject({ code: 0 })
  const startMs = Date.now()
  expect(await client.session.ended).toMatchObject({ error: { code: 'REVOKED' } })
  expect(Date.now() - startMs).toBeLessThan(5_000)
  hub.child.kill('SIGTERM')
  await hub.exited
  expect(await runCommand(['restore', 'copy.db', '--force'], folder)).toMatchObject({ code: 0 })
  const restored = await serve(folder, ['--secret-file', 'secret'])
  const raw = await connectRaw({ url: restored.url })
  raw.say(helloOf(createAuthor('ann').replica, { token }))
  expect(await raw.ended).toMatchObject({ code: 'REVOKED' })
})

test('a disk that takes no more ends sessions by name; what was acknowledged is kept, and the rest follows later (R7, R8)', async () => {
  const folder = await freshFolder()
  const port = await freePort()
  const full = await serveProcess(folder, port, [], 1_024)
  started.push(full)
  const device = createDevice(createAuthor('ann'))
  const client = await connectClient(device, { url: full.url })
  await client.live
  for (let i = 0; i < 40; i++) device.write({ atMs: Date.now() - 1_000 + i, text: 'x'.repeat(30_000) })
  // A bound on the size of files, which anybody may set; SQLite calls a full disk FULL, and this an I/O error.
  expect(await client.session.ended).toMatchObject({ error: { code: 'STORAGE_LOST' }, again: 'later' })
  const acknowledged = client.acknowledged()
  expect(acknowledged).toBeLessThan(40)
  const reader = await connectClient(createDevice(createAuthor('bob')), { url: full.url })
  await reader.live // who only reads is served on
  full.child.kill('SIGTERM')
  expect(await full.exited).toMatchObject({ code: 0 })
  const hub = await serveProcess(folder, port)
  started.push(hub)
  const { output } = await runCommand(['workspaces'], folder)
  expect(Number(/garden\t(\d+) commits/.exec(output)?.[1])).toBeGreaterThanOrEqual(acknowledged)
  const again = await connectClient(device, { url: hub.url })
  await again.until(() => again.acknowledged() === 40)
  expect((await runCommand(['workspaces'], folder)).output).toContain('garden\t40 commits')
})

test('10 times kill -9 under load: no acknowledged commit is lost, none is there twice (R8)', async () => {
  const report = await runKills(10, 20_261_127)
  expect(report.lost).toEqual([])
  expect(report.twice).toBe(0)
  expect(report.acknowledged).toBeGreaterThan(50)
}, 180_000)
