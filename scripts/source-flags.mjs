// The flags that make Node run the packages from their sources, for threads and child processes (see sources.mjs).

export const sourceFlags = [
  '--import',
  new URL('./sources.mjs', import.meta.url).href,
  '-C',
  '@headwater/source',
]
