/** What a version brought, as CHANGELOG.md tells it. */
export interface Release {
	/** Undefined: it is not released yet. */
	version: string | undefined;
	released: Date | undefined;
	/** What stands before the lists. */
	intro: string;
	lists: readonly { title: string; items: readonly string[] }[];
}

const HEADING = /^## \[(?:Unreleased|(\d[^\]]*))\](?: - (\d{4}-\d{2}-\d{2}))?$/;

/** The versions that a changelog (the form of keepachangelog.com) has something to say of, in its order: the newest first. */
export function releasesIn(changelog: string): Release[] {
	const sections = changelog.split(/^(?=## \[)/m).slice(1);
	return sections.flatMap((section) => {
		const [heading = '', ...rest] = section.split('\n');
		const [intro = '', ...parts] = rest.join('\n').split(/^### /m);
		const [, version, date] = HEADING.exec(heading) ?? [];
		const release = {
			version,
			released: date ? new Date(`${date}T12:00`) : undefined,
			intro: joined(intro),
			lists: parts.map((part) => {
				const [title = '', ...items] = part.split(/^- /m);
				return { title: title.trim(), items: items.map(joined) };
			})
		};
		return release.intro || release.lists.length > 0 ? [release] : [];
	});
}

/** Lines are wrapped for an editor; a paragraph is one line. */
const joined = (text: string) =>
	text
		.trim()
		.split(/\n\s*\n/)
		.map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
		.join('\n\n');
