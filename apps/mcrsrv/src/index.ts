export { type AppContext, createContext, type Overrides } from './context.ts';
export { createServer, type RunningServer } from './server.ts';
