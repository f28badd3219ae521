/** Finds the engine's file beside the script. The build puts the hashed name in; see vite.build.ts. */
import type { LoadEngine } from './engine-contract.ts'

declare const __ENGINE_FILE__: string

/** `script`: the address of `chat-widget.js` or `embed.js`. */
export function engineBeside(script: string): LoadEngine {
  const url = new URL(__ENGINE_FILE__, script).href
  // Browsers remember that a module could not be loaded; another address is another try.
  return (attempt) => import(/* @vite-ignore */ attempt === 0 ? url : `${url}?attempt=${attempt}`)
}
