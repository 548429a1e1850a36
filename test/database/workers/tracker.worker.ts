// A worker file as an app writes it.
import { serve } from 'headwater/worker'
import { tracker } from '../world.ts'

serve(tracker)
