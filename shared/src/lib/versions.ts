/** Versions of the app as `major.minor.patch`; what stands behind a hyphen or a plus counts as nothing. */

const RELEASE = /^(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/;

/** Whether a text is a version. */
export function isVersion(text: string): boolean {
  return RELEASE.test(text);
}

/** Whether version `a` is older than `b`; what is no version is never older. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [RELEASE.exec(a), RELEASE.exec(b)];
  if (!left || !right) return false;
  for (const part of [1, 2, 3]) {
    const difference = Number(left[part]) - Number(right[part]);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
