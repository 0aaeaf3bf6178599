/** The entry of a short-lived worker thread: half a second of work over a dictionary is not for the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '@curlew/shared/lib/result.ts';
import type { DictionaryJob } from './spelling/make-dictionary.ts';
import { makeDictionary } from './spelling/make-dictionary.ts';

const port = must(parentPort, 'this file runs as a worker thread');
// Only `Spelling` starts it.
const made = await makeDictionary(workerData as DictionaryJob);
port.postMessage(made.ok);
