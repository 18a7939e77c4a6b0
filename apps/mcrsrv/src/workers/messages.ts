import type { Config } from '@mcr/config';
import type { Readiness } from '@mcr/server-kit';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { Listening } from '../server.ts';

/** A metric with its values, as it is sent from process to process. */
export type MetricFigures = MetricObjectWithValues<MetricValue<string>>;

/** What a worker needs to know for its start. */
export interface WorkerStart {
  /** Its number in the log and in metrics, from 1; a worker that replaces another has the same. */
  readonly number: number;
  /** How many workers share the work. */
  readonly workers: number;
  /** The first worker of a start does what is done once, such as migrations. */
  readonly isFirst: boolean;
  readonly config: Config;
  /** Keys of session tickets, newest first, in hexadecimal. */
  readonly ticketKeys: readonly string[];
}

/** What the primary asks a worker, by the type of the response. */
export interface Questions {
  readonly metrics: readonly MetricFigures[];
  readonly readiness: Readiness;
}

/** A kind of question. */
export type Question = keyof Questions;

/** A question with its id, which the response has as well. */
export interface Asked {
  readonly type: 'ask';
  readonly id: number;
  readonly question: Question;
  /** Of metrics: with those of what all workers share. */
  readonly shared?: boolean;
}

/** A message to a worker. */
export type ToWorker =
  | { readonly type: 'start'; readonly start: WorkerStart }
  | { readonly type: 'tickets'; readonly keys: readonly string[] }
  /** `drain` ends connections when their clients have had a response; `stop` ends the process within its timeout. */
  | { readonly type: 'drain' | 'stop' }
  | Asked;

/** A message of a worker. */
export type FromWorker =
  /** It listens to messages, and waits for `start`. */
  | { readonly type: 'hello' }
  | { readonly type: 'listening'; readonly listening: Listening }
  /** It cannot start, or has to stop all workers, since bytes may not have reached the disk. */
  | { readonly type: 'failed' | 'fatal'; readonly message: string }
  | { readonly type: 'response'; readonly id: number; readonly value: unknown }
  /** Its last figures, before it ends as it was told. */
  | { readonly type: 'bye'; readonly metrics: readonly MetricFigures[] };
