// The bytes of an image's sections, together no more than the file is long.
import type { Section } from './headers.ts';
import type { ImageLayout } from './layout.ts';

/** The part of a section that the file holds and that is looked at: RVAs [begin, end). */
export interface SectionStretch {
  readonly section: Section;
  readonly begin: number;
  readonly end: number;
}

/** The sections that are wanted, each as far as the file holds it; past the file's length sections only overlap, and the rest is left out. */
export function* sectionStretches(
  image: ImageLayout,
  isWanted: (section: Section) => boolean,
): Generator<SectionStretch> {
  let left = image.bytes.length;
  for (const section of image.sections) {
    if (!isWanted(section)) continue;
    const begin = section.virtualAddress;
    const held = Math.min(left, image.bytesAt(begin));
    left -= held;
    yield { section, begin, end: begin + held };
  }
}
