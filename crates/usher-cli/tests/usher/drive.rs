//! A drive that goes away while files are being imported from it: a real file system on a loop device, and a real
//! `usher watch`. It takes root; without it the tests say so and end.
//!
//! While Usher reads a file, the drive cannot be unmounted (`EBUSY`). What happens to people is that they pull it: the
//! kernel then answers with an I/O error, in the midst of a file. Or that they unmount it lazily, as some desktops do
//! when asked to insist: the open file can be read to its end, and nothing else is there any more.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::home::{DEADLINE, Home, names, until};

/// Imports from a drive with this label. Each test has its own: drives are seen by whoever looks.
fn import(label: &str) -> String {
    format!(
        "
rules:
  - name: Import
    when: {{ volume: mounted, label: {label} }}
    locations: '{{volume.path}}/DCIM'
    actions:
      - copy: {{ dest: ~/pictures/, on_conflict: deduplicate }}
"
    )
}

/// Large enough that a copy can be caught on its way.
const LARGE: usize = 96 << 20;

/// A drive in a file, with one small and one large picture on it.
struct Stick {
    image: PathBuf,
    seat: PathBuf,
    large: Vec<u8>,
}

impl Stick {
    /// `None`, and a word why, where nothing can be mounted.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
    fn new(home: &Home, label: &str) -> Option<Self> {
        let words = (0..LARGE / 8).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let large = words.flat_map(usize::to_le_bytes).collect();
        let stick = Self { image: home.path("stick.img"), seat: home.path(label), large };
        fs::create_dir(&stick.seat).unwrap();
        fs::File::create(&stick.image).unwrap().set_len(2 * LARGE as u64).unwrap();
        if !runs(Command::new("mkfs.ext4").args(["-q", "-F", "-m0"]).arg(&stick.image)) {
            eprintln!("skipped: there is no mkfs.ext4 here");
            return None;
        }
        if !stick.plug() {
            eprintln!("skipped: this user may not mount a file");
            return None;
        }
        fs::create_dir(stick.seat.join("DCIM")).unwrap();
        fs::write(stick.seat.join("DCIM/a-small.jpg"), "small").unwrap();
        fs::write(stick.seat.join("DCIM/b-large.jpg"), &stick.large).unwrap();
        assert!(stick.unmount(&[]));
        fs::copy(&stick.image, stick.image.with_extension("kept")).unwrap();
        Some(stick)
    }

    /// Mounts it. Nothing is read ahead, so that a copy takes its time and no more is in memory than was asked for.
    fn plug(&self) -> bool {
        let mounted =
            runs(Command::new("mount").args(["-o", "loop,noatime"]).arg(&self.image).arg(&self.seat));
        mounted
            && self
                .device()
                .is_some_and(|device| runs(Command::new("blockdev").args(["--setra", "0", &device])))
    }

    fn device(&self) -> Option<String> {
        let found = Command::new("findmnt").args(["-no", "SOURCE"]).arg(&self.seat).output().ok()?;
        let device = String::from_utf8(found.stdout).ok()?.trim().to_owned();
        (!device.is_empty()).then_some(device)
    }

    fn unmount(&self, how: &[&str]) -> bool {
        runs(Command::new("umount").args(how).arg(&self.seat))
    }

    /// What is on the drive. It is looked at where no rule waits for it.
    fn holds_what_it_held(&self, elsewhere: &Path) {
        fs::create_dir_all(elsewhere).unwrap();
        // The kernel may still be busy with taking the old mount down.
        until("the stick can be looked at", || {
            runs(Command::new("mount").args(["-o", "loop,ro"]).arg(&self.image).arg(elsewhere))
        });
        assert_eq!(names(&elsewhere.join("DCIM")), ["a-small.jpg", "b-large.jpg"]);
        assert_eq!(fs::read(elsewhere.join("DCIM/a-small.jpg")).unwrap(), b"small");
        assert!(fs::read(elsewhere.join("DCIM/b-large.jpg")).unwrap() == self.large, "it was changed");
        assert!(runs(Command::new("umount").arg(elsewhere)));
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        while self.device().is_some() && self.unmount(&["--lazy"]) {}
    }
}

/// Whether a command has ended well.
fn runs(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// What there is of the large picture under a name that is not its own yet.
fn part(home: &Home) -> Option<u64> {
    let folder = fs::read_dir(home.path("pictures")).ok()?;
    let unfinished = folder.flatten().filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        !matches!(name.as_str(), "a-small.jpg" | "b-large.jpg")
    });
    unfinished.filter_map(|entry| entry.metadata().ok()).map(|stat| stat.len()).max()
}

