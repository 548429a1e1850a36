// A worker file as an app writes it.
import { serve } from 'headwater/worker'
import { pad } from '../model.ts'

serve(pad)
