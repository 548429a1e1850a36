/** What the palette can do: places to go to, and everything that the buttons of the page do. */
import type { Database } from 'headwater'
import { chooseFile } from '../data/choose-file.ts'
import { exportFile } from '../data/export-file.ts'
import { EVENT_FILES } from '../data/file-button.tsx'
import { generateInto } from '../data/generate-events.ts'
import { importFile } from '../data/import-file.ts'
import { formatCount } from '../format.ts'
import type { Tracker } from '../model.ts'
import type { IconName } from '../page/icon.tsx'
import { tellFailure } from '../page/notice-store.ts'
import { PLACES } from '../page/places.ts'
import { setTheme, type ThemeChoice } from '../page/theme.ts'
import { ME } from '../people.ts'
import { navigate } from '../route.ts'
import type { Matchable } from './match.ts'

export interface Command extends Matchable {
  /** Its identity among recent choices. */
  readonly id: string
  readonly icon: IconName
  /** The keys that do the same. */
  readonly keys?: string
  readonly run: () => void
}

/** All commands, as they make sense now. */
export function commandsOf(db: Database<Tracker>): readonly Command[] {
  const syncing = db.sync ? [syncCommand(db.sync)] : []
  return [...issueCommands, ...placeCommands, ...dataCommands(db), ...themeCommands, ...syncing]
}

const placeCommands: readonly Command[] = PLACES.map(({ page, label }) => ({
  id: `go:${page}`,
  title: `Go to ${label}`,
  synonyms: 'open show place',
  icon: page,
  run: () => navigate({ page }),
}))

const issueCommands: readonly Command[] = [
  {
    id: 'issue:new',
    title: 'New issue',
    synonyms: 'open create add',
    icon: 'plus',
    keys: 'n',
    run: () => navigate({ issue: 'new' }),
  },
  {
    id: 'issues:open',
    title: 'Open issues',
    synonyms: 'filter status list',
    icon: 'open',
    run: () => navigate({ status: 'open' }),
  },
  {
    id: 'issues:mine',
    title: 'Issues assigned to me',
    synonyms: 'filter my mine',
    icon: 'issues',
    run: () => navigate({ assignee: ME }),
  },
]

const SIZES = [1_000, 10_000, 100_000]

function dataCommands(db: Database<Tracker>): readonly Command[] {
  const generate = SIZES.map(
    (count): Command => ({
      id: `generate:${count}`,
      title: `Generate ${formatCount(count)} events`,
      synonyms: `${count} year story demo data`,
      icon: 'generate',
      run: () => void generateInto(db, db.status.get().log.head + 1, count),
    }),
  )
  return [
    ...generate,
    {
      id: 'import',
      title: 'Import a file of events',
      synonyms: 'upload load restore',
      icon: 'import',
      run: () => chooseFile(EVENT_FILES, (file) => void importFile(db, file, 'stop')),
    },
    {
      id: 'export',
      title: 'Export the log',
      synonyms: 'download save backup',
      icon: 'export',
      run: () => void exportFile(db),
    },
  ]
}

const THEMES: readonly (readonly [ThemeChoice, title: string])[] = [
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
  ['system', 'Theme as the system has it'],
]

const themeCommands: readonly Command[] = THEMES.map(([choice, title]) => ({
  id: `theme:${choice}`,
  title,
  synonyms: 'colour color appearance mode',
  icon: choice,
  run: () => setTheme(choice),
}))

function syncCommand(sync: NonNullable<Database<Tracker>['sync']>): Command {
  const { state } = sync.get()
  const isHeld = state === 'paused' || state === 'refused'
  const title = isHeld ? 'Resume syncing' : 'Pause syncing'
  return {
    id: 'sync',
    title,
    synonyms: 'offline online hub replicate',
    icon: isHeld ? 'resume' : 'pause',
    run: () => void (isHeld ? sync.resume() : sync.pause()).catch(tellFailure(title)),
  }
}
