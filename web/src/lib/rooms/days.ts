/** A day as date fields write it, where the reader is. */
export function dayOf(at: Date): string {
	const two = (number: number) => String(number).padStart(2, '0');
	return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export const today = () => dayOf(new Date());
