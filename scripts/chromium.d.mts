/** Types of chromium.mjs, for the tests that use it. */
import type { LaunchOptions } from 'playwright'

export function findChromium(): string | undefined
export function findHeadlessShell(): string | undefined
export function chromiumLaunchOptions(options?: { readonly prefersShell?: boolean }): LaunchOptions
