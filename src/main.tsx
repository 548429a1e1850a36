/** The entry of the page: opens the database, or says what the browser lacks, and renders. */
import './style/tokens.css'
import './style/base.css'
import './style/shell.css'
import './style/issues.css'
import './style/editor.css'
import './style/board.css'
import './style/numbers.css'
import './style/room.css'
import './style/palette.css'
import { DatabaseProvider } from '@headwater/react'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { openTracker } from './database.ts'
import { ErrorBoundary } from './page/error-boundary.tsx'
import { keepForOffline } from './page/offline.ts'
import { Opening } from './page/opening.tsx'
import { missingPowers } from './page/powers.ts'
import { Stopped } from './page/stopped.tsx'
import { Unsupported } from './page/unsupported.tsx'

const missing = missingPowers()
const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no element with the id "root".')

if (missing.length > 0) createRoot(container).render(<Unsupported missing={missing} />)
else {
  const opening = openTracker()
  keepForOffline()
  createRoot(container).render(
    <StrictMode>
      <ErrorBoundary fallback={(error) => <Stopped error={error} />}>
        <Suspense fallback={<Opening />}>
          <DatabaseProvider database={opening}>
            <App />
          </DatabaseProvider>
        </Suspense>
      </ErrorBoundary>
    </StrictMode>,
  )
}
