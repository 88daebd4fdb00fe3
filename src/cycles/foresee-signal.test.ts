import { expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { buildSignal } from '../../test/support/builders/evidence.ts';
import { GOVERNED_TEXTS } from '../../test/support/cli/governed-texts.ts';
import { MemoryWorkTree } from '../../test/support/cli/memory-work-tree.ts';
import { foreseeSignal } from './foresee-signal.ts';

const foreseen = (change: object, texts: Readonly<Record<string, string>> = GOVERNED_TEXTS) => {
  const recommended_changes = [{ target: 'portfolio.leverage', new_value: 1.25, ...change }];
  const text = JSON.stringify(buildSignal({ recommended_changes, ...change }));
  return foreseeSignal(new MemoryWorkTree(texts), { path: 'reports/learning_snippets/a.json', text }, NOW);
};
const codes = (change: object) =>
  foreseen(change).map(({ code, severity, args }) => [code, severity, args['target']]);

test('foreseeSignal says nothing of a signal that promotion would take', () => {
  expect(foreseen({})).toEqual([]);
});

test.each([
  ['an unknown target', { target: 'portfolio.leverag' }, 'portfolio.leverag'],
  ['a wrong type', { new_value: '1.25' }, 'portfolio.leverage'],
  ['a value beyond a hard limit', { new_value: 3.5 }, 'portfolio.leverage'],
  ['no confidence', { confidence: undefined }, 'portfolio.leverage'],
  ['too little confidence', { confidence: 0.1 }, 'portfolio.leverage'],
])('foreseeSignal warns once of %s', (_, change, target) => {
  expect(codes(change)).toEqual([['SIGNAL_UNPROMISING', 'warning', target]]);
});

test('foreseeSignal shows no value of a target that is never shown', () => {
  const told = JSON.stringify(foreseen({ target: 'live.api_keys.binance', new_value: 'hush-hush' }));
  expect(told).not.toContain('hush-hush');
});

test('foreseeSignal says nothing where there is no governed folder yet', () => {
  expect(foreseen({ new_value: 3.5 }, {})).toEqual([]);
});
