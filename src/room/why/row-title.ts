/** A row of any view in a few words: a title or a text where it has one. */
const SAID = ['title', 'text'] as const
const LENGTH = 90

export function titleOf(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  for (const name of SAID) {
    const said: unknown = Reflect.get(row, name)
    if (typeof said === 'string' && said !== '')
      return said.length > LENGTH ? `${said.slice(0, LENGTH)}…` : said
  }
  return undefined
}
