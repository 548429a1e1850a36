/** The worker file that an app has. */
import { serve } from 'headwater/worker'
import { searchable } from './model.ts'

serve(searchable)
