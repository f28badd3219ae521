/** Styles of the first page. */
import { css } from 'lit'

export const welcomeStyles = css`
  .mark {
    display: grid;
    place-items: center;
    inline-size: 3rem;
    block-size: 3rem;
    margin-block-end: 1.25rem;
    border-radius: 14px;
    background: var(--accent);
    color: var(--accent-ink);
  }

  .mark svg {
    inline-size: 1.625rem;
    block-size: 1.625rem;
  }

  h2 {
    font-size: 1.5rem;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }

  h2 + p {
    margin-block-start: 0.5rem;
  }

  .notice {
    margin-block-start: 1rem;
    padding: 0.75rem 1rem;
    border-radius: 10px;
    background: var(--accent-surface);
  }

  .notice.warn {
    background: var(--warn-surface);
    color: var(--warn);
  }

  .ways {
    display: grid;
    gap: 0.75rem;
    margin-block-start: 1.5rem;
  }

  .way {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.125rem 0.75rem;
    align-items: center;
    inline-size: 100%;
    padding: 0.875rem 1rem;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: transparent;
    text-align: start;
    cursor: pointer;
  }

  .way:hover {
    background: var(--surface-hover);
  }

  .way strong {
    font-weight: 600;
  }

  .way .hint {
    grid-column: 1;
    color: var(--ink-soft);
    font-size: 0.9375rem;
  }

  .way svg {
    grid-area: 1 / 2 / 3 / 3;
  }

  .way:dir(rtl) svg,
  .go-back:dir(rtl) svg {
    scale: -1 1;
  }

  .way.main {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-ink);
  }

  .way.main:hover {
    background: var(--accent-hover);
  }

  .way.main .hint {
    color: inherit;
  }

  form {
    display: grid;
    gap: 1.25rem;
    margin-block-start: 1.5rem;
  }

  .field {
    margin-block-start: 0.375rem;
  }

  .row p {
    margin-block-start: 0.25rem;
  }

  .field.code {
    font-family: var(--font-code);
  }

  .actions {
    display: grid;
    gap: 0.75rem;
  }
`
