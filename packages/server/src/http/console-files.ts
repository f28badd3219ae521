/** The agents' console: a page under a strict policy, and its assets. */
import type { FastifyInstance } from 'fastify'
import { registerPageFiles } from './page-files.ts'

/** `root` holds `index.html` and `assets/`. */
export function registerConsoleFiles(
  http: FastifyInstance,
  root: string,
  kept: readonly string[] = [],
): void {
  registerPageFiles(http, { name: 'console', root, kept })
}
