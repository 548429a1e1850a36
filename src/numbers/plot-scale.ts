/** Scales whose lines have round names. Pure. */

/** The next round number with a round half, so that lines of a grid have round names. */
export function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  const head = [1, 2, 4, 6, 8, 10].find((candidate) => candidate * power >= most) ?? 10
  return Math.max(2, head * power)
}
