/** Styles of the lists of apps and devices. */
import { css } from 'lit'

export const listStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.5rem 1rem;
  }

  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5rem 1rem;
    align-items: center;
    padding-block: 0.875rem;
    border-block-start: 1px solid var(--line);
  }

  ul {
    margin-block-start: 0.875rem;
  }

  li:last-child {
    padding-block-end: 0;
  }

  .name {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.5rem;
    font-weight: 600;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: flex-end;
  }

  .none {
    margin-block-start: 0.5rem;
  }

  .error {
    margin-block-start: 0.875rem;
  }

  @media (max-width: 26rem) {
    li {
      grid-template-columns: minmax(0, 1fr);
    }
    .acts {
      justify-content: flex-start;
    }
  }
`
