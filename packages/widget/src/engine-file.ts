/** Finds the engine's file beside the script. The build inserts the hashed name; see vite.build.ts. */
import type { LoadEngine } from './engine-contract.ts'

declare const __ENGINE_FILE__: string

/** `script`: the URL of `chat-widget.js` or `embed.js`. */
export function engineBeside(script: string): LoadEngine {
  const url = new URL(__ENGINE_FILE__, script).href
  // Browsers cache the failure to load a module; another URL is another try.
  return (attempt) => import(/* @vite-ignore */ attempt === 0 ? url : `${url}?attempt=${attempt}`)
}
