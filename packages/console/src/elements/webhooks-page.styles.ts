/** Styles of the page of webhooks, beside those of every page. */
import { css } from 'lit'

export const webhooksStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
  }

  .head > .who {
    flex: 1;
    min-inline-size: min(14rem, 100%);
  }

  .badges {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
  }

  .badge {
    padding: 0.125rem 0.5rem;
    border-radius: 1rem;
    background: var(--surface-hover);
    font-size: 0.8125rem;
    white-space: nowrap;
  }

  .badge.good {
    background: var(--good-surface);
    color: var(--good);
  }

  .badge.warn {
    background: var(--warn-surface);
    color: var(--warn);
  }

  .badge.bad {
    background: var(--bad-surface);
    color: var(--bad);
  }

  @media (max-width: 47.5rem) {
    li > .who,
    .head > .who {
      flex-basis: 100%;
    }
  }

  a {
    color: inherit;
  }

  strong.problem {
    font-weight: 500;
  }
`
