import type { GovernedSettings } from '../setup/index.ts';

/** The settings of one repository on GitHub. */
export interface SettingsReader {
  /**
   * Reads everything that `peak doctor` looks at. What this token may not read is `known: false` with the reason. Throws AppError
   * when GitHub cannot be reached, the token is not valid, or there is no such repository for it.
   */
  read(operators: readonly string[]): Promise<GovernedSettings>;
}
