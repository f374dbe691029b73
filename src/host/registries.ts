import type {
  RegistriesOf,
  RegistryConfiguration,
  RegistryPreset,
} from '../policy/registry-preset.ts';
import type { ConfigurationPlaces, Variables } from './configuration-places.ts';
import { askNpm } from './npm-client.ts';
import { npmRegistries } from './npm-registries.ts';
import { pypiRegistries } from './pypi-registries.ts';
import { cargoRegistries, goRegistries } from './source-registries.ts';

const READERS: Record<RegistryPreset, (places: ConfigurationPlaces) => RegistryConfiguration> = {
  npm: npmRegistries,
  pypi: pypiRegistries,
  cargo: cargoRegistries,
  go: goRegistries,
};

/** Reads what the user's package managers are configured for: variables, and files of the user
 * and of the system, never one of the project, which whoever wrote the project controls. */
export function readRegistries(home: string, variables: Variables = process.env): RegistriesOf {
  const places = { variables, home, etc: '/etc', askNpm: () => askNpm(home) };
  return (preset) => READERS[preset](places);
}
