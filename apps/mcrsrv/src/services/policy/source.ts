import { type Decision, type PolicyDefault, PolicyEngine, type PolicyInput } from '@mcr/core';
import type { Coordination, PolicyRules } from '@mcr/db';

/** What it reads of the store. */
interface RuleStore {
  readonly policy: Pick<PolicyRules, 'ruleSet'>;
  readonly coordination: Pick<Coordination, 'versions'>;
}

/** The policy engine over the stored rules: reloaded as soon as the store has a newer version of them, never an older one. */
export class PolicySource {
  readonly #store: RuleStore;
  readonly #engine: PolicyEngine;
  #version = Number.NEGATIVE_INFINITY;

  constructor(store: RuleStore, policyDefault: PolicyDefault = 'open') {
    this.#store = store;
    this.#engine = new PolicyEngine(policyDefault);
  }

  /** Decides by the rules as they are stored at this moment. */
  async decide(input: PolicyInput): Promise<Decision> {
    return (await this.current()).evaluate(input);
  }

  /** The engine with the rules as they are stored at this moment. */
  async current(): Promise<PolicyEngine> {
    const { policy } = await this.#store.coordination.versions();
    if (policy > this.#version) await this.#reload();
    return this.#engine;
  }

  async #reload(): Promise<void> {
    const { version, rules } = await this.#store.policy.ruleSet();
    // Another request may have loaded what was changed meanwhile.
    if (version <= this.#version) return;
    this.#engine.setRules(rules);
    this.#version = version;
  }
}
