/**
 * Lit, which draws the parts that are loaded later: loaded beside the first of them. Such a part imports nothing but the
 * engine (see `retriedParts` of vite.plugins.mjs), so it takes Lit's functions from here.
 */
import type * as Lit from './lit-functions.ts'
import { type OnDemand, onDemand } from './on-demand.ts'

export let html: typeof Lit.html
export let keyed: typeof Lit.keyed
export let nothing: typeof Lit.nothing
export let render: typeof Lit.render

export async function loadLit(): Promise<void> {
  ;({ html, keyed, nothing, render } = await import('./lit-functions.ts'))
}

/** Loads a part that is drawn by Lit. */
export const withLit = async <Part>(load: () => Promise<Part>): Promise<Part> =>
  (await Promise.all([load(), loadLit()]))[0]

export const litPart = <Part>(load: () => Promise<Part>): OnDemand<Part> => onDemand(() => withLit(load))
