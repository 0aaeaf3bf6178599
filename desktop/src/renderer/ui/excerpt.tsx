/** A text with the places that were searched for marked. */
import type { SearchHit } from '../../ipc/search.ts';

/** See the head of this file. */
export function Excerpt({ excerpt }: { readonly excerpt: SearchHit['excerpt'] }) {
  const { text, marks } = excerpt;
  return (
    <>
      {marks.map(([start, end], index) => (
        <span key={start}>
          {text.slice(marks[index - 1]?.[1] ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.[1] ?? 0)}
    </>
  );
}
