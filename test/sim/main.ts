// A process that runs the seeds it is sent, one after another, and says what came of each.

import { type RunOptions, runSeed } from './run.ts'

interface Order {
  readonly seed: number
  readonly options: RunOptions
  readonly end?: true
}

// What a world leaves behind when it ends is nobody's; while it lives, the run listens, too.
process.on('unhandledRejection', (error) => process.stderr.write(`unhandled: ${String(error)}\n`))
process.on('message', ({ seed, options, end }: Order) => {
  if (end) return process.disconnect()
  runSeed(seed, options).then(
    ({ failure, ...report }) => process.send?.({ ...report, failure: failure?.message }),
    (error: unknown) => process.send?.({ seed, failure: `seed ${seed}: ${String(error)}` }),
  )
})
