// `node scripts/draw-icons.mjs`: draws the icons of the installed page from public/icons/icon.svg, in headless Chromium. To be
// run when the mark changes; what it draws is committed. The maskable one keeps the mark inside the circle that a system may
// cut out (80 % of the width).
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { findBrowser } from './ensure.mjs'

const folder = new URL('../public/icons/', import.meta.url)
const ICONS = [
  { name: 'icon-192.png', size: 192, mark: 0.72, radius: 0.22 },
  { name: 'icon-512.png', size: 512, mark: 0.72, radius: 0.22 },
  { name: 'maskable-512.png', size: 512, mark: 0.56, radius: 0 },
  { name: 'apple-180.png', size: 180, mark: 0.66, radius: 0 },
]

const svg = await readFile(fileURLToPath(new URL('icon.svg', folder)), 'utf8')
const white = svg.replaceAll('#07818f', '#ffffff')
const executablePath = findBrowser()
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
for (const { name, size, mark, radius } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>
    body { margin: 0; display: grid; place-items: center; height: ${size}px;
      background: #07697a; border-radius: ${size * radius}px; }
    svg { width: ${size * mark}px; height: ${size * mark}px; }
    html { background: transparent; }
  </style>${white}`)
  await writeFile(new URL(name, folder), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
