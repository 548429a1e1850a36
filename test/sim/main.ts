// A process that runs the seeds it is sent, one after another, and says what came of each.

import { runSeed } from './run.ts'

interface Order {
  readonly seed: number
  readonly every: number
  readonly clones: boolean
  readonly end?: true
}

// What a world leaves behind when it ends is nobody's; while it lives, the run listens, too.
process.on('unhandledRejection', (error) => process.stderr.write(`unhandled: ${String(error)}\n`))
process.on('message', ({ seed, every, clones, end }: Order) => {
  if (end) return process.disconnect()
  void runSeed(seed, { checkViewsEvery: every, clones }).then(({ failure, ...report }) =>
    process.send?.({ ...report, failure: failure?.message }),
  )
})
