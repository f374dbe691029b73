import { createRefusalReport, type NameRefusal } from '../../../../src/network/dns/refusals.ts';

function given() {
  let time = 0;
  const hosts: string[] = [];
  const report = createRefusalReport(
    ({ host }) => hosts.push(host),
    () => time,
  );
  const refuse = (host: string) =>
    report({ allowed: false, reason: 'not-allowed', host, rule: null } satisfies NameRefusal);
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { refuse, wait, hosts };
}

test('a name is reported once', () => {
  const { refuse, wait, hosts } = given();
  for (let i = 0; i < 20; i++) {
    refuse('a.example');
    refuse('b.example');
    wait(300);
  }
  expect(hosts).toEqual(['a.example', 'b.example']);
});

test('of a flood ten names a second are, and others when they are asked again', () => {
  const { refuse, wait, hosts } = given();
  const flood = () => {
    for (let i = 0; i < 25; i++) refuse(`${i}.example`);
  };
  flood();
  expect(hosts).toHaveLength(10);
  wait(999);
  flood();
  expect(hosts).toHaveLength(10);
  wait(1);
  flood();
  wait(1000);
  flood();
  wait(1000);
  flood();
  expect(hosts).toEqual(Array.from({ length: 25 }, (_, i) => `${i}.example`));
});

test('a flood for an hour is remembered in part, and is no more than ten a second', () => {
  const { refuse, wait, hosts } = given();
  for (let second = 0; second < 3600; second++) {
    for (let i = 0; i < 30; i++) refuse(`${second}-${i}.example`);
    wait(1000);
  }
  expect(hosts).toHaveLength(36_000);
});
