/** What every element's shadow root begins with: box model, buttons, fields, focus and hidden text. */
import { css } from 'lit'

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  svg {
    display: block;
    flex: none;
    inline-size: 1rem;
    block-size: 1rem;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    margin: 0;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    min-block-size: 2.125rem;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: transparent;
    font-weight: 500;
    white-space: nowrap;
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

  .button.quiet {
    border-color: transparent;
    color: var(--ink-soft);
  }

  .button.quiet:hover {
    color: var(--ink);
  }

  .button[aria-disabled='true'],
  .button:disabled {
    cursor: not-allowed;
    opacity: 0.55;
  }

  .button.icon-only {
    inline-size: 2.125rem;
    padding: 0;
  }

  .field {
    inline-size: 100%;
    min-block-size: 2.25rem;
    padding: 0.375rem 0.625rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--surface);
  }

  .field:focus-visible {
    border-color: var(--focus);
    outline-offset: -1px;
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

  @media (pointer: coarse) {
    .button {
      min-block-size: 2.5rem;
    }
    .button.icon-only {
      inline-size: 2.5rem;
    }
    /* iOS zooms into fields with smaller text. */
    .field {
      font-size: 1rem;
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
      border-color: ButtonText;
    }
  }
`
