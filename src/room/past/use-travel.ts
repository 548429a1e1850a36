/** Follows which moment the page shows. */
import { useSyncExternalStore } from 'react'
import { getTravel, subscribeToTravel, type Travel } from './moments.ts'

export const useTravel = (): Travel => useSyncExternalStore(subscribeToTravel, getTravel)
