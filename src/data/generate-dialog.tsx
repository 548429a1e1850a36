/** Asks how much to generate, and from which seed. The run itself goes on in the background. */
import { useStatus } from '@headwater/react'
import { type ReactNode, useState } from 'react'
import { useTracker } from '../database.ts'
import { formatCount } from '../format.ts'
import { Dialog } from '../page/dialog.tsx'
import { generateInto } from './generate-events.ts'

const SIZES = [1_000, 10_000, 100_000]

export function GenerateDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const db = useTracker()
  const head = useStatus((status) => status.log.head)
  const [seed, setSeed] = useState<number | undefined>()
  const wanted = seed ?? head + 1
  const generate = (count: number): void => {
    onClose()
    void generateInto(db, wanted, count)
  }
  return (
    <Dialog title="Generate a year" onClose={onClose}>
      <p>The year of a small team: issues opened, discussed, edited, assigned and closed.</p>
      <div className="sizes">
        {SIZES.map((count) => (
          <button key={count} type="button" className="size" onClick={() => generate(count)}>
            <b>{formatCount(count)}</b> events
          </button>
        ))}
      </div>
      <label className="seed">
        <span>Seed</span>
        <input
          type="number"
          min={1}
          max={999_999_999}
          value={wanted}
          onChange={(event) => setSeed(event.target.valueAsNumber || 1)}
        />
        <small>The same seed tells the same story.</small>
      </label>
    </Dialog>
  )
}
