/** Imports a file that is dropped anywhere on the page. Answers whether one is being held over it. */
import { useEffect, useState } from 'react'
import { useTracker } from '../database.ts'
import { importFile } from './import-file.ts'

export function useDrop(): boolean {
  const db = useTracker()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) void importFile(db, file, 'stop')
    }
    addEventListener('dragover', over, { signal })
    addEventListener('dragleave', leave, { signal })
    addEventListener('drop', drop, { signal })
    return () => controller.abort()
  }, [db])
  return isOver
}
