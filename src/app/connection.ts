import type { Probot, ProbotOctokit } from 'probot';
import type { JudgeConnection } from '../compose.ts';

/** What octokit's authentication hands to whoever makes a client of an installation. */
interface FactoryOptions {
  readonly octokit: ProbotOctokit;
  readonly octokitOptions: { readonly auth: object };
}

/** Probot's clients throttle, retry and renew their tokens by themselves. */
export function connect(app: Probot): JudgeConnection {
  return {
    app: { request: async (route, parameters) => (await app.auth()).request(route, parameters) },
    installation: async (id) => ({
      request: async (route, parameters) => {
        const client = route.endsWith('/graphql') ? await withoutPace(app, id) : await app.auth(id);
        return client.request(route, parameters);
      },
    }),
  };
}

/**
 * octokit's throttling takes every GraphQL request for a write, of which it lets one through in a second: the judge's queries would slow
 * down its checks (ADR 0018). So they have a client without it, as its authors advise (octokit/plugin-throttling.js#380).
 */
async function withoutPace(app: Probot, installationId: number): Promise<ProbotOctokit> {
  const asApp = await app.auth();
  const factory = ({ octokit, octokitOptions, ...otherOptions }: FactoryOptions) => {
    const Client = octokit.constructor as typeof ProbotOctokit;
    const auth = { ...octokitOptions.auth, otherOptions, installationId };
    return new Client({ ...octokitOptions, auth, throttle: { enabled: false } });
  };
  return (await asApp.auth({ type: 'installation', installationId, factory })) as ProbotOctokit;
}