/// Plugs the stick in and waits for its large picture to be on the way.
fn catch_the_copy(home: &Home, stick: &Stick) {
    assert!(stick.plug());
    let under_way = |length| (LARGE as u64 / 64..LARGE as u64).contains(&length);
    let deadline = Instant::now() + DEADLINE;
    while !part(home).is_some_and(under_way) && !home.path("pictures/b-large.jpg").exists() {
        assert!(Instant::now() < deadline, "nothing is imported");
    }
}

/// Lets the stick go away in the midst of the copy. The copy may have been quicker than the test; then what has come of it
/// is put away, and it is tried again. Answers with what is said of the copy that has failed.
fn goes_in_the_middle(home: &Home, stick: &Stick, how: impl Fn(&Stick)) -> String {
    let deadline = Instant::now() + DEADLINE;
    loop {
        catch_the_copy(home, stick);
        how(stick);
        let mut end = None;
        until("the copy has ended", || {
            end = newest(home).filter(|(state, _)| matches!(state.as_str(), "failed" | "done"));
            end.is_some()
        });
        let (state, error) = end.unwrap();
        if state == "failed" {
            return error;
        }
        assert!(Instant::now() < deadline, "no copy is caught on its way");
        until("the stick is gone", || {
            stick.unmount(&[]);
            !sees(home, stick)
        });
        fs::remove_dir_all(home.path("pictures")).unwrap();
    }
}

fn sees(home: &Home, stick: &Stick) -> bool {
    let seat = stick.seat.to_str().unwrap();
    home.noun("volume")["state"].as_str().is_some_and(|state| state.contains(seat))
}

/// How the newest try to copy the large picture has ended.
fn newest(home: &Home) -> Option<(String, String)> {
    let steps = home.json(&["log", "--json", "--limit", "1"]);
    let step =
        steps.iter().find(|step| step["from"].as_str().is_some_and(|from| from.ends_with("b-large.jpg")))?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    Some((text(&step["state"]), text(&step["error"]["text"])))
}

fn goes_away(label: &str, how: impl Fn(&Stick), said: &str, comes_back: impl Fn(&Stick)) {
    let home = Home::with_rules(&import(label));
    let Some(stick) = Stick::new(&home, label) else { return };
    let _watching = home.watch();
    until("drives are looked at", || home.noun("volume")["mode"] == "watching");
    let error = goes_in_the_middle(&home, &stick, how);
    assert!(error.contains(said), "{error}");
    assert_eq!(names(&home.path("pictures")), ["a-small.jpg"], "half a file, or what is left of one");
    until("the stick is gone", || !sees(&home, &stick));

    comes_back(&stick);
    stick.holds_what_it_held(&home.path("elsewhere"));
    assert!(stick.plug());
    until("the import is finished", || names(&home.path("pictures")) == ["a-small.jpg", "b-large.jpg"]);
    assert!(fs::read(home.path("pictures/b-large.jpg")).unwrap() == stick.large, "the copy differs");
    until("the steps are in the journal", || newest(&home).is_some_and(|(state, _)| state == "done"));
    until("the stick can be unmounted", || stick.unmount(&[]));
}

#[test]
fn a_drive_that_is_pulled_out_in_the_middle_of_a_copy_leaves_no_half_file() {
    let pull = |stick: &Stick| {
        // A drive in use is busy. Only one that is not in use any more goes as it should.
        if stick.unmount(&[]) {
            return;
        }
        fs::File::options().write(true).open(&stick.image).unwrap().set_len(1 << 20).unwrap();
        assert!(stick.unmount(&["--lazy"]));
    };
    // A file that was cut off has lost what a stick in a pocket keeps.
    let plug_back = |stick: &Stick| fs::rename(stick.image.with_extension("kept"), &stick.image).unwrap();
    goes_away("EOS_PULLED", pull, "Input/output error", plug_back);
}

#[test]
fn a_drive_that_is_unmounted_lazily_in_the_middle_of_a_copy_leaves_no_half_file() {
    let unmount = |stick: &Stick| assert!(stick.unmount(&["--lazy"]));
    goes_away("EOS_LAZY", unmount, "it is not there any more", |_| ());
}
