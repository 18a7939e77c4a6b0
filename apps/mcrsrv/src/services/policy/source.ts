import { type Decision, PolicyEngine, type PolicyInput } from '@mcr/core';
import type { Coordination, PolicyRules } from '@mcr/db';

/** What it reads of the store. */
interface RuleStore {
  readonly policy: Pick<PolicyRules, 'listRules'>;
  readonly coordination: Pick<Coordination, 'versions'>;
}

/** The policy engine over the stored rules: reloaded as soon as the store's rule-set version differs. */
export class PolicySource {
  readonly #store: RuleStore;
  readonly #engine = new PolicyEngine();
  #version: number | undefined;

  constructor(store: RuleStore) {
    this.#store = store;
  }

  /** Decides by the rules as they are stored at this moment. */
  async decide(input: PolicyInput): Promise<Decision> {
    return (await this.current()).evaluate(input);
  }

  /** The engine with the rules as they are stored at this moment. */
  async current(): Promise<PolicyEngine> {
    const { policy } = await this.#store.coordination.versions();
    if (policy !== this.#version) await this.#reload(policy);
    return this.#engine;
  }

  async #reload(version: number): Promise<void> {
    const rules = await this.#store.policy.listRules();
    this.#engine.setRules(rules.filter(({ enabled }) => enabled));
    this.#version = version;
  }
}
