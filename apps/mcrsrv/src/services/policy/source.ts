import { type Decision, PolicyEngine, type PolicyInput } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';

/** The policy engine over the stored rules: reloaded as soon as the store's rule-set version differs. */
export class PolicySource {
  readonly #store: Pick<MetadataStore, 'listPolicyRules' | 'versions'>;
  readonly #engine = new PolicyEngine();
  #version: number | undefined;

  constructor(store: Pick<MetadataStore, 'listPolicyRules' | 'versions'>) {
    this.#store = store;
  }

  /** Decides by the rules as they are stored at this moment. */
  async decide(input: PolicyInput): Promise<Decision> {
    return (await this.current()).evaluate(input);
  }

  /** The engine with the rules as they are stored at this moment. */
  async current(): Promise<PolicyEngine> {
    const { policy } = await this.#store.versions();
    if (policy !== this.#version) await this.#reload(policy);
    return this.#engine;
  }

  async #reload(version: number): Promise<void> {
    const rules = await this.#store.listPolicyRules();
    this.#engine.setRules(rules.filter(({ enabled }) => enabled));
    this.#version = version;
  }
}
