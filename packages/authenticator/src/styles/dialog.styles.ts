/** Styles of modal dialogs. */
import { css } from 'lit'

export const dialogStyles = css`
  dialog {
    inline-size: min(28rem, calc(100vw - 2rem));
    max-block-size: calc(100dvb - 2rem);
    padding: 1.5rem;
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--surface);
    box-shadow: var(--shadow-raised);
    color: var(--ink);
  }

  dialog::backdrop {
    background: rgb(10 12 20 / 0.5);
  }

  h2 + p {
    margin-block-start: 0.5rem;
    color: var(--ink-soft);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    justify-content: flex-end;
    margin-block-start: 1.5rem;
  }
`
