/** Styles of the dialog of an account. */
import { css } from 'lit'

export const agentDialogStyles = css`
  .header {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }

  h2 {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  h3 {
    font-size: 0.875rem;
    font-weight: 600;
  }

  .soft {
    color: var(--ink-soft);
    overflow-wrap: anywhere;
  }

  .problem {
    margin-block-start: 0.5rem;
    color: var(--bad);
  }

  fieldset {
    display: grid;
    gap: 0.25rem;
    max-block-size: 12rem;
    margin: 0;
    padding: 0;
    overflow: auto;
    border: 0;
  }

  legend {
    padding: 0;
    font-weight: 500;
  }

  .choice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: 1.75rem;
    font-weight: 400;
  }

  section {
    display: grid;
    gap: 0.5rem;
    margin-block-start: 1.25rem;
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--line);
  }

  .actions {
    flex-wrap: wrap;
    margin-block-start: 1rem;
  }

  form .actions {
    margin-block-start: 0;
  }

  .password {
    margin-block-start: 0.75rem;
    padding: 0.75rem;
    border-radius: 8px;
    background: var(--surface-side);
    font-family: ui-monospace, monospace;
    font-size: 1rem;
    overflow-wrap: anywhere;
    user-select: all;
  }
`
