/**
 * The command palette: one field for everything that the page can do and every issue that it holds. A combobox on the
 * platform's own dialog: the focus stays in the field, the arrows choose, Enter does it, and afterwards the focus is back
 * where it was, unless what was chosen takes it elsewhere.
 */
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTracker } from '../database.ts'
import { plural } from '../format.ts'
import { makeIndex, useIndexMaking } from '../issues/search-index.ts'
import { Fault } from '../page/fault.tsx'
import { Icon } from '../page/icon.tsx'
import { ChoiceList, optionId } from './choice-list.tsx'
import { type Choice, groupsFor } from './choices.ts'
import { commandsOf } from './commands.ts'
import { recentChoices, rememberChoice } from './recent.ts'
import { useFoundIssues } from './use-found-issues.ts'

const RECENT = 'recent:'

/** Open for as long as it is rendered. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const dialog = useOpenDialog()
  const list = useId()
  const [text, setText] = useState('')
  const typed = text.trim()
  const { groups, answered, settled, summary, error } = useOffer(useDeferredValue(typed))
  const [wanted, setWanted] = useState<string>()
  /** Enter was pressed before it was known what it does. */
  const entered = useRef(false)
  const choices = groups.flatMap((group) => group.choices)
  const active = choices.find(({ id }) => id === wanted) ?? choices[0]

  const choose = useCallback(
    ({ id, title, run }: Choice): void => {
      rememberChoice({ id: id.startsWith(RECENT) ? id.slice(RECENT.length) : id, title })
      // First the focus goes back, then whatever is run may take it.
      dialog.current?.close()
      onClose()
      run()
    },
    [dialog, onClose],
  )
  // Who types fast presses Enter before what fits is shown: it does what is first once that is known, never what fitted less text.
  const isSure = settled === typed || (wanted !== undefined && active?.id === wanted)
  useEffect(() => {
    if (!entered.current || !isSure) return
    entered.current = false
    if (active) choose(active)
  }, [isSure, active, choose])
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      if (!isSure) entered.current = true
      else if (active) choose(active)
    } else if (step !== undefined && active) setWanted(neighbour(choices, active, step))
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className="palette" aria-label="Command palette" onCancel={onClose}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Search issues and commands"
          aria-expanded={active !== undefined}
          aria-controls={list}
          aria-activedescendant={active && optionId(list, active.id)}
          aria-autocomplete="list"
          placeholder="Search, or say what to do"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onChange={({ target }) => {
            setText(target.value)
            setWanted(undefined)
            entered.current = false
          }}
          onKeyDown={press}
        />
        <span className="key" aria-hidden="true">
          Esc
        </span>
      </div>
      {error && <Fault what="Searching" error={error} />}
      <ChoiceList
        id={list}
        groups={groups}
        isBusy={answered !== typed}
        activeId={active?.id}
        onChoose={choose}
      />
      <output className="palette-summary" data-text={answered}>
        {summary}
      </output>
    </dialog>
  )
}

/** How far each key goes. */
const STEPS: Readonly<Record<string, number | undefined>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 6,
  PageUp: -6,
}

/** A step of one goes round at the ends, a longer one stops there. */
function neighbour(choices: readonly Choice[], { id }: Choice, step: number): string | undefined {
  const at = choices.findIndex((choice) => choice.id === id) + step
  const last = choices.length - 1
  const round = Math.abs(step) === 1 ? (at + choices.length) % choices.length : at
  return choices[Math.max(0, Math.min(last, round))]?.id
}

/**
 * What there is to choose from for a text, and the same in a sentence; `answered` is the text whose issues are among it,
 * `settled` the one whose first choice no later answer changes, if that is sure yet: commands stand before issues.
 */
function useOffer(text: string) {
  const db = useTracker()
  const commands = useMemo(() => commandsOf(db), [db])
  const recent = useMemo(() => recentChoices(), [])
  const found = useFoundIssues(text)
  const making = useIndexMaking()
  useEffect(() => void makeIndex(db), [db])
  const groups = useMemo(
    () => groupsFor(text, commands, found.hits, recent),
    [text, commands, found.hits, recent],
  )
  const answer =
    text === '' ? 'Enter does what is marked, ↑ and ↓ go to others.' : `${plural(found.total, 'issue')} found`
  const summary = making ?? answer
  const settled = found.text === text || groups[0]?.name === 'Commands' ? text : undefined
  return { groups, answered: found.text, settled, summary, error: found.error }
}

function useOpenDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  // Closed while it is still in the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
    element?.setAttribute('closedby', 'any')
    return () => element?.close()
  }, [])
  return dialog
}
