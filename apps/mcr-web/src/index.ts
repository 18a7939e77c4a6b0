export { createContext, type WebContext } from './context.ts';
export { type RunningServer, startServer } from './server.ts';
