/**
 * What the palette offers for a text, in groups: without a text what was chosen last and every command, else the commands
 * that fit and the issues that were found. Pure but for what a choice does when it is run.
 */
import type { SearchHit } from 'headwater'
import type { Issue } from '../model.ts'
import type { IconName } from '../page/icon.tsx'
import { navigate } from '../route.ts'
import type { Command } from './commands.ts'
import { matchTitle, type Part } from './match.ts'
import type { RecentChoice } from './recent.ts'

export interface Choice {
  readonly id: string
  readonly title: string
  readonly parts: readonly Part[]
  readonly icon: IconName
  /** A passage of the text that matched. */
  readonly passage?: readonly Part[]
  readonly keys?: string
  readonly run: () => void
}

export interface ChoiceGroup {
  readonly name: string
  readonly choices: readonly Choice[]
}

const MOST_COMMANDS = 6
const ISSUE = 'issue/'

/** The groups that are not empty. */
export function groupsFor(
  text: string,
  commands: readonly Command[],
  hits: readonly SearchHit<Issue>[],
  recent: readonly RecentChoice[],
): readonly ChoiceGroup[] {
  const fitting = commands.flatMap((command) => choiceOf(command, text))
  const groups =
    text === ''
      ? [
          { name: 'Recent', choices: recent.flatMap((choice) => recalled(choice, commands)) },
          { name: 'Commands', choices: fitting },
        ]
      : [
          { name: 'Commands', choices: fitting.slice(0, MOST_COMMANDS) },
          { name: 'Issues', choices: hits.map(issueOf) },
        ]
  return groups.filter(({ choices }) => choices.length > 0)
}

function choiceOf(command: Command, text: string): readonly Choice[] {
  const parts = matchTitle(command, text)
  return parts ? [{ ...command, parts }] : []
}

const plain = (text: string): readonly Part[] => [{ text, match: false }]

/** A recent choice as it is now; a command that makes no sense any more is left out. */
function recalled({ id, title }: RecentChoice, commands: readonly Command[]): readonly Choice[] {
  const key = `recent:${id}`
  if (id.startsWith(ISSUE)) {
    const issue = id.slice(ISSUE.length)
    return [{ id: key, title, parts: plain(title), icon: 'issues', run: () => navigate({ issue }) }]
  }
  const command = commands.find((candidate) => candidate.id === id)
  return command ? [{ ...command, id: key, parts: plain(command.title) }] : []
}

function issueOf({ key, row, snippets }: SearchHit<Issue>): Choice {
  const { title, body } = snippets
  return {
    id: `${ISSUE}${key}`,
    title: row.title,
    parts: title ?? plain(row.title),
    icon: row.status,
    ...(body?.some(({ match }) => match) ? { passage: body } : {}),
    run: () => navigate({ issue: key }),
  }
}
