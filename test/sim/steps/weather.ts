// The weather of machines, networks and the hub.

import { MOST_REPLICAS, type Replica, type World } from '../world.ts'

export function losePower(_world: World, replica: Replica): boolean {
  replica.crash()
  return true
}

export function troubleTheDisk({ chance, tell }: World, { name, device }: Replica): boolean {
  const { weather } = device.disk
  weather.faultOneIn = chance.pick([0, 0, 4, 12])
  weather.slowOneIn = chance.pick([0, 0, 3, 20])
  weather.isFull = chance.oneIn(6)
  tell(`the disk of ${name}: one fault in ${weather.faultOneIn}, ${weather.isFull ? '' : 'not '}full`)
  return true
}

export function jumpTheClock({ chance, tell }: World, { name, device }: Replica): boolean {
  device.clockOffsetMs = Math.round(chance.between(-3_600_000, 3_600_000))
  tell(`the clock of ${name} is off by ${device.clockOffsetMs} ms`)
  return true
}

export function changeTheNetwork({ chance, network, meeting, tell }: World): boolean {
  if (meeting !== 'hub') return false
  network.isDown = chance.oneIn(3)
  network.cutOneIn = chance.pick([0, 0, 10, 40])
  tell(`the network is ${network.isDown ? 'down' : 'up'}, one frame in ${network.cutOneIn} cuts`)
  return true
}

export function breakConnections({ network, meeting, tell }: World): boolean {
  if (meeting !== 'hub') return false
  tell('all connections break')
  network.cut()
  return true
}

export function restartTheHub({ hub, meeting, tell }: World): boolean {
  if (meeting !== 'hub') return false
  tell('the hub dies and begins again')
  hub.restart()
  return true
}

export function backUpTheHub({ hub, meeting, tell }: World): boolean {
  if (meeting !== 'hub') return false
  tell('the hub is backed up')
  hub.backup()
  return true
}

export function restoreTheHub(world: World): boolean {
  const { hub, tell } = world
  if (world.hasClones || !hub.restore()) return false
  tell('the hub is restored from its backup')
  return true
}

/** Clones come only where they are asked for, a hub that forgets only where they do not. */
export function cloneAProfile(world: World, replica: Replica): boolean {
  if (!world.hasClones || world.replicas.length >= MOST_REPLICAS) return false
  world.clone(replica)
  return true
}
