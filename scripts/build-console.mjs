/** Builds the agents' console into packages/console/dist. */
import { buildPage } from './build-page.mjs'

export const buildConsole = () => buildPage('console')
