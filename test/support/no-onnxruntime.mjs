// Preloaded with --import: makes a machine on which onnxruntime-node was not installed, in every thread.
import { register } from 'node:module';

const hooks = `export async function resolve(name, context, next) {
  if (name !== 'onnxruntime-node') return next(name, context);
  throw Object.assign(new Error("Cannot find package 'onnxruntime-node'"), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
