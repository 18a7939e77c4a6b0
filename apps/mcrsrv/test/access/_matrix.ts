import type { Transport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { rpcTransport } from '../_util/rpc.ts';
import { leavingNothing } from '../_util/traces.ts';
import { type Caller, type Need, type Place, places } from './_callers.ts';
import { ociRows } from './_oci-rows.ts';
import { restRows } from './_rest-rows.ts';
import { expectedOutcome, type Form, type Request, type Row } from './_rows.ts';
import { rpcRows } from './_rpc-rows.ts';
import { outcomeOf } from './_send.ts';
import { createWorld, type World } from './_world.ts';

/** The registry of the tests of a block. */
export let world: World;
let transport: Transport;

/** Begins with a registry of its own for the tests of a block. */
export function useWorld(workers: 1 | 2): void {
  const cleanup = new AsyncDisposableStack();
  beforeAll(async () => {
    world = cleanup.use(await createWorld({ workers }));
    transport = rpcTransport(world.server);
    seen.clear();
  });
  afterEach(() => world.tidy());
  afterAll(() => cleanup[Symbol.asyncDispose]());
}

/** Every row of the matrix. */
export const rows = [...ociRows, ...restRows, ...rpcRows];
/** What came of each cell, for the document. */
export const seen = new Map<Row, Map<Caller, string[]>>();

type Send = () => Promise<string>;

/** Requests of one cell: each form of the row, in each way that the caller has of introducing itself. */
async function prepare(row: Row, caller: Caller, place: Place | undefined, requests = new Map<Form, Request>()) {
  const sends: Send[] = [];
  for (const form of row.forms) {
    const request = requests.get(form) ?? (await form(world, `${place ?? 'own'}/app`, caller));
    requests.set(form, request);
    for (const introduction of caller.introduce()) {
      sends.push(() => outcomeOf({ client: world.server.admin, transport }, request, introduction));
    }
  }
  return sends;
}

async function send(sends: readonly Send[]): Promise<string> {
  const outcomes = new Set<string>();
  for (const one of sends) outcomes.add(await one());
  await world.server.collected();
  return [...outcomes].join(', ');
}

async function newestDenial(): Promise<number> {
  return (await world.server.audit('policy_deny'))[0]?.id ?? 0;
}

function note(row: Row, caller: Caller, outcome: string): void {
  const cells = seen.get(row) ?? new Map<Caller, string[]>();
  seen.set(row, cells.set(caller, [...(cells.get(caller) ?? []), outcome]));
}

/** Whether policy decides: what asks for an account, guests are told without an event. */
function isPolicyNeed(need: Need): boolean {
  return need.startsWith('registry:');
}

/** Goes through a row for one place; gives what every caller got, beside what each was owed. */
async function walk(row: Row, place: Place | undefined): Promise<{ got: object; owed: object }> {
  const got: Record<string, string> = {};
  const owed: Record<string, string> = {};
  const rejected: [Caller, Send[]][] = [];
  // Nobodies are told apart by nothing, and so may share what they ask for.
  const common = new Map<Form, Request>();
  for (const caller of world.callers) {
    owed[caller.name] = expectedOutcome(row, caller, place);
    if (owed[caller.name] !== 'yes')
      rejected.push([caller, await prepare(row, caller, place, caller.may === undefined ? common : undefined)]);
    else got[caller.name] = await send(await prepare(row, caller, place));
  }
  const before = await newestDenial();
  await leavingNothing(world.server, async () => {
    for (const [caller, sends] of rejected) got[caller.name] = await send(sends);
  });
  const denials = (await world.server.audit('policy_deny')).filter(({ id }) => id > before);
  const isDenied = ({ name }: Caller) => got[name] === '403' || (name === 'guest' && isPolicyNeed(row.needs));
  const denied = rejected.filter(([caller]) => isDenied(caller)).flatMap(([, sends]) => sends);
  expect(denials.length, 'each denial is in the audit log, and nothing else').toBe(denied.length);
  for (const caller of world.callers) note(row, caller, got[caller.name]!);
  return { got, owed };
}

/** The rows with their titles. */
export const cells = rows.map((row) => ({ row, title: [row.title, row.note].filter(Boolean).join(', ') }));

/** A row is hundreds of requests, on a machine that may be busy. */
export const rowTimeoutMs = 180_000;

/** Goes through a row, and expects that every caller gets what it is owed, and `allowed` where it may. */
export async function mustGetWhatIsOwed(row: Row, allowed = 'yes'): Promise<void> {
  for (const place of row.placed ? places : [undefined]) {
    const { got, owed } = await walk(row, place);
    const expected = Object.entries(owed).map(([caller, outcome]) => [caller, outcome === 'yes' ? allowed : outcome]);
    expect(got, place).toEqual(Object.fromEntries(expected));
  }
}
