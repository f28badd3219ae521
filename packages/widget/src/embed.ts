/** The entry of `embed.js`: a script, classic or module, for `<script async src="…/embed.js" data-app="…">`. */
import { installEmbed } from './embed/install-embed.ts'
import { engineBeside, folderOf } from './engine-file.ts'

// A module has no `currentScript`; its tag is found by the file's name.
const script = (document.currentScript ??
  document.querySelector('script[src*="/embed.js"]')) as HTMLScriptElement | null
const address = new URL(script?.src || location.href)
installEmbed(window, script, address.searchParams, {
  server: folderOf(address),
  loadEngine: engineBeside(address),
})
