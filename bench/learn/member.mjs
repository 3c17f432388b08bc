// A worker of a training team.
import { workerData } from 'node:worker_threads';
import { makeWasmExecutor, serveTeam } from '../../dist/learn/index.js';

serveTeam(workerData, makeWasmExecutor());
