//! A journal whose file was cut off, as a failing disk, a restored backup or a careless copy leaves it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_engine::{JournalError, UndoWhat};
use usher_testkit::{Home, Stage};

const RULES: &str = "
rules:
  - name: File
    locations: ~/in
    actions: [ { move: ~/out/ } ]
";

/// So many files are filed before the journal is copied.
const FILED: usize = 400;

/// Files of a journal, copied while it is open, as they are after a kill.
struct Copied(Vec<(PathBuf, Vec<u8>)>);

impl Copied {
    /// A journal that is in its write-ahead log but for the first page.
    fn young() -> Self {
        let (_home, stage) = filled();
        Self::of(&stage)
    }

    /// A journal that was closed and opened again: most of it is in the database, and what was done last in the log.
    fn old() -> Self {
        let (home, stage) = filled();
        drop(stage);
        let path = home.path(".state/journal.db");
        let db = rusqlite::Connection::open(&path).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(db);
        let mut stage = Stage::with(home, RULES, None, 0);
        stage.drop_file("in/last.txt", "last");
        stage.settle();
        Self::of(&stage)
    }

    fn of(stage: &Stage) -> Self {
        let state = stage.home.path(".state");
        let names = ["journal.db", "journal.db-wal", "journal.intents"];
        Self(names.map(|name| (name.into(), std::fs::read(state.join(name)).unwrap())).into())
    }

    fn bytes(&self) -> usize {
        self.0[0].1.len()
    }

    /// A new home with this journal, its database cut off after so many bytes.
    fn cut(&self, length: usize) -> Arc<Home> {
        let home = Arc::new(Home::new());
        for (name, bytes) in &self.0 {
            home.write(Path::new(".state").join(name), bytes);
        }
        home.write(".state/journal.db", &self.0[0].1[..length]);
        home
    }
}

fn filled() -> (Arc<Home>, Stage) {
    let home = Arc::new(Home::new());
    let mut stage = Stage::with(Arc::clone(&home), RULES, None, 0);
    for nr in 0..FILED {
        stage.drop_file(format!("in/{nr}-{}.txt", "long".repeat(20)), nr.to_string());
    }
    stage.settle();
    (home, stage)
}

/// Opens what is left of a journal: it is read whole, or put aside as it was and said to be; and it can be used.
fn read_whole_or_set_aside(home: Arc<Home>, steps: usize, about: &str) -> bool {
    let files = ["journal.db", "journal.db-wal", "journal.intents"];
    let left = files.map(|name| std::fs::read(home.path(".state").join(name)).unwrap());
    let mut stage = Stage::with(Arc::clone(&home), RULES, None, 0);
    let read = stage.journal().len();
    let set_aside = !stage.findings.is_empty();
    if set_aside {
        assert_eq!(stage.findings[0].code, "journal_set_aside", "{about}");
        assert_eq!(read, 0, "{about}");
        for (name, bytes) in files.iter().zip(left) {
            let aside = home.path(".state").join(name.replace("journal", "journal.damaged-1"));
            // The room that is kept free at the end of the intents is not given back.
            assert!(std::fs::read(aside).unwrap().starts_with(&bytes), "{about}: {name}");
        }
    } else {
        assert_eq!(read, steps, "{about}");
    }
    stage.drop_file("in/new.txt", "new");
    stage.settle();
    assert_eq!(home.read("out/new.txt").as_deref(), Some("new"), "{about}");
    assert!(stage.engine.undo(&UndoWhat::Last, false).unwrap().refused.is_empty(), "{about}");
    let stage = stage.restart();
    assert!(stage.findings.is_empty(), "{about}: {:?}", stage.findings);
    set_aside
}

#[test]
fn a_journal_that_was_cut_off_is_read_whole_or_put_aside_and_said_to_be() {
    for (copied, steps) in [(Copied::young(), FILED), (Copied::old(), FILED + 1)] {
        let bytes = copied.bytes();
        let whole = copied.cut(bytes);
        assert!(!read_whole_or_set_aside(whole, steps, "whole"));
        for length in [0, 50, 4096, bytes / 2, bytes * 9 / 10, bytes * 99 / 100] {
            let set_aside =
                read_whole_or_set_aside(copied.cut(length), steps, &format!("{length} of {bytes}"));
            // The very last pages are in the log as well.
            assert!(set_aside || steps == FILED || length > bytes * 9 / 10, "{length} of {bytes}");
        }
    }
}

#[test]
fn a_database_that_a_checkpoint_had_not_written_to_its_end_is_read_whole() {
    let copied = Copied::young();
    let home = copied.cut(copied.bytes());
    // The first page says how many there are before the others are written.
    let mut database = copied.0[0].1.clone();
    database[28..32].copy_from_slice(&200u32.to_be_bytes());
    home.write(".state/journal.db", database);
    assert!(!read_whole_or_set_aside(home, FILED, "a checkpoint that was cut off"));
}

#[test]
fn an_emptied_journal_is_put_aside_even_where_only_the_vault_tells_of_it() {
    let home = Arc::new(Home::new());
    home.write(".state/journal.db", "");
    drop(Stage::with(Arc::clone(&home), RULES, None, 0));
    assert!(!home.path(".state/journal.damaged-1.db").exists(), "a new one");
    let home = Arc::new(Home::new());
    home.write(".state/journal.db", "");
    home.write(".state/vault/1-1", "replaced once");
    let stage = Stage::with(Arc::clone(&home), RULES, None, 0);
    assert_eq!(stage.findings[0].code, "journal_set_aside");
    assert_eq!(home.read(".state/vault/1-1").as_deref(), Some("replaced once"));
}

#[test]
fn damage_that_is_met_in_use_is_found_at_the_next_start() {
    let (home, stage) = filled();
    drop(stage);
    let path = home.path(".state/journal.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let page: u32 = db
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'steps_of_run'", [], |row| row.get(0))
        .unwrap();
    drop(db);
    // Nothing in the header tells of it.
    let page = page as usize;
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xee);
    std::fs::write(&path, bytes).unwrap();
    let stage = Stage::with(Arc::clone(&home), RULES, None, 0);
    assert!(stage.findings.is_empty(), "{:?}", stage.findings);
    let error = stage.engine.journal().steps(1).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
    let stage = stage.restart();
    assert_eq!(stage.findings[0].code, "journal_set_aside");
    let stage = stage.restart();
    assert!(stage.findings.is_empty(), "{:?}", stage.findings);
}
