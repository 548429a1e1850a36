/** The choices as a listbox that the field of the palette owns: the field keeps the focus, one option is marked as active. */
import { memo, type ReactNode, useEffect, useRef } from 'react'
import { Icon } from '../page/icon.tsx'
import type { Choice, ChoiceGroup } from './choices.ts'
import type { Part } from './match.ts'

interface ChoiceListProps {
  readonly id: string
  readonly groups: readonly ChoiceGroup[]
  /** Another answer is on its way. */
  readonly isBusy: boolean
  readonly activeId: string | undefined
  readonly onChoose: (choice: Choice) => void
}

export const optionId = (list: string, choice: string): string => `${list}-${choice}`

export const ChoiceList = memo(function ChoiceList({
  id,
  groups,
  isBusy,
  activeId,
  onChoose,
}: ChoiceListProps): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <select> would take the focus from the field
    <div className="choices" role="listbox" id={id} aria-label="Commands and issues" aria-busy={isBusy}>
      {groups.map(({ name, choices }) => (
        <fieldset key={name} aria-labelledby={`${id}-${name}`}>
          <div className="group-name" id={`${id}-${name}`}>
            {name}
          </div>
          {choices.map((choice) => (
            <Option
              key={choice.id}
              id={optionId(id, choice.id)}
              choice={choice}
              isActive={choice.id === activeId}
              onChoose={onChoose}
            />
          ))}
        </fieldset>
      ))}
    </div>
  )
})

interface OptionProps {
  readonly id: string
  readonly choice: Choice
  readonly isActive: boolean
  readonly onChoose: (choice: Choice) => void
}

function Option({ id, choice, isActive, onChoose }: OptionProps): ReactNode {
  const { parts, icon, passage, keys } = choice
  const element = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  return (
    <button
      ref={element}
      type="button"
      className="choice"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <option> holds nothing but text
      role="option"
      id={id}
      tabIndex={-1}
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(choice)}
    >
      <Icon name={icon} />
      <span className="choice-title">
        <Marked parts={parts} />
      </span>
      {keys && <kbd>{keys}</kbd>}
      {passage && (
        <span className="choice-passage">
          <Marked parts={passage} />
        </span>
      )}
    </button>
  )
}

function Marked({ parts }: { readonly parts: readonly Part[] }): ReactNode {
  let at = 0
  return parts.map(({ text, match }) => {
    const key = at
    at += text.length
    return match ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
  })
}
