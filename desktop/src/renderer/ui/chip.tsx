/** Something chosen, in the field it was chosen with. */
import { X } from 'lucide-react';
import { Avatar } from './avatar.tsx';

/** A name that can be taken out again; the focus goes back to the field. */
export function Chip({
  name,
  removeLabel,
  onRemove,
}: {
  readonly name: string;
  readonly removeLabel: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="person-chip">
      <Avatar name={name} size={16} />
      <span className="clip">{name}</span>
      <button
        type="button"
        className="ib"
        aria-label={removeLabel}
        onClick={(event) => {
          // The button goes with its chip; writing goes on in the field.
          event.currentTarget.closest('.inp')?.querySelector('input')?.focus();
          onRemove();
        }}
      >
        <X className="i i12" aria-hidden="true" />
      </button>
    </span>
  );
}
