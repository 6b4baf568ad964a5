use std::fs;

use super::*;

const GOOD: &str = "rules:\n  - name: One\n    locations: /in\n    actions: [trash]\n";
const BROKEN: &str = "rules:\n  - name: One\n    locations: /in\n    actoins: [trash]\n";

struct Room {
    root: tempfile::TempDir,
    files: RuleFiles,
}

impl Room {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("rules")).unwrap();
        let files = RuleFiles::new(&root.path().join("rules"), root.path().join("state/kept"));
        Self { root, files }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root.path().join("rules").join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&mut self) -> bool {
        self.files.read(Timestamp::UNIX_EPOCH)
    }

    /// As after a restart.
    fn again(&mut self) {
        self.files = RuleFiles::new(&self.files.folder, self.root.path().join("state/kept"));
    }

    fn ids(&self) -> Vec<String> {
        self.files.running().iter().map(|rule| rule.id.clone()).collect()
    }
}

#[test]
fn files_are_read_by_name_and_only_when_they_changed() {
    let mut room = Room::new();
    room.write("b.yaml", GOOD);
    room.write("a.yml", GOOD);
    room.write(".hidden.yaml", GOOD);
    room.write("notes.txt", "no rules");
    assert!(room.read());
    assert_eq!(room.ids(), ["a/One", "b/One"]);
    assert!(!room.read(), "nothing has changed");
    fs::remove_file(room.root.path().join("rules/a.yml")).unwrap();
    assert!(room.read());
    assert_eq!(room.ids(), ["b/One"]);
}

#[test]
fn a_broken_file_keeps_its_last_good_rules_running() {
    let mut room = Room::new();
    let path = room.write("a.yaml", GOOD);
    room.read();
    room.write("a.yaml", BROKEN);
    assert!(room.read());
    let file = &room.files.files[&path];
    assert!(file.stale);
    assert_eq!(file.digest, digest(GOOD));
    let problem = file.problems.iter().find(|problem| problem.severity == "error").unwrap();
    assert_eq!((problem.line, problem.column), (4, 5));
    assert_eq!(problem.source_line, "    actoins: [trash]");
    assert!(problem.help.as_deref().is_some_and(|help| help.contains("actions")), "{problem:?}");
    assert_eq!(room.ids(), ["a/One"]);
    room.write("a.yaml", GOOD);
    assert!(room.read());
    assert!(!room.files.files[&path].stale && room.files.files[&path].problems.is_empty());
}

#[test]
fn the_last_good_rules_run_on_after_a_restart_and_are_forgotten_with_their_file() {
    let mut room = Room::new();
    let path = room.write("a.yaml", GOOD);
    room.read();
    room.write("a.yaml", BROKEN);
    room.again();
    room.read();
    assert_eq!(room.ids(), ["a/One"]);
    assert!(room.files.files[&path].stale);
    fs::remove_file(&path).unwrap();
    room.read();
    room.write("a.yaml", BROKEN);
    room.read();
    assert!(room.ids().is_empty());
    assert!(!room.files.files[&path].stale, "nothing of it is running");
}

#[test]
fn what_cannot_be_read_is_a_problem_and_nothing_more() {
    let mut room = Room::new();
    let path = room.write("a.yaml", GOOD);
    room.write("b.yaml", GOOD);
    room.read();
    fs::File::create(&path).unwrap().set_len(text_file::LONGEST + 1).unwrap();
    room.read();
    assert_eq!(room.ids(), ["a/One", "b/One"]);
    assert_eq!(
        room.files.files[&path].problems[0].message,
        "the file cannot be read: it is longer than 2 MiB"
    );
    assert_eq!(room.files.files[&path].problems[0].help.as_deref(), Some("split it into several files"));
    fs::write(&path, [0xff, 0x00]).unwrap();
    room.read();
    assert_eq!(room.files.files[&path].problems[0].code, "unreadable");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_a_problem_and_nobody_waits_for_it() {
    let mut room = Room::new();
    room.write("a.yaml", GOOD);
    let folder = room.root.path().join("rules");
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("pipe.yaml"), rustix::fs::Mode::RUSR).unwrap();
    fs::create_dir(folder.join("folder.yaml")).unwrap();
    fs::create_dir(folder.join("a.yml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.join("pipe.yaml"), folder.join("link.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("nowhere.yaml")).unwrap();
    room.read();
    assert_eq!(room.ids(), ["a/One"]);
    let others = room.files.files().filter(|file| file.path != folder.join("a.yaml"));
    let (lost, no_files): (Vec<_>, Vec<_>) = others.partition(|file| file.path.ends_with("nowhere.yaml"));
    assert!(lost[0].problems[0].message.contains("No such file"), "{lost:?}");
    assert_eq!(no_files.len(), 5);
    for file in no_files {
        assert_eq!(file.problems[0].message, "the file cannot be read: it is not a file", "{file:?}");
    }
    assert!(!room.read(), "and it is told once");
    let sources = room.files.sources(&folder);
    assert!(!sources.contains(&folder.join("pipe.yaml")), "nobody listens to a pipe");
    assert_eq!(text_file::read(&folder.join("pipe.yaml")).unwrap_err().to_string(), "it is not a file");
}

#[test]
fn two_files_with_one_name_would_have_the_same_rules() {
    let mut room = Room::new();
    let first = room.write("a.yaml", GOOD);
    let second = room.write("a.yml", GOOD);
    room.read();
    assert_eq!(room.ids(), ["a/One"]);
    assert_eq!(room.files.files[&second].problems[0].code, "same_name");
    fs::remove_file(&first).unwrap();
    fs::create_dir(&first).unwrap();
    room.again();
    room.read();
    assert_eq!(room.files.files[&second].problems, [], "a folder has no rules");
}

#[test]
fn no_folder_means_no_rules_yet() {
    let root = tempfile::tempdir().unwrap();
    let mut files = RuleFiles::new(&root.path().join("rules"), root.path().join("kept"));
    assert!(!files.read(Timestamp::UNIX_EPOCH));
    assert!(files.none_yet());
}

#[cfg(unix)]
#[test]
fn a_link_and_its_target_are_watched_too() {
    let mut room = Room::new();
    let real = room.root.path().join("dotfiles.yaml");
    fs::write(&real, GOOD).unwrap();
    let [link, dangling] = ["rules/a.yaml", "rules/b.yaml"].map(|name| room.root.path().join(name));
    std::os::unix::fs::symlink(&real, &link).unwrap();
    std::os::unix::fs::symlink(room.root.path().join("drive/b.yaml"), &dangling).unwrap();
    room.read();
    let settings = room.root.path().join("settings.toml");
    let sources = room.files.sources(&settings);
    let real = fs::canonicalize(real).unwrap();
    assert_eq!(sources, [room.files.folder.clone(), settings, link, real, dangling]);
}

#[test]
fn a_config_with_mistakes_is_refused_with_the_first_of_them() {
    let room = Room::new();
    let path = room.write("c.yaml", BROKEN);
    let refusal = read_config(&path).unwrap_err();
    assert_eq!(refusal.code, "bad_rules");
    assert!(refusal.message.contains("c.yaml:4:5: "), "{refusal}");
    assert_eq!(read_config(&room.write("d.yaml", GOOD)).unwrap().len(), 1);
}
