// Owns writing an asar archive: a pickled header of sizes, a JSON directory, the files one after another.

/**
 * @param {Record<string, Buffer>} files name → content, all in the archive's root
 * @returns {Buffer}
 */
export function buildAsar(files) {
  /** @type {Record<string, {size: number, offset: string}>} */
  const directory = {};
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    directory[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify({ files: directory }));
  const padding = (4 - (json.length % 4)) % 4;
  const padded = json.length + padding;
  // Chromium's Pickle: payload size 4; the header pickle's size; its payload's size; the string's length.
  const sizes = Buffer.alloc(16);
  [4, padded + 8, padded + 4, json.length].forEach((value, index) => sizes.writeUInt32LE(value, index * 4));
  return Buffer.concat([sizes, json, Buffer.alloc(padding), ...Object.values(files)]);
}
