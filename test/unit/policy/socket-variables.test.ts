import { socketPaths } from '../../../src/policy/socket-variables.ts';

test.each<[string, Record<string, string>, string[]]>([
  ['SSH_AUTH_SOCK', { SSH_AUTH_SOCK: '/tmp/ssh-x/agent.1' }, ['/tmp/ssh-x/agent.1']],
  ['SSH_AUTH_SOCK', { SSH_AUTH_SOCK: 'relative' }, []],
  ['SSH_AUTH_SOCK', {}, []],
  ['GPG_AGENT_INFO', { GPG_AGENT_INFO: '/run/S.gpg-agent:42:1' }, ['/run/S.gpg-agent']],
  ['DOCKER_HOST', { DOCKER_HOST: 'unix:///run/docker.sock' }, ['/run/docker.sock']],
  ['DOCKER_HOST', { DOCKER_HOST: 'tcp://192.0.2.1:2375' }, []],
  ['PULSE_SERVER', { PULSE_SERVER: 'unix:/run/pulse' }, ['/run/pulse']],
  ['DISPLAY', { DISPLAY: ':1.0' }, ['/tmp/.X11-unix/X1']],
  ['DISPLAY', { DISPLAY: 'host.example.com:1' }, []],
  ['XAUTHORITY', { DISPLAY: ':0', XAUTHORITY: '/x' }, ['/tmp/.X11-unix/X0']],
  [
    'WAYLAND_DISPLAY',
    { WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/1000' },
    ['/run/user/1000/wayland-0'],
  ],
  ['WAYLAND_DISPLAY', { WAYLAND_DISPLAY: 'wayland-0' }, ['/wayland-0']],
  [
    'DBUS_SESSION_BUS_ADDRESS',
    {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/a%20b,guid=1;unix:abstract=/x;unix:guid=2,path=/c',
    },
    ['/run/a b', '/c'],
  ],
  ['NOTIFY_SOCKET', { NOTIFY_SOCKET: '/run/systemd/notify' }, []],
  ['PATH', { PATH: '/usr/bin' }, []],
  ['constructor', { constructor: '/x' }, []],
])('%s of %j', (name, environment, paths) => {
  expect(socketPaths(name, (variable) => environment[variable] ?? '')).toEqual(paths);
});
