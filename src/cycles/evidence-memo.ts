import type { Instant } from '../kernel/instant.ts';
import { Evidence } from '../learning/index.ts';
import { isEvidencePath, sourceOf, type Texts } from './committed-files.ts';

/** A judgement runs the loops on two commits. */
const KEPT = 2;

interface Read {
  readonly texts: Texts;
  readonly evidence: Evidence;
}

/**
 * Evidence that has been read before is not read again where it is the same, path by path and byte by byte, and the clock makes no
 * difference to it. Whoever gets it only reads it.
 */
export class EvidenceMemo {
  #kept: readonly Read[] = [];

  /** What these texts hold as evidence at a time; other files among them do not matter. */
  read(all: Texts, now: Instant): Evidence {
    const known = this.#kept.find((read) => read.evidence.isAlikeAt(now) && isEvidenceOf(all, read.texts));
    const read = known ?? readAt(all, now);
    this.#kept = [read, ...this.#kept.filter((other) => other !== read)].slice(0, KEPT);
    return read.evidence;
  }
}

function readAt(all: Texts, now: Instant): Read {
  const texts = new Map([...all].filter(([path]) => isEvidencePath(path)));
  const evidence = new Evidence(now);
  sourceOf(texts).readEvidence(evidence);
  return { texts, evidence };
}

/** Whether some texts are all the evidence among others, and nothing else. */
function isEvidenceOf(all: Texts, texts: Texts): boolean {
  let count = 0;
  for (const [path, text] of all) {
    if (!isEvidencePath(path)) continue;
    if (texts.get(path) !== text) return false;
    count += 1;
  }
  return count === texts.size;
}
