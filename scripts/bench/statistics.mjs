/** The smallest sample that at least `share` of the samples do not exceed (nearest rank). */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const median = (samples) => percentile(samples, 0.5);

export const sum = (values) => values.reduce((total, value) => total + value, 0);
