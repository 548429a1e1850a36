/** One of a few, chosen by segments that stand beside each other. */
import type { ReactNode } from 'react'

interface SegmentsProps<Value extends string> {
  /** The name of the choice. */
  readonly name: string
  /** The same for who hears it. */
  readonly legend: string
  readonly options: readonly (readonly [value: Value, label: ReactNode])[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}

export function Segments<Value extends string>({
  name,
  legend,
  options,
  chosen,
  onChoose,
}: SegmentsProps<Value>): ReactNode {
  return (
    <fieldset className="segments">
      <legend className="sr-only">{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}
