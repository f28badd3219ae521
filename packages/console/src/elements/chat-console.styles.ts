/** Styles of the console's frame: list and conversation side by side, or one at a time on a phone. */
import { css } from 'lit'

export const chatConsoleStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    block-size: 100%;
  }

  .splash {
    margin: auto;
    color: var(--ink-soft);
  }

  sign-in-form {
    flex: 1;
  }

  .problem {
    padding: 0.375rem 1.25rem;
    background: var(--bad-surface);
    color: var(--bad);
    font-weight: 500;
    text-align: center;
  }

  .inbox {
    display: grid;
    flex: 1;
    grid-template: minmax(0, 1fr) / minmax(17rem, 22rem) minmax(0, 1fr);
    min-block-size: 0;
  }

  nav,
  section {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }

  nav {
    border-inline-end: 1px solid var(--line);
    background: var(--surface-side);
  }

  conversation-list,
  conversation-view {
    flex: 1;
  }

  .top {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-block-size: 3.75rem;
    padding: 0.5rem;
    padding-inline-start: 1rem;
  }

  .title {
    flex: 1;
    font-size: 1.0625rem;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  [hidden] {
    display: none;
  }

  .pages {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    padding: 0.25rem 0.5rem;
    border-block-start: 1px solid var(--line);
  }

  .pages a {
    text-decoration: none;
  }

  .pages [aria-current] {
    background: var(--surface-raised);
    color: var(--ink);
  }

  .agent {
    min-inline-size: 0;
    overflow: hidden;
    padding-block: 0.25rem;
    color: var(--ink-soft);
    text-decoration: none;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  language-choice {
    padding: 0.375rem 0.5rem max(0.375rem, env(safe-area-inset-bottom));
    padding-inline-start: 1rem;
    border-block-start: 1px solid var(--line);
  }

  .button svg:dir(rtl) {
    scale: -1 1;
  }

  @media (max-width: 47.5rem) {
    .inbox {
      grid-template-columns: minmax(0, 1fr);
    }
    nav {
      border: 0;
    }
    .reading nav,
    .inbox:not(.reading) section {
      display: none;
    }
  }
`
