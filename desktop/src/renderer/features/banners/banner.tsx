import './banners.css';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** How bad it is: something does not work, may not soon, or is only worth knowing. */
export type Tone = 'bad' | 'wrn' | 'inf';

/** One notice above the content, with what can be done about it. */
export function Banner({
  tone,
  text,
  children,
}: {
  readonly tone: Tone;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  const Icon = tone === 'bad' ? CircleAlert : tone === 'wrn' ? TriangleAlert : Info;
  return (
    <div className={`banner ${tone}`} role={tone === 'inf' ? 'status' : 'alert'}>
      <Icon className="i" aria-hidden="true" />
      <span className="grow">{text}</span>
      {children}
    </div>
  );
}
