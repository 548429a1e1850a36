/** Documents that several people write at once: the café's menu. */
import { defineDatabase } from 'headwater'
import { documents } from 'headwater/documents'

export const menuBoard = defineDatabase({
  name: 'menu-board',
  events: [],
  views: { menus: documents('menus') },
})
