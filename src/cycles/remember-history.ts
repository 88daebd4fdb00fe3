import type { HistorySource } from '../history/index.ts';

/** The same source, asked each question once: a commit never answers otherwise. For as long as one judgement. */
export function rememberHistory(source: HistorySource): HistorySource {
  return {
    list: remember((commit, prefixes) => source.list(commit, prefixes)),
    read: remember((oids) => source.read(oids)),
    firstParents: remember((commit) => source.firstParents(commit)),
    changesAlong: remember((range, prefixes) => source.changesAlong(range, prefixes)),
  };
}

function remember<A extends readonly unknown[], T>(
  ask: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const answer = known.get(key) ?? ask(...args);
    known.set(key, answer);
    return answer;
  };
}
