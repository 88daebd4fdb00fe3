// What it answers: what stands on GitHub, and how a commit and its pull request get there.
// Invariants: every request is one of `operations.ts`, counted, bounded in time; nothing is forced; the token is in no URL, argument or
// message; a write that may have happened is read before it is repeated.
// Not here: what is published and when (cycles/), what a pull request says (review/), git's own transport (adapters/git/).
export type { Requester } from './client.ts';
export { githubPublisher } from './github-publisher.ts';
export {
  createReadToken,
  judgePorts,
  listPlaces,
  readApp,
  readIdentities,
} from './judge/judge-ports.ts';
export { type AskedBy, readGitHubSettings, readReaderSettings } from './settings.ts';
export { settingsReader } from './settings-reader.ts';
