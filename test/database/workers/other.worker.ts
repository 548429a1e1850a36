// A worker of another build: the same database with one table less.
import { defineDatabase } from 'headwater'
import { serve } from 'headwater/worker'
import { issues, tracker } from '../world.ts'

serve(defineDatabase({ name: tracker.name, events: tracker.events, views: { issues } }))
