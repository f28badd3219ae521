/** The entry of `embed.js`: a classic script for `<script async src="…/embed.js" data-app="…">`. */
import { installEmbed } from './embed/install-embed.ts'
import { engineBeside } from './engine-file.ts'

const script = document.currentScript
const address = script instanceof HTMLScriptElement ? script.src : location.href
installEmbed(window, script, { server: new URL(address).origin, loadEngine: engineBeside(address) })
