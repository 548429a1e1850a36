/**
 * The memory of this page and its workers, after a collection: needs an isolated page, which the bench's server makes.
 */

interface Measured {
  readonly bytes: number
}

export async function measureMemory(): Promise<number> {
  if (!('measureUserAgentSpecificMemory' in performance))
    throw new Error('this browser does not tell its memory')
  const ask = performance.measureUserAgentSpecificMemory as () => Promise<Measured>
  return (await ask.call(performance)).bytes
}
