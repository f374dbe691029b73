// A proxy of the machine that runs the tests must not take part in them.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\.(ts|sb)$': '<rootDir>/test/support/transform.mjs' },
  moduleNameMapper: { '^srt:compiled-validator$': '<rootDir>/dist/test/validator.cjs' },
  testTimeout: 20_000,
  // Every test may start sandboxes; each is two or three processes on its own.
  maxWorkers: '100%',
};
