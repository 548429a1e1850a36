/** What the demo stands on that a browser may lack, in words. Nothing is sniffed: each power is asked for itself. */

/** A global object, as far as it is asked. */
export interface World {
  readonly navigator?: object
  readonly CSS?: { readonly supports: (property: string, value: string) => boolean }
}

interface Power {
  readonly name: string
  readonly isIn: (world: World) => boolean
}

const POWERS: readonly Power[] = [
  { name: 'IndexedDB, where the log is stored', isIn: (world) => 'indexedDB' in world },
  { name: 'Web Workers, where views are folded', isIn: (world) => 'Worker' in world },
  {
    name: 'Web Locks, which tell tabs apart (a secure context: https or localhost)',
    isIn: ({ navigator }) => navigator !== undefined && 'locks' in navigator,
  },
  { name: 'BroadcastChannel, by which tabs wake each other', isIn: (world) => 'BroadcastChannel' in world },
  { name: 'random numbers for identities (crypto.getRandomValues)', isIn: (world) => 'crypto' in world },
  { name: 'dialogs (the dialog element)', isIn: (world) => 'HTMLDialogElement' in world },
  {
    name: 'colours for light and dark (light-dark() in CSS)',
    isIn: ({ CSS }) => CSS?.supports('color', 'light-dark(white, black)') === true,
  },
]

/** What is lacking here; nothing where the demo can run. */
export function missingPowers(world: World = globalThis): readonly string[] {
  return POWERS.filter(({ isIn }) => !isIn(world)).map(({ name }) => name)
}
