/** What each person has in hand, from the groups by assignee and status; who has most points open comes first. Pure. */

export interface Load {
  /** Nothing for issues of nobody. */
  readonly name: string | null
  readonly open: number
  readonly openPoints: number
  readonly closed: number
}

export interface LoadGroup {
  readonly group: readonly [name: string | null, status: string]
  readonly issues: number
  readonly points: number
}

export function loadsOf(groups: readonly LoadGroup[]): readonly Load[] {
  const byName = new Map<string | null, Load>()
  for (const { group, issues, points } of groups) {
    const [name, status] = group
    const load = byName.get(name) ?? { name, open: 0, openPoints: 0, closed: 0 }
    const part =
      status === 'open'
        ? { open: load.open + issues, openPoints: load.openPoints + points }
        : { closed: load.closed + issues }
    byName.set(name, { ...load, ...part })
  }
  return [...byName.values()].sort((a, b) => b.openPoints - a.openPoints || b.open - a.open)
}
