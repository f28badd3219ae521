/** Styles of the sign-in page. */
import { css } from 'lit'

export const signInFormStyles = css`
  :host {
    display: grid;
    min-block-size: 100%;
    padding: 1.5rem;
    place-items: center;
    background: var(--surface-side);
  }

  main {
    inline-size: min(100%, 22rem);
    padding: 2rem 1.75rem;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--surface-raised);
  }

  .mark {
    display: grid;
    place-items: center;
    inline-size: 2.75rem;
    block-size: 2.75rem;
    margin-block-end: 1rem;
    border-radius: 12px;
    background: var(--accent);
    color: var(--accent-ink);
  }

  .mark svg {
    inline-size: 1.375rem;
    block-size: 1.375rem;
  }

  h1 {
    font-size: 1.25rem;
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }

  language-choice {
    margin-block-start: 1rem;
  }

  .notice {
    margin-block-start: 0.75rem;
    padding: 0.5rem 0.75rem;
    border-radius: 8px;
    background: var(--warn-surface);
    color: var(--warn);
  }

  .button.issuer {
    box-sizing: border-box;
    inline-size: 100%;
    margin-block-start: 1.25rem;
    padding-block: 0.5rem;
    overflow-wrap: anywhere;
    text-align: center;
    text-decoration: none;
    white-space: normal;
  }

  .issuer ~ form,
  details {
    margin-block-start: 1.25rem;
    padding-block-start: 1.25rem;
    border-block-start: 1px solid var(--line);
  }

  details {
    padding-block-start: 0.75rem;
  }

  summary {
    padding-block: 0.25rem;
    color: var(--ink-soft);
    cursor: pointer;
  }

  details form {
    margin-block-start: 0.75rem;
  }

  h1 ~ .error p {
    margin-block-start: 0.75rem;
  }

  form {
    display: flex;
    flex-direction: column;
    gap: 0.875rem;
    margin-block-start: 1.25rem;
  }

  .row {
    display: grid;
    gap: 0.25rem;
  }

  label {
    font-weight: 500;
  }

  .field {
    min-block-size: 2.5rem;
  }

  .button {
    min-block-size: 2.5rem;
    margin-block-start: 0.25rem;
  }

  .error p {
    display: flex;
    gap: 0.375rem;
    align-items: flex-start;
    color: var(--bad);
  }

  .error svg {
    margin-block-start: 0.125rem;
  }

  /* The alert's place stays in the page, so that screen readers hear what comes into it. */
  form .error:not(:has(p)) {
    margin-block-end: -0.875rem;
  }

  .spinner {
    inline-size: 0.875rem;
    block-size: 0.875rem;
    animation-duration: 700ms;
  }
`
