/** Generate, import, export. */
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { Icon } from '../page/icon.tsx'
import { exportFile } from './export-file.ts'
import { FileButton } from './file-button.tsx'

export function DataButtons({ onGenerate }: { readonly onGenerate: () => void }): ReactNode {
  const db = useTracker()
  return (
    <fieldset className="data-buttons" aria-label="Data">
      <button type="button" className="quiet" onClick={onGenerate}>
        <Icon name="generate" />
        <span>Generate</span>
      </button>
      <FileButton className="quiet">
        <Icon name="import" />
        <span>Import</span>
      </FileButton>
      <button type="button" className="quiet" onClick={() => void exportFile(db)}>
        <Icon name="export" />
        <span>Export</span>
      </button>
    </fieldset>
  )
}
