// Chance from a seed. Everything in a simulated world that is not decided by the code under test is drawn from here, in
// streams of their own: what the weather draws does not change what ids are drawn.

/** A stream of chance. */
export interface Chance {
  /** At least 0, below 1. */
  next(): number
  /** A whole number, at least 0, below `bound`. */
  below(bound: number): number
  /** Between `from` and `to`. */
  between(from: number, to: number): number
  /** True once in `times`, on average; never for 0. */
  oneIn(times: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** An item by weight. */
  weighted<Item>(items: readonly (readonly [weight: number, item: Item])[]): Item
  readonly bytes: (length: number) => Uint8Array
  /** A stream of its own, by name: the same name gives the same stream. */
  stream(name: string): Chance
}

/** The stream of a seed: sfc32, by C. Doty-Humphrey, with its state filled from a hash of the name. */
export function createChance(seed: number, name = ''): Chance {
  const next = createStream(`${seed} ${name}`)
  const below = (bound: number): number => Math.floor(next() * bound)
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    oneIn: (times) => times > 0 && next() * times < 1,
    pick,
    weighted: (items) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) {
        left -= weight
        if (left < 0) return item
      }
      return items.at(-1)![1]
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    stream: (child) => createChance(seed, `${name}/${child}`),
  }
}

function createStream(text: string): () => number {
  let [a, b, c, d] = [hash(text, 1), hash(text, 2), hash(text, 3), 1]
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** FNV-1a, with a salt. */
function hash(text: string, salt: number): number {
  let state = 2_166_136_261 ^ salt
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16_777_619)
  return state | 0
}
