/** Base styles of every element's shadow root: the shared ones, at the console's sizes. */
import { pageBase } from '@chat-widget/page-parts'
import { css } from 'lit'

export const base = [
  pageBase,
  css`
    .button {
      gap: 0.375rem;
      min-block-size: 2.125rem;
      padding: 0.25rem 0.75rem;
      font-weight: 500;
      white-space: nowrap;
    }

    .button.quiet {
      border-color: transparent;
      color: var(--ink-soft);
    }

    .button.quiet:hover {
      color: var(--ink);
    }

    .button.danger {
      border-color: var(--bad);
      color: var(--bad);
    }

    .button.danger:hover {
      background: var(--bad-surface);
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
      min-block-size: 2.25rem;
      padding: 0.375rem 0.625rem;
    }

    .field:focus-visible {
      border-color: var(--focus);
      outline-offset: -1px;
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
  `,
]
