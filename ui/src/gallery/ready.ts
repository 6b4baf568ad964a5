// The ready-made rules, and the one that a new file begins with: one file each, switched off. `offered` makes of it what
// stands in the rules folder.

const files = import.meta.glob<string>("./rules/*.yaml", { query: "?raw", import: "default", eager: true });

/** A ready-made rule. */
export interface Ready {
  /** What its file is called, without the ending. */
  name: string;
  text: string;
  /** The ids of its title and of what it is for. */
  title: string;
  about: string;
}

const words: [name: string, title: string, about: string][] = [
  ["screenshots", "gallery-screenshots", "gallery-screenshots-about"],
  ["invoices", "gallery-invoices", "gallery-invoices-about"],
  ["photos", "gallery-photos", "gallery-photos-about"],
  ["documents", "gallery-documents", "gallery-documents-about"],
  ["archives", "gallery-archives", "gallery-archives-about"],
  ["installers", "gallery-installers", "gallery-installers-about"],
  ["old_downloads", "gallery-old-downloads", "gallery-old-downloads-about"],
  ["duplicates", "gallery-duplicates", "gallery-duplicates-about"],
  ["empty_folders", "gallery-empty-folders", "gallery-empty-folders-about"],
  ["camera", "gallery-camera", "gallery-camera-about"],
  ["backup", "gallery-backup", "gallery-backup-about"],
  ["music", "gallery-music", "gallery-music-about"],
  ["videos", "gallery-videos", "gallery-videos-about"],
  ["big_files", "gallery-big-files", "gallery-big-files-about"],
];

/** What a new file begins with. */
export const newRule = files["./rules/new.yaml"] ?? "";

/** All of them, the most wanted first. */
export const ready: Ready[] = words.map(([name, title, about]) => ({
  name,
  title,
  about,
  text: files[`./rules/${name}.yaml`] ?? "",
}));
