/** The worker file that an app has. */
import { serve } from 'headwater/worker'
import { eventsOnly } from './model.ts'

serve(eventsOnly)
