/** Styles of the console's pages beside the inbox: team, security log, own account. */
import { css } from 'lit'

export const pageStyles = css`
  :host {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }

  .header {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: 3.75rem;
    padding: 0.5rem 1rem;
    border-block-end: 1px solid var(--line);
  }

  h2 {
    margin-inline-end: auto;
    font-size: 1.0625rem;
    font-weight: 650;
  }

  h2:focus-visible {
    border-radius: 2px;
    outline-offset: 4px;
  }

  h3 {
    font-size: 0.9375rem;
    font-weight: 600;
  }

  .back {
    display: none;
  }

  .back svg:dir(rtl) {
    scale: -1 1;
  }

  .scroll {
    flex: 1;
    min-block-size: 0;
    padding: 1rem;
    overflow: auto;
  }

  .column {
    display: flex;
    flex-direction: column;
    gap: 1.5rem;
    max-inline-size: 44rem;
    margin: 0 auto;
  }

  section,
  form {
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
  }

  form {
    max-inline-size: 22rem;
  }

  /* Live regions that say nothing take no gap. */
  .column > [role]:empty {
    margin-block-start: -1.5rem;
  }

  form > [role]:empty {
    margin-block-start: -0.75rem;
  }

  label {
    display: grid;
    gap: 0.25rem;
    font-weight: 500;
  }

  ul {
    display: grid;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    padding-block: 0.75rem;
    border-block-end: 1px solid var(--line);
  }

  li > .who {
    flex: 1;
    min-inline-size: min(14rem, 100%);
    overflow-wrap: anywhere;
  }

  .name {
    font-weight: 600;
  }

  .soft {
    color: var(--ink-soft);
    font-size: 0.8125rem;
  }

  .notice {
    padding: 0.5rem 0.75rem;
    border-radius: 8px;
    background: var(--warn-surface);
    color: var(--warn);
  }

  .problem {
    color: var(--bad);
  }

  @media (max-width: 47.5rem) {
    .back {
      display: inline-flex;
    }
  }
`
