import { describe, expect, test } from 'vitest';
import { isSecretTarget, looksLikeSecret } from './secret.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const fake = (...parts: readonly string[]): string => parts.join('');

describe('isSecretTarget', () => {
  test.each([
    'live.api_keys.binance',
    'live.api_key',
    'live.apiKey',
    'live.APIKey',
    'exchange.apikey',
    'exchange.secret',
    'exchange.clientSecret',
    'exchange.access_key',
    'exchange.privateKey',
    'slack.token',
    'db.password',
    'wallet.mnemonic',
    'wallet.seed_phrase',
    'a.credentials.b',
  ])('knows %s by its name', (target) => expect(isSecretTarget(target)).toBe(true));

  test.each([
    'portfolio.leverage',
    'strategy.trigger_delay',
    'macro.regime_weight',
    'risk.stop_loss',
    'strategy.tokenizer',
    'api.rate_limit',
    'keys.count',
    'random.seed',
    'key_levels.support',
  ])('sees nothing in %s', (target) => expect(isSecretTarget(target)).toBe(false));
});

describe('looksLikeSecret', () => {
  test.each([
    ['a GitHub token', fake('ghp', '_', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8')],
    ['a fine-grained GitHub token', fake('github', '_pat_', '11ABCDEFG0abcdefghij_klmnop')],
    ['an AWS key id', fake('AK', 'IA', 'ABCDEFGHIJKLMNOP')],
    ['a Slack token', fake('xo', 'xb', '-0123456789-abcdefghij')],
    ['a Stripe key', fake('sk', '_live_', '0123456789abcdef')],
    ['a Google key', fake('AI', 'za', 'SyA0123456789abcdefghijklmnopqrstuv')],
    ['a private key', fake('-----BEGIN RSA ', 'PRIVATE KEY-----\nMII')],
    ['a JSON web token', fake('eyJ', 'hbGciOiJIUzI1NiJ9', '.', 'eyJ', 'zdWIiOiIxMjM0NTY3ODkwIn0', '.', 'x')],
    ['an exchange key', 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A'],
    ['a GitLab token', fake('glp', 'at-', 'abcdefghij_klmnopqrst')],
    ['an npm token', fake('npm', '_', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ')],
    ['a key of a model provider', fake('s', 'k-ant-', 'api03-abcdefghijklmnop')],
    ['a Slack webhook', fake('https://hooks.slack', '.com/services/', 'T0/B0/x')],
    ['a password in an address', fake('postgres://trader:', 'hunter2', '@db.example.org/live')],
    ['a password of nobody', fake('redis://:', 'hunter2', '@cache:6379')],
    ['a header', fake('Authorization: Bea', 'rer abcdefghijklmnopqrst')],
    ['one inside a sentence', fake('use gh', 'p_a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8 please')],
  ])('sees %s', (_, text) => expect(looksLikeSecret(text)).toBe(true));

  test.each([
    '',
    'daily',
    'ma_crossover',
    '6f1a3c1e-8c0b-4b0e-9d55-0f8a1c2b3d4e',
    '6F1A3C1E-8C0B-4B0E-9D55-0F8A1C2B3D4E',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD',
    'a7f4502e0',
    'd41d8cd98f00b204e9800998ecf8427e',
    'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'reports/learning_snippets/backtest-20261120T221500Z-leverage.json',
    '/home/user/Projects/Peak_Trade/config/Config2.toml',
    'reports/test_health/20260308_030004_weekly_core/summary.json',
    'DRILL_2026_03_08_MORNING',
    'INF-20260308-160000-macro_fed_hike',
    'INF-20260308_160000_weekly_core',
    'live_promotion_20261122T030405Z_0a1b2c3d',
    '20260308T101240_live_session_shadow_DRILL_2026_03_08',
    'backtest-result-2026-03-08_12-00-00',
    'strategy_NostalgiaForInfinityX6_2026-03-08_12-00-00.fthypt',
    'portfolio_core_usdt_smoke',
    'test_health/weekly_core/2026-11-21T03:04:51Z',
    'Walk-forward backtest over two years, Sharpe 1.42, drawdown +0.02.',
    'https://example.org/Runs/2026/Report1?Page=2',
    '2026-03-08T16:00:00+01:00',
    'BTC/EUR',
    'https://example.org:8443/@team/runs?at=12:30@noon',
    'sk-learn-gradient-boosting-classifier-v2',
    'risk-projected-drawdown-under-stress',
    'Bearer market regime',
    'bear://'.repeat(20_000),
    'a'.repeat(100_000),
  ])('sees none in %s', (text) => expect(looksLikeSecret(text)).toBe(false));
});
