// What can happen: people's work, and the weather. Each step is a few lines that begin something and do not wait for it;
// how much time then passes is drawn as well, so that steps overlap.

import type { Page } from './page.ts'
import { append, appendAndAsk, appendSeveral } from './steps/appending.ts'
import { closeAPage, freezeAPage, killAPage, openAPage, takeAway, thawAPage } from './steps/tabs.ts'
import { type } from './steps/typing.ts'
import {
  backUpTheHub,
  breakConnections,
  changeTheNetwork,
  cloneAProfile,
  jumpTheClock,
  losePower,
  restartTheHub,
  restoreTheHub,
  troubleTheDisk,
} from './steps/weather.ts'
import { carryOver, joinLate, pauseSyncing, rebuild, resumeSyncing, waitForTheHub } from './steps/work.ts'
import type { Replica, World } from './world.ts'

/** A kind of step. */
interface Step {
  readonly name: string
  readonly weight: number
  /** What fake-indexeddb knows nothing of. */
  readonly isOfDisks?: true
  /** Does it; false when it cannot happen now. */
  readonly run: (world: World, replica: Replica) => boolean
}

/** Takes a step, drawn by weight, on a replica that is drawn too. */
export function takeStep(world: World): Replica {
  const { chance, store } = world
  const possible = steps.filter(({ isOfDisks }) => store === 'simulated' || !isOfDisks)
  for (;;) {
    const replica = chance.pick(world.replicas)
    const step = chance.weighted(possible.map((each) => [each.weight, each] as const))
    if (step.run(world, replica)) return replica
  }
}

const steps: readonly Step[] = [
  { name: 'open a page', weight: 6, run: openAPage },
  { name: 'close a page', weight: 2, run: onPage(closeAPage) },
  { name: 'append', weight: 30, run: onPage(append) },
  { name: 'append several at once', weight: 6, run: onPage(appendSeveral) },
  { name: 'ask after appending', weight: 6, run: onPage(appendAndAsk) },
  { name: 'type into a document', weight: 10, run: onPage(type) },
  { name: 'wait for the hub', weight: 4, run: onPage(waitForTheHub) },
  { name: 'pause syncing', weight: 1, run: onPage(pauseSyncing) },
  { name: 'resume syncing', weight: 3, run: onPage(resumeSyncing) },
  { name: 'a device joins', weight: 2, run: joinLate },
  { name: 'carry an export over', weight: 4, run: onPage(carryOver) },
  { name: 'rebuild a view', weight: 1, run: onPage(rebuild) },
  { name: 'kill a page', weight: 3, isOfDisks: true, run: onPage(killAPage) },
  { name: 'freeze a page', weight: 2, isOfDisks: true, run: onPage(freezeAPage) },
  { name: 'thaw a page', weight: 3, isOfDisks: true, run: thawAPage },
  { name: 'take the storage away', weight: 1, isOfDisks: true, run: onPage(takeAway) },
  { name: 'lose power', weight: 2, isOfDisks: true, run: losePower },
  { name: 'trouble with the disk', weight: 6, isOfDisks: true, run: troubleTheDisk },
  { name: 'the network changes', weight: 5, run: changeTheNetwork },
  { name: 'all connections break', weight: 3, run: breakConnections },
  { name: 'the hub begins again', weight: 2, run: restartTheHub },
  { name: 'the hub is backed up', weight: 2, run: backUpTheHub },
  { name: 'the hub is restored', weight: 1, run: restoreTheHub },
  { name: 'a profile is cloned', weight: 1, isOfDisks: true, run: cloneAProfile },
  { name: 'the wall clock jumps', weight: 2, run: jumpTheClock },
]

/** For steps that need a page that is open and awake. */
function onPage(run: (world: World, replica: Replica, page: Page) => boolean): Step['run'] {
  return (world, replica) => {
    const open = replica.pages.filter(
      ({ opening, place }) => opening.state === 'done' && place.actor.state === 'awake',
    )
    return open.length > 0 && run(world, replica, world.chance.pick(open))
  }
}

/** How much time passes after a step. */
export function drawPause({ chance }: World): number {
  return chance.weighted([
    [60, chance.between(0, 5)],
    [25, chance.between(5, 200)],
    [10, chance.between(1_000, 4_000)],
    [1, chance.between(10_000, 40_000)],
  ])
}
