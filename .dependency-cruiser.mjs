// Turns rooms.mjs into dependency-cruiser rules.
import { rooms } from './rooms.mjs';

const names = Object.keys(rooms);
const tests = '\\.test\\.ts$';

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { pathNot: tests }, to: { circular: true } },
    {
      name: 'no-unknown-room',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${names.join('|')})/` },
    },
    ...names.flatMap((room) => {
      const from = { path: `^src/${room}/`, pathNot: tests };
      const { imports, libraries, node } = rooms[room];
      const others = names.filter((name) => name !== room);
      const refused = others.filter((name) => !imports.includes(name));
      return [
        ...(refused.length
          ? [{ name: `${room}-may-not-import`, severity: 'error', from, to: { path: `^src/(${refused.join('|')})/` } }]
          : []),
        {
          name: `${room}-through-index`,
          severity: 'error',
          from,
          to: { path: `^src/(${others.join('|')})/`, pathNot: '^src/[a-z]+/index\\.ts$' },
        },
        {
          name: `${room}-libraries`,
          severity: 'error',
          from,
          to: {
            dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
            pathNot: libraries.length ? `node_modules/(${libraries.join('|')})/` : '^$',
          },
        },
        ...(node ? [] : [{ name: `${room}-no-node`, severity: 'error', from, to: { dependencyTypes: ['core'] } }]),
      ];
    }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'node'],
    },
  },
};
