const shapes = ['in s1', 'in s2', 'out s3', 'in s4', 'in s5', 'out s6', 'out s7'];

/** Placeholder bubbles; only on a device that holds nothing of this conversation yet. */
export function TimelineSkeleton() {
  return (
    <div className="tl-sk" aria-hidden="true">
      {shapes.map((shape) => (
        <div className={`g ${shape}`} key={shape}>
          {shape.startsWith('in') ? <span className="sk c sk-face" /> : null}
          <span className="sk sk-bubble" />
        </div>
      ))}
    </div>
  );
}
