/** The time zone that this device is in; undefined where the browser does not say. */
export const ownZone = (): string | undefined =>
	Intl.DateTimeFormat().resolvedOptions().timeZone || undefined;

/** The time zones to choose from besides those given, by name. */
export function otherZones(given: readonly (string | undefined)[]): string[] {
	const known = Intl.supportedValuesOf?.('timeZone') ?? [];
	return known.filter((zone) => !given.includes(zone));
}

/** "America/Sao_Paulo" as people read it. */
export const zoneName = (zone: string) => zone.replaceAll('_', ' ');
