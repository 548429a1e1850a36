// `npm run bench:hub`: a hub in a process of its own under load from this one: 100 workspaces with 10 idle sessions each, 50
// writers in 10 of them, a commit of 1 KiB every 500 ms from each. Fails above the bounds that it prints.
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, serveProcess } from '../test/hub/hub-process.ts'
import { runLoad } from '../test/hub/load.ts'

const P99_MS = 100
const RESIDENT_MB = 300

const folder = await mkdtemp(join(tmpdir(), 'headwater-bench-'))
const flags = ['--limit', 'connectionsPerAddress=2000', '--log-level', 'error']
const hub = await serveProcess(folder, await freePort(), flags)
const report = await runLoad(hub, {
  workspaces: 100,
  idlePerWorkspace: 10,
  writers: 50,
  writtenWorkspaces: 10,
  everyMs: 500,
  warmUpMs: 5_000,
  measureMs: 20_000,
})
hub.child.kill('SIGTERM')
await hub.exited
await rm(folder, { recursive: true, force: true })

const residentMb = report.residentBytes / 1e6
const ms = (/** @type {number} */ value) => `${value.toFixed(1)} ms`
process.stdout.write(
  `hub: ${report.connections} connections, ${report.commits} commits in 20 s, ${cpus().length} cores, Node ${process.version}
acknowledged (durable): median ${ms(report.p50Ms)}, p99 ${ms(report.p99Ms)} (bound ${P99_MS} ms), slowest ${ms(report.maxMs)}
memory of the hub: ${residentMb.toFixed(0)} MB at most (bound ${RESIDENT_MB} MB)
`,
)
process.exit(report.p99Ms < P99_MS && residentMb < RESIDENT_MB && report.received > 0 ? 0 : 1)
