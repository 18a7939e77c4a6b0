import { truncate } from 'node:fs/promises';
import { blobFile, type TestBlob, type TestRegistry } from '@mcr/testkit';
import { type Client, type Connection, clientOf, connect } from '../../actor/client.ts';
import { collect } from '../../actor/collections.ts';
import { pushWhole } from '../../actor/images.ts';
import { continueUpload, finishUpload } from '../../actor/uploads.ts';
import { type Build, startVictim } from '../../actor/victim.ts';
import { Interrupted, World } from '../../actor/world.ts';
import { inspect, inspectClient, inspectLeftovers } from '../../inspect/inspect.ts';
import { Ledger } from '../../model/ledger.ts';
import { withoutLeases } from '../../model/repository.ts';
import { Random } from '../../random.ts';
import { fileThreads, killAt, traceProcess } from '../trace/strace.ts';
import type { SystemCall } from '../trace/system-call.ts';
import { ageEverything } from './age.ts';
import { type KillPoint, killPointsIn } from './kill-point.ts';
import { freshImage, type Scenario, type Stage } from './scenarios.ts';

/** So long that nothing expires by itself: what was acknowledged must be there. */
const times = { gracePeriod: 3_600_000, uploadTtl: 3_600_000 };

/** How it went when the server was killed at one point. */
export interface PointResult {
  readonly point: KillPoint;
  /** Whether the operation had ended before that point came. */
  readonly remaining: boolean;
  readonly violations: readonly string[];
}

/** One registry that is killed at points of operations, over and over. */
export class Walk implements AsyncDisposable {
  readonly #registry: TestRegistry;
  readonly #world: World;
  readonly #connection: Connection;
  #stages = 0;

  private constructor(registry: TestRegistry, connection: Connection) {
    this.#registry = registry;
    this.#world = connection.world;
    this.#connection = connection;
  }

  /** Starts the registry. */
  static async start(build: Build = {}): Promise<Walk> {
    const registry = await startVictim(build, times);
    return new Walk(registry, await connect(registry, new World(times)));
  }

  /** Where the registry keeps everything. */
  get directory(): string {
    return this.#registry.directory;
  }

  /** The system calls of an operation, from its beginning to its end. */
  async trace(scenario: Scenario): Promise<readonly SystemCall[]> {
    const act = await scenario.prepare(this.#stage());
    const tracer = await traceProcess(this.#registry.pid);
    await act();
    return await tracer.stop();
  }

  /** Every point of an operation, found by tracing it once. */
  async pointsOf(scenario: Scenario): Promise<readonly KillPoint[]> {
    return killPointsIn(await this.trace(scenario), await fileThreads(this.#registry.pid), this.directory);
  }

  /**
   * Kills the server at a point of an operation, or the worker that comes to it, starts it again and looks at what is left;
   * then goes on with its work.
   */
  async killAt(scenario: Scenario, point: KillPoint): Promise<PointResult> {
    const stage = this.#stage();
    const world = this.#world;
    const act = await scenario.prepare(stage);
    const servers = await fileThreads(this.#registry.pid);
    const tracer = await killAt(
      servers.map((threads) => threads[point.thread]),
      point.call,
      point.nth,
    );
    world.killed = true;
    const remaining = await act().then(
      () => true,
      (error: unknown) => {
        if (error instanceof Interrupted) return false;
        throw error;
      },
    );
    await tracer.stop();
    if (servers.length > 1) await this.#askOthers(stage);
    await this.#registry.kill();
    await this.#registry.restart();
    world.killed = false;
    await inspect(this.#registry, world, [stage.client, stage.other]);
    await this.#finishUploads(stage);
    await this.#goOn(stage);
    return { point, remaining, violations: world.violations.splice(0) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
  }

  /** The workers that go on must have everything, at once. */
  async #askOthers({ client, other }: Stage): Promise<void> {
    this.#world.killed = false;
    for (const one of [client, other]) await inspectClient(one);
    this.#world.killed = true;
  }

  /** An upload must go on where it is, and leave every blob as it was. */
  async #finishUploads({ client, other }: Stage): Promise<void> {
    const uploads = client.ledger.uploads.slice();
    if (uploads.length === 0) return;
    for (const upload of uploads) {
      await continueUpload(client, upload, 1_000);
      await finishUpload(client, upload);
    }
    await inspect(this.#registry, this.#world, [client, other]);
  }

  /** A push must go through, whatever the kill has left; and when its time is over nothing of that may be left. */
  async #goOn(stage: Stage): Promise<void> {
    await pushWhole(stage.client, await freshImage(stage.client, 'afterwards'), 'afterwards');
    await stage.age();
    await collect(stage.client, true);
    await inspectLeftovers(this.#registry, this.#world);
  }

  #stage(): Stage {
    this.#stages += 1;
    const named = (name: string): Client => {
      const ledger = new Ledger(`points/${name}${this.#stages}`);
      return clientOf(this.#connection, ledger, new Random(ledger.repository));
    };
    const [client, other] = [named('c'), named('other')];
    const age = () => ageEverything(this.#registry.directory, [client.ledger, other.ledger]);
    return { client, other, age, damage: (blob) => this.#damage(client, blob) };
  }

  async #damage({ oci, world, ledger }: Client, { digest }: TestBlob): Promise<void> {
    await truncate(blobFile(this.directory, digest), 100);
    world.damaged.add(digest);
    ledger.state.settle(withoutLeases(ledger.now, (blob) => blob === digest));
    world.expect('pulling damaged bytes', await oci.getBlob(ledger.repository, digest), 404);
  }
}
