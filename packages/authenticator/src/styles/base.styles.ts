/** What every element's shadow root begins with: box model, cards, buttons, fields, focus and hidden text. */
import { css } from 'lit'

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h2 {
    font-size: 1.0625rem;
    font-weight: 600;
    line-height: 1.35;
  }

  svg {
    display: block;
    flex: none;
    inline-size: 1.125rem;
    block-size: 1.125rem;
  }

  button,
  input {
    font: inherit;
    color: inherit;
    margin: 0;
  }

  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }

  [tabindex='-1']:focus-visible {
    outline: none;
  }

  .card {
    padding: 1.5rem;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .soft {
    color: var(--ink-soft);
  }

  .small {
    font-size: 0.9375rem;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    padding: 0.375rem 1rem;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    background: transparent;
    color: var(--ink);
    font-weight: 600;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }

  .button:hover {
    background: var(--surface-hover);
  }

  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-ink);
  }

  .button.primary:hover {
    border-color: var(--accent-hover);
    background: var(--accent-hover);
  }

  .button.danger {
    border-color: var(--bad);
    color: var(--bad);
  }

  .button.quiet {
    border-color: transparent;
    color: var(--accent);
  }

  .button.small {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    font-size: 0.9375rem;
  }

  .button.icon-only {
    inline-size: 2.25rem;
    min-block-size: 2.25rem;
    padding: 0;
    color: var(--ink-soft);
  }

  .button[aria-disabled='true'] {
    cursor: default;
  }

  .button.waits[aria-disabled='true'] {
    opacity: 0.6;
  }

  label,
  .label {
    display: block;
    font-weight: 600;
  }

  .field {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.375rem 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    background: var(--surface);
  }

  .field[aria-invalid='true'] {
    border-color: var(--bad);
  }

  .error {
    display: flex;
    align-items: flex-start;
    gap: 0.5rem;
    color: var(--bad);
    font-weight: 500;
  }

  .error svg {
    margin-block-start: 0.1875rem;
  }

  .empty {
    display: contents;
  }

  .badge {
    display: inline-block;
    padding: 0.0625rem 0.5rem;
    border-radius: 99px;
    background: var(--accent-surface);
    font-size: 0.8125rem;
    font-weight: 600;
  }

  .badge.warn {
    background: var(--warn-surface);
    color: var(--warn);
  }

  .spinner {
    flex: none;
    inline-size: 1rem;
    block-size: 1rem;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    border-radius: 50%;
    animation: turn 800ms linear infinite;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (max-width: 30rem) {
    .card {
      padding: 1.25rem 1rem;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 1ms !important;
    }
  }

  @media (forced-colors: active) {
    .button.primary {
      border-width: 2px;
      border-color: ButtonText;
    }
    .badge {
      border: 1px solid;
    }
  }
`
