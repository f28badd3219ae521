import type { Parameter } from './words-message.mjs'

/** What is wrong with a message of a language, each as the end of a sentence. */
export function messageProblems(
  text: string,
  word: { readonly parameters: readonly Parameter[] },
  tag: string,
): Iterable<string>

/** Keys whose names clash in the tables made of them, one sentence each. */
export function clashProblems(keys: readonly string[]): Iterable<string>
