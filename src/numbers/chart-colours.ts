/** The colours of a chart, from the tokens of the style. A canvas knows no variables: an element is asked what they come to. */

const NAMES = ['open', 'closed', 'accent', 'line', 'ink-faint', 'sunken'] as const

export type ColourName = (typeof NAMES)[number]

export interface ChartColours {
  readonly of: (name: ColourName) => string
  readonly fontFamily: string
}

export function readColours(place: HTMLElement): ChartColours {
  const probe = document.createElement('span')
  place.append(probe)
  const colours = new Map(
    NAMES.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    }),
  )
  const { fontFamily } = getComputedStyle(probe)
  probe.remove()
  return { of: (name) => colours.get(name) ?? 'gray', fontFamily }
}
