/** Who works in the demo. The person at this page is `ME`; the others come from the generator. */
export const ME = 'You'

export const PEOPLE = [
  'Amara Okafor',
  'Ben Lindqvist',
  'Chiara Russo',
  'Dmitri Volkov',
  'Elif Demir',
  'Farid Haddad',
  'Grace Mbeki',
  'Hana Sato',
  'Iván Ortega',
  'June Park',
] as const

/** At most two letters. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0).toUpperCase())
    .join('')
}

/** A hue for the name, always the same. */
export function hueOf(name: string): number {
  let hash = 7
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600
  return (hash * 47) % 360
}
