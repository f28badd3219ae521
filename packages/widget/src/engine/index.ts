/** The engine's file, loaded on demand by the shell. */
export { createEngine } from './engine.ts'
