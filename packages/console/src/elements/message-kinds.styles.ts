/** Styles of what the kinds of messages draw: Markdown, choices, cards, forms. */
import { css } from 'lit'

export const messageKindsStyles = css`
  .bubble {
    max-inline-size: 100%;
    padding: 0.4375rem 0.75rem;
    border: 1px solid transparent;
    border-radius: 14px;
    background: var(--bubble);
    line-height: 1.5;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .bubble a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
    unicode-bidi: isolate;
  }

  .rich {
    white-space: normal;
  }

  .rich > * + *,
  .rich :is(li, blockquote) > * + :is(p, pre, blockquote) {
    margin-block-start: 0.5rem;
  }

  .rich :is(ul, ol) {
    padding-inline-start: 1.375rem;
    list-style: disc;
  }

  .rich ol {
    list-style: decimal;
  }

  .rich li + li,
  .rich li > :is(ul, ol) {
    margin-block-start: 0.25rem;
  }

  .rich li::marker {
    color: var(--ink-soft);
    font-variant-numeric: tabular-nums;
  }

  .rich strong {
    font-weight: 650;
  }

  .rich :is(code, pre) {
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    font-size: 0.9em;
  }

  .rich code {
    padding: 1px 0.3125rem;
    border-radius: 5px;
    background: color-mix(in srgb, currentColor 9%, transparent);
  }

  .rich pre {
    margin-block-end: 0;
    padding: 0.5rem 0.75rem;
    border-radius: 8px;
    background: color-mix(in srgb, currentColor 7%, transparent);
    white-space: pre-wrap;
    tab-size: 2;
    unicode-bidi: plaintext;
  }

  .rich pre code {
    padding: 0;
    background: none;
    font-size: inherit;
  }

  .rich blockquote {
    margin-inline: 0;
    margin-block-end: 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid color-mix(in srgb, currentColor 30%, transparent);
  }

  .rich :is(pre, blockquote):first-child {
    margin-block-start: 0;
  }

  .deleted {
    border-color: var(--line);
    background: none;
    color: var(--ink-soft);
  }

  .soft {
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    padding-block: 0.125rem;
  }

  :is(.agent, .bot, .system) .choices {
    justify-content: flex-end;
  }

  .choice {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    max-inline-size: 100%;
    padding: 0.1875rem 0.6875rem;
    border: 1px solid var(--line-strong);
    border-radius: 99px;
    color: var(--ink-soft);
    font-weight: 500;
    overflow-wrap: anywhere;
  }

  .choice.taken {
    border-color: var(--good);
    background: var(--good-surface);
    color: var(--good);
  }

  .card {
    display: grid;
    gap: 0.375rem;
    inline-size: 20rem;
    padding: 0.75rem;
    border-color: var(--line);
    background: var(--surface-raised);
    white-space: normal;
  }

  .card p {
    white-space: pre-wrap;
  }

  .card strong {
    font-weight: 600;
  }

  .card-title {
    display: flex;
    align-items: center;
    gap: 0.3125rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 500;
  }

  .card-button {
    padding: 0.3125rem 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    font-weight: 500;
    text-align: center;
  }

  .outcome {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 500;
  }

  .outcome.done {
    color: var(--good);
  }

  .fields {
    display: grid;
    gap: 0.25rem;
  }

  .fields li {
    padding: 0.3125rem 0.625rem;
    border: 1px solid var(--line);
    border-radius: 8px;
  }

  .options {
    display: block;
  }

  .values {
    display: grid;
    gap: 0.375rem;
    white-space: normal;
  }

  .values dd {
    white-space: pre-wrap;
  }

  .values dt {
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .carousel {
    display: flex;
    /* Below the texts of its side, as long as all of it fits. */
    justify-content: safe flex-end;
    gap: 0.625rem;
    inline-size: 34rem;
    max-inline-size: 100%;
    padding: 2px;
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
  }

  .carousel .offer {
    flex: 0 0 min(78%, 15rem);
  }

  .offer {
    display: flex;
    flex-direction: column;
    inline-size: 17rem;
    max-inline-size: 100%;
    min-inline-size: 0;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--surface-raised);
    overflow: hidden;
    overflow-wrap: anywhere;
  }

  .image {
    position: relative;
    display: grid;
    place-items: center;
    aspect-ratio: 16 / 9;
    background: var(--surface-hover);
    overflow: hidden;
  }

  .image span {
    max-block-size: 100%;
    padding: 0.75rem 1rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    text-align: center;
  }

  .image img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    color: transparent;
    object-fit: cover;
  }

  .image .lost {
    opacity: 0;
  }

  .card-text {
    flex: 1;
    padding: 0.625rem 0.75rem;
  }

  .card-text strong {
    display: block;
    font-weight: 600;
    line-height: 1.35;
  }

  .card-text p {
    margin-block-start: 0.125rem;
    color: var(--ink-soft);
    font-size: 0.8125rem;
    white-space: pre-wrap;
  }

  .card-buttons {
    border-block-start: 1px solid var(--line);
  }

  .card-buttons .card-button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.25rem;
    min-block-size: 2.125rem;
    border: 0;
    border-radius: 0;
    color: var(--ink);
    text-decoration: none;
  }

  .card-buttons .card-button + .card-button {
    border-block-start: 1px solid var(--line);
  }

  .card-buttons a:hover {
    background: var(--surface-hover);
  }

  .card-buttons a:focus-visible {
    outline-offset: -2px;
  }

  .card-buttons .taken {
    background: var(--good-surface);
    color: var(--good);
  }

  @media (forced-colors: active) {
    .rich :is(pre, code),
    .choice,
    .offer {
      border: 1px solid CanvasText;
    }
    .choice.taken,
    .card-buttons .taken {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`
