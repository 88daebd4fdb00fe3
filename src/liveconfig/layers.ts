import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { isTable, parseToml, type TomlTable, type TomlValue } from './toml.ts';

/**
 * The configuration layers that a policy names, in order: `[config] layers`, relative paths inside the repository; none without a
 * policy. A session needs nothing else of a policy, so it must not wait for one, nor fail with it, unless it could name layers.
 * Fails with TOML_INVALID or LAYERS_INVALID.
 */
export function parseLayers(policyText: string | null, file: string): Result<readonly string[]> {
  // An escape could spell the key.
  if (policyText === null || !/layers|\\/.test(policyText)) return ok([]);
  const policy = parseToml(policyText, file);
  return policy.ok ? layersIn(policy.value, file) : policy;
}

function layersIn(policy: TomlTable, file: string): Result<readonly string[]> {
  const config = Object.hasOwn(policy, 'config') ? policy['config'] : undefined;
  const layers = isTable(config) && Object.hasOwn(config, 'layers') ? config['layers'] : undefined;
  if (layers === undefined) return ok([]);
  const fault = findLayersFault(layers);
  return fault === null
    ? ok(layers as readonly string[])
    : fail(problem('LAYERS_INVALID', { reason: fault }, { file }));
}

function findLayersFault(layers: TomlValue): string | null {
  if (!Array.isArray(layers)) return 'is no array';
  const outside = layers.find((layer: TomlValue) => typeof layer !== 'string' || !isPathInside(layer));
  return outside === undefined
    ? null
    : `holds ${JSON.stringify(String(outside))}, which is no relative path inside the repository`;
}

/** Whether a text is a plain relative path that cannot leave its folder. */
export function isPathInside(path: string): boolean {
  return (
    /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/.test(path) &&
    !path.split('/').some((part) => part === '..' || part === '.')
  );
}
