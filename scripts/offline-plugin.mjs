// A plugin of Vite that makes the built page installable and usable offline: a manifest, and a service worker that keeps every
// file of the build. Development has neither. The service worker answers for the page itself and for the files of its own
// build, exactly those: requests to a hub on the same origin, or to anything beside the page, pass it by.

// By a name that the compiler does not follow: the types of the library put a newer standard library under the whole program.
/** @type {string} */
const library = 'vite-plugin-pwa'
const { VitePWA } = await import(library)

/** @returns {import('vite').PluginOption} */
export const offlinePlugin = () =>
  VitePWA({
    filename: 'service-worker.js',
    // The page registers it, and asks before it changes to a new version (src/page/offline.ts).
    injectRegister: false,
    registerType: 'prompt',
    manifest: {
      name: 'Headwater',
      short_name: 'Headwater',
      description: 'An issue tracker on a database taken apart: an event log, and views derived from it.',
      lang: 'en',
      start_url: './',
      scope: './',
      display: 'standalone',
      theme_color: '#07697a',
      background_color: '#f4f7f7',
      icons: [
        { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
        { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
        { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
        { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    workbox: {
      globPatterns: ['**/*.{html,js,css,svg,png}'],
      // What is in the address behind the `?` (a workspace) is read by the page; the file is the same.
      ignoreURLParametersMatching: [/./],
      navigateFallback: null,
      cleanupOutdatedCaches: true,
      clientsClaim: true,
      skipWaiting: false,
      sourcemap: false,
    },
  })
