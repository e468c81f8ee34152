import type { Failing, Picking } from '../model/failure.ts';
import type { Condition } from './conditions/condition.ts';

/** A failure rule, of gateway.yaml or of one run, checked and compiled. */
export interface FailureRule {
  readonly id: string;
  /** under which name the calls it matches are counted, for `picking` */
  readonly counter: string;
  /** the conditions of a policy rule; all are to hold */
  readonly conditions: readonly Condition[];
  readonly picking: Picking;
  readonly failing: Failing;
}
