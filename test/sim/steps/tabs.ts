// What becomes of tabs: they are opened, closed, frozen, thawed, killed, and lose their storage.

import type { Build } from '../app/model.ts'
import type { Page } from '../page.ts'
import type { Replica, World } from '../world.ts'

const MOST_PAGES = 3

export function openAPage({ chance, tell }: World, replica: Replica): boolean {
  if (replica.pages.length >= MOST_PAGES) return false
  const build: Build = chance.oneIn(6) ? 'old' : 'new'
  const page = replica.open(build)
  tell(`${page.place.name} is opened, ${build}`)
  return true
}

export function closeAPage({ tell }: World, replica: Replica, page: Page): boolean {
  tell(`${page.place.name} is closed`)
  page.act('close', (db) => db.close())
  replica.forget(page)
  return true
}

/** The page goes on; with what it did not finish nobody is helped. */
export function killAPage({ tell }: World, replica: Replica, page: Page): boolean {
  tell(`${page.place.name} dies`)
  page.kill()
  replica.forget(page)
  return true
}

export function freezeAPage({ tell }: World, _replica: Replica, page: Page): boolean {
  tell(`${page.place.name} freezes`)
  page.place.freeze()
  return true
}

export function thawAPage({ chance, tell }: World, { pages }: Replica): boolean {
  const frozen = pages.filter(({ place }) => place.actor.state === 'frozen')
  if (frozen.length === 0) return false
  const page = chance.pick(frozen)
  tell(`${page.place.name} thaws`)
  page.place.thaw()
  return true
}

export function takeAway({ tell }: World, { device }: Replica, page: Page): boolean {
  tell(`${page.place.name} loses its connections`)
  device.loseConnections(page.place)
  return true
}
