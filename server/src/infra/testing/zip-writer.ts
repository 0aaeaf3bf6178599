/** Writes ZIP files for tests, also such as no honest program writes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be packed. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** what the archive says the size is, in bytes, where that is a lie */
  readonly claimedBytes?: number;
  /** what the archive says the checksum is, where that is a lie */
  readonly claimedCrc32?: number;
}

/** Writes an archive; one file at a time is in memory. */
export function writeZip(path: string, files: Iterable<PackedFile>): void {
  const fd = openSync(path, 'w');
  const directory: Buffer[] = [];
  let offset = 0;
  const write = (bytes: Buffer): void => void (offset += writeSync(fd, bytes));
  for (const { name, bytes, claimedBytes, claimedCrc32 } of files) {
    const packed = deflateRawSync(bytes);
    const fileName = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(0x0800, 2); // names are UTF-8
    shared.writeUInt16LE(8, 4); // deflate
    shared.writeUInt32LE(claimedCrc32 ?? crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(claimedBytes ?? bytes.length, 18);
    shared.writeUInt16LE(fileName.length, 22);
    const entry = Buffer.alloc(46);
    entry.write('PK\u0001\u0002', 'latin1');
    entry.writeUInt16LE(20, 4);
    shared.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, fileName);
    write(Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, fileName, packed]));
  }
  const start = offset;
  const list = Buffer.concat(directory);
  write(list);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(start, 16);
  write(end);
  closeSync(fd);
}
