import type { Plugin } from 'vite'

export function chosenExports(): Plugin
export function asPublished(): Plugin
