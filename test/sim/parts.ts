// What stands for `late-part.ts` in the simulator's bundle. A part of the code that is there already is had in fewer turns than
// one that is asked for first, and that is enough for a world to go another way: so all are asked for before the first world.

import { latePart as createPart } from '../../packages/log/src/late-part.ts'

/** Those of the modules, which all worlds of a process share. What a world has of its own begins with it. */
const shared: (() => Promise<unknown>)[] = []
let isLoaded = false

export function latePart<Part>(name: string, load: () => Promise<Part>): () => Promise<Part> {
  const part = createPart(name, load)
  if (!isLoaded) shared.push(part)
  return part
}

/** Loads the parts that all worlds share. */
export async function loadParts(): Promise<void> {
  isLoaded = true
  for (const part of shared.splice(0)) await part()
}
