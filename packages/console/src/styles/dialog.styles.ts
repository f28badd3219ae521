/** Styles of modal dialogs with a form. */
import { css } from 'lit'

export const dialogStyles = css`
  dialog {
    inline-size: min(26rem, calc(100vw - 2rem));
    padding: 1.25rem;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--surface-raised);
    box-shadow: var(--shadow-raised);
    color: var(--ink);
  }

  dialog::backdrop {
    background: rgb(10 12 20 / 0.45);
  }

  h2 {
    font-size: 1rem;
    font-weight: 600;
  }

  h2 + p {
    margin-block-start: 0.25rem;
    color: var(--ink-soft);
  }

  form {
    display: grid;
    gap: 0.875rem;
    margin-block-start: 1rem;
  }

  label {
    display: grid;
    gap: 0.25rem;
    font-weight: 500;
  }

  .field {
    font-weight: 400;
  }

  .actions {
    display: flex;
    gap: 0.5rem;
    justify-content: flex-end;
  }
`
