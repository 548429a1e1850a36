// `npm run test:kill -- --kills 100 [--seed N]`: kills a hub under load with SIGKILL, again and again, and fails when an
// acknowledged commit is missing afterwards. Run it with the flags of source-flags.mjs.
import { parseArgs } from 'node:util'
import { runKills } from '../test/hub/kills.ts'

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const kills = Number(values.kills ?? 100)
const seed = Number(values.seed ?? 1)
const report = await runKills(kills, seed, (line) => process.stdout.write(`${line}\n`))
const { acknowledged, lost, twice } = report
process.stdout.write(
  `${kills} kills, ${acknowledged} acknowledged commits, ${lost.length} lost, ${twice} twice\n`,
)
for (const name of lost)
  process.stdout.write(`lost: ${name} (replay: npm run test:kill -- --kills ${kills} --seed ${seed})\n`)
process.exit(lost.length + twice === 0 ? 0 : 1)
