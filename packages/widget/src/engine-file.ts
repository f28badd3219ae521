/** Finds the engine's file beside the script. The build inserts the hashed name; see scripts/build-widget.mjs. */
import type { LoadEngine } from './engine-contract.ts'

declare const __ENGINE_FILE__: string

/**
 * The same file at another address for each attempt: letters of its folder's name are percent-encoded, by the attempt's
 * bits. Browsers of before late 2026 remember that a module could not be loaded, and never request it again. A query would
 * do for the engine alone: its parts import it relative to their own address, so they would find the file that failed, or a
 * second engine.
 */
const addressOf = (file: string, attempt: number) =>
  file.replace(/\w/g, (letter, at: number) =>
    (attempt >> at) & 1 ? `%${letter.charCodeAt(0).toString(16)}` : letter,
  )

/** The server's address: that of the script's folder, without a slash at its end. */
export const folderOf = (script: string | URL): string => new URL('.', script).href.slice(0, -1)

/** `script`: the URL of `chat-widget.js` or `embed.js`. */
export const engineBeside =
  (script: string | URL): LoadEngine =>
  (attempt) =>
    import(/* @vite-ignore */ new URL(addressOf(__ENGINE_FILE__, attempt), script).href)
